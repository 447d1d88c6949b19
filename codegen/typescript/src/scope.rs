//! The names of one module: its own, and what it takes from others.

use std::collections::{BTreeMap, HashSet};

use eventc_model::types::{ModuleId, Shape, TypeId, Types};

use super::{context::EmitContext, forms::typed};

/// The maximum length of a list of imported names on one line.
const MAX_IMPORT_LENGTH: usize = 90;

/// An import from another module: a name there, and whether it is a type alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct ImportedName {
    specifier: String,
    is_type: bool,
    name: String,
}

/// The names of one module.
pub(super) struct ModuleScope<'a> {
    pub(super) cx: &'a EmitContext<'a>,
    pub(super) module: ModuleId,
    taken: HashSet<String>,
    imports: BTreeMap<ImportedName, String>,
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
            ]);
        }
        Self { cx, module, taken, imports: BTreeMap::new() }
    }

    fn types(&self) -> &'a Types {
        self.cx.types()
    }

    /// Returns a name that nothing else here has.
    pub(super) fn claim(&mut self, wish: &str) -> String {
        let mut name = wish.to_owned();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{wish}_{number}");
            number += 1;
        }
        name
    }

    fn import(&mut self, specifier: String, name: String, is_type: bool) -> String {
        let wanted = ImportedName { specifier, is_type, name };
        if let Some(local) = self.imports.get(&wanted) {
            return local.clone();
        }
        let local = self.claim(&wanted.name);
        self.imports.insert(wanted, local.clone());
        local
    }

    /// Returns a value of the runtime.
    pub(super) fn runtime(&mut self, name: &str) -> String {
        self.import(self.cx.specifier(self.module, "runtime"), name.to_owned(), false)
    }

    /// Returns a type of the runtime.
    pub(super) fn runtime_type(&mut self, name: &str) -> String {
        self.import(self.cx.specifier(self.module, "runtime"), name.to_owned(), true)
    }

    /// Returns the roles of an envelope.
    pub(super) fn envelope(&mut self, name: &str) -> String {
        self.import(self.cx.specifier(self.module, "envelopes"), name.to_owned(), false)
    }

    /// Imports a name of the module of topics, and returns what it is called here.
    pub(super) fn topic(&mut self, name: &str) -> String {
        self.import(self.cx.specifier(self.module, "topics"), name.to_owned(), false)
    }

    fn of_type(&mut self, id: TypeId, name: String, is_type: bool) -> String {
        let home = self.types().get(id).module;
        if home == self.module {
            return name;
        }
        let specifier = self.cx.specifier(self.module, &self.cx.path(home));
        self.import(specifier, name, is_type)
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
        let mut by_file: BTreeMap<(&str, bool), Vec<String>> = BTreeMap::new();
        for (wanted, local) in &self.imports {
            let part = if *local == wanted.name { local.clone() } else { format!("{} as {local}", wanted.name) };
            by_file.entry((&wanted.specifier, !wanted.is_type)).or_default().push(part);
        }
        let statement = |((specifier, is_value), parts): (&(&str, bool), &Vec<String>)| {
            let line = parts.join(", ");
            let names =
                if line.len() <= MAX_IMPORT_LENGTH { format!("{{ {line} }}") } else { format!("{{\n  {},\n}}", parts.join(",\n  ")) };
            if *is_value {
                format!("import {names} from \"{specifier}\";")
            } else {
                typed(&format!("import type {names} from \"{specifier}\";"))
            }
        };
        let mut all: Vec<_> = by_file.iter().collect();
        all.sort_by_key(|((_, is_value), _)| *is_value);
        all.into_iter().map(statement).collect()
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
