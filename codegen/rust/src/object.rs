//! Objects: structs, code that reads and writes them, and code that makes them.

mod codec;
mod making;

use eventc_model::{
    metadata::Sensitivity,
    types::{Additional, Field, Object, Type, TypeId, TypeRef},
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use self::making::constructors;
use crate::{
    module::{ModuleWriter, TypeCode},
    names,
    text::{deprecated, describe, describe_field, doc},
};

/// A field as it stands in the struct.
pub(crate) struct MemberCode<'a> {
    pub(crate) field: &'a Field,
    pub(crate) ident: Ident,
    /// The type without what absence adds.
    pub(crate) inner: TokenStream,
    /// The text that it always has: then the struct has no such field.
    constant: Option<String>,
}

impl MemberCode<'_> {
    /// Returns whether the struct has the field.
    pub(crate) fn is_field(&self) -> bool {
        self.constant.is_none()
    }

    /// Returns whether whoever makes the object has to give it.
    fn is_asked_for(&self) -> bool {
        self.is_field() && self.field.required
    }

    /// Returns the attribute of a property that should no longer be used.
    fn deprecated(&self) -> Option<TokenStream> {
        self.field.deprecated.then(|| deprecated(&format!("the property {} is deprecated", self.field.name)))
    }

    /// Returns the type of the struct's field.
    fn outer(&self) -> TokenStream {
        let inner = &self.inner;
        if self.field.required { quote!(#inner) } else { quote!(Option<#inner>) }
    }
}

impl ModuleWriter<'_> {
    /// Returns the struct of an object, and everything that belongs to it.
    pub(crate) fn object(&self, id: TypeId, ty: &Type, object: &Object) -> TypeCode {
        let name = names::type_name(&ty.name);
        let generics = ty.generic.then(|| quote!(<P>));
        let members: Vec<MemberCode<'_>> = object.fields.iter().enumerate().map(|(index, field)| self.member(id, index, field)).collect();
        let rest = self.rest_field(object);
        let fields = members.iter().filter(|member| member.is_field()).map(|member| self.field(member));
        let rest_field = rest.as_ref().map(RestField::definition);
        let mut docs = describe(self.schemas(), ty.node, &format!("The object `{}`.", ty.name));
        for (member, text) in members.iter().filter_map(|member| Some((member, member.constant.as_ref()?))) {
            docs.push_str(&format!("\n\n`{}` is always `{text}`, and is written by itself.", member.field.name));
        }
        let docs = self.head(id, &docs);
        let sensitive = object.fields.iter().any(|field| field.sensitive.is_some());
        let derives = self.object_derives(ty, object, sensitive);
        let debug = sensitive.then(|| debug(&name, ty.generic, &fields_of(&members), rest.as_ref()));
        let constructors = constructors(ty, &fields_of(&members), rest.as_ref());
        let definition = quote! {
            #docs
            #[derive(#(#derives),*)]
            pub struct #name #generics {
                #(#fields)*
                #rest_field
            }
            #constructors
            #debug
        };
        TypeCode { definition, codec: self.codec(id, ty, &members, rest.as_ref()) }
    }

    fn object_derives(&self, ty: &Type, object: &Object, sensitive: bool) -> Vec<TokenStream> {
        let mut derives = vec![quote!(Clone)];
        if !sensitive {
            derives.push(quote!(Debug));
        }
        derives.push(quote!(PartialEq));
        if !ty.generic && self.emitter.is_eq(&ty.shape) {
            derives.push(quote!(Eq));
        }
        if !ty.generic && object.fields.iter().all(|field| !field.required || self.emitter.constant(field).is_some()) {
            derives.push(quote!(Default));
        }
        derives
    }

    fn member<'a>(&self, id: TypeId, index: usize, field: &'a Field) -> MemberCode<'a> {
        let mut inner = self.ty(&field.ty, Some(field.node));
        if self.emitter.boxes.is_boxed(id, index) {
            let (target, nullable) = field.ty.split_null();
            let target = self.ty(target, None);
            inner = if nullable { quote!(Option<Box<#target>>) } else { quote!(Box<#target>) };
        }
        MemberCode { field, ident: names::field(&field.ident), inner, constant: self.emitter.constant(field).map(str::to_owned) }
    }

    fn field(&self, member: &MemberCode<'_>) -> TokenStream {
        let (field, ident, ty) = (member.field, &member.ident, member.outer());
        let mut text = describe_field(self.schemas(), field, &format!("The property `{}`.", field.name));
        if let Some(class) = field.sensitive {
            text.push_str(&format!("\n\nSensitive ({}): `Debug` does not print it.", class.as_str()));
        }
        if ident.to_string().trim_start_matches("r#") != field.name {
            text.push_str(&format!("\n\nIn JSON: `{}`.", field.name));
        }
        let docs = doc(&text);
        let deprecated = member.deprecated();
        quote! {
            #docs
            #deprecated
            pub #ident: #ty,
        }
    }

    fn rest_field(&self, object: &Object) -> Option<RestField> {
        let ident = names::plain(names::EXTRA);
        let kind = match &object.rest {
            Additional::Closed => return None,
            Additional::Typed(ty) if *ty != TypeRef::Never => RestKind::Typed(self.ty(ty, None)),
            _ if object.rejects_unknown => RestKind::Unknown,
            _ => RestKind::Extra,
        };
        let values = match &object.rest {
            Additional::Typed(ty) => self.listed_values(ty),
            _ => None,
        };
        Some(RestField { ident, kind, values })
    }
}

/// Returns the members that the struct has.
fn fields_of<'m, 'a>(members: &'m [MemberCode<'a>]) -> Vec<&'m MemberCode<'a>> {
    members.iter().filter(|member| member.is_field()).collect()
}

/// The field for the properties that have none.
pub(crate) struct RestField {
    ident: Ident,
    kind: RestKind,
    /// The values that the schema lists for them, as an expression of the type `eventc::Schema`.
    values: Option<TokenStream>,
}

enum RestKind {
    /// All have this type.
    Typed(TokenStream),
    /// A reader keeps what it does not know.
    Extra,
    /// The same, where the schema refuses it.
    Unknown,
}

impl RestField {
    fn definition(&self) -> TokenStream {
        let ident = &self.ident;
        match &self.kind {
            RestKind::Typed(ty) => quote! {
                /// All other properties.
                pub #ident: ::std::collections::BTreeMap<String, #ty>,
            },
            RestKind::Extra | RestKind::Unknown => quote! {
                /// Properties that this version does not know.
                pub #ident: ::eventc::Extra,
            },
        }
    }

    fn empty(&self) -> TokenStream {
        match self.kind {
            RestKind::Typed(_) => quote!(::std::collections::BTreeMap::new()),
            RestKind::Extra | RestKind::Unknown => quote!(::eventc::Extra::new()),
        }
    }

    /// Returns the field without a property.
    fn initial(&self) -> TokenStream {
        let (ident, empty) = (&self.ident, self.empty());
        quote!(#ident: #empty)
    }

    /// Returns the method that reads one of the properties.
    fn reader(&self) -> Ident {
        names::plain(match self.kind {
            RestKind::Typed(_) if self.values.is_some() => "read_listed_rest",
            RestKind::Typed(_) => "read_rest",
            RestKind::Extra => "read_extra",
            RestKind::Unknown => "read_unknown",
        })
    }

    /// Returns the method that writes all of them.
    fn writer(&self) -> Ident {
        names::plain(match self.kind {
            RestKind::Typed(_) => "rest",
            RestKind::Extra | RestKind::Unknown => "extra",
        })
    }
}

/// Returns a `Debug` that prints no sensitive value, and of unknown properties only how many there are.
fn debug(name: &Ident, generic: bool, members: &[&MemberCode<'_>], rest: Option<&RestField>) -> TokenStream {
    let (bounded, generics) = if generic { (quote!(<P: ::std::fmt::Debug>), quote!(<P>)) } else { (quote!(), quote!()) };
    let shown = members.iter().map(|member| {
        let (ident, name) = (&member.ident, &member.field.name);
        let Some(class) = member.field.sensitive else { return quote!(.field(#name, &self.#ident)) };
        let text = redacted(class);
        quote!(.field(#name, &::std::format_args!(#text)))
    });
    let rest = rest.map(|rest| {
        let ident = &rest.ident;
        let name = ident.to_string();
        quote!(.field(#name, &::std::format_args!("{} more", self.#ident.len())))
    });
    let text = name.to_string();
    quote! {
        impl #bounded ::std::fmt::Debug for #name #generics {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#text) #(#shown)* #rest .finish()
            }
        }
    }
}

/// Returns the text that stands for a sensitive value.
pub(crate) fn redacted(class: Sensitivity) -> String {
    format!("[redacted {}]", class.as_str())
}
