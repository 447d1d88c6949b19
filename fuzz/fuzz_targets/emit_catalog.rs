//! Fuzzes the entry `emit_catalog`.

#![no_main]

#[macro_use]
mod shared;

target!("emit_catalog");
