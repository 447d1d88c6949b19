//! The layout of the package: the place of each module, the name of each type there, and the imports that may stand at the top.

use eventc_emit::{Input, scope::unique};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use eventc_model::{
    catalog::ContractKind,
    config::Namespace,
    types::{ModuleId, TypeId},
};

use super::names;

/// The shape of the package.
pub(super) struct Layout {
    /// Import name of the package.
    pub(super) package: String,
    paths: HashMap<ModuleId, Vec<String>>,
    /// The names of the constants with the roles of each namespace's envelope.
    envelopes: Vec<String>,
    /// Every folder of the package but its root.
    pub(super) folders: BTreeSet<Vec<String>>,
    /// Modules that import each other have the same number.
    component: HashMap<ModuleId, usize>,
    /// For each of these numbers the least name of a module that has it.
    circles: HashMap<usize, String>,
    names: HashMap<TypeId, String>,
}

impl Layout {
    pub(super) fn new(package: &str, input: &Input<'_>) -> Self {
        let mut layout = Self {
            package: package.to_owned(),
            paths: HashMap::new(),
            envelopes: envelopes(input),
            folders: BTreeSet::new(),
            component: HashMap::new(),
            circles: HashMap::new(),
            names: HashMap::new(),
        };
        layout.place(input);
        layout.name(input);
        layout.connect(input);
        layout
    }

    fn place(&mut self, input: &Input<'_>) {
        let mut taken = HashSet::new();
        let filled: HashSet<&[String]> = input.modules.iter().map(|id| input.types.module(*id).path.as_slice()).collect();
        for id in input.modules {
            let original = &input.types.module(*id).path;
            let mut path: Vec<String> = Vec::with_capacity(original.len());
            for (index, part) in original.iter().enumerate() {
                let part = names::module(part);
                // A module is an attribute of its package, where functions may stand.
                let clashes = names::FUNCTIONS.contains(&part.as_str()) && (index == 0 || filled.contains(&original[..index]));
                path.push(if clashes { format!("{part}_") } else { part });
            }
            while !taken.insert(path.clone()) {
                if let Some(last) = path.last_mut() {
                    last.push('_');
                }
            }
            for length in 1..path.len() {
                self.folders.insert(path[..length].to_vec());
            }
            self.paths.insert(*id, path);
        }
    }

    fn name(&mut self, input: &Input<'_>) {
        for id in input.modules {
            let mut taken = HashSet::new();
            for ty in &input.types.module(*id).types {
                let name = unique(&names::ty(&input.types.get(*ty).name), &mut taken);
                self.names.insert(*ty, name);
            }
        }
    }

    fn connect(&mut self, input: &Input<'_>) {
        let by_path: BTreeMap<&[String], ModuleId> = self.paths.iter().map(|(id, path)| (path.as_slice(), *id)).collect();
        let edges: HashMap<ModuleId, Vec<ModuleId>> = input
            .modules
            .iter()
            .map(|id| {
                let mut targets: BTreeSet<ModuleId> = references(input, *id);
                let path = &self.paths[id];
                targets.extend((1..path.len()).filter_map(|length| by_path.get(&path[..length])));
                targets.remove(id);
                (*id, targets.into_iter().filter(|target| self.paths.contains_key(target)).collect())
            })
            .collect();
        self.component = components(input.modules, &edges);
        for id in input.modules {
            let name = self.dotted(*id);
            if let Some(number) = self.component.get(id) {
                let least = self.circles.entry(*number).or_insert_with(|| name.clone());
                if name < *least {
                    *least = name;
                }
            }
        }
    }

    /// Returns a module's name below the package, with dots.
    pub(super) fn dotted(&self, id: ModuleId) -> String {
        self.paths.get(&id).map(|path| path.join(".")).unwrap_or_default()
    }

    /// Returns a module's file.
    pub(super) fn file(&self, id: ModuleId) -> String {
        let path = self.paths.get(&id).map(Vec::as_slice).unwrap_or_default();
        let tail = if self.folders.contains(path) { "/__init__.py" } else { ".py" };
        format!("{}/{}{tail}", self.package, path.join("/"))
    }

    /// Returns the relative name by which a module imports from another place of the package, whatever the package stands in:
    /// `..types.v1`.
    pub(super) fn relative(&self, from: ModuleId, to: &[String]) -> String {
        let path = self.paths.get(&from).map(Vec::as_slice).unwrap_or_default();
        let folder = if self.folders.contains(path) { path } else { &path[..path.len().saturating_sub(1)] };
        let shared = folder.iter().zip(&to[..to.len().saturating_sub(1)]).take_while(|(own, other)| own == other).count();
        format!("{}{}", ".".repeat(folder.len() - shared + 1), to[shared..].join("."))
    }

    /// Returns the name of the constant with the roles of a namespace's envelope.
    pub(super) fn envelope(&self, namespace: usize) -> &str {
        &self.envelopes[namespace]
    }

    /// Returns the path of a module below the package.
    pub(super) fn path(&self, id: ModuleId) -> &[String] {
        self.paths.get(&id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns what names the circle of modules that import each other in which one stands: the least of their names.
    pub(super) fn circle(&self, id: ModuleId) -> Option<&str> {
        self.circles.get(self.component.get(&id)?).map(String::as_str)
    }

    /// Returns whether one module can import from another before its own classes stand.
    pub(super) fn is_early(&self, from: ModuleId, to: ModuleId) -> bool {
        self.component.get(&from) != self.component.get(&to)
    }

    /// Returns a type's name in its module.
    pub(super) fn type_name(&self, id: TypeId) -> &str {
        self.names.get(&id).map_or("object", String::as_str)
    }

    /// Returns the name by which validation finds a unit, from a module's point of view.
    pub(super) fn unit(&self, input: &Input<'_>, id: TypeId, from: Option<ModuleId>) -> String {
        let module = input.types.get(id).module;
        let base = if from == Some(module) { String::new() } else { self.dotted(module) };
        format!("{base}#{}", self.type_name(id))
    }
}

/// Names the constants with the roles of each namespace's envelope.
fn envelopes(input: &Input<'_>) -> Vec<String> {
    let name = |namespace: &Namespace| if namespace.name.is_empty() { "events".to_owned() } else { namespace.name.clone() };
    let names: Vec<String> = input.catalog.config.namespace.iter().map(name).collect();
    names::members(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Returns the modules whose types a module names, with the envelope's for an event.
fn references(input: &Input<'_>, id: ModuleId) -> BTreeSet<ModuleId> {
    let module = input.types.module(id);
    let mut targets = BTreeSet::new();
    for ty in &module.types {
        for part in input.types.get(*ty).shape.parts() {
            part.named(&mut |named| {
                targets.insert(input.types.get(named).module);
            });
        }
    }
    let contract = module.contract.map(|index| &input.catalog.contracts[index]);
    let envelope =
        contract.filter(|contract| contract.kind == ContractKind::Event).and_then(|contract| input.catalog.envelope(contract.namespace));
    targets.extend(envelope.and_then(|envelope| input.types.module_of(envelope.file)));
    targets
}

/// Returns the strongly connected components (Kosaraju, without recursion).
fn components(ids: &[ModuleId], edges: &HashMap<ModuleId, Vec<ModuleId>>) -> HashMap<ModuleId, usize> {
    let mut order = Vec::with_capacity(ids.len());
    let mut seen = HashSet::new();
    for id in ids {
        let mut stack = vec![(*id, 0)];
        while let Some((at, done)) = stack.pop() {
            if done == 0 && !seen.insert(at) {
                continue;
            }
            match edges[&at].get(done) {
                Some(next) => {
                    stack.push((at, done + 1));
                    if !seen.contains(next) {
                        stack.push((*next, 0));
                    }
                }
                None => order.push(at),
            }
        }
    }
    let mut reversed: HashMap<ModuleId, Vec<ModuleId>> = HashMap::new();
    for (from, targets) in edges {
        for to in targets {
            reversed.entry(*to).or_default().push(*from);
        }
    }
    let mut component = HashMap::new();
    for (number, id) in order.into_iter().rev().enumerate() {
        let mut stack = vec![id];
        while let Some(at) = stack.pop() {
            if let std::collections::hash_map::Entry::Vacant(entry) = component.entry(at) {
                entry.insert(number);
                stack.extend(reversed.get(&at).into_iter().flatten());
            }
        }
    }
    component
}
