//! The names of one module: its own, and what it takes from others.

use std::collections::{BTreeMap, HashSet};

use eventc_emit::scope::Scope;
use eventc_model::types::{ModuleId, Shape, TypeId, Types};

use super::{context::EmitContext, forms::typed};

/// The maximum length of a list of imported names on one line.
const MAX_IMPORT_LENGTH: usize = 90;

/// The part of another module that is imported: its values, or its types, which come first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct ImportSource {
    is_value: bool,
    specifier: String,
}

/// The names of one module.
pub(super) struct ModuleScope<'a> {
    pub(super) cx: &'a EmitContext<'a>,
    pub(super) module: ModuleId,
    names: Scope<ImportSource>,
}

impl<'a> ModuleScope<'a> {
    /// Creates the scope of a module, with its own names in it.
    pub(super) fn new(cx: &'a EmitContext<'a>, module: ModuleId) -> Self {
        let mut taken = HashSet::new();
        for id in &cx.types().module(module).types {
            let name = &cx.types().get(*id).name;
            taken.extend([
                name.clone(),
                format!("check{name}"),
                format!("explain{name}"),
                format!("dynamic{name}"),
                format!("{name}Values"),
                format!("alternativeOf{name}"),
            ]);
        }
        Self { cx, module, names: Scope::new(taken) }
    }

    fn types(&self) -> &'a Types {
        self.cx.types()
    }

    /// Returns a name that nothing else here has.
    pub(super) fn claim(&mut self, wish: &str) -> String {
        self.names.claim(wish)
    }

    fn import(&mut self, specifier: String, name: &str, is_type: bool) -> String {
        self.names.import(ImportSource { is_value: !is_type, specifier }, name)
    }

    /// Returns a value of the runtime.
    pub(super) fn runtime(&mut self, name: &str) -> String {
        self.import(self.cx.specifier(self.module, "runtime"), name, false)
    }

    /// Returns a type of the runtime.
    pub(super) fn runtime_type(&mut self, name: &str) -> String {
        self.import(self.cx.specifier(self.module, "runtime"), name, true)
    }

    /// Returns the roles of an envelope.
    pub(super) fn envelope(&mut self, name: &str) -> String {
        self.import(self.cx.specifier(self.module, "envelopes"), name, false)
    }

    /// Imports a name of the module of topics, and returns what it is called here.
    pub(super) fn topic(&mut self, name: &str) -> String {
        self.import(self.cx.specifier(self.module, "topics"), name, false)
    }

    fn of_type(&mut self, id: TypeId, name: String, is_type: bool) -> String {
        let home = self.types().get(id).module;
        if home == self.module {
            return name;
        }
        let specifier = self.cx.specifier(self.module, &self.cx.path(home));
        self.import(specifier, &name, is_type)
    }

    /// Returns a named type, without its parameter.
    pub(super) fn type_name(&mut self, id: TypeId) -> String {
        self.of_type(id, self.types().get(id).name.clone(), true)
    }

    /// Returns the check of a unit.
    pub(super) fn check(&mut self, id: TypeId) -> String {
        self.of_type(id, format!("check{}", self.types().get(id).name), false)
    }

    /// Returns the name of what a dynamic anchor at a unit stands for.
    pub(super) fn dynamic(&mut self, id: TypeId) -> String {
        self.of_type(id, format!("dynamic{}", self.types().get(id).name), false)
    }

    /// Returns the explanation of a unit.
    pub(super) fn explain(&mut self, id: TypeId) -> String {
        self.of_type(id, format!("explain{}", self.types().get(id).name), false)
    }

    /// Returns the import statements, in a fixed order; those of types marked as such.
    pub(super) fn imports(&self) -> Vec<String> {
        let statement = |(source, names): (&ImportSource, &BTreeMap<String, String>)| {
            let part = |(name, local): (&String, &String)| if name == local { local.clone() } else { format!("{name} as {local}") };
            let parts: Vec<String> = names.iter().map(part).collect();
            let line = parts.join(", ");
            let names =
                if line.len() <= MAX_IMPORT_LENGTH { format!("{{ {line} }}") } else { format!("{{\n  {},\n}}", parts.join(",\n  ")) };
            let specifier = &source.specifier;
            if source.is_value {
                format!("import {names} from \"{specifier}\";")
            } else {
                typed(&format!("import type {names} from \"{specifier}\";"))
            }
        };
        self.names.imports().iter().map(statement).collect()
    }

    /// Returns whether a module declares a type: one string that has no name of its own is written where it is used.
    pub(super) fn declares(&self, id: TypeId) -> bool {
        declares(self.types(), id)
    }
}

/// Returns whether a module declares a type: see [`ModuleScope::declares`].
pub(super) fn declares(types: &Types, id: TypeId) -> bool {
    types.is_unit(id) || !matches!(&types.get(id).shape, Shape::Enum(strings) if strings.members.len() == 1)
}
