//! The Rust output: a package with a module for each schema file, made by `eventc-rust`.

use eventc_model::{
    GeneratedFile,
    diagnostic::{self, Diagnostic},
};
use eventc_rust::Options;
use rayon::prelude::*;
use schemars::{Schema, SchemaGenerator};

use super::{Emitted, Emitter, Input, unenforced};

/// See the module.
pub struct Rust;

impl Emitter for Rust {
    fn name(&self) -> &'static str {
        "rust"
    }

    fn summary(&self) -> &'static str {
        "a Rust package: serde types, validation, topics and dispatch by topic"
    }

    fn options(&self, generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Options>()
    }

    fn prepare(&self, input: &Input<'_>) -> Result<(), Vec<Diagnostic>> {
        options(input).map(drop)
    }

    fn emit(&self, input: &Input<'_>) -> Result<Emitted, Vec<Diagnostic>> {
        let options = options(input)?;
        let emitter = eventc_rust::Emitter::new(input.catalog, input.types, input.modules, &options);
        let own = emitter.crate_files();
        // Those with dispatch are by far the longest: none waits for another.
        let own = own.par_iter().with_max_len(1).map(|file| emitter.crate_file(file));
        let mut files: Vec<_> = own.chain(input.modules.par_iter().map(|module| emitter.module(*module))).collect();
        if options.runtime.is_none() {
            files.extend(runtime(&options));
        }
        Ok(Emitted { files, notes: unenforced::formats(input).into_iter().collect() })
    }
}

fn options(input: &Input<'_>) -> Result<Options, Vec<Diagnostic>> {
    let config = &input.catalog.config;
    let options: Options = config.target("rust")?;
    let problems: Vec<Diagnostic> = options
        .problems()
        .into_iter()
        .map(|problem| {
            let pointer = format!("/targets/rust{}", problem.pointer());
            Diagnostic::new(&diagnostic::BAD_CONFIG, config.place(&pointer), problem.to_string()).pointer(pointer)
        })
        .collect();
    if problems.is_empty() { Ok(options) } else { Err(problems) }
}

/// A copy of the runtime crate, so that the package needs no registry for it.
fn runtime(options: &Options) -> impl Iterator<Item = GeneratedFile> {
    let manifest = eventc::manifest(&options.formats.features());
    eventc::SOURCES.iter().map(move |(path, text)| {
        let text = if *path == "Cargo.toml" { manifest.clone() } else { (*text).to_owned() };
        GeneratedFile { path: format!("eventc/{path}"), text }
    })
}
