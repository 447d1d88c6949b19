//! Objects as code that reads and writes them property by property.

use eventc_model::types::{Field, Type, TypeId};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::{MemberCode, RestField};
use crate::{checks::FieldChecks, codec::CodecType, module::ModuleWriter, names};

impl ModuleWriter<'_> {
    /// Returns the code that reads and writes an object.
    pub(super) fn codec(&self, id: TypeId, ty: &Type, members: &[MemberCode<'_>], rest: Option<&RestField>) -> TokenStream {
        let name = names::type_name(&ty.name);
        let codec = CodecType { name: &name, generic: ty.generic };
        let implemented = codec.implement(&write(members, rest), &quote!(codec::read_object(input, mode)));
        let object = self.object_impl(&codec, members, rest, self.emitter.is_strict(id));
        quote!(#implemented #object)
    }

    /// Returns the implementation of the runtime's `Object`, which reads an object.
    fn object_impl(&self, codec: &CodecType<'_>, members: &[MemberCode<'_>], rest: Option<&RestField>, strict: bool) -> TokenStream {
        let (bounded, ty) = codec.bounded(&quote!(Codec));
        let name = codec.name.to_string();
        // Fields are variables here, beside this one.
        let properties = free_variable("properties", members);
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
        let arms = self.arms(&properties, members, &checks);
        let read_all = read_all(&properties, members, &arms, &read_other(&properties, rest, &rest_values));
        let finish = finish(&properties, members, rest);
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
                    #read_all
                    #finish
                }
            }
        }
    }

    /// Returns the arms of a match, each of which reads a property by the position of its name.
    fn arms(&self, properties: &Ident, members: &[MemberCode<'_>], checks: &[FieldChecks]) -> Vec<TokenStream> {
        let arm = |(place, index): (usize, usize)| {
            let (member, checks) = (&members[index], &checks[index]);
            let (at, ident) = (Literal::usize_unsuffixed(place), &member.ident);
            let at = if place == index { quote!(#at) } else { quote!(#at if #ident.is_none()) };
            let read = match &member.constant {
                Some(text) => quote!(#properties.read_constant(#text, &mut #ident)?),
                None => checks.read(properties, ident, self.reads_null_as_absence(member.field)),
            };
            quote!(#at => #read,)
        };
        places(members).into_iter().map(arm).collect()
    }

    /// Returns whether null is no value of a field that may be absent.
    fn reads_null_as_absence(&self, field: &Field) -> bool {
        !field.required && !self.types().accepts_null(&field.ty, false)
    }
}

/// Returns a name for a variable that no field has.
fn free_variable(name: &str, members: &[MemberCode<'_>]) -> Ident {
    names::plain(&names::free(name, |name| members.iter().any(|member| member.ident == name)))
}

/// Returns the position of each name that a property may have, and of its member: names of other versions stand behind the members' own,
/// and count where those are absent.
fn places(members: &[MemberCode<'_>]) -> Vec<(usize, usize)> {
    let own = (0..members.len()).map(|index| (index, index));
    let others = members.iter().enumerate().flat_map(|(index, member)| member.field.aliases.iter().map(move |_| index));
    own.chain(others.enumerate().map(|(at, index)| (members.len() + at, index))).collect()
}

/// Returns the expression that reads a property without a field. `values` names the static of the values that it may have.
fn read_other(properties: &Ident, rest: Option<&RestField>, values: &Ident) -> TokenStream {
    let Some(rest) = rest else { return quote!(#properties.refuse()?) };
    let (ident, reader) = (&rest.ident, rest.reader());
    let values = rest.values.as_ref().map(|_| quote!(, &#values));
    quote!(#properties.#reader(&mut #ident #values)?)
}

/// Returns the loop over all properties.
fn read_all(properties: &Ident, members: &[MemberCode<'_>], arms: &[TokenStream], other: &TokenStream) -> TokenStream {
    if members.is_empty() {
        return quote!(while #properties.next_field()?.is_some() { #other; });
    }
    let field = free_variable("field", members);
    quote! {
        while let Some(#field) = #properties.next_field()? {
            match #field {
                #(#arms)*
                _ => #other,
            }
        }
    }
}

/// Returns the code that makes the object once all properties are read.
fn finish(properties: &Ident, members: &[MemberCode<'_>], rest: Option<&RestField>) -> TokenStream {
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
    let rest = rest.map(|rest| &rest.ident);
    quote! {
        #(#constants)*
        Ok(Self { #(#values)* #rest })
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
