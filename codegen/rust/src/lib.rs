//! Contracts as a Rust package, built as syntax and printed by prettyplease.
//!
//! ```
//! use eventc_model::{catalog::Catalog, config::Config, source::{Limits, Tree}, types::Types};
//! use eventc_rust::{Emitter, RustOptions};
//!
//! let schema = r#"{"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}"#;
//! let tree = Tree::from_texts([("order/created.v1.json", schema)], &Limits::default());
//! let catalog = Catalog::build(tree, Config::without_conventions());
//! let types = Types::derive(&catalog);
//! let modules: Vec<_> = types.modules().map(|(id, _)| id).collect();
//!
//! let options = RustOptions::default();
//! let emitter = Emitter::new(&catalog, &types, &modules, &options);
//! let file = emitter.module(modules[0]);
//! assert_eq!(file.path, "src/order/created/v1.rs");
//! assert!(file.text.contains("pub struct OrderCreated {"));
//! ```
//!
//! Without the feature `files` there are tokens only, and neither a parser nor a printer of Rust.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod alias;
mod boxes;
mod checks;
mod choice;
mod codec;
mod contract;
mod dispatch;
mod formats;
#[cfg(feature = "files")]
mod includable;
mod listed;
mod module;
mod names;
mod nested;
mod object;
mod options;
#[cfg(feature = "files")]
mod package;
#[cfg(feature = "files")]
mod print;
mod residual;
#[cfg(feature = "files")]
pub mod runtime;
mod shared;
mod strict;
#[cfg(feature = "target")]
mod target;
mod text;
mod types;

use std::collections::{BTreeMap, HashMap, HashSet};

use eventc_model::{
    catalog::{Catalog, ContractKind},
    plan::plan,
    schema::{NodeId, Reference},
    types::{Additional, Field, ModuleId, Openness, Shape, StringEnum, Type, TypeId, TypeRef, Types},
};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

#[cfg(feature = "files")]
pub use self::includable::includable;
#[cfg(feature = "target")]
pub use self::target::Rust;
use self::{
    boxes::Boxes,
    module::ModuleWriter,
    residual::{Residual, Residuals},
};
pub use self::{
    contract::{roles, topic},
    formats::{Addresses, Bytes, Durations, Emails, Formats, Times, Uris, Uuids},
    options::{Numbers, OptionsError, Runtime, RustOptions},
};

/// Returns the path of a type below the root of the generated crate, as a program names it:
/// `shop::order::created::v1::OrderCreated`.
pub fn path_of(types: &Types, id: TypeId) -> String {
    let ty = types.get(id);
    let modules = names::path(&types.module(ty.module).path).into_iter().map(|part| names::plain(&part).to_string());
    modules.chain([names::type_name(&ty.name).to_string()]).collect::<Vec<_>>().join("::")
}

/// An emitter of the selected modules of a catalog. Its files do not depend on each other: they may be made in parallel.
#[derive(Debug)]
pub struct Emitter<'a> {
    catalog: &'a Catalog,
    types: &'a Types,
    options: &'a RustOptions,
    /// The modules, with their paths as Rust spells them.
    paths: HashMap<ModuleId, Vec<String>>,
    /// The branches below each module or folder of modules, by path.
    tree: BTreeMap<Vec<String>, ModuleNode>,
    dispatch: BTreeMap<Vec<String>, dispatch::DispatchNode>,
    newtypes: Vec<bool>,
    boxes: Boxes,
    residuals: Residuals<'a>,
    /// Flags of types that say all that their schemas ask, and are other names for it alone: nothing refers to such a schema.
    plain: Vec<bool>,
    /// Flags of types that hold a number without total equality.
    inexact: Vec<bool>,
    /// Flags of types that something refers to, or a schema names.
    used: Vec<bool>,
    /// Flags of types that are valid whenever they can be read strictly.
    strict: Vec<bool>,
}

/// A place in the module tree.
#[derive(Debug, Default)]
struct ModuleNode {
    module: Option<ModuleId>,
    children: Vec<String>,
}

impl<'a> Emitter<'a> {
    /// Takes the modules to emit. They must hold every type that they use.
    pub fn new(catalog: &'a Catalog, types: &'a Types, modules: &[ModuleId], options: &'a RustOptions) -> Self {
        let mut emitter = Self {
            catalog,
            types,
            options,
            paths: HashMap::new(),
            tree: BTreeMap::new(),
            dispatch: BTreeMap::new(),
            newtypes: Vec::new(),
            boxes: Boxes::new(types),
            residuals: Residuals::new(catalog, types),
            inexact: Vec::new(),
            plain: Vec::new(),
            used: Vec::new(),
            strict: Vec::new(),
        };
        for id in modules {
            let path = names::path(&types.module(*id).path);
            emitter.place_module(&path, *id);
            emitter.paths.insert(*id, path);
        }
        emitter.newtypes = types.iter().map(|(id, _)| emitter.needs_newtype(id)).collect();
        emitter.plain = emitter.plain_types();
        emitter.inexact = emitter.inexact_types();
        emitter.used = emitter.used_types();
        emitter.strict = emitter.strict_types();
        emitter.dispatch = dispatch::plan(&emitter);
        emitter
    }

    fn place_module(&mut self, path: &[String], id: ModuleId) {
        self.tree.entry(path.to_vec()).or_default().module = Some(id);
        for length in (0..path.len()).rev() {
            let children = &mut self.tree.entry(path[..length].to_vec()).or_default().children;
            if children.contains(&path[length]) {
                break;
            }
            children.push(path[length].clone());
        }
    }

    /// Returns the path of a module below the root.
    fn path(&self, id: ModuleId) -> &[String] {
        self.paths.get(&id).map_or(&[], Vec::as_slice)
    }

    fn selects(&self, id: ModuleId) -> bool {
        self.paths.contains_key(&id)
    }

    /// Returns the root of the generated modules, as the module at `from` names it.
    fn root(&self, from: &[String]) -> TokenStream {
        if !self.options.movable {
            return quote!(crate);
        }
        let steps = from.iter().map(|_| quote!(super));
        if from.is_empty() { quote!(self) } else { quote!(#(#steps)::*) }
    }

    /// Returns the path of a type, as the module at `from` names it.
    fn absolute(&self, id: TypeId, from: &[String]) -> TokenStream {
        let ty = self.types.get(id);
        let root = self.root(from);
        let path = self.path(ty.module).iter().map(|part| names::plain(part));
        let name = names::type_name(&ty.name);
        quote!(#root #(::#path)*::#name)
    }

    /// Returns the path of a type, as the module at `from` names it, which stands at or above the type's own module.
    fn below(&self, id: TypeId, from: &[String]) -> TokenStream {
        let ty = self.types.get(id);
        let path = self.path(ty.module)[from.len()..].iter().map(|part| names::plain(part));
        let name = names::type_name(&ty.name);
        quote!(#(#path::)*#name)
    }

    fn is_newtype(&self, id: TypeId) -> bool {
        self.newtypes[id.0 as usize]
    }

    /// Returns whether a type is valid whenever it can be read strictly.
    fn is_strict(&self, id: TypeId) -> bool {
        self.strict[id.0 as usize]
    }

    /// Returns the text that a property always has. Objects have no field for it: who makes one need not say it, and who
    /// reads one knows it.
    fn constant(&self, field: &Field) -> Option<&str> {
        let TypeRef::Named(id) = field.ty else { return None };
        let Shape::Enum(StringEnum { members, openness: Openness::Constant, .. }) = &self.types.get(id).shape else { return None };
        match &members[..] {
            [only] if field.required => Some(&only.value),
            _ => None,
        }
    }

    fn used_types(&self) -> Vec<bool> {
        let mut used: Vec<bool> = self.types.iter().map(|(id, _)| self.types.is_unit(id)).collect();
        for (_, ty) in self.types.iter() {
            let mut note = |part: &TypeRef| part.named(&mut |id| used[id.0 as usize] = true);
            match &ty.shape {
                Shape::Object(object) => {
                    object.fields.iter().filter(|field| self.constant(field).is_none()).for_each(|field| note(&field.ty));
                    if let Additional::Typed(rest) = &object.rest {
                        note(rest);
                    }
                }
                shape => shape.parts().into_iter().for_each(note),
            }
        }
        used
    }

    fn plain_types(&self) -> Vec<bool> {
        let schemas = &self.catalog.schemas;
        let scopes = schemas.ids().filter(|id| schemas.opens_scope(*id));
        let anchors = scopes.flat_map(|id| schemas.dynamic_anchors(id).iter().map(|(_, node)| *node).chain([id]));
        // A dynamic reference names its target, whoever else has the anchor.
        let dynamic = schemas.ids().filter_map(|id| match schemas.keywords(id)?.dynamic_reference {
            Some(Reference::Dynamic(target, _)) => Some(target),
            _ => None,
        });
        let anchors: HashSet<NodeId> = anchors.chain(dynamic).collect();
        let states_type = |plan: Value| plan == true || plan.as_object().is_some_and(|plan| plan.keys().all(|keyword| keyword == "type"));
        let is_plain = |(id, ty): (TypeId, &Type)| {
            let is_name = matches!(ty.shape, Shape::Alias(_)) && !self.is_newtype(id) && !anchors.contains(&ty.node);
            is_name && states_type(plan(schemas, ty.node, &mut |_| String::new()))
        };
        self.types.iter().map(is_plain).collect()
    }

    fn is_plain(&self, id: TypeId) -> bool {
        self.plain[id.0 as usize]
    }

    fn is_used(&self, id: TypeId) -> bool {
        self.used[id.0 as usize]
    }

    /// Returns whether an alias is a type of its own: where its schema asks more than its type says, where it holds itself,
    /// and where a contract needs a type to speak for it.
    fn needs_newtype(&self, id: TypeId) -> bool {
        let ty = self.types.get(id);
        let Shape::Alias(inner) = &ty.shape else { return false };
        if ty.generic {
            return false;
        }
        let module = self.types.module(ty.module);
        let event = module.contract.is_some_and(|index| self.catalog.contracts[index].kind == ContractKind::Event);
        let plain = matches!(inner, TypeRef::Any | TypeRef::NonObject | TypeRef::Never | TypeRef::Null | TypeRef::Nullable(_));
        (event && module.root == Some(id)) || ty.recursive || (!plain && self.types.is_unit(id) && self.constrains(ty.node))
    }

    /// Returns whether a schema asks more than its type says.
    fn constrains(&self, node: NodeId) -> bool {
        self.catalog.schemas.keywords(node).is_some_and(|keywords| {
            let items =
                keywords.contains.is_some() || keywords.min_items.is_some() || keywords.max_items.is_some() || keywords.unique_items;
            let members = keywords.property_names.is_some()
                || keywords.min_properties.is_some()
                || keywords.max_properties.is_some()
                || !keywords.dependent_required.is_empty()
                || !keywords.dependent_schemas.is_empty()
                || !keywords.pattern_properties.is_empty();
            let values = keywords.const_value.is_some() || keywords.enum_values.is_some();
            keywords.constrains_numbers()
                || keywords.constrains_strings()
                || items
                || members
                || values
                || keywords.not.is_some()
                || keywords.if_schema.is_some()
                || keywords.all_of.iter().any(|child| self.constrains(*child))
        })
    }

    /// Returns whether all values of the shape can be compared for total equality.
    fn is_eq(&self, shape: &Shape) -> bool {
        !shape.parts().into_iter().any(|part| self.is_inexact(part, &self.inexact))
    }

    fn inexact_types(&self) -> Vec<bool> {
        let mut inexact: Vec<bool> = self.types.iter().map(|_| false).collect();
        loop {
            let mut changed = false;
            for (id, ty) in self.types.iter() {
                let at = id.0 as usize;
                if !inexact[at] && ty.shape.parts().into_iter().any(|part| self.is_inexact(part, &inexact)) {
                    inexact[at] = true;
                    changed = true;
                }
            }
            if !changed {
                return inexact;
            }
        }
    }

    /// Returns whether a type holds a number that has no total equality, given which named ones do.
    fn is_inexact(&self, ty: &TypeRef, named: &[bool]) -> bool {
        match ty {
            TypeRef::Number => self.options.numbers == Numbers::Native,
            TypeRef::Payload => true,
            TypeRef::Literal(_, inner) | TypeRef::Array(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
                self.is_inexact(inner, named)
            }
            TypeRef::Tuple { items, rest, .. } => items.iter().chain(rest.as_deref()).any(|item| self.is_inexact(item, named)),
            TypeRef::Named(id) => named[id.0 as usize],
            _ => false,
        }
    }

    /// Returns the items of a module without the modules below it.
    fn own_items(&self, path: &[String]) -> TokenStream {
        let items = self.tree.get(path).and_then(|branch| branch.module).map(|id| ModuleWriter::new(self, id).items());
        let any_event = dispatch::any_event(self, path, &TokenStream::new());
        let envelope = self.envelope_alias(path);
        quote!(#envelope #any_event #items)
    }

    /// Returns a short name for the envelope of a namespace, where the namespace's own module stands. A schema may have taken
    /// either.
    fn envelope_alias(&self, path: &[String]) -> TokenStream {
        let named = |name: &str| (!name.is_empty()).then(|| names::path(&[eventc_model::names::snake(name)]).remove(0));
        let mut namespaces = self.catalog.config.namespace.iter();
        let index = namespaces.position(|namespace| named(&namespace.name).as_slice() == path);
        let free = self.tree.get(path).is_none_or(|branch| branch.module.is_none());
        let Some(envelope) = index.filter(|_| free).and_then(|index| self.envelope_of(index)) else { return TokenStream::new() };
        let ty = self.absolute(envelope, path);
        quote! {
            /// The envelope of these events.
            pub type Envelope<P> = #ty<P>;
        }
    }

    fn file_docs(&self, path: &[String]) -> TokenStream {
        let Some(id) = self.tree.get(path).and_then(|branch| branch.module) else {
            return text::file_doc(&format!("The contracts of `{}`.", path.join(".")));
        };
        let module = self.types.module(id);
        let document = self.catalog.schemas.file(module.file);
        let root = self.catalog.schemas.root(module.file);
        let keywords = root.and_then(|root| self.catalog.schemas.keywords(root));
        let heading = match module.contract.map(|index| &self.catalog.contracts[index]) {
            Some(contract) => format!("`{}`, version {}", contract.topic, contract.version),
            None => format!("The definitions of `{}`", document.path),
        };
        let title = keywords.and_then(|keywords| keywords.title.as_deref()).map(|title| format!(": {title}")).unwrap_or_default();
        let description = keywords.and_then(|keywords| keywords.description.as_deref()).unwrap_or_default();
        let deprecated = module.contract.and_then(|index| self.catalog.contracts[index].metadata.deprecated.as_ref());
        let deprecated = deprecated.map(|deprecated| format!("Deprecated {}.", deprecated.words()));
        text::file_doc(&format!("{heading}{title}\n\n{description}\n\n{}", deprecated.unwrap_or_default()))
    }
}
