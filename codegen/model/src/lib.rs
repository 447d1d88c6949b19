//! The contract model: the schema tree read without loss, with every place known, and the typed view
//! that emitters take.
//!
//! Data flows one way: [`source`] reads files, [`syntax`] turns text into documents, [`schema`] finds and
//! links every subschema, [`catalog`] says which of them are contracts, [`types`] derives the types that
//! languages can name, and [`plan`] states what is left for validation. [`diagnostic`] holds the words in which
//! all of them report.
//!
//! ```
//! use eventc_model::{catalog::Catalog, config::Config, source::{Limits, Tree}};
//!
//! let tree = Tree::from_texts([("order/created.v1.json", r#"{"type": "object"}"#)], &Limits::default());
//! let catalog = Catalog::build(tree, Config::without_conventions());
//! assert_eq!(catalog.contracts[0].topic, "order.created");
//! assert!(catalog.diagnostics.is_empty());
//! ```

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod bundle;
pub mod catalog;
pub mod config;
pub mod date;
mod decode;
mod deep_stack;
pub mod diagnostic;
pub mod duration;
pub mod facts;
pub mod guarded;
pub mod handle;
#[cfg(feature = "history")]
pub mod history;
pub mod layout;
pub mod limits;
pub mod locate;
pub mod metadata;
pub mod names;
pub mod plan;
#[cfg(feature = "parallel")]
pub mod pool;
pub mod schema;
pub mod select;
pub mod series;
pub mod settings;
pub mod source;
pub mod syntax;
pub mod text;
pub mod topic;
pub mod traffic;
pub mod types;
pub mod version;
pub mod violations;
pub mod words;
mod written;

/// A file that an emitter made: a path below the output folder, with `/` between its parts, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Path below the output folder.
    pub path: String,
    /// The whole text, with `\n` line ends.
    pub text: String,
}
