//! Fuzzes the entry `read`.

#![no_main]

#[macro_use]
mod shared;

target!("read");
