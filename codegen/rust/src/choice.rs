//! One of several: enums of strings, and unions of types.

use std::collections::HashMap;

use eventc_model::types::{EnumMember, Shape, StringEnum, Type, TypeId, TypeRef, Union, Variant};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    module::Writer,
    names,
    text::{describe, doc},
};

impl Writer<'_> {
    /// An enum of strings.
    pub(crate) fn strings(&self, ty: &Type, StringEnum { members, openness }: &StringEnum) -> TokenStream {
        let name = names::type_name(&ty.name);
        let docs = doc(&describe(self.schemas(), ty.node, &format!("The strings of `{}`.", ty.name)));
        let open = openness.is_open().then(|| names::plain(&unknown_ident(members)));
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
        let support = self.support();
        quote! {
            #docs
            #[derive(Clone, #copy Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub enum #name {
                #(#variants)*
                #unknown_variant
            }

            #support::strings! { [#support] #name { #(#idents #values;)* } #open }
        }
    }

    /// A union of types.
    pub(crate) fn union(&self, id: TypeId, ty: &Type, union: &Union) -> TokenStream {
        let name = names::type_name(&ty.name);
        let docs = doc(&describe(self.schemas(), ty.node, &format!("The alternatives of `{}`.", ty.name)));
        let (generics, parameter) = if ty.generic { (quote!(<P>), quote!([P])) } else { (quote!(), quote!()) };
        let idents: Vec<Ident> = union.variants.iter().map(|variant| names::variant(&variant.ident)).collect();
        let types: Vec<TokenStream> = union.variants.iter().map(|variant| self.variant_type(variant)).collect();
        let variants = union.variants.iter().zip(idents.iter().zip(&types)).map(|(variant, (ident, ty))| {
            let docs = doc(&variant_doc(union, variant));
            quote!(#docs #ident(#ty),)
        });
        let wires = union.variants.iter().map(|variant| self.variant_wire(variant));
        let tag = tag(union);
        let eq = (!ty.generic && self.emitter.is_eq(&ty.shape)).then(|| quote!(, Eq));
        let from = if ty.generic { quote!() } else { self.conversions(&name, union, &idents) };
        let support = self.support();
        let (schema, own_schema) = self.judge(id, ty);
        quote! {
            #docs
            #[derive(Clone, Debug, PartialEq #eq)]
            pub enum #name #generics {
                #(#variants)*
            }

            #from

            #own_schema

            #support::alternatives! { [#support] #name #parameter (#schema, #tag) { #(#idents (#wires);)* } }
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

    /// The form in which a variant is read.
    fn variant_wire(&self, variant: &Variant) -> TokenStream {
        if variant.boxed {
            let (support, ty) = (self.support(), self.variant_type(variant));
            return quote!(#support::Plain<#ty>);
        }
        self.wire(&variant.ty, None)
    }

    /// Conversions from the alternatives whose types no other alternative has.
    fn conversions(&self, name: &Ident, union: &Union, idents: &[Ident]) -> TokenStream {
        let resolved: Vec<String> = union.variants.iter().map(|variant| self.resolved(&variant.ty, 0)).collect();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for text in &resolved {
            *counts.entry(text).or_default() += 1;
        }
        let impls = union
            .variants
            .iter()
            .zip(idents)
            .zip(&resolved)
            .filter(|((variant, _), text)| !variant.boxed && counts[text.as_str()] == 1 && !matches!(variant.ty, TypeRef::Never));
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
            // As the types above are spelled: a tuple that is none in Rust is a list as well.
            ty => self.ty(ty, None).to_string().replace(' ', ""),
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
