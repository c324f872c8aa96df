/** A provider enters; whether it is an internal one leaves. */
