//! Fuzzes the entry `record`.

#![no_main]

#[macro_use]
mod shared;

target!("record");
