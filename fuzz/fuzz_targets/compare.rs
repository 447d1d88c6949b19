//! Fuzzes the entry `compare`.

#![no_main]

#[macro_use]
mod shared;

target!("compare");
