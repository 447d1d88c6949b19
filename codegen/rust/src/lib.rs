//! eventc-rust
