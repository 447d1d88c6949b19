//! Fuzzes the entry `emit_typescript`.

#![no_main]

#[macro_use]
mod shared;

target!("emit_typescript");
