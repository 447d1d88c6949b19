//! Types in use: what a [`TypeRef`] is in Rust.

use eventc_model::{
    schema::NodeId,
    types::{IntegerRange, TypeId, TypeRef},
};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use crate::{Numbers, module::ModuleWriter};

/// The longest tuple that is one in Rust; serde and the runtime know no longer ones.
const MAX_TUPLE_LENGTH: usize = 12;

impl ModuleWriter<'_> {
    /// Returns the type in Rust. `node` is the schema that it was derived from, where that is known.
    pub(crate) fn ty(&self, ty: &TypeRef, node: Option<NodeId>) -> TokenStream {
        match ty {
            TypeRef::Integer(range) => self.integer(*range),
            TypeRef::Literal(values, base) => self.ty(&literal(values, base), node),
            TypeRef::Nullable(inner) => {
                let inner = self.ty(inner, node);
                quote!(Option<#inner>)
            }
            TypeRef::Array(item) => {
                let item = self.ty(item, self.child(node, Child::Item));
                quote!(Vec<#item>)
            }
            TypeRef::Map(value) => {
                let value = self.ty(value, self.child(node, Child::Value));
                quote!(::std::collections::BTreeMap<String, #value>)
            }
            TypeRef::Tuple { items, least, rest } => self.list(items, *least, rest.as_deref(), node),
            _ => self.plain(ty),
        }
    }

    /// Returns a list whose items differ by position: a tuple where it always has all of them, a `Vec` where they do not differ in Rust.
    fn list(&self, items: &[TypeRef], least: u64, rest: Option<&TypeRef>, node: Option<NodeId>) -> TokenStream {
        let least = usize::try_from(least).unwrap_or(usize::MAX).min(items.len());
        let places = (0..items.len()).map(|index| self.child(node, Child::At(index)));
        let plain: Vec<TokenStream> = items.iter().zip(places).map(|(item, place)| self.ty(item, place)).collect();
        let rest = rest.map(|rest| self.ty(rest, self.child(node, Child::Item)));
        if rest.is_none() && least == items.len() && items.len() <= MAX_TUPLE_LENGTH {
            let items = self.with_sizes(items, &plain);
            return quote!((#(#items,)*));
        }
        if let Some(item) = only(plain.iter().chain(&rest)) {
            return quote!(Vec<#item>);
        }
        let tail = only(plain[least..].iter().chain(&rest)).filter(|_| rest.is_some() || items.len() - least > 1);
        let length = if tail.is_some() { least } else { items.len() };
        if length > MAX_TUPLE_LENGTH {
            return quote!(Vec<::eventc::serde_json::Value>);
        }
        let sized = self.with_sizes(items, &plain);
        let (first, then) = (&sized[..least], &sized[least..length]);
        match (tail.or(rest.as_ref()), then) {
            (Some(rest), then) => quote!(::eventc::Items<(#(#first,)*), (#(Option<#then>,)*), #rest>),
            (None, []) => quote!(::eventc::Items<(#(#first,)*)>),
            (None, then) => quote!(::eventc::Items<(#(#first,)*), (#(Option<#then>,)*)>),
        }
    }

    /// Returns the items of a tuple: one that holds itself needs a size.
    fn with_sizes(&self, items: &[TypeRef], plain: &[TokenStream]) -> Vec<TokenStream> {
        let sized = |(item, plain): (&TypeRef, &TokenStream)| match item.split_null() {
            (TypeRef::Named(id), nullable) if self.types().get(*id).recursive => {
                let inner = self.named(*id);
                if nullable { quote!(Option<Box<#inner>>) } else { quote!(Box<#inner>) }
            }
            _ => plain.clone(),
        };
        items.iter().zip(plain).map(sized).collect()
    }

    fn plain(&self, ty: &TypeRef) -> TokenStream {
        match ty {
            TypeRef::Null => quote!(()),
            TypeRef::Bool => quote!(bool),
            TypeRef::Number => match self.emitter.options.numbers {
                Numbers::Native => quote!(f64),
                Numbers::Exact => quote!(::eventc::Number),
            },
            TypeRef::String(format) => {
                let formats = &self.emitter.options.formats;
                format.and_then(|format| formats.ty(format)).unwrap_or_else(|| quote!(String))
            }
            TypeRef::Named(id) => self.named(*id),
            TypeRef::Payload => quote!(P),
            TypeRef::Never => quote!(::eventc::Never),
            _ => quote!(::eventc::serde_json::Value),
        }
    }

    fn integer(&self, range: IntegerRange) -> TokenStream {
        if self.is_unbounded(range) { quote!(::eventc::Integer) } else { integer(range) }
    }

    /// Returns whether an integer may be of any size, and the options ask for all of them.
    pub(crate) fn is_unbounded(&self, range: IntegerRange) -> bool {
        let bounded = range.min.is_some() && range.max.is_some() && !range.wide;
        self.emitter.options.integers == Numbers::Exact && !bounded
    }

    /// Returns a named type with its parameter.
    pub(crate) fn named(&self, id: TypeId) -> TokenStream {
        let path = self.path(id);
        if self.types().get(id).generic { quote!(#path<P>) } else { path }
    }

    fn child(&self, node: Option<NodeId>, child: Child) -> Option<NodeId> {
        let schemas = self.schemas();
        let keywords = schemas.keywords(schemas.target(node?))?;
        match child {
            Child::Item => keywords.items,
            Child::Value => keywords.additional_properties,
            Child::At(index) => keywords.prefix_items.get(index).copied(),
        }
    }
}

/// Returns the type that all are, if there is one.
fn only<'a>(types: impl Iterator<Item = &'a TokenStream>) -> Option<&'a TokenStream> {
    types.map(Some).reduce(|known, ty| known.filter(|known| Some(known.to_string()) == ty.map(ToString::to_string))).flatten()
}

#[derive(Clone, Copy)]
enum Child {
    Item,
    Value,
    At(usize),
}

/// Returns the type of listed values: integers lie between the least and the greatest, if those fit.
fn literal(values: &[Value], base: &TypeRef) -> TypeRef {
    let TypeRef::Integer(_) = base else { return base.clone() };
    // What is spelled with a fraction or an exponent is no i64 for serde_json, and seldom large.
    let fits = |value: &Value| value.as_i64().is_some() || value.as_f64().is_some_and(|value| value.abs() < 9e18);
    let bound = |bound: i64| values.iter().all(fits).then_some(i128::from(bound));
    TypeRef::Integer(IntegerRange { min: bound(i64::MIN), max: bound(i64::MAX), wide: false })
}

fn integer(range: IntegerRange) -> TokenStream {
    let (min, max) = (range.min.unwrap_or(i128::from(i64::MIN)), range.max.unwrap_or(i128::from(i64::MAX)));
    if range.wide && min >= 0 {
        quote!(u128)
    } else if range.wide {
        quote!(i128)
    } else if min >= 0 && max <= i128::from(u64::MAX) {
        quote!(u64)
    } else if min >= i128::from(i64::MIN) && max <= i128::from(i64::MAX) {
        quote!(i64)
    } else {
        quote!(i128)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_choose_the_integer() {
        for (min, max, expected) in [
            (None, None, "i64"),
            (Some(0), None, "u64"),
            (Some(0), Some(i128::from(u64::MAX)), "u64"),
            (Some(-1), Some(i128::from(u64::MAX)), "i128"),
            (Some(i128::MIN), None, "i128"),
        ] {
            assert_eq!(integer(IntegerRange { min, max, wide: false }).to_string(), expected);
        }
        for (min, expected) in [(Some(0), "u128"), (Some(-1), "i128"), (None, "i128")] {
            assert_eq!(integer(IntegerRange { min, max: None, wide: true }).to_string(), expected);
        }
    }
}
