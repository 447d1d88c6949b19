//! Identifiers that Python, pydantic and msgspec take.

use std::collections::HashSet;

use eventc_emit::scope::unique;
use eventc_model::names;

/// Keywords, and names whose meaning a class body needs.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
    "while", "with", "yield",
];

/// Names that annotations beside a field use.
const BUILTINS: &[&str] = &[
    "bool",
    "cls",
    "dict",
    "field",
    "float",
    "int",
    "list",
    "object",
    "property",
    "self",
    "staticmethod",
    "str",
    "super",
    "tuple",
    "type",
];

/// Names that the base classes of models define.
const MEMBERS: &[&str] = &[
    "construct",
    "copy",
    "dict",
    "extra",
    "from_orm",
    "json",
    "model_computed_fields",
    "model_config",
    "model_construct",
    "model_copy",
    "model_dump",
    "model_dump_json",
    "model_extra",
    "model_fields",
    "model_fields_set",
    "model_json_schema",
    "model_parametrized_name",
    "model_post_init",
    "model_rebuild",
    "model_validate",
    "model_validate_json",
    "model_validate_strings",
    "parse_file",
    "parse_obj",
    "parse_raw",
    "schema",
    "schema_json",
    "update_forward_refs",
    "validate",
];

/// Names that a module with contents defines beside its types, so that no module below it can be called so.
pub(super) const FUNCTIONS: &[&str] = &[
    "check",
    "check_event",
    "decode",
    "decode_event",
    "encode",
    "encode_valid",
    "encode_valid_event",
    "fields_of",
    "model",
    "topic",
    "topics",
    "validate",
    "validate_event",
    "validate_json",
    "wrap",
];

/// Returns a field's name; `ident` is snake_case and unique in its object, and stays so. What is renamed ends with an
/// underscore, which no other identifier does.
pub(super) fn field(ident: &str) -> String {
    let ident = ascii_safe(ident);
    // A leading underscore makes an attribute private.
    if ident.starts_with('_') {
        return format!("field{ident}_");
    }
    if [KEYWORDS, BUILTINS, MEMBERS].iter().any(|words| words.contains(&ident.as_str())) { format!("{ident}_") } else { ident }
}

/// Returns unique field names for the identifiers of one object.
pub(super) fn fields<'a>(idents: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken = HashSet::new();
    idents.map(|ident| unique(&field(ident), &mut taken)).collect()
}

/// Returns a type's name: it begins with a capital, so that it never meets a field, a function or a module.
pub(super) fn ty(name: &str) -> String {
    let name = ascii_safe(name);
    if !name.starts_with(|c: char| c.is_ascii_uppercase()) {
        return format!("T_{}", name.trim_start_matches('_'));
    }
    if KEYWORDS.contains(&name.as_str()) || RESERVED.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// Constants of a module.
const RESERVED: &[&str] = &["TOPIC", "SCHEMAS", "T", "TYPE_CHECKING"];

/// Returns a part of a module's path.
pub(super) fn module(part: &str) -> String {
    let part = ascii_safe(part);
    let part = if part.starts_with(|c: char| c.is_ascii_lowercase()) { part } else { format!("m{part}") };
    if KEYWORDS.contains(&part.as_str()) { format!("{part}_") } else { part }
}

/// Returns the names of an enum's members, in capitals.
pub(super) fn members(values: &[&str]) -> Vec<String> {
    constants(values, constant)
}

/// Returns the names of topics, in capitals, beside the list of all of them.
pub(super) fn topics(topics: &[&str]) -> Vec<String> {
    constants(topics, |topic| Some(constant(topic)).filter(|name| name != "ALL").unwrap_or_else(|| "ALL_".into()))
}

fn constants(texts: &[&str], fold: fn(&str) -> String) -> Vec<String> {
    let mut taken = HashSet::new();
    names::idents(texts, fold).into_iter().map(|ident| unique(&ident, &mut taken)).collect()
}

/// Returns a text as a constant's name.
pub(super) fn constant(text: &str) -> String {
    let plain = names::snake(text);
    let signed = plain.starts_with('_') && !text.starts_with(char::is_numeric);
    let ident = if signed { names::snake(&names::transliterate(text)) } else { plain };
    let ident = ascii_safe(&ident).to_uppercase();
    match ident.chars().next() {
        None => ident,
        Some(c) if c.is_ascii_uppercase() => ident,
        Some('_') => format!("VALUE{ident}"),
        Some(_) => format!("VALUE_{ident}"),
    }
}

/// Makes a name safe for NFKC: Python folds identifiers by it, so that two spellings are one name, and a module's file is not
/// found. Letters that the folding is known to leave alone stay; others are spelled by their number.
fn ascii_safe(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c == '_' || c.is_ascii_alphanumeric() || is_stable(c) {
            out.push(c);
        } else {
            out.push_str(&format!("u{:x}", u32::from(c)));
        }
    }
    out
}

fn is_stable(c: char) -> bool {
    matches!(c,
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ı' | 'Ĵ'..='ľ' | 'Ł'..='ň' | 'Ŋ'..='ž'
        | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'ά'..='ώ' | 'Ѐ'..='ҁ' | 'Ҋ'..='ԯ' | 'א'..='ת' | 'ء'..='ي'
        | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_leave_the_name_of_their_list_alone() {
        assert_eq!(topics(&["all", "order.all", "none"]), ["ALL_", "ORDER_ALL", "NONE"]);
        assert_eq!(topics(&["ALL", "all"]).iter().filter(|name| *name == "ALL").count(), 0);
    }

    #[test]
    fn fields_avoid_keywords_builtins_and_members() {
        let idents = ["class", "str", "copy", "_3d", "model_dump", "model_name", "name", "match"];
        let expected = ["class_", "str_", "copy_", "field_3d_", "model_dump_", "model_name", "name", "match"];
        assert_eq!(fields(idents.into_iter()), expected);
    }

    #[test]
    fn types_begin_with_a_capital() {
        for (name, expected) in [("Order", "Order"), ("None", "None_"), ("_3dModel", "T_3dModel"), ("注文", "T_注文"), ("ﬁx", "T_ufb01x")]
        {
            assert_eq!(ty(name), expected);
        }
    }

    #[test]
    fn members_are_capitals_and_apart() {
        assert_eq!(
            members(&["active", "in-progress", "+1", "-1", "Active"]),
            ["LOWER_ACTIVE_", "IN_PROGRESS", "PLUS_1", "MINUS_1", "MIXED_ACTIVE_"]
        );
    }
}
