//! Fuzzes the entry `emit_model`.

#![no_main]

#[macro_use]
mod shared;

target!("emit_model");
