//! Types under another name: newtypes where the name promises more than the type, aliases elsewhere.

use eventc_model::{
    metadata::Sensitivity,
    types::{Type, TypeId, TypeRef},
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    Numbers, Residual,
    codec::CodecType,
    module::{ModuleWriter, TypeCode, schema_ident},
    names,
    object::redacted,
    text::describe,
};

impl ModuleWriter<'_> {
    /// Returns an alias or a newtype.
    pub(crate) fn alias(&self, id: TypeId, ty: &Type, inner: &TypeRef) -> TypeCode {
        let name = names::type_name(&ty.name);
        let docs = self.head(id, &describe(self.schemas(), ty.node, &format!("The value `{}`.", ty.name)));
        let target = self.alias_target(id, ty, inner);
        if !self.emitter.is_newtype(id) {
            let generics = ty.generic.then(|| quote!(<P>));
            let definition = quote! {
                #docs
                pub type #name #generics = #target;
            };
            return TypeCode { definition, codec: TokenStream::new() };
        }
        self.newtype(id, ty, inner, &docs, &target)
    }

    fn newtype(&self, id: TypeId, ty: &Type, inner: &TypeRef, docs: &TokenStream, target: &TokenStream) -> TypeCode {
        let name = names::type_name(&ty.name);
        let sensitive = self.schemas().keywords(ty.node).and_then(|keywords| keywords.sensitive);
        let debug = sensitive.is_none().then(|| quote!(Debug,));
        let redacting = sensitive.map(|class| redacting(&name, class));
        let order = self.newtype_order(ty, inner);
        let checked = self.types().is_unit(id) && self.emitter.constrains(ty.node);
        let access = (!checked).then(|| quote!(pub));
        let schema = schema_ident(&ty.name);
        let asked = self.emitter.is_strict(id) && self.emitter.residuals.of_type(ty) != Residual::None;
        let read = newtype_reader(self.listed_values(inner), asked.then_some(&schema));
        let codec = CodecType { name: &name, generic: false }.implement(&quote!(self.0.serialize(serializer)), &read);
        let making = if checked { checked_conversions(&name, inner, target, &schema) } else { free_conversion(&name, target) };
        let access_to_value = access_to_value(&name, target);
        let display = (sensitive.is_none() && is_shown(inner)).then(|| display(&name));
        let definition = quote! {
            #docs
            #[derive(Clone, #debug PartialEq #order)]
            pub struct #name(#access #target);

            #redacting
            #making
            #access_to_value
        };
        TypeCode { definition, codec: quote!(#display #codec) }
    }

    /// Returns what is derived beyond `PartialEq`: equality, order and hashes, as far as the value has them.
    fn newtype_order(&self, ty: &Type, inner: &TypeRef) -> TokenStream {
        match inner {
            TypeRef::Integer(range) if self.is_unbounded(*range) => quote!(, Eq, Hash),
            TypeRef::Number if self.emitter.options.numbers == Numbers::Exact => quote!(, Eq, Hash),
            TypeRef::String(_) | TypeRef::Integer(_) | TypeRef::Bool => quote!(, Eq, PartialOrd, Ord, Hash),
            TypeRef::Number => quote!(, PartialOrd),
            _ if self.emitter.is_eq(&ty.shape) => quote!(, Eq),
            _ => quote!(),
        }
    }

    /// Returns the type that an alias stands for; boxed where it would hold itself.
    fn alias_target(&self, id: TypeId, ty: &Type, inner: &TypeRef) -> TokenStream {
        let (present, nullable) = inner.split_null();
        match present {
            TypeRef::Named(to) if self.types().get(id).recursive && self.types().get(*to).recursive => {
                let target = self.ty(present, None);
                if nullable { quote!(Option<Box<#target>>) } else { quote!(Box<#target>) }
            }
            _ => self.ty(inner, Some(ty.node)),
        }
    }
}

/// Returns a `Debug` that does not print a sensitive value.
fn redacting(name: &Ident, class: Sensitivity) -> TokenStream {
    let text = redacted(class);
    quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(#text)
            }
        }
    }
}

/// Returns the code that gives a newtype's value out.
fn access_to_value(name: &Ident, target: &TokenStream) -> TokenStream {
    quote! {
        impl #name {
            /// Returns the value.
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

/// Returns the code that reads a newtype whose values are listed, and whose schema a strict reader asks.
fn newtype_reader(listed: Option<TokenStream>, schema: Option<&Ident>) -> TokenStream {
    let strictly = |schema: &Ident| quote!(codec::read_checked(input, mode, &super::#schema));
    let read = schema.map_or_else(|| quote!(Codec::read(input, mode)), strictly);
    match listed {
        None => quote!(#read.map(Self)),
        Some(values) => quote! {
            static VALUES: ::eventc::Schema = #values;
            let value = #read?;
            codec::check_listed(&value, &VALUES)?;
            Ok(Self(value))
        },
    }
}

/// Returns the code that makes a newtype of a value that its schema accepts.
fn checked_conversions(name: &Ident, inner: &TypeRef, target: &TokenStream, schema: &Ident) -> TokenStream {
    let sources = if matches!(inner, TypeRef::String(_)) { vec![quote!(&str), target.clone()] } else { vec![target.clone()] };
    quote! {
        impl #name {
            /// Creates the value, if its schema accepts it.
            ///
            /// # Errors
            /// What the schema asks and the value does not meet.
            pub fn new(value: impl Into<#target>) -> Result<Self, ::eventc::ValidationErrors> {
                ::eventc::codec::checked(value, &#schema).map(Self)
            }
        }

        #(impl TryFrom<#sources> for #name {
            type Error = ::eventc::ValidationErrors;

            fn try_from(value: #sources) -> Result<Self, Self::Error> {
                Self::new(value)
            }
        })*
    }
}

fn free_conversion(name: &Ident, target: &TokenStream) -> TokenStream {
    quote! {
        impl From<#target> for #name {
            fn from(value: #target) -> Self {
                Self(value)
            }
        }
    }
}

fn display(name: &Ident) -> TokenStream {
    quote! {
        impl ::std::fmt::Display for super::#name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
    }
}

fn is_shown(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::String(_) | TypeRef::Integer(_) | TypeRef::Number | TypeRef::Bool)
}
