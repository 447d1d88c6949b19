//! eventc-macros
