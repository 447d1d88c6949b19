//! The place in a contract that an item speaks for.

use std::sync::Arc;

use eventc_model::{
    catalog::{Catalog, Contract, ContractKind},
    names::nearest,
    schema::{FileId, NodeId, Schemas},
    select,
    types::{Object, Shape, TypeRef, Types},
};
use syn::LitStr;

use super::ast::{Content, DeriveItem};
use crate::tree::{self, SchemaSource};

/// A place in a contract.
pub(crate) struct NamedPlace {
    pub(crate) source: Arc<SchemaSource>,
    /// The event, where the place is the whole of one: its index among the contracts.
    event: Option<usize>,
    /// The schema.
    pub(crate) node: NodeId,
    /// The type, without null and without names that only stand for another type.
    pub(crate) ty: TypeRef,
    /// The files that its schema needs.
    pub(crate) files: Vec<FileId>,
}

impl NamedPlace {
    /// Finds the place that the item's attribute names.
    ///
    /// # Errors
    /// Where it names none, or one that does not exist, or a contract that is wrong itself.
    pub(crate) fn find(item: &DeriveItem<'_>) -> syn::Result<Self> {
        let named = ContractName::of(item)?;
        let fail = |message: String| syn::Error::new(named.text().span(), message);
        let source = tree::open().map_err(fail)?;
        let (file, event) = named.file(&source).map_err(fail)?;
        let catalog = &source.catalog;
        let envelope = event.and_then(|index| catalog.envelope(catalog.contracts[index].namespace)).map(|envelope| envelope.file);
        let modules = select::modules(catalog, &source.types, [file].into_iter().chain(envelope));
        let files: Vec<FileId> = modules.iter().map(|module| source.types.module(*module).file).collect();
        let broken =
            catalog.diagnostics.iter().filter(|found| files.iter().any(|file| catalog.schemas.file(*file).shown == found.place.file));
        if let Some(errors) = tree::errors(broken) {
            return Err(fail(format!("the contract is broken:\n{errors}")));
        }
        let no_schema = || fail(format!("{} holds no schema", catalog.schemas.file(file).shown));
        let root = catalog.schemas.root(file).ok_or_else(no_schema)?;
        let at = item.event.at.as_ref().map_or_else(String::new, LitStr::value);
        let whole = at.is_empty();
        let (node, ty) = walk(&source, root, &at).map_err(|message| match &item.event.at {
            Some(at) => syn::Error::new(at.span(), message),
            None => fail(message),
        })?;
        let (node, ty) = if matches!(item.data, Content::Newtype(_)) { (node, ty) } else { item_of_list(&source, node, ty) };
        let ty = resolve(&source.types, &ty).clone();
        Ok(Self { event: event.filter(|_| whole), source, node, ty, files })
    }

    /// Returns the event, where the place is the whole of one.
    pub(crate) fn event(&self) -> Option<&Contract> {
        self.event.map(|index| &self.source.catalog.contracts[index])
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.source.catalog
    }

    pub(crate) fn types(&self) -> &Types {
        &self.source.types
    }

    /// Returns the object that stands here.
    pub(crate) fn object(&self) -> Option<&Object> {
        object(self.types(), &self.ty)
    }

    /// Returns the file, line and column of a schema.
    pub(crate) fn written(&self, node: NodeId) -> String {
        let schemas = &self.source.catalog.schemas;
        schemas.file(schemas.node(node).file).key_place(&schemas.pointer(node)).to_string()
    }
}

/// The contract as the attribute names it.
enum ContractName<'a> {
    Topic(&'a LitStr),
    File(&'a LitStr),
}

impl<'a> ContractName<'a> {
    fn of(item: &'a DeriveItem<'_>) -> syn::Result<Self> {
        match (&item.event.topic, &item.event.file) {
            (Some(topic), None) => Ok(Self::Topic(topic)),
            (None, Some(file)) => Ok(Self::File(file)),
            (Some(_), Some(file)) => Err(syn::Error::new(file.span(), "`topic` and `file` both name a contract; remove one")),
            (None, None) => Err(syn::Error::new(
                item.ident.span(),
                format!(
                    "`{}` names no contract\nhelp: add #[event(topic = \"…\")] for an event; for a part of one also at = \"/properties/…\"; \
                     for a shared definition #[event(file = \"…\", at = \"/$defs/…\")]",
                    item.ident
                ),
            )),
        }
    }

    fn text(&self) -> &'a LitStr {
        match self {
            Self::Topic(text) | Self::File(text) => text,
        }
    }

    fn file(&self, source: &SchemaSource) -> Result<(FileId, Option<usize>), String> {
        let name = self.text().value();
        match self {
            Self::Topic(_) => {
                let index = topic(source, &name)?;
                let contract = &source.catalog.contracts[index];
                Ok((contract.file, (contract.kind == ContractKind::Event).then_some(index)))
            }
            Self::File(_) => {
                let known = || source.catalog.schemas.files.iter().map(|file| file.path.as_str());
                let unknown = || format!("the schema tree has no file {name:?}; {}", suggestion(&name, known().collect()));
                Ok((source.catalog.schemas.file_id(&name).ok_or_else(unknown)?, None))
            }
        }
    }
}

/// Returns the one contract of a topic.
fn topic(source: &SchemaSource, name: &str) -> Result<usize, String> {
    let catalog = &source.catalog;
    let found: Vec<usize> = (0..catalog.contracts.len()).filter(|index| catalog.contracts[*index].topic == name).collect();
    match found[..] {
        [one] => Ok(one),
        [] => {
            let known = catalog.contracts.iter().map(|contract| contract.topic.as_str()).collect();
            let broken = tree::errors(catalog.diagnostics.iter()).map(|errors| format!("\nthese files could not be read:\n{errors}"));
            Err(format!("no contract has the topic {name:?}; {}{}", suggestion(name, known), broken.unwrap_or_default()))
        }
        _ => {
            let files = found.iter().map(|index| catalog.schemas.file(catalog.contracts[*index].file).shown.to_string());
            Err(format!("several contracts have the topic {name:?}: {}; rename or remove one", files.collect::<Vec<_>>().join(", ")))
        }
    }
}

/// Returns the nearest names, or where to look.
fn suggestion(wrong: &str, mut known: Vec<&str>) -> String {
    const MAX_LISTED: usize = 3;
    let mut near = Vec::new();
    while near.len() < MAX_LISTED {
        let Some(next) = nearest(wrong, known.iter().copied()) else { break };
        known.retain(|name| *name != next);
        near.push(format!("{next:?}"));
    }
    match &near[..] {
        [] => "`eventc list` shows all".to_owned(),
        names => format!("did you mean {}?", names.join(" or ")),
    }
}

/// Follows a JSON Pointer from a schema, through references, to a schema and its type without null.
fn walk(source: &SchemaSource, root: NodeId, at: &str) -> Result<(NodeId, TypeRef), String> {
    let schemas = &source.catalog.schemas;
    let types = &source.types;
    let untyped = || format!("{at:?} has no type of its own; name a property, an item or a definition");
    let (mut node, mut ty) = (root, type_of(types, schemas, root));
    if at.is_empty() {
        return Ok((node, ty.ok_or_else(untyped)?));
    }
    let no_pointer = || format!("{at:?} is no JSON Pointer, which begins with `/`: \"/properties/…\"");
    let parts: Vec<&str> = at.strip_prefix('/').ok_or_else(no_pointer)?.split('/').collect();
    let mut from = 0;
    while from < parts.len() {
        let base = schemas.target(node);
        let (file, above) = (schemas.node(base).file, schemas.pointer(base));
        let next = (from + 1..=parts.len()).find_map(|to| {
            let pointer = format!("{above}/{}", parts[from..to].join("/"));
            Some((schemas.at(file, &pointer)?, to))
        });
        let (next, to) = next.ok_or_else(|| nowhere(source, base, &parts, from))?;
        let outer = ty.as_ref().map(|ty| resolve(types, ty).split_null().0);
        let inner = match (&parts[from..to], outer) {
            (["items"], Some(TypeRef::Array(item))) => Some((**item).clone()),
            (["additionalProperties"], Some(TypeRef::Map(value))) => Some((**value).clone()),
            _ => None,
        };
        ty = inner.or_else(|| type_of(types, schemas, next));
        (node, from) = (next, to);
    }
    Ok((node, ty.ok_or_else(untyped)?.split_null().0.clone()))
}

/// Returns the names that there are where a pointer leads nowhere.
fn nowhere(source: &SchemaSource, base: NodeId, parts: &[&str], from: usize) -> String {
    let schemas = &source.catalog.schemas;
    let mut message = format!("the contract has nothing at {:?}", format!("/{}", parts.join("/")));
    if let (Some("properties"), Some(name), Some(keywords)) = (parts.get(from).copied(), parts.get(from + 1), schemas.keywords(base)) {
        let known: Vec<&str> = keywords.properties.iter().map(|(name, _)| name.as_str()).collect();
        let help = nearest(name, known.iter().copied())
            .map_or_else(|| format!("the properties there are {}", known.join(", ")), |near| format!("did you mean {near:?}?"));
        message = format!("{message}; {help}");
    }
    format!("{message}\ncontract: {}", schemas.place(base))
}

/// Returns the type of a schema, wherever the typed view has it: by its name, or as that of a property.
fn type_of(types: &Types, schemas: &Schemas, node: NodeId) -> Option<TypeRef> {
    let target = schemas.target(node);
    let named = || types.iter().find(|(_, ty)| ty.node == node || ty.node == target).map(|(id, _)| TypeRef::Named(id));
    let property = || {
        types.iter().find_map(|(_, ty)| match &ty.shape {
            Shape::Object(object) => object.fields.iter().find(|field| field.node == node).map(|field| field.ty.clone()),
            _ => None,
        })
    };
    types.of_node(target).cloned().or_else(property).or_else(named)
}

/// Returns a struct or an enum that is given the place of a list speaks for its items.
fn item_of_list(source: &SchemaSource, node: NodeId, ty: TypeRef) -> (NodeId, TypeRef) {
    let schemas = &source.catalog.schemas;
    let (mut node, mut ty) = (node, ty);
    while let TypeRef::Array(item) = resolve(&source.types, &ty).split_null().0 {
        let Some(items) = schemas.keywords(schemas.target(node)).and_then(|keywords| keywords.items) else { break };
        (node, ty) = (items, item.split_null().0.clone());
    }
    (node, ty)
}

/// Returns the type behind names that only stand for another type.
pub(crate) fn resolve<'a>(types: &'a Types, ty: &'a TypeRef) -> &'a TypeRef {
    let mut ty = ty;
    // A longer chain of names than there are types goes in circles.
    for _ in 0..64 {
        match ty {
            TypeRef::Named(id) => match &types.get(*id).shape {
                Shape::Alias(inner) => ty = inner,
                _ => break,
            },
            _ => break,
        }
    }
    ty
}

/// Returns the object that a type is.
pub(crate) fn object<'a>(types: &'a Types, ty: &TypeRef) -> Option<&'a Object> {
    let TypeRef::Named(id) = ty else { return None };
    let mut shape = &types.get(*id).shape;
    for _ in 0..64 {
        match shape {
            Shape::Object(object) => return Some(object),
            Shape::Alias(TypeRef::Named(next)) => shape = &types.get(*next).shape,
            _ => return None,
        }
    }
    None
}
