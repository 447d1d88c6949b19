//! Values that a schema lists and that are a plain type in Rust: numbers, flags and null. A reader refuses any other in every mode, as a
//! closed enum does.

use eventc_model::types::{Shape, TypeRef};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Value, json};

use crate::{module::ModuleWriter, text};

/// The deepest type that is looked into. Nothing in it is another name for itself: such aliases are newtypes, which ask for themselves.
const MAX_DEPTH: usize = 64;

impl ModuleWriter<'_> {
    /// Returns the listed values of a type as a constant expression of the type `eventc::Schema`; `None` where nothing is listed, or types
    /// of their own ask for it.
    pub(crate) fn listed_values(&self, ty: &TypeRef) -> Option<TokenStream> {
        let schema = text::json_literal(&text::fitted(&self.values_of(ty, 0)?, 4));
        Some(quote!(::eventc::Schema::new(#schema, &[])))
    }

    fn values_of(&self, ty: &TypeRef, depth: usize) -> Option<Value> {
        let inside = |ty: &TypeRef| self.values_of(ty, depth + 1);
        match ty {
            _ if depth > MAX_DEPTH => None,
            TypeRef::Literal(values, _) => Some(json!({ "enum": values })),
            TypeRef::Nullable(inner) => inside(inner).map(or_null),
            TypeRef::Array(item) => inside(item).map(|item| json!({ "items": item })),
            TypeRef::Map(value) => inside(value).map(|value| json!({ "additionalProperties": value })),
            TypeRef::Tuple { items, rest, .. } => {
                let first: Vec<Option<Value>> = items.iter().map(inside).collect();
                let rest = rest.as_deref().and_then(inside);
                let any = first.iter().any(Option::is_some) || rest.is_some();
                let or_true = |values: Option<Value>| values.unwrap_or(Value::Bool(true));
                any.then(|| json!({ "prefixItems": first.into_iter().map(or_true).collect::<Vec<_>>(), "items": or_true(rest) }))
            }
            TypeRef::Named(id) => match &self.types().get(*id).shape {
                Shape::Alias(inner) if !self.emitter.is_newtype(*id) => inside(inner),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Lets null pass besides; what asks lists or maps lets it pass already.
fn or_null(mut values: Value) -> Value {
    if let Some(listed) = values.get_mut("enum").and_then(Value::as_array_mut) {
        listed.push(Value::Null);
    }
    values
}
