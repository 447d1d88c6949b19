//! Fuzzes the entry `emit_asyncapi`.

#![no_main]

#[macro_use]
mod shared;

target!("emit_asyncapi");
