//! Fuzzes the entry `emit_rust`.

#![no_main]

#[macro_use]
mod shared;

target!("emit_rust");
