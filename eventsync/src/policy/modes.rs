//! The name of a mode or the configuration enters; what is retained and where it is delivered leaves.
