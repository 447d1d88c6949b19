//! Patterns as ECMA-262 reads them: [`parse`] takes a pattern apart, [`class`] turns character classes into ranges.

pub(crate) mod class;
pub(crate) mod parse;
