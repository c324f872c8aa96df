//! The URL and scope of a receiver enter; its identity and its row leave.
