//! What the operator wants enters; whether an event is kept, dropped or may leave the machine leaves.

mod audit;
pub mod capture;
pub mod consent;
pub mod discard;
pub mod modes;

/// Whether the environment lets events go to the hosted service. It can only deny.
pub fn saas_is_enabled() -> bool {
    let told = std::env::var("SPEC_KITTY_ENABLE_SAAS_SYNC").unwrap_or_default();
    !["0", "false", "no", "off"].contains(&told.trim().to_ascii_lowercase().as_str())
}
