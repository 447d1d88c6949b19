//! For build scripts: the schema tree of a package, compiled into its `OUT_DIR`.
//!
//! ```no_run
//! // build.rs
//! eventc_build::Builder::new().run();
//! ```
//!
//! ```text
//! // src/lib.rs or src/main.rs
//! eventc::include_generated!();
//! ```
//!
//! This crate makes Rust and has few dependencies. A build script that makes other targets too, or that shall stop at what lint finds,
//! takes the builder of `eventc-codegen`, which has the same settings. Either hands a [`Request`] to its [`Compiler`].

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod compile;
mod directives;
mod settings;

pub use self::{
    compile::{Compiled, Compiler, Request, RustOnly, Targets},
    directives::{BuildFailure, BuildProblem, Built},
    settings::Build,
};

/// A build that makes Rust.
pub type Builder = Build<RustOnly>;
