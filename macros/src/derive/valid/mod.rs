//! The comparison of an item with its place in the contract: every disagreement is an error at the field or variant concerned.

mod choice;
mod object;
mod value;

use eventc_model::{
    schema::NodeId,
    types::{Shape, TypeRef, Types},
};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use self::object::FieldOwner;
use super::{
    ast::{Content, DeriveItem, RustField},
    contract::NamedPlace,
    errors::Errors,
    shape,
    words::{described, rust},
};

/// Checks that are left to the compiler, since they take types that a macro cannot see.
pub(crate) struct CompilerChecks {
    pub(crate) assertions: Vec<TokenStream>,
}

/// Compares an item with its place.
///
/// # Errors
/// Every disagreement.
pub(crate) fn check(item: &DeriveItem<'_>, place: &NamedPlace) -> syn::Result<CompilerChecks> {
    let mut checker = Checker { place, types: place.types(), errors: Errors::default(), assertions: Vec::new() };
    checker.item(item);
    checker.errors.finish(CompilerChecks { assertions: checker.assertions })
}

struct Checker<'a> {
    place: &'a NamedPlace,
    types: &'a Types,
    errors: Errors,
    assertions: Vec<TokenStream>,
}

impl Checker<'_> {
    fn item(&mut self, item: &DeriveItem<'_>) {
        if let Some(proxy) = &item.serde.proxy {
            let message = format!("serde writes or reads another type instead of `{}`; derive `Event` on that one", item.ident);
            self.errors.push(syn::Error::new(proxy.span(), message));
            return;
        }
        match &item.data {
            Content::Newtype(field) => self.newtype(field),
            Content::Object(fields) if fields.len() == 1 && is_transparent(item) => self.newtype(&fields[0]),
            Content::Object(fields) => match self.place.object() {
                Some(object) => {
                    let given = [&item.serde.tag, &item.event.tag].into_iter().flatten().map(syn::LitStr::value).collect();
                    let owner = FieldOwner { name: item.ident, node: self.place.node, serde: &item.serde, part: item.event.part, given };
                    self.object(fields, object, &owner);
                }
                None => self.other_than(item, "a struct is an object"),
            },
            Content::Enum(variants) => self.choice(item, variants),
        }
    }

    fn newtype(&mut self, field: &RustField<'_>) {
        if field.event.unchecked || !self.visible(field) {
            return;
        }
        let ty = self.place.ty.clone();
        self.value(field, &field.rust, &ty, self.place.node, "the value");
    }

    /// Reports that the place has another form than the item can have.
    fn other_than(&mut self, item: &DeriveItem<'_>, form: &str) {
        let asked = described(self.types, &self.place.ty);
        let message = format!("{form}, and the contract has {asked} here");
        let help = match &item.event.at {
            _ if self.is_union() => "write an enum with a variant for each of them".to_owned(),
            Some(at) => format!("{:?} leads to another part of the contract than `{}` is about", at.value(), item.ident),
            None if self.place.object().is_some() => "write a struct with its properties".to_owned(),
            None => format!("write `struct {}({});`", item.ident, rust(self.types, &self.place.ty)),
        };
        self.disagree(item.ident.span(), &message, self.place.node, &help);
    }

    fn is_union(&self) -> bool {
        matches!(self.place.ty, TypeRef::Named(id) if matches!(self.types.get(id).shape, Shape::Union(_)))
    }

    /// Reports a disagreement with the schema of a node.
    fn disagree(&mut self, span: Span, message: &str, node: NodeId, help: &str) {
        let contract = self.place.written(node);
        self.errors.push(syn::Error::new(span, format!("{message}\ncontract: {contract}\nhelp: {help}")));
    }

    /// Lets the compiler compare a type that only it can see.
    fn assert(&mut self, span: Span, actual: &TokenStream, ty: &TypeRef, node: NodeId, what: &str) {
        let expected = shape::shape(self.types, ty);
        let message = format!(
            "the type of {what} is not what the contract has: {}\ncontract: {}\nhelp: let the type name its place: #[event({})]",
            described(self.types, ty),
            self.place.written(node),
            self.named(node),
        );
        let condition = quote_spanned!(span=> #expected.accepts(&#actual));
        self.assertions.push(quote_spanned!(span=> const _: () = ::core::assert!(#condition, #message);));
    }

    /// Returns the name of a place in an attribute.
    fn named(&self, node: NodeId) -> String {
        let schemas = &self.place.catalog().schemas;
        let target = schemas.target(node);
        let (at, target) = (schemas.pointer(target), schemas.node(target));
        let at = if at.is_empty() { String::new() } else { format!(", at = {at:?}") };
        match self.place.catalog().contract_of(target.file) {
            Some(contract) => format!("topic = {:?}{at}", contract.topic),
            None => format!("file = {:?}{at}", schemas.file(target.file).path),
        }
    }

    /// Returns whether the JSON of a field can be seen; where functions write it, the field must say what they write.
    fn visible(&mut self, field: &RustField<'_>) -> bool {
        let Some(with) = field.serde.with.as_ref().filter(|_| field.event.shape.is_none()) else { return true };
        // The helpers of the runtime crate change how a value is read, and not what it is.
        if with.value().starts_with("eventc::serde_support::") || with.value().starts_with("::eventc::serde_support::") {
            return true;
        }
        let message = format!(
            "{:?} writes or reads `{}`, so its type does not say what it is in JSON\nhelp: add #[event(shape = \"String\")] with the Rust type that has \
             the same JSON, or #[event(unchecked)]",
            with.value(),
            field.ident
        );
        self.errors.push(syn::Error::new(with.span(), message));
        false
    }

    /// Returns whether a type is an enum of strings: its values.
    fn strings(&self, ty: &TypeRef) -> Option<Vec<String>> {
        match ty {
            TypeRef::Named(id) => match &self.types.get(*id).shape {
                Shape::Enum(strings) => Some(strings.members.iter().map(|member| member.value.clone()).collect()),
                _ => None,
            },
            TypeRef::Literal(values, _) => values.iter().map(|value| value.as_str().map(str::to_owned)).collect(),
            _ => None,
        }
    }
}

fn is_transparent(item: &DeriveItem<'_>) -> bool {
    item.serde.transparent
}

/// Returns an assertion on several shapes at once.
fn any_of(expected: &[TokenStream], actual: &TokenStream) -> TokenStream {
    quote!(#(#expected.accepts(&#actual))||*)
}
