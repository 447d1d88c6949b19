//! The engine behind `eventc`: projects, lint, the compatibility gate, reports, and everything that generates.
//!
//! Everything here returns values: findings, files, verdicts. Only [`output`] writes, and nothing prints or exits, but for
//! [`Builder::run`], which speaks to Cargo. The crates below this one stand here under the names of their duties.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod baseline;
pub mod builder;
pub mod bump;
pub mod code_first;
pub mod codeowners;
mod edit;
pub mod fix;
pub mod formatter;
pub mod gate;
pub mod instance;
pub mod lint;
pub mod project;
pub mod published;
pub mod release;
pub mod report;
mod rule_set;
pub mod rules;
pub mod steps;
pub mod targets;

pub use builder::Builder;
pub use eventc_compat as compat;
pub use eventc_emit as emit;
pub use eventc_model::{self as model, bundle, date, history};
pub use eventc_output as output;
