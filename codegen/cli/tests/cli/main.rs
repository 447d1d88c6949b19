//! The built command, in folders of its own.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod author;
mod bad_input;
mod bump;
mod catalog;
mod commands;
mod common;
mod compat;
mod gate;
mod generate;
mod incremental;
mod trees;
mod watch;
