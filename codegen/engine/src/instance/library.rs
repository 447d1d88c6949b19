//! The schemas of a tree in the form in which the reference validator takes them.

use std::{collections::HashSet, sync::Arc};

use eventc_model::{
    schema::{Dialect, FileId, NodeId, Reference, patterns::with_portable_patterns},
    syntax::{escape_pointer, join_pointer, split_pointer},
};
use jsonschema::{Registry, RegistryBuilder};
use serde_json::{Map, Value, json};

use super::{TREE, Unusable, Validators, decode, encode, escape, has, is_plain, is_uri, target_of, words::ErrorDetails};

/// The maximum number of files that refer to each other and stay documents of their own. The validator compiles a schema anew for every way
/// of files that leads to it, since its dynamic scope is another; in sets of a hundred files there is no end to such ways.
const MAX_SEPARATE_FILES: usize = 4;

/// Schemas that can be compiled.
#[derive(Debug, Clone)]
pub(super) struct Library<'a> {
    pub(super) registry: Arc<Registry<'a>>,
    pub(super) places: Arc<ErrorDetails>,
    /// So many problems of a document are told.
    pub(super) most: usize,
    /// Whether all files are one document.
    merged: bool,
}

impl Library<'_> {
    /// Returns the URI of the schema at a JSON Pointer of a file.
    pub(super) fn uri(&self, path: &str, pointer: &str) -> String {
        if self.merged { format!("{TREE}#{}", encode(&inside(path, pointer))) } else { uri(path, pointer) }
    }
}

/// Returns a place of a file in the one document of all files.
fn inside(path: &str, pointer: &str) -> String {
    format!("/$defs/{}{pointer}", escape_pointer(path))
}

/// Returns the file and the JSON Pointer of a place, for a reader.
pub(super) fn place(uri: &str) -> String {
    let (uri, fragment) = uri.split_once('#').unwrap_or((uri, ""));
    // As the model names a resource that shares its URI with others.
    let (uri, resource) = uri.split_once('?').filter(|_| uri.starts_with(TREE)).unwrap_or((uri, ""));
    let pointer = decode(&format!("{resource}{fragment}"));
    match &split_pointer(&pointer)[..] {
        [defs, path, inside @ ..] if uri == TREE && defs == "$defs" => format!("{path}#{}", join_pointer(inside)),
        _ => format!("{}#{pointer}", decode(uri.strip_prefix(TREE).unwrap_or(uri))),
    }
}

fn uri(path: &str, pointer: &str) -> String {
    let path = encode(path);
    if pointer.is_empty() { format!("{TREE}{path}") } else { format!("{TREE}{path}#{}", encode(pointer)) }
}

impl<'a> Validators<'a> {
    /// Returns the schemas that files need, themselves among them.
    ///
    /// # Errors
    /// Where one of them is not there, or not usable.
    pub(super) fn library(&self, files: &[FileId]) -> Result<Library<'a>, Unusable> {
        let needed = self.closure(files);
        if needed.iter().any(|file| self.broken[file.0 as usize]) {
            return Err(Unusable::Reference);
        }
        match self.merged(files, &needed) {
            Some(library) => Ok(library),
            None => Ok(self.of_registry(self.registry(needed)?, false)),
        }
    }

    /// Returns the one document of all files of a dialect, if one of these needs many, and it holds all that they need.
    pub(super) fn merged(&self, files: &[FileId], needed: &[FileId]) -> Option<Library<'a>> {
        if needed.len() <= MAX_SEPARATE_FILES || files.iter().all(|file| self.closure(&[*file]).len() <= MAX_SEPARATE_FILES) {
            return None;
        }
        let plain = self.plain.get_or_init(|| self.catalog.schemas.file_ids().map(|file| self.plain_dialect(file)).collect());
        let dialect = plain.get(files[0].0 as usize).copied().flatten()?;
        let fits = needed.iter().all(|file| plain.get(file.0 as usize).copied().flatten() == Some(dialect));
        if !fits {
            return None;
        }
        self.whole[dialect as usize].get_or_init(|| self.merge(dialect, plain)).clone()
    }

    /// Returns the dialect of a file in which nothing depends on the document that it stands in.
    fn plain_dialect(&self, file: FileId) -> Option<Dialect> {
        let schemas = &self.catalog.schemas;
        let dialect = schemas.node(schemas.root(file)?).dialect;
        let is_plain =
            |id| schemas.node(id).dialect == dialect && schemas.keywords(id).is_none_or(|keywords| keywords.dynamic_reference.is_none());
        let fits = !schemas.is_meta(file) && !self.broken[file.0 as usize] && schemas.ids_in(file).all(is_plain);
        fits.then_some(dialect)
    }

    fn of_registry(&self, registry: Registry<'a>, merged: bool) -> Library<'a> {
        Library { registry: Arc::new(registry), places: self.places(), most: self.catalog.config.limits.findings, merged }
    }

    fn merge(&self, dialect: Dialect, plain: &[Option<Dialect>]) -> Option<Library<'a>> {
        let schemas = &self.catalog.schemas;
        let files = schemas.file_ids().filter(|file| plain[file.0 as usize] == Some(dialect));
        let members: Map<String, Value> = files.map(|file| (schemas.file(file).path.clone(), self.nameless(file))).collect();
        let document = json!({ "$schema": dialect.uri(), "$defs": members });
        let registry = Registry::new().add(TREE, document).and_then(RegistryBuilder::prepare).ok()?;
        Some(self.of_registry(registry, true))
    }

    /// Returns the schema of a file without names, and with references into the one document of all files.
    fn nameless(&self, file: FileId) -> Value {
        let schemas = &self.catalog.schemas;
        let mut value = schemas.file(file).value.clone();
        for node in schemas.ids_in(file) {
            let Some(members) = value.pointer_mut(&schemas.pointer(node)).and_then(Value::as_object_mut) else { continue };
            let names = [schemas.node(node).dialect.id_keyword(), "$schema", "$anchor", "$dynamicAnchor", "$recursiveAnchor"];
            members.retain(|keyword, _| !names.contains(&keyword.as_str()) && !schemas.is_unused(node, keyword));
            let reference = schemas.keywords(node).and_then(|keywords| target_of(keywords.reference.as_ref()?));
            if let (Some(target), Some(text)) = (reference, members.get_mut("$ref")) {
                let path = &schemas.file(schemas.node(target).file).path;
                *text = format!("#{}", encode(&inside(path, &schemas.pointer(target)))).into();
            }
        }
        with_portable_patterns(&value).unwrap_or(value)
    }

    /// Returns files as documents of their own, under URIs that relative references find.
    fn registry(&self, files: Vec<FileId>) -> Result<Registry<'a>, Unusable> {
        let mut builder = Registry::new();
        for file in files {
            // What refers to a published meta-schema does so by its own URI.
            let schemas = &self.catalog.schemas;
            let published = schemas.root(file).filter(|_| schemas.is_meta(file)).and_then(|root| schemas.uri(root));
            if let Some(uri) = published {
                builder = builder.add(uri, &schemas.file(file).value).map_err(|error| Unusable::Schema(error.to_string()))?;
                continue;
            }
            let uri = self.uri(file, "");
            let added = match self.rewritten(file) {
                Some(rewritten) => builder.add(uri, with_portable_patterns(&rewritten).unwrap_or(rewritten)),
                None => match with_portable_patterns(&self.catalog.schemas.file(file).value) {
                    Some(respelled) => builder.add(uri, respelled),
                    None => builder.add(uri, &self.catalog.schemas.file(file).value),
                },
            };
            builder = added.map_err(|error| Unusable::Schema(error.to_string()))?;
        }
        builder.prepare().map_err(|error| Unusable::Schema(error.to_string()))
    }

    pub(super) fn closure(&self, files: &[FileId]) -> Vec<FileId> {
        let mut files = files.to_vec();
        let mut seen: HashSet<FileId> = files.iter().copied().collect();
        let mut at = 0;
        while let Some(file) = files.get(at) {
            let next: Vec<_> = self.refers[file.0 as usize].iter().copied().filter(|file| seen.insert(*file)).collect();
            files.extend(next);
            at += 1;
        }
        files
    }

    fn uri(&self, file: FileId, pointer: &str) -> String {
        uri(&self.catalog.schemas.file(file).path, pointer)
    }

    /// Returns the schema of a file with what the validator cannot follow by itself put into plain words: identifiers and references that
    /// are relative to an `$id`, references to other files, and dialects that nobody knows. `None` where it stands well as it is.
    pub(super) fn rewritten(&self, file: FileId) -> Option<Value> {
        let schemas = &self.catalog.schemas;
        let document = schemas.file(file);
        let root = schemas.root(file)?;
        let id = schemas.node(root).dialect.id_keyword();
        let unusual = has(&document.value, &|key, text| {
            key == id
                || key == "$id"
                || (key == "$schema" && Dialect::of(text).is_none())
                || (key == "$ref" && !text.bytes().all(|byte| is_plain(byte) || byte == b'#'))
                // What several files declare goes by other names.
                || (key == "$ref" && text.starts_with('/'))
        });
        if !unusual {
            return None;
        }
        let mut value = document.value.clone();
        for node in schemas.ids_in(file) {
            let Some(members) = value.pointer_mut(&schemas.pointer(node)).and_then(Value::as_object_mut) else { continue };
            let dialect = schemas.node(node).dialect;
            if members.get("$schema").and_then(Value::as_str).is_some_and(|uri| Dialect::of(uri).is_none()) {
                members.insert("$schema".into(), dialect.uri().into());
            }
            members.retain(|keyword, _| !schemas.is_unused(node, keyword));
            if schemas.resource(node) == node && schemas.uri(node).is_some() {
                members.insert(dialect.id_keyword().into(), schemas.name(node).into());
            }
            let Some(keywords) = schemas.keywords(node) else { continue };
            for (keyword, reference) in [
                ("$ref", &keywords.reference),
                ("$dynamicRef", keywords.dynamic_reference.as_ref().map_or(&keywords.reference, |_| &keywords.dynamic_reference)),
            ] {
                let Some(Value::String(text)) = members.get_mut(keyword) else { continue };
                if let Some(absolute) = reference.as_ref().and_then(|reference| self.absolute(node, reference, text)) {
                    *text = absolute;
                }
            }
        }
        Some(value)
    }

    /// Returns a reference of a file as the validator finds its target from anywhere; `None` where it does so anyway.
    fn absolute(&self, from: NodeId, reference: &Reference, text: &str) -> Option<String> {
        let schemas = &self.catalog.schemas;
        let target = target_of(reference)?;
        let node = schemas.node(target);
        if text.starts_with('#') {
            // A name such as `Pair<number>` is no fragment as it stands.
            return (!text.bytes().all(is_uri)).then(|| escape(text, is_uri));
        }
        let absolute = escape(&schemas.absolute(from, text), is_uri);
        let (uri, fragment) = absolute.split_once('#').unwrap_or((&absolute, ""));
        let elsewhere = node.file != schemas.node(from).file && !schemas.is_meta(node.file);
        if !elsewhere && schemas.declares(node.file, uri) {
            return Some(absolute);
        }
        // A pointer is never dynamic.
        let is_dynamic = matches!(reference, Reference::Dynamic(..)) && !fragment.is_empty();
        let anchor = || format!("{}#{fragment}", schemas.name(schemas.resource(target)));
        Some(if is_dynamic { anchor() } else { self.uri(node.file, &schemas.pointer(target)) })
    }
}
