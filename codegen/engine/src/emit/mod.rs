//! What eventc makes of contracts. An output is one file (or folder) here, its templates, and a line in [`EMITTERS`].
//!
//! Emitters take contracts, types, findings and history, and return files; they never read or write any.

pub mod asyncapi;
pub mod catalog;
pub mod changes;
mod example;
pub mod model;
pub mod python;
pub mod rust;
pub mod typescript;
pub mod unenforced;

use eventc_model::{
    GeneratedFile,
    catalog::Catalog,
    diagnostic::{Diagnostic, Rule},
    types::{ModuleId, Types},
};

use schemars::{Schema, SchemaGenerator};

use self::changes::{Changes, NoChanges};
use crate::history::History;

/// Every output, in the order in which they run.
pub static EMITTERS: &[&dyn Emitter] =
    &[&rust::Rust, &typescript::TypeScript, &python::Python, &catalog::CatalogPages, &asyncapi::AsyncApi, &model::Model];

/// One output.
pub trait Emitter: Sync {
    /// Its name: under `[targets]`, for `--target`, and of its folder below the output folder.
    fn name(&self) -> &'static str;

    /// One line that says what it makes.
    fn summary(&self) -> &'static str;

    /// Whether a run without any `[targets]` makes it.
    fn by_default(&self) -> bool {
        true
    }

    /// The JSON Schema of its options.
    fn options(&self, generator: &mut SchemaGenerator) -> Schema;

    /// Looks for what would keep it from its work, before any output writes its files: bad options, above all. An emitter that says
    /// nothing of its own makes its files for that.
    ///
    /// # Errors
    /// Those of [`Emitter::emit`].
    fn prepare(&self, input: &Input<'_>) -> Result<(), Vec<Diagnostic>> {
        self.emit(input).map(drop)
    }

    /// Makes the files, with paths below the emitter's own folder.
    ///
    /// # Errors
    /// Diagnostics at error level: bad options, or something that this output cannot say.
    fn emit(&self, input: &Input<'_>) -> Result<Emitted, Vec<Diagnostic>>;
}

/// What emitters take.
pub struct Input<'a> {
    /// All contracts and their schemas.
    pub catalog: &'a Catalog,
    /// Their typed view.
    pub types: &'a Types,
    /// The modules to emit, in path order: all of them, or those that the selected topics need.
    pub modules: &'a [ModuleId],
    /// Findings of lint and reading, for outputs that show them.
    pub findings: &'a [Diagnostic],
    /// What was released.
    pub history: &'a History,
    /// Every rule that findings may name, for outputs that describe them.
    pub rules: &'a [&'static Rule],
    /// What answers how releases differ; asked by few outputs, and not before they need it.
    pub changes: &'a dyn Changes,
}

/// What an emitter made.
#[derive(Debug, Default)]
pub struct Emitted {
    /// The files.
    pub files: Vec<GeneratedFile>,
    /// What a reader should know: above all, what generated code does not enforce.
    pub notes: Vec<Diagnostic>,
}

impl<'a> Input<'a> {
    /// What every output needs: no findings, no rules, and nothing that compares releases.
    pub fn new(catalog: &'a Catalog, types: &'a Types, modules: &'a [ModuleId], history: &'a History) -> Self {
        Self { catalog, types, modules, findings: &[], history, rules: &[], changes: &NoChanges }
    }
}

impl Input<'_> {
    /// Whether a contract is selected.
    pub fn selects(&self, contract: &eventc_model::catalog::Contract) -> bool {
        self.types.module_of(contract.file).is_some_and(|module| self.modules.binary_search(&module).is_ok())
    }

    /// The selected events, in catalog order.
    pub fn events(&self) -> impl Iterator<Item = &eventc_model::catalog::Contract> {
        self.catalog.events().filter(|contract| self.selects(contract))
    }
}
