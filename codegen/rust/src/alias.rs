//! Types under another name: newtypes where the name promises more than the type, aliases elsewhere.

use eventc_model::types::{Beyond, Type, TypeId, TypeRef};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    Numbers,
    module::{Writer, schema_ident},
    names,
    object::redacted,
    text::{describe, doc},
};

impl Writer<'_> {
    /// An alias or a newtype.
    pub(crate) fn alias(&self, id: TypeId, ty: &Type, inner: &TypeRef) -> TokenStream {
        let name = names::type_name(&ty.name);
        let docs = doc(&describe(self.schemas(), ty.node, &format!("The value `{}`.", ty.name)));
        let target = self.alias_target(id, ty, inner);
        if !self.emitter.is_newtype(id) {
            let generics = ty.generic.then(|| quote!(<P>));
            return quote! {
                #docs
                pub type #name #generics = #target;
            };
        }
        let sensitive = self.schemas().keywords(ty.node).and_then(|keywords| keywords.sensitive);
        let debug = match sensitive {
            None => quote!(Debug,),
            Some(_) => quote!(),
        };
        let redacting = sensitive.map(|class| {
            let text = redacted(class);
            quote! {
                impl ::std::fmt::Debug for #name {
                    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(#text)
                    }
                }
            }
        });
        let order = match inner {
            TypeRef::Integer(range) if self.is_unbounded(*range) => quote!(, Eq, Hash),
            TypeRef::Number if self.emitter.options.numbers == Numbers::Exact => quote!(, Eq, Hash),
            TypeRef::String(_) | TypeRef::Integer(_) | TypeRef::Bool => quote!(, Eq, PartialOrd, Ord, Hash),
            TypeRef::Number => quote!(, PartialOrd),
            _ if self.emitter.is_eq(&ty.shape) => quote!(, Eq),
            _ => quote!(),
        };
        let wire = self.has_wire(inner, Some(ty.node)).then(|| self.wire(inner, Some(ty.node))).map(|wire| quote!((#wire)));
        let asked = (ty.beyond != Beyond::Nothing && self.emitter.is_strict(id)).then(|| quote!(asked));
        let checked = self.types().is_unit(id) && self.emitter.constrains(ty.node);
        let access = if checked { quote!() } else { quote!(pub) };
        let schema = schema_ident(&ty.name);
        let making = if checked { quote!(checked #schema) } else { quote!(free) };
        let shown = (sensitive.is_none() && is_shown(inner)).then(|| quote!(, shown));
        let text = (checked && matches!(inner, TypeRef::String(_))).then(|| quote!(, text));
        let support = self.support();
        quote! {
            #docs
            #[derive(Clone, #debug PartialEq #order)]
            pub struct #name(#access #target);

            #redacting

            #support::newtype! { [#support] #name [#target] #wire #making #asked #shown #text }
        }
    }

    /// What an alias stands for; boxed where it would hold itself.
    fn alias_target(&self, id: TypeId, ty: &Type, inner: &TypeRef) -> TokenStream {
        let (bare, nullable) = inner.split_null();
        match bare {
            TypeRef::Named(to) if self.types().get(id).recursive && self.types().get(*to).recursive => {
                let target = self.ty(bare, None);
                if nullable { quote!(Option<Box<#target>>) } else { quote!(Box<#target>) }
            }
            _ => self.ty(inner, Some(ty.node)),
        }
    }
}

fn is_shown(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::String(_) | TypeRef::Integer(_) | TypeRef::Number | TypeRef::Bool)
}
