//! Envelopes enter and are kept in the order of capture; they leave as they came. Nothing here knows about delivery.
