//! The names of one module: its types, and what it imports.

use eventc_emit::scope::{Imports, Scope};
use eventc_model::types::{ModuleId, TypeId};

use super::layout::Layout;

/// The place of an import statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ImportGroup {
    /// The standard library.
    Standard,
    /// Other packages.
    Library,
    /// Imports from this package.
    Own,
    /// Imports from this package, where modules import each other: below the classes.
    Late,
}

/// The names of one module.
pub(super) struct ModuleScope<'a> {
    pub(super) module: ModuleId,
    layout: &'a Layout,
    names: Scope<(ImportGroup, String)>,
}

impl<'a> ModuleScope<'a> {
    pub(super) fn new(layout: &'a Layout, module: ModuleId, types: &[TypeId]) -> Self {
        let taken = types.iter().map(|id| layout.type_name(*id).to_owned()).collect();
        Self { module, layout, names: Scope::new(taken) }
    }

    /// Takes a name of the module's own, or the nearest that is free.
    pub(super) fn claim(&mut self, name: &str) -> String {
        self.names.claim(name)
    }

    /// Returns the local name of something that is imported.
    pub(super) fn import(&mut self, group: ImportGroup, from: &str, name: &str) -> String {
        self.names.import((group, from.to_owned()), name)
    }

    /// Returns what is imported so far.
    pub(super) fn imports(&self) -> Imports<(ImportGroup, String)> {
        self.names.imports().clone()
    }

    /// Imports only what was imported then.
    pub(super) fn restore(&mut self, imports: Imports<(ImportGroup, String)>) {
        self.names.restore(imports);
    }

    pub(super) fn typing(&mut self, name: &str) -> String {
        self.import(ImportGroup::Standard, "typing", name)
    }

    /// Something of a file of the whole package.
    pub(super) fn own(&mut self, module: &str, name: &str) -> String {
        let from = self.layout.relative(self.module, &[module.to_owned()]);
        self.import(ImportGroup::Own, &from, name)
    }

    /// Returns the local name of a type.
    pub(super) fn named(&mut self, module: ModuleId, id: TypeId) -> String {
        let name = self.layout.type_name(id);
        if module == self.module {
            return name.to_owned();
        }
        let group = if self.is_early(module) { ImportGroup::Own } else { ImportGroup::Late };
        let from = self.layout.relative(self.module, self.layout.path(module));
        self.import(group, &from, name)
    }

    /// Returns whether the types of another module are imported above those of this one.
    pub(super) fn is_early(&self, module: ModuleId) -> bool {
        self.layout.is_early(self.module, module)
    }

    /// Returns the import statements of a group.
    pub(super) fn statements(&self, group: ImportGroup) -> Vec<String> {
        let of_group = self.names.imports().iter().filter(|((own, _), _)| *own == group);
        of_group
            .map(|((_, from), members)| {
                let members: Vec<String> =
                    members.iter().map(|(name, local)| if name == local { name.clone() } else { format!("{name} as {local}") }).collect();
                let line = format!("from {from} import {}", members.join(", "));
                if line.len() <= 120 { line } else { format!("from {from} import (\n    {},\n)", members.join(",\n    ")) }
            })
            .collect()
    }
}
