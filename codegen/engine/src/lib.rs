//! The engine behind `eventc`: lint, history, emitters, reports and output.
//!
//! Everything here returns values: findings, files, verdicts. Only [`output`] writes, and nothing prints or exits, but for
//! [`Builder::run`], which speaks to Cargo.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod affected;
pub mod baseline;
pub mod builder;
pub mod bump;
pub mod bundle;
pub mod code_first;
pub mod codeowners;
pub mod compat;
pub mod date;
pub mod emit;
pub mod gate;
pub mod history;
pub mod instance;
pub mod lint;
pub mod output;
mod pattern;
mod pool;
pub mod project;
pub mod published;
pub mod report;
pub mod rules;

pub use builder::Builder;
pub use eventc_model as model;
