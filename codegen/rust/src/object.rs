//! Objects: structs, what reads them, and what makes them.

use eventc_model::{
    metadata::Sensitivity,
    types::{Field, Object, Rest, Type, TypeId, TypeRef},
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    module::Writer,
    names,
    text::{describe, doc},
};

/// The most required fields that a constructor takes as arguments.
const MOST_ARGUMENTS: usize = 5;

/// A field as it stands in the struct.
pub(crate) struct Member<'a> {
    pub(crate) field: &'a Field,
    pub(crate) ident: Ident,
    /// The type without what absence adds.
    pub(crate) inner: TokenStream,
}

impl Member<'_> {
    /// The type of the struct's field.
    fn outer(&self) -> TokenStream {
        let inner = &self.inner;
        if self.field.required { quote!(#inner) } else { quote!(Option<#inner>) }
    }
}

impl Writer<'_> {
    /// The struct of an object, and everything that belongs to it. `root` for the root of a contract.
    pub(crate) fn object(&self, id: TypeId, ty: &Type, object: &Object, root: bool) -> TokenStream {
        let name = names::type_name(&ty.name);
        let generics = ty.generic.then(|| quote!(<P>));
        let members: Vec<Member<'_>> = object.fields.iter().map(|field| self.member(field)).collect();
        let rest = self.rest_field(object);
        let fields = members.iter().map(|member| self.field(member));
        let rest_field = rest.as_ref().map(|rest| &rest.definition);
        let docs = doc(&describe(self.schemas(), ty.node, &format!("The object `{}`.", ty.name)));
        let sensitive = object.fields.iter().any(|field| field.sensitive.is_some());
        let derives = self.object_derives(ty, object, sensitive);
        let debug = sensitive.then(|| debug(&name, ty.generic, &members, rest.as_ref()));
        let constructors = self.constructors(ty, &members, rest.as_ref(), root);
        let codec = self.codec(id, ty, &members, rest.as_ref());
        quote! {
            #docs
            #[derive(#(#derives),*)]
            pub struct #name #generics {
                #(#fields)*
                #rest_field
            }
            #constructors
            #debug
            #codec
        }
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
        if !ty.generic && object.fields.iter().all(|field| !field.required) {
            derives.push(quote!(Default));
        }
        derives
    }

    fn member<'a>(&self, field: &'a Field) -> Member<'a> {
        let mut inner = self.ty(&field.ty, Some(field.node));
        if field.boxed {
            let (target, nullable) = field.ty.split_null();
            let target = self.ty(target, None);
            inner = if nullable { quote!(Option<Box<#target>>) } else { quote!(Box<#target>) };
        }
        Member { field, ident: names::field(&field.ident), inner }
    }

    fn field(&self, member: &Member<'_>) -> TokenStream {
        let (field, ident, ty) = (member.field, &member.ident, member.outer());
        let mut text = describe(self.schemas(), field.node, &format!("The property `{}`.", field.name));
        if field.deprecated {
            text.push_str("\n\nDeprecated: it should no longer be used.");
        }
        if let Some(class) = field.sensitive {
            text.push_str(&format!("\n\nSensitive ({}): `Debug` does not print it.", class.as_str()));
        }
        if ident.to_string().trim_start_matches("r#") != field.name {
            text.push_str(&format!("\n\nIn JSON: `{}`.", field.name));
        }
        let docs = doc(&text);
        quote! {
            #docs
            pub #ident: #ty,
        }
    }

    // --- what reads and writes objects

    fn codec(&self, id: TypeId, ty: &Type, members: &[Member<'_>], rest: Option<&RestField>) -> TokenStream {
        let (name, support) = (names::type_name(&ty.name), self.support());
        let generics = ty.generic.then(|| quote!([P]));
        let lines = members.iter().enumerate().map(|(index, member)| {
            let (index, reader) = (proc_macro2::Literal::usize_unsuffixed(index), self.reader(member));
            let presence = if member.field.required { quote!(required) } else { quote!(optional) };
            let (ident, json) = (&member.ident, &member.field.name);
            let asked = if self.emitter.is_strict(id) { self.asked(&member.field.beyond) } else { None };
            quote!(#index #presence #ident #json (#reader) #asked;)
        });
        let rest = rest.map(|rest| {
            let (ident, reader) = (&rest.ident, &rest.reader);
            quote!(#ident (#reader))
        });
        quote! {
            #support::codec! { [#support] #name #generics { #(#lines)* } #rest }
        }
    }

    /// How a field is read: whole numbers in their own way, and null told from absence where the two differ.
    fn reader(&self, member: &Member<'_>) -> TokenStream {
        let field = member.field;
        let lenient = !field.required && !self.accepts_null(&field.ty);
        let node = Some(field.node);
        if self.has_wire(&field.ty, node) {
            let wire = self.wire(&field.ty, node);
            return if lenient { quote!(read_as_or_null::<#wire>) } else { quote!(read_as::<#wire>) };
        }
        if lenient { quote!(read_or_null) } else { quote!(read) }
    }

    fn rest_field(&self, object: &Object) -> Option<RestField> {
        let ident = names::plain(&names::free("extra", |name| object.fields.iter().any(|field| field.ident == name)));
        match &object.rest {
            Rest::Closed => None,
            Rest::Typed(ty) if *ty != TypeRef::Never => {
                let (value, wire) = (self.ty(ty, None), self.wire(ty, None));
                let reader = quote!(read_rest::<#wire>);
                let definition = quote! {
                    /// All other properties.
                    pub #ident: ::std::collections::BTreeMap<String, #value>,
                };
                Some(RestField { ident, definition, reader })
            }
            _ => {
                let definition = quote! {
                    /// Properties that this version does not know.
                    pub #ident: ::eventc::Extra,
                };
                let reader = if object.surplus { quote!(read_surplus) } else { quote!(read_extra) };
                Some(RestField { ident, definition, reader })
            }
        }
    }

    // --- what makes objects

    fn constructors(&self, ty: &Type, members: &[Member<'_>], rest: Option<&RestField>, root: bool) -> TokenStream {
        let required = members.iter().filter(|member| member.field.required).count();
        match required {
            0 => TokenStream::new(),
            1..=MOST_ARGUMENTS => constructor(ty, members, rest),
            _ if root && !ty.generic => self.builder(ty, members, rest),
            _ => TokenStream::new(),
        }
    }

    fn builder(&self, ty: &Type, members: &[Member<'_>], rest: Option<&RestField>) -> TokenStream {
        let name = names::type_name(&ty.name);
        let builder = names::plain(&names::free(&format!("{name}Builder"), |candidate| self.is_taken(candidate)));
        let support = self.support();
        let slots = members.iter().map(|member| {
            let (ident, inner) = (&member.ident, &member.inner);
            quote!(#ident: Option<#inner>)
        });
        let setters = members.iter().map(|member| {
            let (ident, argument) = (&member.ident, argument(member));
            let setter = setter(member);
            let docs = doc(&format!("Sets `{}`.", member.field.name));
            let value = if is_text(member) { quote!(value.into()) } else { quote!(value) };
            quote! {
                #docs
                #[must_use]
                pub fn #setter(mut self, value: #argument) -> Self {
                    self.#ident = Some(#value);
                    self
                }
            }
        });
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
        let rest = rest.map(RestField::empty);
        let about = doc(&format!("Sets the properties of [`{name}`] one by one."));
        quote! {
            impl #name {
                /// Starts with no property.
                pub fn builder() -> #builder {
                    #builder::default()
                }
            }

            #about
            #[derive(Clone, Default)]
            pub struct #builder {
                #(#slots,)*
            }

            impl #builder {
                #(#setters)*

                /// The object, once every required property is set.
                ///
                /// # Errors
                /// The names of required properties that were not set.
                pub fn build(self) -> Result<#name, #support::MissingFields> {
                    let missing = #support::MissingFields::of(&[#(#checks),*]);
                    let (#(Some(#required),)*) = (#(self.#required,)*) else { return Err(missing) };
                    Ok(#name { #(#values,)* #rest })
                }
            }
        }
    }
}

/// The field for the properties that have none.
pub(crate) struct RestField {
    ident: Ident,
    definition: TokenStream,
    /// What reads one of them.
    reader: TokenStream,
}

impl RestField {
    fn empty(&self) -> TokenStream {
        let ident = &self.ident;
        quote!(#ident: ::std::default::Default::default())
    }
}

fn constructor(ty: &Type, members: &[Member<'_>], rest: Option<&RestField>) -> TokenStream {
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
    let rest = rest.map(RestField::empty);
    quote! {
        impl #generics #name #generics {
            /// The object with its required properties, and no other.
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values,)* #rest }
            }
        }
    }
}

/// The name of a setter: the field's, unless the builder means something else by it.
fn setter(member: &Member<'_>) -> Ident {
    match member.field.ident.as_str() {
        "build" | "default" | "clone" | "into" | "from" | "try_into" | "try_from" => names::plain(&format!("{}_", member.field.ident)),
        _ => member.ident.clone(),
    }
}

fn is_text(member: &Member<'_>) -> bool {
    matches!(member.field.ty, TypeRef::String(_))
}

fn argument(member: &Member<'_>) -> TokenStream {
    let inner = &member.inner;
    if is_text(member) { quote!(impl Into<#inner>) } else { quote!(#inner) }
}

/// A `Debug` that prints no sensitive value, and of unknown properties only how many there are.
fn debug(name: &Ident, generic: bool, members: &[Member<'_>], rest: Option<&RestField>) -> TokenStream {
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

/// What stands for a sensitive value.
pub(crate) fn redacted(class: Sensitivity) -> String {
    format!("[redacted {}]", class.as_str())
}
