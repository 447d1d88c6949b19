//! The engine behind `eventc`: lint, history, emitters, reports and output.
//!
//! Everything here returns values: findings, files, verdicts. Only [`output`] writes, and nothing prints or exits.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod bundle;
pub mod emit;
pub mod history;
pub mod instance;
pub mod lint;
pub mod output;
mod pool;
pub mod project;
pub mod published;
pub mod report;
pub mod rules;

pub use eventc_model as model;
