//! The implementations of an item that says what its contract says.

use std::collections::HashMap;

use eventc_model::{
    plan::plan,
    schema::{NodeId, Schemas},
    types::TypeRef,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::{
    ast::{Content, DeriveItem},
    contract::NamedPlace,
    shape,
    valid::CompilerChecks,
};

pub(crate) fn expand(item: &DeriveItem<'_>, place: &NamedPlace, checks: &CompilerChecks) -> TokenStream {
    let ident = item.ident;
    let mut statics = Statics::default();
    let own = statics.name(place.node);
    let event = event(item, place, &mut statics);
    let schemas = statics.write(&place.catalog().schemas);
    let shape = own_shape(item, place);
    let tracked = place.source.tracked(place.files.iter().copied());
    let assertions = &checks.assertions;
    quote! {
        #[automatically_derived]
        const _: () = {
            #schemas

            impl ::eventc::Shaped for #ident {
                const SHAPE: ::eventc::Shape = #shape;
            }

            impl ::eventc::Validate for #ident {
                fn schema() -> &'static ::eventc::Schema {
                    &#own
                }
            }

            #event
            #(#assertions)*
            #tracked
        };
    }
}

/// Returns the implementations for what the item is besides a part of a contract.
fn event(item: &DeriveItem<'_>, place: &NamedPlace, statics: &mut Statics) -> TokenStream {
    let Some(contract) = place.event() else { return TokenStream::new() };
    let (ident, catalog) = (item.ident, place.catalog());
    let topic = eventc_rust::topic(catalog, contract);
    let shared = catalog.envelope(contract.namespace).zip(catalog.namespace(contract).envelope.as_ref());
    let named = item.event.envelope.as_ref().and_then(|text| Some((text.span(), text.parse::<syn::Type>().ok()?)));
    let (envelope, wrapped) = match (named, shared) {
        (Some((span, ty)), _) => (quote_spanned!(span=> #ty), TokenStream::new()),
        (None, None) => (quote!(::eventc::Bare<Self>), TokenStream::new()),
        (None, Some((envelope, roles))) => {
            let (roles, schema) = (eventc_rust::roles(roles), statics.name(envelope.root));
            let wrapped = quote! {
                impl ::eventc::InEnvelope for #ident {
                    const ROLES: &'static ::eventc::Roles = &#roles;

                    fn envelope_schema() -> &'static ::eventc::Schema {
                        &#schema
                    }
                }
            };
            (quote!(::eventc::JsonEnvelope<Self>), wrapped)
        }
    };
    // Where serde's traits are missing, the bounds say so, once each and at the item; nothing after them asks again.
    let event = quote_spanned! {item.ident.span()=>
        #[allow(trivial_bounds)]
        impl ::eventc::Event for #ident
        where
            #ident: ::eventc::serde::Serialize + ::eventc::serde::de::DeserializeOwned,
        {
            const TOPIC: &'static ::eventc::Topic = &#topic;
            type Envelope = #envelope;
        }

        #[allow(trivial_bounds)]
        impl ::eventc::codec::Codec for #ident
        where
            #ident: ::eventc::serde::Serialize + ::eventc::serde::de::DeserializeOwned,
        {
            fn read<'de, D: ::eventc::serde::Deserializer<'de>>(
                deserializer: D,
                mode: ::eventc::codec::Mode,
            ) -> Result<Self, D::Error> {
                ::eventc::codec::read_by_serde(deserializer, mode)
            }
        }
    };
    quote!(#wrapped #event)
}

fn own_shape(item: &DeriveItem<'_>, place: &NamedPlace) -> TokenStream {
    let types = place.types();
    match (&item.data, place.object()) {
        (Content::Object(fields), Some(object)) => {
            let own = |name: &str| !item.event.part || fields.iter().any(|field| field.name == name);
            shape::place(types, &place.ty, &shape::properties(types, object, own))
        }
        _ => match &place.ty {
            ty @ TypeRef::Named(_) => shape::place(types, ty, &[]),
            ty => shape::shape(types, ty),
        },
    }
}

/// The validation schemas that an item needs: a static for each schema that another refers to.
#[derive(Default)]
struct Statics {
    order: Vec<NodeId>,
    names: HashMap<NodeId, Ident>,
}

impl Statics {
    fn name(&mut self, node: NodeId) -> Ident {
        let next = self.order.len();
        let order = &mut self.order;
        let name = self.names.entry(node).or_insert_with(|| {
            order.push(node);
            format_ident!("SCHEMA_{next}")
        });
        name.clone()
    }

    fn write(mut self, schemas: &Schemas) -> TokenStream {
        let mut out = TokenStream::new();
        let mut at = 0;
        while let Some(node) = self.order.get(at).copied() {
            at += 1;
            let mut references: Vec<Ident> = Vec::new();
            let plan = plan(schemas, node, &mut |target| {
                let name = self.name(target);
                if !references.contains(&name) {
                    references.push(name.clone());
                }
                name.to_string()
            });
            let (name, plan) = (self.name(node), Literal::string(&plan.to_string()));
            let texts = references.iter().map(Ident::to_string);
            out.extend(quote! {
                static #name: ::eventc::Schema = ::eventc::Schema::new(#plan, &[#((#texts, &#references)),*]);
            });
        }
        out
    }
}
