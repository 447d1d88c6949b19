//! Fuzzes the entry `resolve`.

#![no_main]

#[macro_use]
mod shared;

target!("resolve");
