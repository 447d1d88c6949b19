//! Tests of lint.

mod real;
