//! One module: the types of a schema file, in their order.

use std::collections::HashMap;

use eventc_model::{
    plan::plan_inlining,
    schema::{NodeId, Schemas},
    types::{ModuleId, Shape, Type, TypeId, Types},
    words,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde_json::{Value, json};

use crate::{Emitter, names, text};

/// The code of a type.
pub(crate) struct TypeCode {
    /// The code that people read: the type, and what makes it.
    pub(crate) definition: TokenStream,
    /// The code that reads and writes it.
    pub(crate) codec: TokenStream,
}

/// The place of code that names an item.
#[derive(Clone, Copy)]
pub(crate) enum CodePlace {
    /// Beside the types of the module.
    Module,
    /// In the codec's module below.
    Codec,
}

/// A writer of the types of one module.
pub(crate) struct ModuleWriter<'a> {
    pub(crate) emitter: &'a Emitter<'a>,
    id: ModuleId,
}

impl<'a> ModuleWriter<'a> {
    pub(crate) fn new(emitter: &'a Emitter<'a>, id: ModuleId) -> Self {
        Self { emitter, id }
    }

    pub(crate) fn types(&self) -> &'a Types {
        self.emitter.types
    }

    pub(crate) fn schemas(&self) -> &'a Schemas {
        &self.emitter.catalog.schemas
    }

    /// Returns the path of a type as this module names it.
    pub(crate) fn path(&self, id: TypeId) -> TokenStream {
        let ty = self.types().get(id);
        self.item(ty.module, &names::type_name(&ty.name), CodePlace::Module)
    }

    fn item(&self, module: ModuleId, item: &Ident, place: CodePlace) -> TokenStream {
        let out = match place {
            CodePlace::Module => None,
            CodePlace::Codec => Some(quote!(super::)),
        };
        if module == self.id {
            return quote!(#out #item);
        }
        let root = self.emitter.root(self.emitter.path(self.id));
        // A path from the crate's root is the same everywhere.
        let out = out.filter(|_| self.emitter.options.movable);
        let path = self.emitter.path(module).iter().map(|part| names::plain(part));
        quote!(#out #root #(::#path)*::#item)
    }

    /// Returns whether a module of that name stands below this one.
    pub(crate) fn has_child(&self, name: &str) -> bool {
        let branch = self.emitter.tree.get(self.emitter.path(self.id));
        branch.is_some_and(|branch| branch.children.iter().any(|child| child == name))
    }

    /// Returns the head of a type's definition: its documentation, and why it should no longer be used.
    pub(crate) fn head(&self, id: TypeId, docs: &str) -> TokenStream {
        let docs = text::doc(docs);
        let deprecated = words::deprecation(self.emitter.catalog, self.types(), id).map(|note| text::deprecated(&note));
        quote!(#docs #deprecated)
    }

    /// All items of the module.
    pub(crate) fn items(&self) -> TokenStream {
        let module = self.types().module(self.id);
        let contract = module.contract.map(|index| &self.emitter.catalog.contracts[index]);
        let (mut definitions, mut schemas, mut codecs) = (Vec::new(), Vec::new(), Vec::new());
        for id in module.types.iter().filter(|id| self.emitter.is_used(**id) || module.root == Some(**id)) {
            let ty = self.types().get(*id);
            let TypeCode { definition, codec } = match &ty.shape {
                Shape::Object(object) => self.object(*id, ty, object),
                Shape::Enum(strings) => self.strings(*id, ty, strings),
                Shape::Union(union) => self.union(*id, ty, union),
                Shape::Alias(inner) => self.alias(*id, ty, inner),
            };
            definitions.push(definition);
            definitions.extend(contract.filter(|_| module.root == Some(*id)).map(|contract| self.contract(*id, ty, contract)));
            schemas.extend((self.types().is_unit(*id) && !self.emitter.is_plain(*id)).then(|| self.schema(*id, ty)));
            codecs.push(codec);
        }
        let codec = self.codec_module(&codecs);
        quote!(#(#definitions)* #(#schemas)* #codec)
    }

    /// Returns what all of these schemas ask together, as a constant expression of the type `eventc::Schema`.
    pub(crate) fn schema_of(&self, nodes: &[NodeId], place: CodePlace) -> TokenStream {
        let (plan, refs) = self.plan(nodes, place);
        let refs = refs.iter().map(|(name, path)| quote!((#name, &#path)));
        quote!(::eventc::Schema::new(#plan, &[#(#refs),*]))
    }

    /// Returns the plan of these schemas together, and the schemas that the names in it stand for.
    fn plan(&self, nodes: &[NodeId], place: CodePlace) -> (Literal, Vec<(String, TokenStream)>) {
        let mut references = References::default();
        let inline = |node: NodeId| self.types().unit_of(node).is_some_and(|id| self.emitter.is_plain(id));
        let mut plans: Vec<Value> = nodes
            .iter()
            .map(|node| plan_inlining(self.schemas(), *node, &inline, &mut |node| references.name(self.types(), node)))
            .collect();
        let plan = if plans.len() == 1 { plans.remove(0) } else { json!({ "allOf": plans }) };
        for node in nodes {
            for (anchor, node) in self.schemas().dynamic_anchors(self.schemas().resource(*node)) {
                references.targets.push((format!("#{anchor}"), self.types().unit_of(*node)));
            }
        }
        let refs = references.targets.into_iter().map(|(name, target)| {
            let Some(target) = target.map(|target| self.types().get(target)) else {
                return (name, quote!(::eventc::Schema::new("true", &[])));
            };
            (name, self.item(target.module, &schema_ident(&target.name), place))
        });
        (text::json_literal(&text::fitted(&plan, 4)), refs.collect())
    }

    /// Returns the validation schema of a type.
    fn schema(&self, id: TypeId, ty: &Type) -> TokenStream {
        let (name, ident) = (names::type_name(&ty.name), schema_ident(&ty.name));
        let schema = self.schema_of(&[ty.node], CodePlace::Module);
        let docs = text::doc(&format!("Validation schema of [`{name}`]."));
        let nominal = !matches!(ty.shape, Shape::Alias(_)) || self.emitter.is_newtype(id);
        let validate = nominal.then(|| {
            let generics = ty.generic.then(|| quote!(<P>));
            quote! {
                impl #generics ::eventc::Validate for #name #generics {
                    fn schema() -> &'static ::eventc::Schema {
                        &#ident
                    }
                }
            }
        });
        quote! {
            #docs
            pub static #ident: ::eventc::Schema = #schema;
            #validate
        }
    }
}

/// Returns the static with the validation schema of a type.
pub(crate) fn schema_ident(name: &str) -> Ident {
    names::constant(&format!("{name}_schema"))
}

/// The names that a plan gives to its references.
#[derive(Default)]
struct References {
    targets: Vec<(String, Option<TypeId>)>,
    by_node: HashMap<NodeId, String>,
}

impl References {
    fn name(&mut self, types: &Types, node: NodeId) -> String {
        if let Some(name) = self.by_node.get(&node) {
            return name.clone();
        }
        let unit = types.unit_of(node);
        let name = unit.map_or("any", |id| types.get(id).name.as_str());
        let name = names::free(name, |name| self.targets.iter().any(|(known, _)| known == name));
        self.targets.push((name.clone(), unit));
        self.by_node.insert(node, name.clone());
        name
    }
}
