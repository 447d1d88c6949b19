//! One of several: enums of strings, and unions of types.

use std::collections::HashMap;

use eventc_model::types::{EnumMember, Openness, Shape, StringEnum, Type, TypeId, TypeRef, Union, Variant};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    codec::CodecType,
    module::{ModuleWriter, TypeCode},
    names,
    text::{describe, doc},
};

/// The variant of an open enum for a string that it does not know: always called so, whatever strings it knows.
const UNKNOWN: &str = "Unknown";

/// Returns the variants of an enum of strings, but for that of unknown ones.
pub(crate) fn variants(strings: &StringEnum) -> Vec<Ident> {
    let is_reserved = |member: &EnumMember| strings.openness.is_open() && strings.unknown.is_none() && member.ident == UNKNOWN;
    let variant = |member: &EnumMember| {
        if is_reserved(member) { names::plain(&format!("{UNKNOWN}_")) } else { names::variant(&member.ident) }
    };
    strings.members.iter().map(variant).collect()
}

/// An enum of strings in the words of its code.
struct StringEnumCode<'a> {
    name: Ident,
    values: Vec<&'a str>,
    /// The variants of the values.
    variants: Vec<Ident>,
    /// The variant of strings that it does not know.
    open: Option<Ident>,
    /// The variant that any string is taken for which it does not know.
    fallback: Option<Ident>,
    /// Whether it has but one value, which nobody has to name.
    is_constant: bool,
}

impl<'a> StringEnumCode<'a> {
    fn new(ty: &Type, strings: &'a StringEnum) -> Self {
        let StringEnum { members, openness, unknown } = strings;
        let variants = variants(strings);
        Self {
            name: names::type_name(&ty.name),
            values: members.iter().map(|member| member.value.as_str()).collect(),
            open: (openness.is_open() && unknown.is_none()).then(|| names::plain(UNKNOWN)),
            fallback: unknown.and_then(|index| variants.get(index)).cloned(),
            is_constant: *openness == Openness::Constant && members.len() == 1,
            variants,
        }
    }

    fn definition(&self, docs: &TokenStream) -> TokenStream {
        let Self { name, values, variants, open, .. } = self;
        let copy = open.is_none().then(|| quote!(Copy,));
        let (default, chosen) = if self.is_constant { (quote!(Default,), quote!(#[default])) } else { (quote!(), quote!()) };
        let variant_docs = values.iter().map(|value| doc(&format!("`{value}`")));
        let unknown_variant = open.as_ref().map(|ident| {
            quote! {
                /// A string that this version does not know.
                #ident(String),
            }
        });
        let unknown_text = open.as_ref().map(|ident| quote!(Self::#ident(text) => text,));
        quote! {
            #docs
            #[derive(Clone, #copy Debug, #default PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub enum #name {
                #(#variant_docs #chosen #variants,)*
                #unknown_variant
            }

            impl #name {
                /// The strings that this version knows.
                pub const VALUES: &'static [&'static str] = &[#(#values),*];

                /// Returns the string.
                pub fn as_str(&self) -> &str {
                    match self {
                        #(Self::#variants => #values,)*
                        #unknown_text
                    }
                }
            }
        }
    }

    fn codec(&self) -> TokenStream {
        let Self { name, values, variants, open, fallback, .. } = self;
        let unknown_value = match (fallback, open) {
            (Some(fallback), _) => quote!(_ => Ok(Self::#fallback)),
            (None, Some(ident)) => quote!(_ => Ok(Self::#ident(text.to_owned()))),
            (None, None) => quote!(_ => Err(::eventc::UnknownValue(text.to_owned()))),
        };
        let reader = names::plain(if fallback.is_some() { "read_symbol" } else { "read_string" });
        let codec = CodecType { name, generic: false }
            .implement(&quote!(serializer.serialize_str(self.as_str())), &quote!(codec::#reader(input, mode, Self::VALUES)));
        quote! {
            impl ::std::str::FromStr for super::#name {
                type Err = ::eventc::UnknownValue;

                fn from_str(text: &str) -> Result<Self, ::eventc::UnknownValue> {
                    match text {
                        #(#values => Ok(Self::#variants),)*
                        #unknown_value
                    }
                }
            }

            impl ::std::fmt::Display for super::#name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.pad(self.as_str())
                }
            }

            #codec
        }
    }
}

impl ModuleWriter<'_> {
    /// Returns an enum of strings.
    pub(crate) fn strings(&self, id: TypeId, ty: &Type, strings: &StringEnum) -> TypeCode {
        let docs = self.head(id, &describe(self.schemas(), ty.node, &format!("The strings of `{}`.", ty.name)));
        let code = StringEnumCode::new(ty, strings);
        TypeCode { definition: code.definition(&docs), codec: code.codec() }
    }

    /// Returns a union of types.
    pub(crate) fn union(&self, id: TypeId, ty: &Type, union: &Union) -> TypeCode {
        let name = names::type_name(&ty.name);
        let docs = self.head(id, &describe(self.schemas(), ty.node, &format!("The alternatives of `{}`.", ty.name)));
        let generics = ty.generic.then(|| quote!(<P>));
        let idents: Vec<Ident> = union.variants.iter().map(|variant| names::variant(&variant.ident)).collect();
        let types: Vec<TokenStream> =
            (union.variants.iter().enumerate().map(|(index, variant)| self.variant_type(variant, self.emitter.boxes.is_boxed(id, index))))
                .collect();
        let variants = union.variants.iter().zip(idents.iter().zip(&types)).map(|(variant, (ident, ty))| {
            let docs = doc(&variant_doc(union, variant));
            quote!(#docs #ident(#ty),)
        });
        let eq = (!ty.generic && self.emitter.is_eq(&ty.shape)).then(|| quote!(, Eq));
        let from = if ty.generic { quote!() } else { self.conversions(id, &name, union, &idents) };
        let (schema, own_schema) = self.judge(id, ty);
        let write = quote! {
            match self {
                #(Self::#idents(value) => value.serialize(serializer),)*
            }
        };
        let codec = CodecType { name: &name, generic: ty.generic }.implement(&write, &self.read_union(&name, union, &idents, &schema));
        let definition = quote! {
            #docs
            #[derive(Clone, Debug, PartialEq #eq)]
            pub enum #name #generics {
                #(#variants)*
            }

            #from
        };
        TypeCode { definition, codec: quote!(#own_schema #codec) }
    }

    /// Returns the code that reads a union: the alternative that its tag names, or the first that fits.
    fn read_union(&self, name: &Ident, union: &Union, idents: &[Ident], schema: &TokenStream) -> TokenStream {
        let name = name.to_string();
        let choice = union.tag.as_ref().map_or_else(|| self.read_first(union, idents), |tag| read_tagged(tag, union, idents));
        quote! {
            let document = codec::Union::read(input, mode, #name, #schema)?;
            #choice
        }
    }

    fn read_first(&self, union: &Union, idents: &[Ident]) -> TokenStream {
        let alternatives = union.variants.iter().zip(idents).map(|(variant, ident)| match self.listed_values(&variant.ty) {
            None => quote!(|document| document.alternative(Self::#ident)),
            Some(values) => quote!(|document| {
                static VALUES: ::eventc::Schema = #values;
                document.listed(Self::#ident, &VALUES)
            }),
        });
        let Some(property) = &union.discriminator else { return quote!(document.first_of(&[#(#alternatives),*])) };
        // What a discriminator means is tried first; other values are valid as well.
        let arms = union.variants.iter().enumerate().filter(|(_, variant)| !variant.mapped.is_empty()).map(|(index, variant)| {
            let values = &variant.mapped;
            quote!(#(#values)|* => Some(#index),)
        });
        quote! {
            let meant = match document.tag(#property) { #(#arms)* _ => None };
            document.meant_of(meant, &[#(#alternatives),*])
        }
    }

    fn variant_type(&self, variant: &Variant, boxed: bool) -> TokenStream {
        match (boxed, variant.ty.split_null()) {
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

    /// Returns conversions from the alternatives whose types no other alternative has.
    fn conversions(&self, id: TypeId, name: &Ident, union: &Union, idents: &[Ident]) -> TokenStream {
        let resolved: Vec<String> = union.variants.iter().map(|variant| self.resolved(&variant.ty, 0)).collect();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for text in &resolved {
            *counts.entry(text).or_default() += 1;
        }
        let impls = union.variants.iter().zip(idents).zip(&resolved).enumerate().filter(|(index, ((variant, _), text))| {
            !self.emitter.boxes.is_boxed(id, *index) && counts[text.as_str()] == 1 && !matches!(variant.ty, TypeRef::Never)
        });
        let impls = impls.map(|(_, ((variant, ident), _))| {
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

    /// Returns the type with every alias replaced by what it stands for: equal texts are one type to the compiler.
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
            // As the types above are spelled: a tuple that is none in Rust is a list as well.
            ty => self.ty(ty, None).to_string().replace(' ', ""),
        }
    }
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

/// Returns the code that reads the alternative which the tag of a union names.
fn read_tagged(tag: &str, union: &Union, idents: &[Ident]) -> TokenStream {
    let arms = union.variants.iter().zip(idents).map(|(variant, ident)| {
        let values = &variant.tag_values;
        quote!(#(#values)|* => document.tagged(Self::#ident),)
    });
    quote! {
        match document.tag(#tag) {
            #(#arms)*
            _ => Err(document.unknown_tag(#tag)),
        }
    }
}
