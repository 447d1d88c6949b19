//! From a catalog to modules and named types: what gets a name, and which.

use std::collections::{HashMap, HashSet};

use super::{
    Module, ModuleId, Shape, Type, TypeId, TypeRef, Types,
    conjunction::{Conjunction, Merged},
    openness, recursion,
};
use crate::{
    catalog::{Catalog, FileName, is_shared},
    names::{self, Scope},
    schema::{FileId, Keywords, NodeId, Schemas},
    source::to_u32,
    syntax::split_pointer,
};

/// Parts of a pointer that structure schemas and say nothing about what they describe.
const STRUCTURAL: &[&str] =
    &["$defs", "definitions", "properties", "items", "allOf", "anyOf", "oneOf", "components", "schemas", "additionalProperties"];

/// A file has no more types than this, its definitions aside: schemas that are combined may have more combinations than anybody can list.
/// What would be one more is [`TypeRef::Any`], and validation alone.
const MOST_TYPES: usize = 20_000;

pub(super) fn build(catalog: &Catalog) -> Types {
    let mut builder = Builder {
        catalog,
        schemas: &catalog.schemas,
        types: Types { openness: openness::find(catalog), ..Types::default() },
        scopes: Vec::new(),
        by_conjunction: HashMap::new(),
        queue: Vec::new(),
        payloads: payloads(catalog),
        around: Vec::new(),
        inlined: 0,
    };
    builder.modules();
    builder.roots();
    builder.definitions();
    builder.shape_all();
    recursion::mark(&mut builder.types);
    builder.types
}

pub(super) struct Builder<'a> {
    catalog: &'a Catalog,
    pub(super) schemas: &'a Schemas,
    pub(super) types: Types,
    /// Names that are taken, by module.
    scopes: Vec<Scope>,
    by_conjunction: HashMap<Conjunction, TypeId>,
    /// Types that have a name and no shape yet.
    queue: Vec<(TypeId, Conjunction)>,
    pub(super) payloads: HashSet<NodeId>,
    /// The inline types around the place that is looked at, and how many its named type has so far.
    pub(super) around: Vec<Conjunction>,
    pub(super) inlined: usize,
}

/// How an anonymous type is called if it turns out to need a name: the type it stands in, and where in it.
#[derive(Debug, Clone)]
pub(super) struct Hint {
    module: ModuleId,
    parent: String,
    step: String,
    pub(super) depth: usize,
}

impl Hint {
    pub(super) fn step(&self, step: &str) -> Self {
        let step = if self.step.is_empty() { step.to_owned() } else { format!("{} {step}", self.step) };
        Self { step, depth: self.depth + 1, ..self.clone() }
    }
}

/// Returns the property of each envelope that holds the payload.
pub fn payloads(catalog: &Catalog) -> HashSet<NodeId> {
    let schemas = &catalog.schemas;
    let nodes = catalog.config.namespace.iter().enumerate().filter_map(|(index, namespace)| {
        let root = catalog.envelope(index)?.root;
        split_pointer(&namespace.envelope.as_ref()?.payload).iter().try_fold(root, |at, part| {
            let keywords = schemas.keywords(schemas.target(at))?;
            keywords.properties.iter().find(|(name, _)| name == part).map(|(_, id)| *id)
        })
    });
    nodes.collect()
}

impl<'a> Builder<'a> {
    fn modules(&mut self) {
        let mut taken = HashSet::new();
        for file in self.schemas.file_ids().filter(|file| self.schemas.root(*file).is_some()) {
            let mut path = self.module_path(file);
            // Two files whose names fold to one: the later gets its ending, then a number.
            let mut number = 2;
            while !taken.insert(path.join("/")) {
                let last = path.pop().unwrap_or_default();
                path.push(format!("{}_{number}", last.trim_end_matches(&format!("_{}", number - 1))));
                number += 1;
            }
            let contract = self.catalog.contract_index(file);
            let id = ModuleId(to_u32(self.types.modules.len()));
            self.types.by_file.insert(file, id);
            self.types.modules.push(Module { file, path, contract, root: None, types: Vec::new() });
            self.scopes.push(Scope::default());
        }
    }

    fn module_path(&self, file: FileId) -> Vec<String> {
        let path = &self.schemas.file(file).path;
        let namespace = self.catalog.config.namespace_of(path).map(|(_, namespace)| namespace);
        let (name, prefix) = namespace.map_or(("", String::new()), |namespace| (namespace.name.as_str(), namespace.prefix()));
        let named = FileName::parse(&path[prefix.len()..]);
        let major = named.major_in_name.then(|| format!("v{}", named.major));
        let parts = Some(name).filter(|name| !name.is_empty()).into_iter().chain(named.parts.iter().copied());
        parts.map(module_ident).chain(major).collect()
    }

    fn roots(&mut self) {
        for index in 0..self.types.modules.len() {
            let module = &self.types.modules[index];
            let (file, contract) = (module.file, module.contract);
            let Some(root) = self.schemas.root(file) else { continue };
            let speaks = self.schemas.keywords(root).is_none_or(|keywords| keywords.constrains() || keywords.reference.is_some());
            // A file of definitions alone has no root type.
            if contract.is_none() && (is_shared(&self.schemas.file(file).path) && !speaks) {
                continue;
            }
            let name = contract.map_or_else(|| self.root_name(file, root), |contract| self.catalog.contracts[contract].type_name.clone());
            let id = self.allocate(ModuleId(to_u32(index)), [name], root, Conjunction::of(&[root]));
            self.types.modules[index].root = Some(id);
            self.types.by_node.insert(root, TypeRef::Named(id));
        }
    }

    fn root_name(&self, file: FileId, root: NodeId) -> String {
        let title = self.schemas.keywords(root).and_then(|keywords| keywords.title.as_deref());
        let path = &self.schemas.file(file).path;
        let parts: Vec<_> = FileName::parse(path).parts.iter().map(|part| part.trim_start_matches('_')).collect();
        names::type_name(title, &parts)
    }

    /// Gives a name to every definition and every other target of a reference, before anything nested can take it.
    fn definitions(&mut self) {
        let mut targets: Vec<NodeId> = Vec::new();
        for id in self.schemas.ids() {
            if let Some(keywords) = self.schemas.keywords(id) {
                targets.extend(keywords.definitions.iter().map(|(_, id)| *id));
                targets.extend(keywords.referred());
            }
            if self.schemas.opens_scope(id) {
                targets.push(id);
                targets.extend(self.schemas.dynamic_anchors(id).iter().map(|(_, id)| *id));
            }
        }
        targets.sort_by_key(|id| (self.schemas.node(*id).file, *id));
        targets.dedup();
        for target in targets {
            if self.types.by_node.contains_key(&target) || self.schemas.keywords(target).and_then(Keywords::plain_reference).is_some() {
                continue;
            }
            let Some(module) = self.types.module_of(self.schemas.node(target).file) else { continue };
            let candidates = self.definition_names(module, target);
            let id = self.allocate(module, candidates, target, Conjunction::of(&[target]));
            self.types.by_node.insert(target, TypeRef::Named(id));
        }
    }

    fn definition_names(&self, module: ModuleId, node: NodeId) -> Vec<String> {
        let title = self.schemas.keywords(node).and_then(|keywords| keywords.title.as_deref());
        let parts = split_pointer(&self.schemas.node(node).pointer);
        let words: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !STRUCTURAL.contains(part)).collect();
        let last = words.last().copied().unwrap_or("");
        let whole = words.join(" ");
        let root = self.types.module(module).root.map_or("", |root| self.types.get(root).name.as_str());
        let mut candidates: Vec<String> = names::title_name(title).into_iter().collect();
        candidates.extend(names::url_names(last));
        for text in [last, whole.as_str(), &names::spelled(last), &format!("{root} {whole}")] {
            candidates.push(names::upper_camel(text));
        }
        candidates
    }

    fn allocate(
        &mut self,
        module: ModuleId,
        candidates: impl IntoIterator<Item = String>,
        node: NodeId,
        conjunction: Conjunction,
    ) -> TypeId {
        let name = self.scopes[module.0 as usize].claim(candidates);
        let id = TypeId(to_u32(self.types.all.len()));
        self.types.all.push(Type {
            name,
            module,
            node,
            shape: Shape::Alias(TypeRef::Any),
            conjunction: conjunction.clone(),
            recursive: false,
            generic: false,
        });
        self.types.modules[module.0 as usize].types.push(id);
        self.by_conjunction.insert(conjunction.clone(), id);
        self.queue.push((id, conjunction));
        id
    }

    fn shape_all(&mut self) {
        // In order of allocation, so that names are claimed in document order.
        let mut at = 0;
        while at < self.queue.len() {
            let (id, conjunction) = self.queue[at].clone();
            at += 1;
            let ty = &self.types.all[id.0 as usize];
            let hint = Hint { module: ty.module, parent: ty.name.clone(), step: String::new(), depth: 0 };
            self.inlined = 0;
            let shape = self.shape(&conjunction, &hint);
            self.types.all[id.0 as usize].shape = shape;
        }
        self.queue.clear();
    }

    /// Names the type of a conjunction. A nullable one is named without its null, which stands around the name.
    pub(super) fn name_it(&mut self, conjunction: &Conjunction, merged: &Merged<'a>, hint: &Hint, nullable: bool) -> TypeRef {
        let conjunction = if nullable { conjunction.without_null() } else { conjunction.clone() };
        if let Some(id) = self.by_conjunction.get(&conjunction) {
            return TypeRef::Named(*id);
        }
        if self.types.module(hint.module).types.len() >= MOST_TYPES {
            return TypeRef::Any;
        }
        let title = conjunction.parts.iter().find_map(|part| self.schemas.keywords(part.node)?.title.as_deref());
        let candidates = (0..4).map(|attempt| match attempt {
            0 => names::title_name(title).unwrap_or_default(),
            1 => names::upper_camel(&format!("{} {}", hint.parent, hint.step)),
            2 => names::upper_camel(&format!("{} {}", hint.parent, names::spelled(&hint.step))),
            _ => names::upper_camel(&format!("{} {} value", hint.parent, hint.step)),
        });
        let node = merged.nodes.first().copied().unwrap_or(conjunction.parts[0].node);
        TypeRef::Named(self.allocate(hint.module, candidates, node, conjunction))
    }
}

fn module_ident(part: &str) -> String {
    let ident = names::snake(part);
    let ident = if ident.is_empty() { names::snake(&names::spelled(part)) } else { ident };
    if ident.is_empty() { "root".to_owned() } else { ident }
}
