//! The context of the whole run: options, file names, namespaces.

use std::collections::HashMap;

use eventc_emit::Input;

use eventc_model::{
    catalog::{Catalog, Contract},
    names,
    schema::Schemas,
    types::{ModuleId, TypeId, Types},
};
use serde_json::Number;

use super::{
    listing::EventListing,
    options::{Specifiers, TypeScriptOptions},
    text,
};

/// Files beside the modules; and names that file systems or tools keep for themselves.
const RESERVED: &[&str] = &["runtime", "topics", "index", "envelopes", "events", "lazy"];
const RESERVED_PARTS: &[&str] = &["node_modules", "con", "prn", "aux", "nul"];

/// The context of the whole run.
pub(super) struct EmitContext<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) options: TypeScriptOptions,
    pub(super) listing: EventListing<'a>,
    paths: HashMap<ModuleId, String>,
}

impl<'a> EmitContext<'a> {
    pub(super) fn new(input: &'a Input<'a>, options: TypeScriptOptions) -> Self {
        let paths = input.types.modules().map(|(id, module)| (id, path(&module.path))).collect();
        Self { input, options, listing: EventListing::new(input), paths }
    }

    pub(super) fn types(&self) -> &'a Types {
        self.input.types
    }

    pub(super) fn catalog(&self) -> &'a Catalog {
        self.input.catalog
    }

    pub(super) fn schemas(&self) -> &'a Schemas {
        &self.input.catalog.schemas
    }

    /// Returns the path of a module below `src`, without its ending.
    pub(super) fn path(&self, module: ModuleId) -> String {
        self.paths[&module].clone()
    }

    /// Returns the specifier by which the file of one module imports another file below `src`.
    pub(super) fn specifier(&self, from: ModuleId, to: &str) -> String {
        let own = &self.paths[&from];
        let folder: Vec<&str> = own.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect();
        let target: Vec<&str> = to.split('/').collect();
        let same = folder.iter().zip(&target[..target.len() - 1]).take_while(|(a, b)| a == b).count();
        let ups = folder.len() - same;
        let up = if ups == 0 { "./".to_owned() } else { "../".repeat(ups) };
        format!("{up}{}{}", target[same..].join("/"), self.extension())
    }

    /// Returns the ending of import specifiers.
    pub(super) fn extension(&self) -> &'static str {
        match self.options.specifiers {
            Specifiers::Ts if self.options.is_ts() => ".ts",
            _ => ".js",
        }
    }

    /// Returns the literal of an integer beyond 2^53, where such integers are bigints.
    pub(super) fn bigint(&self, number: &Number) -> Option<String> {
        if self.options.has_bigints() { text::bigint(number) } else { None }
    }

    /// Returns a number as a literal; `None` where the language has none.
    pub(super) fn number(&self, number: &Number) -> Option<String> {
        self.bigint(number).or_else(|| text::number(number))
    }

    /// Returns the name of the constant with the roles of a namespace's envelope.
    pub(super) fn envelope_constant(&self, namespace: usize) -> String {
        let names: Vec<&str> = self.catalog().config.namespace.iter().map(|namespace| namespace.name.as_str()).collect();
        names::idents(&names, |name| names::snake(if name.is_empty() { "events" } else { name }).to_uppercase()).swap_remove(namespace)
    }

    /// Returns the envelope of an event's namespace, if it is emitted too: its module and root type.
    pub(super) fn envelope(&self, contract: &Contract) -> Option<(ModuleId, TypeId)> {
        let envelope = self.catalog().envelope(contract.namespace)?;
        self.catalog().namespace(contract).envelope.as_ref()?;
        let module = self.types().module_of(envelope.file)?;
        self.input.modules.binary_search(&module).ok()?;
        let root = self.types().module(module).root?;
        Some((module, root))
    }
}

fn path(parts: &[String]) -> String {
    let mut parts: Vec<String> =
        parts.iter().map(|part| if RESERVED_PARTS.contains(&part.as_str()) { format!("{part}_") } else { part.clone() }).collect();
    if let [only] = &mut parts[..]
        && RESERVED.contains(&only.as_str())
    {
        only.push('_');
    }
    parts.join("/")
}
