//! eventc-cli
