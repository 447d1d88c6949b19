//! The files of this crate, for tools that place a copy of it beside generated code.

/// Every file that a copy of the crate needs: its path below the copy's root, and its text. The manifest stands on its own.
pub const SOURCES: &[(&str, &str)] = &[("Cargo.toml", include_str!("vendored.toml")), ("src/lib.rs", include_str!("lib.rs"))];
