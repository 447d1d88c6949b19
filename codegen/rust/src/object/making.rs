//! Constructors and builders of objects.

use eventc_model::types::{Type, TypeRef};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{MemberCode, RestField};
use crate::{names, text::doc};

/// The most required fields that a constructor takes as arguments.
const MAX_ARGUMENTS: usize = 5;

/// Returns the constructor, or the builder where it would take many arguments.
pub(super) fn constructors(ty: &Type, members: &[&MemberCode<'_>], rest: Option<&RestField>) -> TokenStream {
    let required = members.iter().filter(|member| member.is_asked_for()).count();
    match required {
        0 => TokenStream::new(),
        1..=MAX_ARGUMENTS => constructor(ty, members, rest),
        _ => builder(ty, members, rest),
    }
}

fn builder(ty: &Type, members: &[&MemberCode<'_>], rest: Option<&RestField>) -> TokenStream {
    let name = names::type_name(&ty.name);
    let builder = names::plain(&format!("{name}Builder"));
    let generics = ty.generic.then(|| quote!(<P>));
    let slots = members.iter().map(|member| {
        let (ident, inner) = (&member.ident, &member.inner);
        quote!(#ident: Option<#inner>)
    });
    let nothing = members.iter().map(|member| {
        let ident = &member.ident;
        quote!(#ident: None)
    });
    let setters = members.iter().map(|member| builder_setter(member));
    let checks = members.iter().filter(|member| member.field.required).map(|member| {
        let (ident, name) = (&member.ident, &member.field.name);
        quote!((self.#ident.is_none(), #name))
    });
    // What is missing was found above: the pattern takes the rest apart without a panic.
    let required: Vec<&Ident> = members.iter().filter(|member| member.field.required).map(|member| &member.ident).collect();
    let values = members.iter().map(|member| {
        let ident = &member.ident;
        if member.field.required { quote!(#ident) } else { quote!(#ident: self.#ident) }
    });
    let rest = rest.map(RestField::initial);
    let about = doc(&format!("Sets the properties of [`{name}`] one by one."));
    quote! {
        impl #generics #name #generics {
            /// Starts with no property.
            pub fn builder() -> #builder #generics {
                #builder { #(#nothing,)* }
            }
        }

        #about
        #[derive(Clone)]
        #[must_use]
        pub struct #builder #generics {
            #(#slots,)*
        }

        impl #generics #builder #generics {
            #(#setters)*

            /// Returns the object, once every required property is set.
            ///
            /// # Errors
            /// The names of required properties that were not set.
            #[inline]
            pub fn build(self) -> Result<#name #generics, ::eventc::MissingFields> {
                let missing = ::eventc::MissingFields::of(&[#(#checks),*]);
                let (#(Some(#required),)*) = (#(self.#required,)*) else { return Err(missing) };
                Ok(#name { #(#values,)* #rest })
            }
        }
    }
}

/// Returns a method of a builder: inline, so that the code of those that nobody calls is made nowhere.
fn builder_setter(member: &MemberCode<'_>) -> TokenStream {
    let (ident, argument) = (&member.ident, argument(member));
    let setter = setter(member);
    let docs = doc(&format!("Sets `{}`.", member.field.name));
    let deprecated = member.deprecated();
    let value = if is_text(member) { quote!(value.into()) } else { quote!(value) };
    quote! {
        #docs
        #deprecated
        #[inline]
        pub fn #setter(mut self, value: #argument) -> Self {
            self.#ident = Some(#value);
            self
        }
    }
}

fn constructor(ty: &Type, members: &[&MemberCode<'_>], rest: Option<&RestField>) -> TokenStream {
    let name = names::type_name(&ty.name);
    let generics = ty.generic.then(|| quote!(<P>));
    let arguments = members.iter().filter(|member| member.field.required).map(|member| {
        let (ident, ty) = (&member.ident, argument(member));
        quote!(#ident: #ty)
    });
    let values = members.iter().map(|member| {
        let ident = &member.ident;
        match (member.field.required, is_text(member)) {
            (true, true) => quote!(#ident: #ident.into()),
            (true, false) => quote!(#ident),
            (false, _) => quote!(#ident: None),
        }
    });
    let rest = rest.map(RestField::initial);
    quote! {
        impl #generics #name #generics {
            /// Creates the object with its required properties, and no other.
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values,)* #rest }
            }
        }
    }
}

/// Returns the name of a setter: the field's, unless the builder means something else by it.
fn setter(member: &MemberCode<'_>) -> Ident {
    match member.field.ident.as_str() {
        "build" | "default" | "clone" | "into" | "from" | "try_into" | "try_from" => names::plain(&format!("{}_", member.field.ident)),
        _ => member.ident.clone(),
    }
}

fn is_text(member: &MemberCode<'_>) -> bool {
    matches!(member.field.ty, TypeRef::String(_))
}

fn argument(member: &MemberCode<'_>) -> TokenStream {
    let inner = &member.inner;
    if is_text(member) { quote!(impl Into<#inner>) } else { quote!(#inner) }
}
