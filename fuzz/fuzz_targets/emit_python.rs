//! Fuzzes the entry `emit_python`.

#![no_main]

#[macro_use]
mod shared;

target!("emit_python");
