//! Types of a contract in words, and as Rust types that fit them.

use eventc_model::types::{IntegerRange, Shape, TypeRef, Types};

use super::contract::resolve;

/// Returns a description of a type: "a number", "a list of strings".
pub(crate) fn described(types: &Types, ty: &TypeRef) -> String {
    match resolve(types, ty) {
        TypeRef::Any | TypeRef::NonObject | TypeRef::Payload => "any value".into(),
        TypeRef::Never => "no value at all".into(),
        TypeRef::Null => "null".into(),
        TypeRef::Bool => "a boolean".into(),
        TypeRef::Integer(range) => integer(*range),
        TypeRef::Number => "a number".into(),
        TypeRef::String(_) => "a string".into(),
        TypeRef::Literal(values, base) => match &values[..] {
            [only] => format!("the constant {only}"),
            _ => format!("{} out of a list", described(types, base)),
        },
        TypeRef::Array(item) => format!("a list, each item {}", described(types, item)),
        TypeRef::Tuple { items, .. } => format!("a list whose first {} items have types of their own", items.len()),
        TypeRef::Map(value) => format!("a map, each value {}", described(types, value)),
        TypeRef::Nullable(inner) => format!("{} or null", described(types, inner)),
        TypeRef::Named(id) => match &types.get(*id).shape {
            Shape::Object(_) => format!("an object ({})", types.get(*id).name),
            Shape::Enum(strings) => {
                let members = &strings.members;
                let values: Vec<String> = members.iter().take(6).map(|member| format!("{:?}", member.value)).collect();
                format!("one of the strings {}{}", values.join(", "), if members.len() > 6 { ", …" } else { "" })
            }
            Shape::Union(_) => format!("one of several types ({})", types.get(*id).name),
            Shape::Alias(_) => "a value".into(),
        },
    }
}

/// Returns a Rust type that fits.
pub(crate) fn rust(types: &Types, ty: &TypeRef) -> String {
    match resolve(types, ty) {
        TypeRef::Any | TypeRef::NonObject | TypeRef::Payload | TypeRef::Tuple { .. } | TypeRef::Never => "serde_json::Value".into(),
        TypeRef::Null => "()".into(),
        TypeRef::Bool => "bool".into(),
        TypeRef::Integer(range) => smallest(*range).into(),
        TypeRef::Number => "f64".into(),
        TypeRef::String(_) => "String".into(),
        TypeRef::Literal(_, base) => rust(types, base),
        TypeRef::Array(item) => format!("Vec<{}>", rust(types, item)),
        TypeRef::Map(value) => format!("BTreeMap<String, {}>", rust(types, value)),
        TypeRef::Nullable(inner) => format!("Option<{}>", rust(types, inner)),
        TypeRef::Named(id) => types.get(*id).name.clone(),
    }
}

/// Returns the smallest integer type that holds the range; 64 bits where the contract states no bound.
fn smallest(range: IntegerRange) -> &'static str {
    match (range.min, range.max) {
        (Some(0..), Some(..=0xff)) => "u8",
        (Some(0..), Some(..=0xffff)) => "u16",
        (Some(0..), Some(..=0xffff_ffff)) => "u32",
        (Some(0..), _) => "u64",
        (Some(-0x80..), Some(..=0x7f)) => "i8",
        (Some(-0x8000..), Some(..=0x7fff)) => "i16",
        (Some(-0x8000_0000..), Some(..=0x7fff_ffff)) => "i32",
        _ => "i64",
    }
}

fn integer(range: IntegerRange) -> String {
    match (range.min, range.max) {
        (None, None) => "an integer without bounds".into(),
        (Some(min), None) => format!("an integer from {min}"),
        (None, Some(max)) => format!("an integer up to {max}"),
        (Some(min), Some(max)) => format!("an integer from {min} to {max}"),
    }
}

/// Returns a list of names: `a`, `b` and `c`.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match &names[..] {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
