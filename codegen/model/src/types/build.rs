//! From a catalog to modules and named types: what gets a name, and which.

use std::collections::{HashMap, HashSet};

use super::{
    Module, ModuleId, Shape, Type, TypeId, TypeRef, Types,
    conjunction::{Conjunction, MergedSchema},
    openness, recursion, resolution,
};
use crate::{
    catalog::{Catalog, is_shared},
    names,
    schema::{FileId, Keywords, NodeId, Schemas},
    source::to_u32,
    syntax::split_pointer,
};

/// Parts of a pointer that structure schemas and say nothing about what they describe.
const STRUCTURAL: &[&str] =
    &["$defs", "definitions", "properties", "items", "allOf", "anyOf", "oneOf", "components", "schemas", "additionalProperties"];

pub(super) fn build(catalog: &Catalog) -> Types {
    let mut builder = TypeBuilder {
        catalog,
        schemas: &catalog.schemas,
        types: Types { openness: openness::find(catalog), ..Types::default() },
        wanted: Vec::new(),
        labelled: Vec::new(),
        has_labels: false,
        by_conjunction: HashMap::new(),
        unions: HashMap::new(),
        queue: Vec::new(),
        payloads: payloads(catalog),
        around: Vec::new(),
        inlined: 0,
    };
    builder.modules();
    builder.roots();
    builder.definitions();
    builder.shape_all();
    builder.name_types();
    builder.name_alternatives();
    recursion::mark(&mut builder.types);
    builder.types.resolving = resolution::resolving(&builder.types);
    builder.types
}

pub(super) struct TypeBuilder<'a> {
    catalog: &'a Catalog,
    pub(super) schemas: &'a Schemas,
    pub(super) types: Types,
    /// The names that each type may have, the best first. None depends on what other types there are.
    wanted: Vec<Vec<String>>,
    /// Unions whose alternatives are called by labels.
    labelled: Vec<TypeId>,
    /// Whether the shape that was made last is such a union.
    pub(super) has_labels: bool,
    by_conjunction: HashMap<Conjunction, TypeId>,
    /// The union that a branch with more than its own schema belongs to: what stands beside the union is called by it.
    pub(super) unions: HashMap<Conjunction, NameHint>,
    /// Types that have a name and no shape yet.
    queue: Vec<(TypeId, Conjunction)>,
    pub(super) payloads: HashSet<NodeId>,
    /// The inline types around the place that is looked at, and how many its named type has so far.
    pub(super) around: Vec<Conjunction>,
    pub(super) inlined: usize,
}

/// The origin of a name for an anonymous type that turns out to need one: the type it stands in, and where in it.
#[derive(Debug, Clone)]
pub(super) struct NameHint {
    module: ModuleId,
    parent: String,
    step: String,
    pub(super) depth: usize,
}

impl NameHint {
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

impl<'a> TypeBuilder<'a> {
    fn modules(&mut self) {
        let files: Vec<FileId> = self.schemas.file_ids().filter(|file| self.schemas.root(*file).is_some()).collect();
        let wanted: Vec<Vec<String>> = files.iter().map(|file| self.module_paths(*file)).collect();
        for (file, path) in files.into_iter().zip(names::allocate(&wanted, |_| false)) {
            let path = path.split('/').map(str::to_owned).collect();
            let contract = self.catalog.contract_index(file);
            let id = ModuleId(to_u32(self.types.modules.len()));
            self.types.by_file.insert(file, id);
            self.types.modules.push(Module { file, path, contract, root: None, types: Vec::new() });
        }
    }

    /// Returns the paths that a file's module may have: where the names of files fold to one, each is spelled out.
    fn module_paths(&self, file: FileId) -> Vec<String> {
        let path = &self.schemas.file(file).path;
        let placed = self.catalog.config.placed(path);
        let stem = placed.parts.last().copied().unwrap_or_default();
        let parts = self.module_path(file);
        let with_name = |name: &str| {
            let mut parts = parts.clone();
            // The version, where there is one, stands behind the name.
            let at = parts.len() - 1 - usize::from(parts.len() > 1 && placed.number.is_some());
            parts[at] = format!("{name}_");
            parts.join("/")
        };
        let spelled = names::transliterate(stem);
        // Folders may fold to one, too: Order/made.json and order/made.json.
        let with_folders: Vec<String> = placed.parts.iter().map(|part| names::cased(&names::transliterate(part))).collect();
        let digest = format!("{spelled} {}", names::digest_word(path));
        let longer = [spelled, with_folders.join(" "), digest].map(|text| names::snake(&text));
        [parts.join("/")].into_iter().chain(longer.into_iter().filter(|name| !name.is_empty()).map(|name| with_name(&name))).collect()
    }

    fn module_path(&self, file: FileId) -> Vec<String> {
        let path = &self.schemas.file(file).path;
        let namespace = self.catalog.config.namespace_of(path).map(|(_, namespace)| namespace);
        let name = namespace.map_or("", |namespace| namespace.name.as_str());
        let placed = self.catalog.config.placed(path);
        let version = placed.number.as_ref().map(|number| {
            let is_older = self.catalog.is_older(file);
            if is_older { module_ident(&format!("v{}", number.version)) } else { format!("v{}", number.major()) }
        });
        let parts = Some(name).filter(|name| !name.is_empty()).into_iter().chain(placed.parts.iter().copied());
        parts.map(module_ident).chain(version).collect()
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
        let placed = self.catalog.config.placed(path);
        let parts: Vec<_> = placed.parts.iter().map(|part| part.trim_start_matches('_')).collect();
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
            if self.is_full(module) {
                self.types.by_node.insert(target, TypeRef::Any);
                continue;
            }
            let candidates = self.definition_names(module, target);
            let id = self.allocate(module, candidates, target, Conjunction::of(&[target]));
            self.types.by_node.insert(target, TypeRef::Named(id));
        }
    }

    /// Returns whether a module has as many types as it may, which is noted.
    fn is_full(&mut self, module: ModuleId) -> bool {
        let Module { file, types, .. } = self.types.module(module);
        let (file, is_full) = (*file, types.len() >= self.catalog.config.limits.types);
        if is_full && self.types.overfull.last() != Some(&file) {
            self.types.overfull.push(file);
        }
        is_full
    }

    fn definition_names(&self, module: ModuleId, node: NodeId) -> Vec<String> {
        let title = self.schemas.keywords(node).and_then(|keywords| keywords.title.as_deref());
        let parts = split_pointer(&self.schemas.pointer(node));
        let words: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !STRUCTURAL.contains(part)).collect();
        let last = words.last().copied().unwrap_or("");
        let whole = words.join(" ");
        let root = self.types.module(module).root.map_or("", |root| self.types.get(root).name.as_str());
        let mut candidates: Vec<String> = names::title_name(title).into_iter().collect();
        candidates.extend(names::url_names(last));
        for text in [last, whole.as_str(), &names::transliterate(last), &format!("{root} {whole}")] {
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
        let mut wanted: Vec<String> = candidates.into_iter().filter(|name| !name.is_empty()).collect();
        let first = wanted.first().cloned().unwrap_or_else(|| "Value".to_owned());
        wanted.push(format!("{first}{}", names::upper_camel(&names::digest_word(&self.schemas.pointer(node)))));
        let id = TypeId(to_u32(self.types.all.len()));
        self.wanted.push(wanted);
        self.types.all.push(Type {
            name: first,
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
        let mut at = 0;
        while at < self.queue.len() {
            let (id, conjunction) = self.queue[at].clone();
            at += 1;
            let ty = &self.types.all[id.0 as usize];
            let hint = NameHint { module: ty.module, parent: ty.name.clone(), step: String::new(), depth: 0 };
            self.inlined = 0;
            let shape = self.shape(&conjunction, &hint);
            self.types.all[id.0 as usize].shape = shape;
            if std::mem::take(&mut self.has_labels) {
                self.labelled.push(id);
            }
        }
        self.queue.clear();
    }

    /// Gives every type its name. That of a module's root stays, whatever else is called so.
    fn name_types(&mut self) {
        for module in &self.types.modules {
            let wanted: Vec<Vec<String>> = module.types.iter().map(|id| std::mem::take(&mut self.wanted[id.0 as usize])).collect();
            let chosen = names::allocate(&wanted, |index| Some(module.types[index]) == module.root);
            for (id, name) in module.types.iter().zip(chosen) {
                self.types.all[id.0 as usize].name = name;
            }
        }
    }

    /// Gives the alternatives of unions their identifiers, now that types have names.
    fn name_alternatives(&mut self) {
        for id in std::mem::take(&mut self.labelled) {
            let Shape::Union(union) = &self.types.get(id).shape else { continue };
            let labels: Vec<String> = union.variants.iter().map(|variant| self.variant_label(variant)).collect();
            let idents = names::idents(&labels, names::upper_camel);
            let Shape::Union(union) = &mut self.types.all[id.0 as usize].shape else { continue };
            for (variant, ident) in union.variants.iter_mut().zip(idents) {
                variant.ident = ident;
            }
        }
    }

    /// Names the type of a conjunction. A nullable one is named without its null, which stands around the name.
    pub(super) fn name_it(&mut self, conjunction: &Conjunction, merged: &MergedSchema<'a>, hint: &NameHint, nullable: bool) -> TypeRef {
        let conjunction = if nullable { conjunction.without_null() } else { conjunction.clone() };
        if let Some(id) = self.by_conjunction.get(&conjunction) {
            return TypeRef::Named(*id);
        }
        if self.is_full(hint.module) {
            return TypeRef::Any;
        }
        // A title is that of one schema, not of all that conditions choose from.
        let titled = conjunction.parts.iter().filter(|_| conjunction.choice.is_none());
        let title = titled.into_iter().find_map(|part| self.schemas.keywords(part.node)?.title.as_deref());
        let candidates = (0..4).map(|attempt| match attempt {
            0 => names::title_name(title).unwrap_or_default(),
            1 => names::upper_camel(&format!("{} {}", hint.parent, hint.step)),
            2 => names::upper_camel(&format!("{} {}", hint.parent, names::transliterate(&hint.step))),
            _ => names::upper_camel(&format!("{} {} value", hint.parent, hint.step)),
        });
        let node = merged.nodes.first().copied().unwrap_or(conjunction.parts[0].node);
        TypeRef::Named(self.allocate(hint.module, candidates, node, conjunction))
    }
}

fn module_ident(part: &str) -> String {
    let ident = names::snake(part);
    let ident = if ident.is_empty() { names::snake(&names::transliterate(part)) } else { ident };
    if ident.is_empty() { "root".to_owned() } else { ident }
}
