//! Structs against objects: presence, absence and null of each property, and which properties there are.

use eventc_model::{
    names::nearest,
    schema::NodeId,
    types::{Additional, Field, Object, TypeRef},
};
use proc_macro2::{Ident, Span};
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::Checker;
use crate::derive::{
    ast::RustField,
    attr::SerdeAttr,
    contract::resolve,
    rust_type::RustType,
    shape,
    words::{described, listed, rust},
};

/// The owner of the fields.
pub(super) struct FieldOwner<'a> {
    /// The struct or variant.
    pub(super) name: &'a Ident,
    /// The schema of the object.
    pub(super) node: NodeId,
    pub(super) serde: &'a SerdeAttr,
    /// Whether it has only some of the properties, and says so.
    pub(super) part: bool,
    /// Properties that serde or an enum around it writes.
    pub(super) given: Vec<String>,
}

impl Checker<'_> {
    pub(super) fn object(&mut self, fields: &[RustField<'_>], object: &Object, owner: &FieldOwner<'_>) {
        let (flattened, own): (Vec<&RustField<'_>>, Vec<&RustField<'_>>) =
            fields.iter().filter(|field| !field.serde.skips()).partition(|field| field.serde.flatten);
        let mut strange = Vec::new();
        for field in &own {
            match object.fields.iter().find(|property| property.name == field.name) {
                Some(property) => self.property(field, property, owner),
                None => self.undeclared(field, object, &own, owner, &mut strange),
            }
        }
        let has = |name: &str| own.iter().any(|field| field.name == name) || owner.given.iter().any(|given| given == name);
        let missing: Vec<&Field> = object.fields.iter().filter(|property| !has(&property.name)).collect();
        if flattened.is_empty() {
            if !owner.part {
                self.missing(&missing, &strange, fields, object, owner);
            }
        } else {
            self.flattened(&flattened, &missing, object, owner);
        }
        self.refused(object, owner);
    }

    /// Checks one field against its property.
    fn property(&mut self, field: &RustField<'_>, property: &Field, owner: &FieldOwner<'_>) {
        if field.event.unchecked || !self.visible(field) {
            return;
        }
        let what = format!("`{}`", field.ident);
        let (ty, mut null) = property.ty.split_null();
        let resolved = resolve(self.types, ty);
        if matches!(resolved, TypeRef::Any | TypeRef::NonObject | TypeRef::Payload) {
            return self.presence_alone(field, property);
        }
        let ty = match resolved {
            TypeRef::Nullable(inner) => {
                null = true;
                inner.as_ref()
            }
            _ => ty,
        };
        let null = null || *resolved == TypeRef::Null;
        let (inner, optional) = match &field.rust {
            RustType::Optional(inner) => (inner.as_ref(), true),
            found => (found, false),
        };
        let said = Presence { optional, default: field.serde.default || owner.serde.default, null, required: property.is_asked() };
        if let Some((message, help)) = presence(field, inner, &said) {
            return self.disagree(field.span, &message, property.node, &help);
        }
        let inner = match inner {
            // Absent, null and a value are three things.
            RustType::Optional(inner) if optional && null && !property.is_asked() => inner,
            inner => inner,
        };
        let opaque_null = null && !optional && !matches!(resolved, TypeRef::Null);
        let ty = if opaque_null { &property.ty } else { ty };
        self.value(field, inner, ty, property.node, &what);
    }

    fn presence_alone(&mut self, field: &RustField<'_>, property: &Field) {
        if property.is_asked() && field.serde.skip_serializing_if {
            let message = format!("`{}` may be left out when it is written, and the contract requires it", field.ident);
            self.disagree(field.span, &message, property.node, "remove `skip_serializing_if`");
        }
    }

    /// Checks a field that the contract does not name.
    fn undeclared<'f>(
        &mut self,
        field: &'f RustField<'_>,
        object: &Object,
        own: &[&RustField<'_>],
        owner: &FieldOwner<'_>,
        strange: &mut Vec<(&'f str, Span)>,
    ) {
        if field.event.unchecked || !self.visible(field) {
            return;
        }
        match &object.rest {
            Additional::Open => strange.push((&field.name, field.span)),
            Additional::Typed(ty) if *ty != TypeRef::Never => {
                self.value(field, &field.rust, ty, owner.node, &format!("`{}`", field.ident));
            }
            _ => {
                let free =
                    object.fields.iter().map(|property| property.name.as_str()).filter(|name| !own.iter().any(|field| field.name == *name));
                let free: Vec<&str> = free.collect();
                let help = match (nearest(&field.name, free.iter().copied()), &free[..]) {
                    (Some(near), _) => format!("did you mean `{near}`?"),
                    (None, []) => "remove the field, or skip it: #[serde(skip)]".to_owned(),
                    (None, free) => {
                        format!("remove the field, or skip it: #[serde(skip)]; the contract also has {}", listed(free.iter().copied()))
                    }
                };
                let message = format!("the contract has no property `{}`, and allows no other than it names", field.name);
                strange.push((&field.name, field.span));
                self.disagree(field.span, &message, owner.node, &help);
            }
        }
    }

    /// Reports properties without a field.
    fn missing(&mut self, missing: &[&Field], strange: &[(&str, Span)], fields: &[RustField<'_>], object: &Object, owner: &FieldOwner<'_>) {
        for property in missing.iter().filter(|property| property.is_asked()) {
            let (name, better) = (&property.name, rust(self.types, &property.ty));
            let near = nearest(name, strange.iter().map(|(name, _)| *name)).map(str::to_owned);
            if let Some((near, span)) = near.and_then(|near| strange.iter().find(|(name, _)| *name == near)) {
                // A closed contract has told it already.
                if object.rest != Additional::Closed {
                    let message = format!("the contract requires `{name}`, and knows no `{near}`");
                    self.disagree(*span, &message, property.node, &format!("rename the field, or add #[serde(rename = {name:?})]"));
                }
                continue;
            }
            if let Some(skipped) = fields.iter().find(|field| field.serde.skips() && field.name == *name) {
                let message = format!("`{}` is skipped, and the contract requires it", skipped.ident);
                self.disagree(skipped.span, &message, property.node, "remove `skip`");
                continue;
            }
            let message =
                format!("`{}` has no field for `{name}`, which the contract requires: {}", owner.name, described(self.types, &property.ty));
            let ident = &property.ident;
            let rename = if ident == name { String::new() } else { format!("#[serde(rename = {name:?})] ") };
            self.disagree(owner.name.span(), &message, property.node, &format!("add `{rename}{ident}: {better}`"));
        }
        // An open contract is refused as a whole, below.
        let refuses = |property: &&&Field| !property.is_asked() && object.rest == Additional::Closed;
        let optional: Vec<&&Field> = missing.iter().filter(refuses).collect();
        if let (Some(span), [first, ..]) = (owner.serde.deny_unknown_fields, &optional[..]) {
            let names = listed(optional.iter().map(|property| property.name.as_str()));
            let message = format!("`{}` refuses events with {names}, which the contract allows", owner.name);
            self.disagree(span, &message, first.node, "add the fields, or remove `deny_unknown_fields`");
        }
    }

    /// Checks structs that are flattened into this one: only the compiler sees their fields.
    fn flattened(&mut self, parts: &[&RustField<'_>], missing: &[&Field], object: &Object, owner: &FieldOwner<'_>) {
        let open = object.rest == Additional::Open;
        let required: Vec<&str> = missing.iter().filter(|property| property.is_asked()).map(|property| property.name.as_str()).collect();
        let maps = parts.iter().filter(|part| is_map(&part.rust));
        if let Some(map) = maps.clone().next().filter(|_| object.rest == Additional::Closed) {
            let message = format!("`{}` can hold any property, and the contract allows no other than it names", map.ident);
            return self.disagree(map.span, &message, owner.node, "remove the field");
        }
        if maps.count() == parts.len() {
            if !owner.part {
                self.missing(missing, &[], &[], object, owner);
            }
            return;
        }
        let span = parts[0].ty.span();
        let shapes = parts.iter().map(|part| part.rust.shape());
        let declared = shape::properties(self.types, object, |name| missing.iter().any(|property| property.name == name));
        let wanted = if required.is_empty() { String::new() } else { format!(" (still required: {})", listed(required.iter().copied())) };
        let message = format!(
            "what is flattened into `{}` does not give what the contract has here{wanted}\ncontract: {}\nhelp: derive `Event` on the flattened struct, with \
             #[event({}, part)]",
            owner.name,
            self.place.written(owner.node),
            self.named(owner.node),
        );
        self.assertions.push(quote_spanned! {span=>
            const _: () = ::core::assert!(::eventc::Shape::accepts_parts(&[#(#declared),*], &[#(#shapes),*], #open), #message);
        });
    }

    /// Reports what the struct refuses to read, and the contract allows.
    fn refused(&mut self, object: &Object, owner: &FieldOwner<'_>) {
        if let Some(span) = owner.serde.deny_unknown_fields.filter(|_| object.rest != Additional::Closed) {
            let message = format!("`{}` refuses properties that it does not know, and the contract allows them", owner.name);
            self.disagree(span, &message, owner.node, "remove `deny_unknown_fields`");
        }
    }
}

/// Returns whether the field is there, absent or null where the contract says so: else what is wrong, and what to do.
fn presence(field: &RustField<'_>, inner: &RustType, said: &Presence) -> Option<(String, String)> {
    let name = &field.ident;
    let plain = inner.to_source();
    let hidden = matches!(field.rust, RustType::Other(_));
    let serde = &field.serde;
    let absent_if_none = "#[serde(default, skip_serializing_if = \"Option::is_none\")]";
    let problem = |message: String, help: String| Some((message, help));
    if said.required && serde.skip_serializing {
        return problem(format!("`{name}` is never written, and the contract requires it"), "remove `skip_serializing`".into());
    }
    if said.required && serde.skip_serializing_if {
        let message = format!("`{name}` may be left out when it is written, and the contract requires it");
        return problem(message, "remove `skip_serializing_if`".into());
    }
    if said.optional && said.required && !said.null {
        let message = format!("`{name}` is optional, and the contract requires it and does not allow null");
        return problem(message, format!("use `{plain}`"));
    }
    if !said.optional && said.null && !hidden && !matches!(inner, RustType::Unit) {
        return problem(format!("`{name}` cannot be null, and the contract allows null"), format!("use `Option<{plain}>`"));
    }
    if said.required {
        return None;
    }
    if !said.optional && !said.default && !serde.skip_deserializing {
        let null = if said.null { "" } else { &format!(" with {absent_if_none}") };
        let message = format!("`{name}` must be present, and the contract does not require it");
        return problem(message, format!("use `Option<{plain}>`{null}, or add #[serde(default)]"));
    }
    if said.optional && !said.null && !serde.skip_serializing_if && !serde.skip_serializing {
        let message = format!("`{name}` is written as null where there is none, and the contract does not allow null");
        return problem(message, format!("add {absent_if_none}"));
    }
    if said.optional && !said.null && matches!(inner, RustType::Optional(_)) {
        let message = format!("`{name}` can be null, and the contract does not allow null");
        return problem(message, format!("use `{plain}`"));
    }
    None
}

/// The presence that field and property state.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Presence {
    /// The field is an `Option`.
    optional: bool,
    /// Absence is read as a default.
    default: bool,
    /// The contract allows null.
    null: bool,
    /// The contract requires the property.
    required: bool,
}

/// Returns whether a flattened field takes whatever has no field of its own.
fn is_map(ty: &RustType) -> bool {
    match ty {
        RustType::Map(_) => true,
        RustType::Other(ty) => {
            let syn::Type::Path(path) = ty.as_ref() else { return false };
            path.path.segments.last().is_some_and(|last| last.ident == "Extra" || last.ident == "Map" || last.ident == "Value")
        }
        _ => false,
    }
}
