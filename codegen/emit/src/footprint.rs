//! Footprints: digests of everything that an output can see of a file, so that what was made of it once need not be made again.
//!
//! The local digest of a file holds its text and whatever the tree makes of it: how its references were resolved, its types under their
//! names, which of its schemas are units, what is declared of its contract, and what reading found in it. The digest of its reach holds
//! that of every file that it refers to, directly or not, with the envelope and the dead-letter record of its namespace and the modules
//! that its own stands below. Whatever else an output reads for a module it says itself; see [`crate::parts::Modular`].

use std::{collections::HashMap, fmt};

use eventc_model::{
    catalog::{Catalog, Contract, ContractKind},
    diagnostic::Diagnostic,
    history::History,
    schema::{FileId, NodeId, Reference, Schema},
    select,
    types::{Additional, Field, ModuleId, Shape, TypeId, TypeRef, Types},
};
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::components::Components;

/// A SHA-256 digest.
pub type Digest = [u8; 32];

/// A writer of facts into a digest. Facts cannot run into each other.
///
/// ```
/// use eventc_emit::footprint::Facts;
///
/// let digest = |parts: &[&str]| {
///     let mut facts = Facts::default();
///     parts.iter().for_each(|part| facts.text(part));
///     facts.digest()
/// };
/// assert_eq!(digest(&["ab", "c"]), digest(&["ab", "c"]));
/// assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
/// ```
#[derive(Debug, Default)]
pub struct Facts(Sha256);

impl Facts {
    /// Adds a text.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Adds a text that may be missing.
    pub fn optional(&mut self, text: Option<&str>) {
        self.flag(text.is_some());
        self.text(text.unwrap_or_default());
    }

    /// Adds bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    /// Adds a yes or no.
    pub fn flag(&mut self, flag: bool) {
        self.0.update([u8::from(flag)]);
    }

    /// Adds a value by all that `{:?}` says of it, which must not depend on anything but the value.
    pub fn value(&mut self, value: &impl fmt::Debug) {
        struct Sink<'a>(&'a mut Sha256, u64);
        impl fmt::Write for Sink<'_> {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                self.0.update(text);
                self.1 += text.len() as u64;
                Ok(())
            }
        }
        let mut sink = Sink(&mut self.0, 0);
        let _ = fmt::Write::write_fmt(&mut sink, format_args!("{value:?}"));
        let length = sink.1;
        self.0.update(length.to_le_bytes());
    }

    /// Returns the digest.
    pub fn digest(self) -> Digest {
        self.0.finalize().into()
    }
}

/// The footprints of the files of a tree.
#[derive(Debug)]
pub struct Footprints {
    /// What holds for all: configuration, program, request.
    common: Digest,
    local: Vec<Digest>,
    components: Components,
}

impl Footprints {
    /// Takes the digests of all files. `common` is what everything depends on beside the tree.
    pub fn of(catalog: &Catalog, types: &Types, history: &History, common: &[&[u8]]) -> Self {
        let mut facts = Facts::default();
        for part in common {
            facts.bytes(part);
        }
        let mut found: HashMap<&str, Vec<&Diagnostic>> = HashMap::new();
        for diagnostic in &catalog.diagnostics {
            found.entry(&diagnostic.place.file).or_default().push(diagnostic);
        }
        let view = View { catalog, types, history, found };
        let files: Vec<FileId> = catalog.schemas.file_ids().collect();
        let local = files.par_iter().map(|file| view.local(*file)).collect();
        Self { common: facts.digest(), local, components: Components::of(&view.edges()) }
    }

    /// Returns the digest of each file's reach, given what an output reads of each file beside the model.
    pub fn reach(&self, extra: &(dyn Fn(FileId) -> Digest + Sync)) -> Vec<Digest> {
        let both = |(index, local): (usize, &Digest)| {
            let mut facts = Facts::default();
            facts.bytes(local);
            facts.bytes(&extra(FileId(u32::try_from(index).unwrap_or(u32::MAX))));
            facts.digest()
        };
        let local: Vec<Digest> = self.local.par_iter().enumerate().map(both).collect();
        let whole = self.components.fold(|members, below: &mut Vec<Digest>| {
            let mut own: Vec<Digest> = members.iter().map(|file| local[*file]).collect();
            own.sort_unstable();
            below.sort_unstable();
            below.dedup();
            let mut facts = Facts::default();
            facts.bytes(own.as_flattened());
            facts.bytes(below.as_flattened());
            facts.digest()
        });
        let reach = |(index, local): (usize, &Digest)| {
            let mut facts = Facts::default();
            facts.bytes(&self.common);
            facts.bytes(local);
            facts.bytes(&whole[self.components.of_node(index)]);
            facts.digest()
        };
        local.par_iter().enumerate().map(reach).collect()
    }
}

/// What local digests are taken from.
struct View<'a> {
    catalog: &'a Catalog,
    types: &'a Types,
    history: &'a History,
    /// What reading found, by the file's name for people.
    found: HashMap<&'a str, Vec<&'a Diagnostic>>,
}

impl View<'_> {
    /// Returns the files that each file's outputs may look into.
    fn edges(&self) -> Vec<Vec<usize>> {
        let (catalog, types) = (self.catalog, self.types);
        let mut edges = vec![Vec::new(); catalog.schemas.files.len()];
        for (from, to) in select::needs(catalog, types) {
            edges[from.0 as usize].extend(to.into_iter().map(|file| file.0 as usize));
        }
        for kind in [ContractKind::Envelope, ContractKind::DeadLetter] {
            let mut of_namespace = vec![None; catalog.config.namespace.len()];
            for contract in catalog.contracts.iter().filter(|contract| contract.kind == kind) {
                of_namespace[contract.namespace] = Some(contract.file.0 as usize);
            }
            for event in catalog.events() {
                edges[event.file.0 as usize].extend(of_namespace[event.namespace]);
            }
        }
        let by_path: HashMap<&[String], FileId> = types.modules().map(|(_, module)| (module.path.as_slice(), module.file)).collect();
        for (_, module) in types.modules() {
            let above = (1..module.path.len()).filter_map(|length| by_path.get(&module.path[..length]));
            edges[module.file.0 as usize].extend(above.map(|file| file.0 as usize));
        }
        edges
    }

    fn local(&self, file: FileId) -> Digest {
        let mut facts = Facts::default();
        let (schemas, document) = (&self.catalog.schemas, self.catalog.schemas.file(file));
        facts.text(&document.path);
        facts.text(&document.text);
        for flag in [document.broken, schemas.is_own(file), schemas.is_meta(file), schemas.stands_alone(file)] {
            facts.flag(flag);
        }
        for diagnostic in self.found.get(&*document.shown).into_iter().flatten() {
            facts.text(diagnostic.rule.code);
            facts.value(&diagnostic.level);
            facts.text(&diagnostic.pointer);
            facts.text(&diagnostic.message);
        }
        schemas.ids_in(file).for_each(|id| self.node(id, &mut facts));
        if let Some(root) = schemas.root(file) {
            facts.text(&schemas.name(root));
        }
        if let Some(module) = self.types.module_of(file) {
            self.module(module, &mut facts);
        }
        if let Some(contract) = self.catalog.contract_of(file) {
            self.contract(contract, &mut facts);
        }
        facts.digest()
    }

    /// What a schema is read as, beside its text.
    fn node(&self, id: NodeId, facts: &mut Facts) {
        let (schemas, types) = (&self.catalog.schemas, self.types);
        let node = schemas.node(id);
        facts.value(&node.dialect);
        facts.value(&node.without);
        match types.of_node(id) {
            Some(ty) => self.type_ref(ty, facts),
            None => facts.flag(false),
        }
        facts.value(&types.openness(id));
        if schemas.opens_scope(id) {
            for (name, target) in schemas.dynamic_anchors(id) {
                facts.text(name);
                facts.text(&schemas.label(*target));
            }
        }
        let Schema::Keywords(keywords) = &node.schema else { return facts.value(&matches!(node.schema, Schema::Bool(true))) };
        for reference in [&keywords.reference, &keywords.dynamic_reference].into_iter().flatten() {
            match reference {
                Reference::Unresolved(text) => facts.text(text),
                Reference::To(target) => facts.text(&schemas.label(*target)),
                Reference::Dynamic(target, anchor) => {
                    facts.text(anchor);
                    facts.text(&schemas.label(*target));
                }
            }
        }
        for pattern in keywords.patterns() {
            facts.flag(schemas.automaton(pattern).is_some());
        }
    }

    fn module(&self, id: ModuleId, facts: &mut Facts) {
        let module = self.types.module(id);
        facts.value(&module.path);
        facts.flag(module.contract.is_some());
        facts.value(&module.root.map(|root| &self.types.get(root).name));
        for id in &module.types {
            let ty = self.types.get(*id);
            facts.text(&ty.name);
            facts.text(&self.catalog.schemas.label(ty.node));
            facts.value(&(ty.recursive, ty.generic, self.types.is_unit(*id)));
            self.shape(&ty.shape, facts);
        }
    }

    fn shape(&self, shape: &Shape, facts: &mut Facts) {
        match shape {
            Shape::Object(object) => {
                facts.text("object");
                object.fields.iter().for_each(|field| self.field(field, facts));
                facts.flag(object.rejects_unknown);
                match &object.rest {
                    Additional::Closed => facts.text("closed"),
                    Additional::Open => facts.text("open"),
                    Additional::Typed(ty) => self.type_ref(ty, facts),
                }
            }
            Shape::Enum(strings) => facts.value(strings),
            Shape::Union(union) => {
                facts.text("union");
                facts.value(&(&union.tag, &union.discriminator));
                for variant in &union.variants {
                    facts.value(&(&variant.ident, &variant.tag_values, &variant.mapped, variant.recursive));
                    self.type_ref(&variant.ty, facts);
                }
            }
            Shape::Alias(ty) => {
                facts.text("alias");
                self.type_ref(ty, facts);
            }
        }
    }

    fn field(&self, field: &Field, facts: &mut Facts) {
        let Field { name, ident, ty, required, conditional, default, aliases, recursive, node: _, nodes, sensitive, deprecated } = field;
        facts.value(&(name, ident, required, conditional, default, aliases));
        facts.value(&(recursive, sensitive, deprecated));
        self.type_ref(ty, facts);
        for node in nodes {
            facts.text(&self.catalog.schemas.label(*node));
        }
    }

    fn type_ref(&self, ty: &TypeRef, facts: &mut Facts) {
        match ty {
            TypeRef::Named(id) => self.name(*id, facts),
            TypeRef::Array(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
                facts.text(ty.word());
                facts.flag(matches!(ty, TypeRef::Nullable(_)));
                self.type_ref(inner, facts);
            }
            TypeRef::Literal(values, inner) => {
                facts.value(values);
                self.type_ref(inner, facts);
            }
            TypeRef::Tuple { items, least, rest } => {
                facts.value(&(items.len(), least, rest.is_some()));
                items.iter().chain(rest.as_deref()).for_each(|item| self.type_ref(item, facts));
            }
            plain => facts.value(plain),
        }
    }

    fn name(&self, id: TypeId, facts: &mut Facts) {
        let ty = self.types.get(id);
        facts.value(&self.types.module(ty.module).path);
        facts.text(&ty.name);
    }

    fn contract(&self, contract: &Contract, facts: &mut Facts) {
        let Contract { kind, file: _, root, namespace, path, major, major_in_name, topic, type_name, metadata, version, settings } =
            contract;
        facts.value(&(kind, namespace, path, major, major_in_name));
        facts.text(&self.catalog.schemas.pointer(*root));
        facts.value(&(topic, type_name, metadata, version, settings));
        facts.value(&self.catalog.facts(contract));
        for release in self.history.of(self.catalog, contract) {
            facts.text(&release.topic);
            facts.text(&release.text);
        }
    }
}
