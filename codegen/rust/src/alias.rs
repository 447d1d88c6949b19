//! Types under another name: newtypes where the name promises more than the type, aliases elsewhere.

use eventc_model::types::{Type, TypeId, TypeRef};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    module::Writer,
    names,
    object::{path_text, redacted},
    text::{describe, doc},
    types::is_numeric,
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
            TypeRef::String(_) | TypeRef::Integer(_) | TypeRef::Bool => quote!(, Eq, PartialOrd, Ord, Hash),
            TypeRef::Number => quote!(, PartialOrd),
            _ if self.emitter.is_eq(&ty.shape) => quote!(, Eq),
            _ => quote!(),
        };
        let reader = self.has_wire(inner, Some(ty.node)).then(|| {
            let (support, wire) = (self.support(), self.wire(inner, Some(ty.node)));
            let number = quote!(::eventc::serde_support::integer);
            let reader = path_text(&if is_numeric(inner) { number } else { quote!(#support::wire::<#wire, _>) });
            quote!(#[serde(deserialize_with = #reader)])
        });
        let checked = self.types().is_unit(id) && self.emitter.constrains(ty.node);
        let access = if checked { quote!() } else { quote!(pub) };
        let making = if checked { self.checked(&name, &target, inner) } else { self.unchecked(&name, &target) };
        let display = (sensitive.is_none() && is_shown(inner)).then(|| {
            quote! {
                impl ::std::fmt::Display for #name {
                    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        ::std::fmt::Display::fmt(&self.0, f)
                    }
                }
            }
        });
        quote! {
            #docs
            #[derive(Clone, #debug PartialEq #order, ::serde::Serialize, ::serde::Deserialize)]
            #[serde(transparent)]
            pub struct #name(#reader #access #target);

            #redacting
            #making
            #display

            impl #name {
                /// The value.
                pub fn into_inner(self) -> #target {
                    self.0
                }
            }

            impl ::std::ops::Deref for #name {
                type Target = #target;

                fn deref(&self) -> &Self::Target {
                    &self.0
                }
            }

            impl AsRef<#target> for #name {
                fn as_ref(&self) -> &#target {
                    &self.0
                }
            }
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

    fn checked(&self, name: &Ident, target: &TokenStream, inner: &TypeRef) -> TokenStream {
        let (support, schema) = (self.support(), self.schema_ident_of(name));
        let text = matches!(inner, TypeRef::String(_));
        let argument = if text { quote!(impl Into<String>) } else { quote!(#target) };
        let value = if text { quote!(value.into()) } else { quote!(value) };
        let from_str = text.then(|| {
            quote! {
                impl TryFrom<&str> for #name {
                    type Error = ::eventc::ValidationErrors;

                    fn try_from(value: &str) -> Result<Self, Self::Error> {
                        Self::new(value)
                    }
                }
            }
        });
        quote! {
            impl #name {
                /// The value, if its schema accepts it.
                ///
                /// # Errors
                /// What the schema asks and the value does not meet.
                pub fn new(value: #argument) -> Result<Self, ::eventc::ValidationErrors> {
                    #support::checked(#value, &#schema).map(Self)
                }
            }

            impl TryFrom<#target> for #name {
                type Error = ::eventc::ValidationErrors;

                fn try_from(value: #target) -> Result<Self, Self::Error> {
                    Self::new(value)
                }
            }

            #from_str
        }
    }

    fn unchecked(&self, name: &Ident, target: &TokenStream) -> TokenStream {
        quote! {
            impl From<#target> for #name {
                fn from(value: #target) -> Self {
                    Self(value)
                }
            }
        }
    }
}

fn is_shown(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::String(_) | TypeRef::Integer(_) | TypeRef::Number | TypeRef::Bool)
}
