//! Regular expressions as JSON Schema means them: patterns of ECMA-262.
//!
//! [`read()`] says what a pattern means, and whether it is one: nobody else decides that. [`class`] has sets of characters; by its feature,
//! `automata` searches what several patterns have in common.
//!
//! The crates `regex` and `regress` read other grammars or keep what they have read to themselves; outputs that write a pattern in another
//! language, and proofs about patterns, need its parts.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

#[cfg(feature = "automata")]
pub mod automata;
mod backtracking;
pub mod class;
mod greed;
pub mod parse;
mod positions;
mod print;
mod property;
mod quote;
mod read;

pub use self::{
    backtracking::Backtracking,
    read::{Reading, read},
};
