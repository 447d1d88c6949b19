//! eventc-tests
