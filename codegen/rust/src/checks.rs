//! What is asked of an object's fields beyond their types, while they are read.

use eventc_model::types::Field;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{module::ModuleWriter, names, object::MemberCode};

/// The checks of a field beyond its type.
#[derive(Default)]
pub(crate) struct FieldChecks {
    /// By every reader: the values that its schema lists.
    listed: Option<SchemaStatic>,
    /// By a strict reader: the rest of its schema.
    rules: Option<SchemaStatic>,
}

/// A static of the type `eventc::Schema` that a field is checked by.
struct SchemaStatic {
    ident: Ident,
    schema: TokenStream,
}

impl FieldChecks {
    /// Returns whether one of the statics has the name.
    pub(crate) fn uses(&self, name: &str) -> bool {
        self.listed.iter().chain(&self.rules).any(|check| check.ident == name)
    }

    /// Returns the definitions of the statics.
    pub(crate) fn statics(&self) -> impl Iterator<Item = TokenStream> {
        self.listed.iter().chain(&self.rules).map(|SchemaStatic { ident, schema }| quote!(static #ident: ::eventc::Schema = #schema;))
    }

    /// Returns the expression that reads the field into the variable of its name. `optional` reads null as absence.
    pub(crate) fn read(&self, properties: &Ident, field: &Ident, optional: bool) -> TokenStream {
        let method = |suffix: &str| names::plain(&format!("read{}{suffix}", if optional { "_optional" } else { "" }));
        match self {
            Self { listed: None, rules: None } => {
                let read = method("");
                quote!(#properties.#read(&mut #field)?)
            }
            Self { listed: None, rules: Some(SchemaStatic { ident, .. }) } => {
                let read = method("_checked");
                quote!(#properties.#read(&mut #field, &#ident)?)
            }
            Self { listed: Some(SchemaStatic { ident, .. }), rules } => {
                let read = method("_listed");
                let read = quote!(#properties.#read(&mut #field, &#ident)?);
                match rules {
                    None => read,
                    Some(SchemaStatic { ident, .. }) => quote!({ #read; #properties.check(&#field, &#ident)? }),
                }
            }
        }
    }
}

impl ModuleWriter<'_> {
    /// Returns the checks of the fields, in their order. A type that is `strict` asks all of its schema.
    pub(crate) fn field_checks(&self, members: &[MemberCode<'_>], strict: bool) -> Vec<FieldChecks> {
        let mut taken = Vec::new();
        let mut check = |field: &Field, suffix: &str, schema: TokenStream| {
            // Schemas of types end in another word.
            let name = names::constant(&format!("{}_{suffix}", field.ident)).to_string();
            let name = names::free(&name, |name| taken.iter().any(|known| known == name));
            let ident = names::plain(&name);
            taken.push(name);
            SchemaStatic { ident, schema }
        };
        let mut checks = |member: &MemberCode<'_>| {
            if !member.is_field() {
                return FieldChecks::default();
            }
            let field = member.field;
            let listed = self.listed_values(&field.ty);
            let rules = Some(field).filter(|_| strict).and_then(|field| self.asked(field));
            // Who lists values seldom asks for more.
            let rules = rules.filter(|rules| listed.as_ref().is_none_or(|listed| listed.to_string() != rules.to_string()));
            FieldChecks {
                listed: listed.map(|schema| check(field, "values", schema)),
                rules: rules.map(|schema| check(field, "rules", schema)),
            }
        };
        members.iter().map(&mut checks).collect()
    }
}
