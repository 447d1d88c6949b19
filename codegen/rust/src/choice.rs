//! One of several: enums of strings, and unions of types.

use std::collections::HashMap;

use eventc_model::types::{EnumMember, Shape, Type, TypeRef, Union, Variant};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    module::Writer,
    names,
    text::{describe, doc},
};

impl Writer<'_> {
    /// An enum of strings.
    pub(crate) fn strings(&self, ty: &Type, members: &[EnumMember]) -> TokenStream {
        let name = names::type_name(&ty.name);
        let docs = doc(&describe(self.schemas(), ty.node, &format!("The strings of `{}`.", ty.name)));
        let open = self.is_open().then(|| names::plain(&unknown_ident(members)));
        let idents: Vec<Ident> = members.iter().map(|member| names::variant(&member.ident)).collect();
        let values: Vec<&str> = members.iter().map(|member| member.value.as_str()).collect();
        let variants = idents.iter().zip(&values).map(|(ident, value)| {
            let docs = doc(&format!("`{value}`"));
            quote!(#docs #ident,)
        });
        let unknown_variant = open.as_ref().map(|ident| {
            quote! {
                /// A string that this version does not know.
                #ident(String),
            }
        });
        let copy = open.is_none().then(|| quote!(Copy,));
        let unknown_text = open.as_ref().map(|ident| quote!(Self::#ident(text) => text,));
        let unknown = open.as_ref().map_or(quote!(None), |ident| quote!(Some(Self::#ident)));
        let support = self.support();
        let parsing = self.parsing(&name, open.as_ref());
        quote! {
            #docs
            #[derive(Clone, #copy Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub enum #name {
                #(#variants)*
                #unknown_variant
            }

            impl #name {
                /// The strings that this version knows.
                pub const VALUES: &'static [&'static str] = &[#(#values),*];

                /// The string.
                pub fn as_str(&self) -> &str {
                    match self {
                        #(Self::#idents => #values,)*
                        #unknown_text
                    }
                }

                fn known(text: &str) -> Option<Self> {
                    match text {
                        #(#values => Some(Self::#idents),)*
                        _ => None,
                    }
                }
            }

            #parsing

            impl ::std::fmt::Display for #name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.pad(self.as_str())
                }
            }

            impl ::serde::Serialize for #name {
                fn serialize<__S: ::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }

            impl<'de> ::serde::Deserialize<'de> for #name {
                fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                    #support::text(deserializer, Self::VALUES, Self::known, #unknown)
                }
            }
        }
    }

    fn parsing(&self, name: &Ident, open: Option<&Ident>) -> TokenStream {
        let support = self.support();
        let (error, other) = match open {
            Some(ident) => (quote!(::std::convert::Infallible), quote!(Ok(Self::known(text).unwrap_or_else(|| Self::#ident(text.into()))))),
            None => (quote!(#support::UnknownValue), quote!(Self::known(text).ok_or_else(|| #support::UnknownValue(text.into())))),
        };
        quote! {
            impl ::std::str::FromStr for #name {
                type Err = #error;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    #other
                }
            }
        }
    }

    /// A union of types.
    pub(crate) fn union(&self, ty: &Type, union: &Union) -> TokenStream {
        let name = names::type_name(&ty.name);
        let docs = doc(&describe(self.schemas(), ty.node, &format!("The alternatives of `{}`.", ty.name)));
        let (generics, reads, writes) = if ty.generic {
            let reads = quote!(<'de, P: ::serde::de::DeserializeOwned + ::serde::Serialize>);
            (quote!(<P>), reads, quote!(<P: ::serde::Serialize>))
        } else {
            (quote!(), quote!(<'de>), quote!())
        };
        let idents: Vec<Ident> = union.variants.iter().map(|variant| names::variant(&variant.ident)).collect();
        let types: Vec<TokenStream> = union.variants.iter().map(|variant| self.variant_type(variant)).collect();
        let variants = union.variants.iter().zip(idents.iter().zip(&types)).map(|(variant, (ident, ty))| {
            let docs = doc(&variant_doc(union, variant));
            quote!(#docs #ident(#ty),)
        });
        let branches = union.variants.iter().zip(&idents).map(|(variant, ident)| self.branch(variant, ident));
        let tag = tag(union);
        let eq = (!ty.generic && self.emitter.is_eq(&ty.shape)).then(|| quote!(, Eq));
        let from = if ty.generic { quote!() } else { self.from_impls(&name, union, &idents) };
        let (support, text) = (self.support(), name.to_string());
        quote! {
            #docs
            #[derive(Clone, Debug, PartialEq #eq)]
            pub enum #name #generics {
                #(#variants)*
            }

            #from

            impl #writes ::serde::Serialize for #name #generics {
                fn serialize<__S: ::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                    match self {
                        #(Self::#idents(value) => ::serde::Serialize::serialize(value, serializer),)*
                    }
                }
            }

            impl #reads ::serde::Deserialize<'de> for #name #generics {
                fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                    #support::union(deserializer, #text, #tag, &[#(#branches),*])
                }
            }
        }
    }

    fn variant_type(&self, variant: &Variant) -> TokenStream {
        match (variant.boxed, variant.ty.split_null()) {
            (false, _) => self.ty(&variant.ty, None),
            (true, (inner, false)) => {
                let inner = self.ty(inner, None);
                quote!(Box<#inner>)
            }
            (true, (inner, true)) => {
                let inner = self.ty(inner, None);
                quote!(Option<Box<#inner>>)
            }
        }
    }

    fn branch(&self, variant: &Variant, ident: &Ident) -> TokenStream {
        let support = self.support();
        let wire = if variant.boxed {
            let ty = self.variant_type(variant);
            quote!(#support::Plain<#ty>)
        } else {
            self.wire(&variant.ty, None)
        };
        quote!(|value| #support::branch::<#wire, Self>(value, Self::#ident))
    }

    /// Conversions from the alternatives whose types no other alternative has.
    fn from_impls(&self, name: &Ident, union: &Union, idents: &[Ident]) -> TokenStream {
        let resolved: Vec<String> = union.variants.iter().map(|variant| self.resolved(&variant.ty, 0)).collect();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        resolved.iter().for_each(|text| *counts.entry(text).or_default() += 1);
        let impls = union.variants.iter().zip(idents).zip(&resolved).filter(|((variant, _), text)| {
            !variant.boxed && counts[text.as_str()] == 1 && !matches!(variant.ty, TypeRef::Never)
        });
        let impls = impls.map(|((variant, ident), _)| {
            let ty = self.ty(&variant.ty, None);
            quote! {
                impl From<#ty> for #name {
                    fn from(value: #ty) -> Self {
                        Self::#ident(value)
                    }
                }
            }
        });
        quote!(#(#impls)*)
    }

    /// The type with every alias replaced by what it stands for: equal texts are one type to the compiler.
    fn resolved(&self, ty: &TypeRef, depth: usize) -> String {
        let again = |inner: &TypeRef| self.resolved(inner, depth + 1);
        match ty {
            TypeRef::Named(id) if depth < 64 => match &self.types().get(*id).shape {
                Shape::Alias(inner) if !self.emitter.is_newtype(*id) => again(inner),
                _ => format!("#{}", id.0),
            },
            TypeRef::Literal(_, base) => again(base),
            TypeRef::Nullable(inner) => format!("Option<{}>", again(inner)),
            TypeRef::Array(inner) => format!("Vec<{}>", again(inner)),
            TypeRef::Map(inner) => format!("Map<{}>", again(inner)),
            ty => self.ty(ty, None).to_string(),
        }
    }
}

fn unknown_ident(members: &[EnumMember]) -> String {
    let taken = |name: &str| members.iter().any(|member| member.ident.eq_ignore_ascii_case(name));
    let free = ["Unknown", "Other", "Unrecognized"].into_iter().find(|name| !taken(name));
    free.map_or_else(|| names::free("Unknown", taken), str::to_owned)
}

fn variant_doc(union: &Union, variant: &Variant) -> String {
    match (&union.tag, &variant.tag_values[..]) {
        (Some(tag), [_, ..]) => {
            let values: Vec<String> = variant.tag_values.iter().map(|value| format!("`{value}`")).collect();
            format!("`{tag}` is {}.", values.join(" or "))
        }
        _ => format!("The alternative `{}`.", variant.ident),
    }
}

fn tag(union: &Union) -> TokenStream {
    let Some(property) = &union.tag else { return quote!(None) };
    let values = union.variants.iter().enumerate().flat_map(|(index, variant)| {
        variant.tag_values.iter().map(move |value| {
            let index = proc_macro2::Literal::usize_unsuffixed(index);
            quote!((#value, #index))
        })
    });
    quote!(Some((#property, &[#(#values),*])))
}
