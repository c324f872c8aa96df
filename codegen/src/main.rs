//! Arguments enter, an exit code leaves.

fn main() {}
