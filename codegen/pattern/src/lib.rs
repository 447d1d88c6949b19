//! Regular expressions as JSON Schema means them: patterns of ECMA-262.
//!
//! [`parse`] takes a pattern apart, and [`class`] turns character classes into ranges of characters. By features, `engine` says which
//! patterns can be read at all, and `automata` searches what several patterns have in common.
//!
//! The crates `regex` and `regress` read other grammars or keep what they have read to themselves; outputs that write a pattern in another
//! language, and proofs about patterns, need its parts.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

#[cfg(feature = "automata")]
pub mod automata;
pub mod class;
#[cfg(feature = "engine")]
pub mod engine;
pub mod parse;
