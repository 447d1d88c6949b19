//! Fuzzes the entry `edit`.

#![no_main]

#[macro_use]
mod shared;

target!("edit");
