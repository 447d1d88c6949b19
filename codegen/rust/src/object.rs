//! Objects: structs, what reads them, and what makes them.

use eventc_model::{
    metadata::Sensitivity,
    types::{Additional, Field, Object, Type, TypeId, TypeRef},
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use crate::{
    checks::FieldChecks,
    codec::CodecType,
    module::{ModuleWriter, TypeCode},
    names,
    text::{deprecated, describe, doc},
};

/// The most required fields that a constructor takes as arguments.
const MAX_ARGUMENTS: usize = 5;

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

    /// The attribute of a property that should no longer be used.
    fn deprecated(&self) -> Option<TokenStream> {
        self.field.deprecated.then(|| deprecated(&format!("the property {} is deprecated", self.field.name)))
    }

    /// The type of the struct's field.
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
        let mut text = describe(self.schemas(), field.node, &format!("The property `{}`.", field.name));
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

    // --- what reads and writes objects

    fn codec(&self, id: TypeId, ty: &Type, members: &[MemberCode<'_>], rest: Option<&RestField>) -> TokenStream {
        let name = names::type_name(&ty.name);
        let codec = CodecType { name: &name, generic: ty.generic };
        let implemented = codec.implement(&write(members, rest), &quote!(codec::read_object(input, mode)));
        let object = self.properties(&codec, members, rest, self.emitter.is_strict(id));
        quote!(#implemented #object)
    }

    /// Returns the code that reads an object property by property.
    fn properties(&self, codec: &CodecType<'_>, members: &[MemberCode<'_>], rest: Option<&RestField>, strict: bool) -> TokenStream {
        let (bounded, ty) = codec.bounded(&quote!(Codec));
        let name = codec.name.to_string();
        // Fields are variables here, beside these two.
        let taken = |name: &str| members.iter().any(|member| member.ident == name);
        let [properties, field] = ["properties", "field"].map(|name| names::plain(&names::free(name, taken)));
        let fields = members.iter().map(|member| &member.field.name).chain(members.iter().flat_map(|member| &member.field.aliases));
        let checks = self.field_checks(members, strict);
        let statics = checks.iter().flat_map(FieldChecks::statics);
        let rest_values = names::plain(&names::free("EXTRA_VALUES", |name| checks.iter().any(|checks| checks.uses(name))));
        let rest_static = rest.and_then(|rest| rest.values.as_ref()).map(|schema| quote!(static #rest_values: ::eventc::Schema = #schema;));
        let slots = members.iter().map(|member| {
            let ident = &member.ident;
            quote!(let mut #ident = None;)
        });
        let rest_slot = rest.map(|rest| {
            let (ident, empty) = (&rest.ident, rest.empty());
            quote!(let mut #ident = #empty;)
        });
        let arms = places(members).into_iter().map(|(place, index)| {
            let (member, checks) = (&members[index], &checks[index]);
            let (at, ident) = (Literal::usize_unsuffixed(place), &member.ident);
            let at = if place == index { quote!(#at) } else { quote!(#at if #ident.is_none()) };
            let read = match &member.constant {
                Some(text) => quote!(#properties.read_constant(#text, &mut #ident)?),
                None => checks.read(&properties, ident, self.reads_null_as_absence(member.field)),
            };
            quote!(#at => #read,)
        });
        let other = rest.map_or_else(
            || quote!(#properties.refuse()?),
            |rest| {
                let (ident, reader) = (&rest.ident, rest.reader());
                let values = rest.values.as_ref().map(|_| quote!(, &#rest_values));
                quote!(#properties.#reader(&mut #ident #values)?)
            },
        );
        let constants = members.iter().filter(|member| !member.is_field()).map(|member| {
            let (ident, name) = (&member.ident, &member.field.name);
            quote!(#properties.required(#name, #ident)?;)
        });
        let values = members.iter().filter(|member| member.is_field()).map(|member| {
            let (ident, name) = (&member.ident, &member.field.name);
            match &member.field.default {
                Some(default) => {
                    let text = default.to_string();
                    quote!(#ident: #properties.or_default(#ident, #text)?,)
                }
                None if member.field.required => quote!(#ident: #properties.required(#name, #ident)?,),
                None => quote!(#ident,),
            }
        });
        let rest_value = rest.map(|rest| &rest.ident);
        let all = if members.is_empty() {
            quote!(while #properties.next_field()?.is_some() { #other; })
        } else {
            quote! {
                while let Some(#field) = #properties.next_field()? {
                    match #field {
                        #(#arms)*
                        _ => #other,
                    }
                }
            }
        };
        quote! {
            impl #bounded codec::Object for #ty {
                const NAME: &'static str = #name;
                const FIELDS: &'static [&'static str] = &[#(#fields),*];

                fn read_properties<'de, A: codec::MapAccess<'de>>(
                    mut #properties: codec::Properties<A>,
                ) -> Result<Self, A::Error> {
                    #(#statics)*
                    #rest_static
                    #(#slots)*
                    #rest_slot
                    #all
                    #(#constants)*
                    Ok(Self { #(#values)* #rest_value })
                }
            }
        }
    }

    /// Returns whether null is no value of a field that may be absent.
    fn reads_null_as_absence(&self, field: &Field) -> bool {
        !field.required && !self.types().accepts_null(&field.ty, false)
    }

    fn rest_field(&self, object: &Object) -> Option<RestField> {
        let ident = names::plain(names::EXTRA);
        let kind = match &object.rest {
            Additional::Closed => return None,
            Additional::Typed(ty) if *ty != TypeRef::Never => RestKind::Typed(self.ty(ty, None)),
            _ if object.surplus => RestKind::Surplus,
            _ => RestKind::Extra,
        };
        let values = match &object.rest {
            Additional::Typed(ty) => self.listed_values(ty),
            _ => None,
        };
        Some(RestField { ident, kind, values })
    }
}

/// Returns the position of each name that a property may have, and of its member: names of other versions stand behind the members' own, and
/// count where those are absent.
fn places(members: &[MemberCode<'_>]) -> Vec<(usize, usize)> {
    let own = (0..members.len()).map(|index| (index, index));
    let others = members.iter().enumerate().flat_map(|(index, member)| member.field.aliases.iter().map(move |_| index));
    own.chain(others.enumerate().map(|(at, index)| (members.len() + at, index))).collect()
}

// --- what makes objects

fn constructors(ty: &Type, members: &[&MemberCode<'_>], rest: Option<&RestField>) -> TokenStream {
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

/// Returns the members that the struct has.
fn fields_of<'m, 'a>(members: &'m [MemberCode<'a>]) -> Vec<&'m MemberCode<'a>> {
    members.iter().filter(|member| member.is_field()).collect()
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

/// Returns the code that writes an object.
fn write(members: &[MemberCode<'_>], rest: Option<&RestField>) -> TokenStream {
    let properties = members.iter().map(|member| {
        let writer = names::plain(if member.field.required { "required" } else { "optional" });
        let (ident, name) = (&member.ident, &member.field.name);
        if let Some(text) = &member.constant {
            return quote!(object.required(#name, &#text)?;);
        }
        quote!(object.#writer(#name, &self.#ident)?;)
    });
    let rest = rest.map(|rest| {
        let (ident, writer) = (&rest.ident, rest.writer());
        quote!(object.#writer(&self.#ident)?;)
    });
    let mutable = (!members.is_empty() || rest.is_some()).then(|| quote!(mut));
    quote! {
        let #mutable object = codec::ObjectWriter::new(serializer)?;
        #(#properties)*
        #rest
        object.end()
    }
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
    Surplus,
}

impl RestField {
    fn definition(&self) -> TokenStream {
        let ident = &self.ident;
        match &self.kind {
            RestKind::Typed(ty) => quote! {
                /// All other properties.
                pub #ident: ::std::collections::BTreeMap<String, #ty>,
            },
            RestKind::Extra | RestKind::Surplus => quote! {
                /// Properties that this version does not know.
                pub #ident: ::eventc::Extra,
            },
        }
    }

    fn empty(&self) -> TokenStream {
        match self.kind {
            RestKind::Typed(_) => quote!(::std::collections::BTreeMap::new()),
            RestKind::Extra | RestKind::Surplus => quote!(::eventc::Extra::new()),
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
            RestKind::Surplus => "read_surplus",
        })
    }

    /// Returns the method that writes all of them.
    fn writer(&self) -> Ident {
        names::plain(match self.kind {
            RestKind::Typed(_) => "rest",
            RestKind::Extra | RestKind::Surplus => "extra",
        })
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
