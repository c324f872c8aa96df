//! Free text enters, one token of a sink leaves: no text can end its sink early or read back as another value.
