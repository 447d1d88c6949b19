//! TOML, for the configuration file: the same document, with places from the parser's own spans.

use serde_json::{Map, Number, Value};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Parsed, Span, SyntaxProblem};
use crate::diagnostic;

pub(super) fn parse(text: &str) -> Parsed {
    let (table, errors) = DeTable::parse_recoverable(text);
    let problems: Vec<_> = errors
        .iter()
        .map(|error| {
            SyntaxProblem::new(
                &diagnostic::SYNTAX,
                error.span().map_or(0, |span| span.start),
                format!("not valid TOML: {}", error.message()),
            )
        })
        .collect();
    let broken = !problems.is_empty();
    Parsed { value: (!broken).then(|| object(table.get_ref())), problems, broken, plain: None }
}

pub(super) fn locate(text: &str, parts: &[String]) -> Span {
    let (table, _) = DeTable::parse_recoverable(text);
    let mut found = Span { key: None, value: table.span().start };
    let root = Spanned::new(table.span(), DeValue::Table(table.into_inner()));
    let mut value = &root;
    for part in parts {
        let next = match value.get_ref() {
            DeValue::Table(table) => {
                table.iter().find(|(key, _)| key.get_ref() == part).map(|(key, value)| (Some(key.span().start), value))
            }
            DeValue::Array(items) => part.parse::<usize>().ok().and_then(|index| items.get(index)).map(|value| (None, value)),
            _ => None,
        };
        let Some((key, next)) = next else { break };
        found = Span { key, value: next.span().start };
        value = next;
    }
    found
}

fn object(table: &DeTable<'_>) -> Value {
    Value::Object(table.iter().map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref()))).collect::<Map<_, _>>())
}

fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).map_or_else(|_| Value::String(integer.to_string()), Value::from)
        }
        DeValue::Float(float) => {
            float.as_str().parse().ok().and_then(Number::from_f64).map_or_else(|| Value::String(float.to_string()), Value::Number)
        }
        DeValue::Boolean(boolean) => Value::Bool(*boolean),
        // Dates in the configuration are compared and shown as text.
        DeValue::Datetime(datetime) => Value::String(datetime.to_string()),
        DeValue::Array(items) => Value::Array(items.iter().map(|item| json(item.get_ref())).collect()),
        DeValue::Table(table) => object(table),
    }
}
