//! A format and its arguments enter; their text stands behind what was written before.

/// Adds formatted text to a `String`.
macro_rules! put {
    ($out:expr, $($text:tt)*) => {{
        use std::fmt::Write as _;
        $out.write_fmt(format_args!($($text)*)).expect("a string takes all")
    }};
}

pub(super) use put;
