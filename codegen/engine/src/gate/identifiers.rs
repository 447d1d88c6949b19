//! Identifiers of generated code that vanish, or stand for something else, when a contract changes.

use std::collections::HashMap;

use eventc_model::{
    catalog::Catalog,
    diagnostic::{Diagnostic, Evidence, Rule},
    layout::without_format,
    schema::FileId,
    source::Tree,
    syntax::split_pointer,
    types::Types,
};
use serde_json::Value;

use crate::rules::gate::{IDENTIFIER_MOVED, IDENTIFIER_VANISHED};
use crate::{
    emit::{Input, Output, identifiers::Identifier},
    project::Project,
};

/// A schema whose versions are compared by what outputs call things.
pub(crate) struct Named<'a> {
    pub(crate) project: &'a Project,
    pub(crate) outputs: &'a [(&'static str, Box<dyn Output>)],
    /// The newer version.
    pub(crate) file: FileId,
    pub(crate) topic: &'a str,
}

impl Named<'_> {
    /// Finds what changed in the identifiers that each output makes of the schema, from one bundled schema to another.
    pub(crate) fn findings(&self, label: &str, old: &Value, new: &Value) -> Vec<Diagnostic> {
        if self.outputs.is_empty() {
            return Vec::new();
        }
        let (old, new) = (self.version(old), self.version(new));
        // What several outputs call the same is told once.
        let mut told: Vec<(IdentifierChange, Vec<&str>)> = Vec::new();
        for (target, output) in self.outputs {
            for change in changes(&old.identifiers(&**output), &new.identifiers(&**output)) {
                match told.iter_mut().find(|(known, _)| *known == change) {
                    Some((_, targets)) => targets.push(target),
                    None => told.push((change, vec![target])),
                }
            }
        }
        told.iter().map(|(change, targets)| change.finding(self, &targets.join(", "), label, &new)).collect()
    }

    fn version(&self, schema: &Value) -> LoneContract {
        let catalog = &self.project.catalog;
        let path = &catalog.schemas.file(self.file).path;
        // What was bundled is JSON, whatever the file is.
        let tree = Tree::from_texts([(&*format!("{}.json", without_format(path)), &*schema.to_string())], &catalog.config.limits);
        let catalog = Catalog::build(tree, catalog.config.clone());
        let types = Types::derive(&catalog);
        LoneContract { catalog, types }
    }
}

/// A version of a schema, alone in its tree.
struct LoneContract {
    catalog: Catalog,
    types: Types,
}

impl LoneContract {
    fn identifiers(&self, output: &dyn Output) -> Vec<Identifier> {
        let modules: Vec<_> = self.types.modules().map(|(id, _)| id).collect();
        let history = eventc_model::history::History::default();
        output.identifiers(&Input::new(&self.catalog, &self.types, &modules, &history))
    }
}

/// An identifier that is not what it was.
#[derive(PartialEq, Eq)]
struct IdentifierChange {
    rule: &'static Rule,
    old: Identifier,
    /// The present owner of the identifier, or the present name of the old meaning.
    new: Identifier,
}

fn changes(old: &[Identifier], new: &[Identifier]) -> Vec<IdentifierChange> {
    let by_ident: HashMap<(&str, &str), &Identifier> = new.iter().map(|one| ((&*one.within, &*one.ident), one)).collect();
    let by_meaning: HashMap<(&str, &str), &Identifier> = new.iter().map(|one| ((&*one.within, &*one.means), one)).collect();
    let known: HashMap<(&str, &str), &Identifier> = old.iter().map(|one| ((&*one.within, &*one.means), one)).collect();
    let made = |rule, old: &Identifier, new: &Identifier| IdentifierChange { rule, old: old.clone(), new: new.clone() };
    let change = |before: &Identifier| {
        let still = by_meaning.get(&(&*before.within, &*before.means)).copied();
        match by_ident.get(&(&*before.within, &*before.ident)).copied() {
            Some(now) if now.means == before.means => None,
            Some(now) => {
                // A type is told by its place, which may change without a change of what stands there.
                let is_another = !before.within.is_empty() || still.is_some() || known.contains_key(&("", &*now.means));
                is_another.then(|| made(&IDENTIFIER_MOVED, before, now))
            }
            None => still.map(|now| made(&IDENTIFIER_VANISHED, before, now)),
        }
    };
    old.iter().filter_map(change).collect()
}

impl IdentifierChange {
    fn finding(&self, named: &Named<'_>, targets: &str, label: &str, version: &LoneContract) -> Diagnostic {
        let Self { rule, old, new } = self;
        let ident = if old.within.is_empty() { old.ident.clone() } else { format!("{} of {}", old.ident, short_name(&old.within)) };
        let message = if *rule == &IDENTIFIER_MOVED {
            format!(
                "in {targets}: {ident} stood for {:?} in {label}, and stands for {:?} now",
                short_name(&old.means),
                short_name(&new.means)
            )
        } else {
            format!("in {targets}: {ident} of {label} is called {} now", new.ident)
        };
        let pointer = version.catalog.schemas.pointer(new.node);
        let document = named.project.catalog.schemas.file(named.file);
        // What was bundled may stand in another file.
        let pointer = if document.get(&pointer).is_some() { pointer.as_str() } else { "" };
        let identity = [named.topic, targets, &old.within, &old.ident].join("\u{1f}");
        Diagnostic::new(rule, document.place(pointer), message)
            .pointer(pointer)
            .topic(named.topic)
            .help("call one of them otherwise, by its name or its title")
            .evidence(Evidence { identity, ..Evidence::default() })
    }
}

/// Returns a schema by the last part of its place; anything else as it is.
fn short_name(means: &str) -> String {
    match means.split_once(".json#") {
        Some((_, pointer)) => split_pointer(pointer).last().cloned().unwrap_or_else(|| "the contract".to_owned()),
        None => means.to_owned(),
    }
}
