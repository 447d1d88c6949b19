//! eventc
