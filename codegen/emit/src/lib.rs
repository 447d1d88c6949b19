//! The seam between eventc and its outputs.
//!
//! A [`Target`] is a kind of output, such as Rust. It reads its options once, and what it becomes, an [`Output`], makes files of the
//! contracts in [`Input`]. Outputs take values and return values: they never read or write a file.
//!
//! What several outputs need stands here too: whole events as [`example`]s, [`changes`] between releases, what [`identifiers`] stand for, the
//! names in the [`scope`] of a module, and notes on what generated code leaves [`unenforced`]. An output that makes files of each module
//! says in [`parts`] what it reads for them; with the [`footprint`] of the module that decides whether they are made again.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod changes;
mod components;
pub mod example;
pub mod footprint;
pub mod identifiers;
pub mod parts;
pub mod scope;
pub mod unenforced;

use std::fmt;

use eventc_model::{
    GeneratedFile,
    catalog::{Catalog, Contract, ContractKind},
    config::Config,
    diagnostic::{Diagnostic, Rule},
    history::History,
    types::{ModuleId, Types},
};
use schemars::{Schema, SchemaGenerator};

use self::{
    changes::{Changes, NoChanges},
    identifiers::Identifier,
    parts::{ModulePart, Reuse},
};

/// A kind of output.
pub trait Target: Sync {
    /// Returns its name: under `[targets]`, for `--target`, and of its folder below the output folder.
    fn name(&self) -> &'static str;

    /// Returns one line that says what it makes.
    fn summary(&self) -> &'static str;

    /// Returns whether a run without any `[targets]` makes it.
    fn by_default(&self) -> bool {
        true
    }

    /// Returns the rules that its notes and errors name.
    fn rules(&self) -> &'static [&'static Rule] {
        &[]
    }

    /// Returns the JSON Schema of its options.
    fn options(&self, generator: &mut SchemaGenerator) -> Schema;

    /// Reads its options from `[targets.NAME]`.
    ///
    /// # Errors
    /// Every unknown key and bad value, at its place.
    fn configure(&self, config: &Config) -> Result<Box<dyn Output>, Vec<Diagnostic>>;
}

/// A target with its options.
pub trait Output: Send + Sync {
    /// Returns everything that keeps it from its work. It is asked before any output writes its files, so that all do or none does.
    fn problems(&self, input: &Input<'_>) -> Vec<Diagnostic> {
        let _ = input;
        Vec::new()
    }

    /// Makes the files, with paths below the target's own folder.
    fn emit(&self, input: &Input<'_>) -> Emitted;

    /// Returns the identifiers that programs name, of what is selected; none where the output is no code.
    fn identifiers(&self, input: &Input<'_>) -> Vec<Identifier> {
        let _ = input;
        Vec::new()
    }

    /// Returns snippets that send and read an event from code, for readers of the catalog; `None` where the output is no code.
    fn snippets<'a>(&'a self, input: &'a Input<'a>) -> Option<Snippets<'a>> {
        let _ = input;
        None
    }
}

/// A function that writes the snippet of an event.
pub type Snippet<'a> = dyn Fn(&Contract) -> Option<String> + Send + Sync + 'a;

/// Snippets that use the events of an output from code.
pub struct Snippets<'a> {
    /// The language, as people write it.
    pub language: &'static str,
    /// The snippet of an event; `None` where the output does not hold it.
    pub of: Box<Snippet<'a>>,
}

impl fmt::Debug for Snippets<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snippets").field("language", &self.language).finish_non_exhaustive()
    }
}

/// The input of outputs.
pub struct Input<'a> {
    /// All contracts and their schemas.
    pub catalog: &'a Catalog,
    /// Their typed view.
    pub types: &'a Types,
    /// The modules to emit, in path order: all of them, or those that the selected topics need.
    pub modules: &'a [ModuleId],
    /// Findings of lint and reading, for outputs that show them.
    pub findings: &'a [Diagnostic],
    /// The released versions.
    pub history: &'a History,
    /// Every rule that findings may name, for outputs that describe them.
    pub rules: &'a [&'static Rule],
    /// The comparison of releases; asked by few outputs, and not before they need it.
    pub changes: &'a dyn Changes,
    /// The outputs that the project makes, in their own order, for one that shows what others offer.
    pub outputs: &'a [Box<dyn Output>],
    /// What may be taken over from earlier runs; `None` where everything is made.
    pub reuse: Option<Reuse<'a>>,
}

/// The result of an output.
#[derive(Debug, Default)]
pub struct Emitted {
    /// The files that were made.
    pub files: Vec<GeneratedFile>,
    /// The paths of files that were not, since an earlier run made the same and they stand.
    pub standing: Vec<String>,
    /// What a later run may take over.
    pub parts: Vec<ModulePart>,
    /// Diagnostics that a reader should know: above all, what generated code does not enforce.
    pub notes: Vec<Diagnostic>,
}

impl<'a> Input<'a> {
    /// Creates an input with what every output needs: no findings, no rules, no other outputs, and nothing that compares releases.
    pub fn new(catalog: &'a Catalog, types: &'a Types, modules: &'a [ModuleId], history: &'a History) -> Self {
        Self { catalog, types, modules, findings: &[], history, rules: &[], changes: &NoChanges, outputs: &[], reuse: None }
    }
}

impl Input<'_> {
    /// Returns whether a contract is selected.
    pub fn selects(&self, contract: &Contract) -> bool {
        self.types.module_of(contract.file).is_some_and(|module| self.modules.binary_search(&module).is_ok())
    }

    /// Returns the selected events, in catalog order.
    pub fn events(&self) -> impl Iterator<Item = &Contract> {
        self.catalog.events().filter(|contract| self.selects(contract))
    }

    /// Returns the envelope around a contract's payload; `None` for what is no event, and where the envelope is not selected.
    pub fn envelope(&self, contract: &Contract) -> Option<&Contract> {
        let envelope = self.catalog.envelope(contract.namespace).filter(|_| contract.kind == ContractKind::Event)?;
        self.selects(envelope).then_some(envelope)
    }
}
