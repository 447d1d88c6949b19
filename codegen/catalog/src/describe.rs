//! Types and constraints in words.

use std::collections::HashSet;

use eventc_model::{
    config::Broker,
    metadata::Stability,
    schema::{Keywords, NodeId, Schema},
    types::{Shape, TypeId, TypeRef},
    words,
};
use serde_json::Value;

use super::{markup::Markup, site::Site};

/// The maximum number of values of an enum that is listed inline; longer ones are listed apart.
pub(super) const INLINE_VALUES: usize = 8;

/// Returns the name of a broker, as its makers write it.
pub(super) fn broker(broker: Broker) -> &'static str {
    match broker {
        Broker::Kafka => "Kafka",
        Broker::Rabbitmq => "RabbitMQ",
    }
}

/// Returns the promise of a contract, in a word.
pub(super) fn stability(stability: Stability) -> &'static str {
    match stability {
        Stability::Stable => "stable",
        Stability::Unstable => "unstable",
    }
}

/// Returns a type as a link, where it has a heading.
pub(super) type TypeLinks<'l> = dyn FnMut(TypeId) -> Option<String> + 'l;

/// Returns the description of a type on a page.
pub(super) fn of_type(site: &Site<'_>, ty: &TypeRef, link: &mut TypeLinks<'_>) -> String {
    match ty {
        TypeRef::String(Some(format)) => format!("{} ({})", ty.word(), format.as_str()),
        TypeRef::Literal(values, _) => {
            values.iter().take(INLINE_VALUES).map(|value| site.markup.code(&value.to_string())).collect::<Vec<_>>().join(" or ")
        }
        TypeRef::Array(inner) => format!("list of {}", of_type(site, inner, link)),
        TypeRef::Tuple { items, rest, .. } => {
            let words: Vec<String> = items.iter().map(|item| of_type(site, item, link)).collect();
            let rest = rest.as_ref().map(|rest| format!(", then {}", of_type(site, rest, link))).unwrap_or_default();
            format!("tuple of {}{rest}", words.join(", "))
        }
        TypeRef::Map(inner) => format!("map to {}", of_type(site, inner, link)),
        TypeRef::Nullable(inner) => format!("{} or null", of_type(site, inner, link)),
        TypeRef::Named(id) => {
            let own = link(*id);
            let what = match &site.input.types.get(*id).shape {
                Shape::Object(_) => "object".to_owned(),
                Shape::Enum(_) => "enum".to_owned(),
                Shape::Union(_) => "one of several".to_owned(),
                // What it stands for is linked under its heading.
                Shape::Alias(inner) if own.is_some() => of_alias(site, inner, &mut |_| None),
                Shape::Alias(inner) => of_alias(site, inner, link),
            };
            own.map_or_else(|| what.clone(), |own| format!("{what}, {own}"))
        }
        _ => ty.word().into(),
    }
}

/// Returns what an alias stands for, one step deep: aliases can lead to each other.
fn of_alias(site: &Site<'_>, ty: &TypeRef, link: &mut TypeLinks<'_>) -> String {
    match ty.split_null().0 {
        TypeRef::Named(id) => link(*id).unwrap_or_else(|| site.markup.text(&site.input.types.get(*id).name)),
        TypeRef::Array(_) | TypeRef::Map(_) | TypeRef::Tuple { .. } => ty.word().into(),
        _ => of_type(site, ty, link),
    }
}

/// Formats that stand beside the type.
const TYPED: &[&str] = &[
    "date-time",
    "date",
    "time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "uuid",
    "regex",
    "json-pointer",
];

/// Returns everything that applies at a schema's place without a step into the document: itself, what it refers to, its `allOf`.
pub(super) fn applying<'a>(site: &Site<'a>, node: NodeId) -> Vec<&'a Keywords> {
    // Few schemas apply to one place: a list is searched faster than a set is made.
    let (mut found, mut seen, mut pending) = (Vec::new(), Vec::new(), vec![node]);
    while let Some(id) = pending.pop() {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        if let Some(keywords) = site.input.catalog.schemas.keywords(id) {
            found.push(keywords);
            pending.extend(keywords.all_of.iter().rev());
            pending.extend(keywords.referred());
        }
    }
    found
}

/// Returns the constraints at a schema's place, each finished for its page; `below` says where a long list of values stands.
pub(super) fn constraints(site: &Site<'_>, node: NodeId, below: &str) -> Vec<String> {
    constraints_of(site, &applying(site, node), below)
}

/// Returns the constraints of some schemas for one place.
pub(super) fn constraints_of(site: &Site<'_>, all: &[&Keywords], below: &str) -> Vec<String> {
    let mut out = Vec::new();
    for keywords in all {
        values(site.markup, keywords, below, &mut out);
        out.extend(words::avro(keywords, &code(site.markup)));
        out.extend(words::numbers(keywords));
        strings(site.markup, keywords, &mut out);
        containers(site, keywords, &mut out);
    }
    for keywords in all {
        notes(site.markup, keywords, &mut out);
    }
    let mut seen = HashSet::new();
    out.retain(|constraint| seen.insert(constraint.clone()));
    out
}

fn values(markup: Markup, keywords: &Keywords, below: &str, out: &mut Vec<String>) {
    if let Some(value) = &keywords.const_value {
        out.push(format!("always {}", value_code(markup, value)));
    }
    if let Some(values) = &keywords.enum_values {
        if values.len() > INLINE_VALUES {
            out.push(format!("one of {} values{below}", values.len()));
        } else {
            let words: Vec<String> = values.iter().map(|value| value_code(markup, value)).collect();
            out.push(format!("one of {}", words.join(", ")));
        }
    }
}

fn strings(markup: Markup, keywords: &Keywords, out: &mut Vec<String>) {
    // The type says these formats already.
    let typed =
        keywords.format.as_ref().filter(|format| TYPED.contains(&format.as_str())).map(|format| words::format(format, &code(markup)));
    out.extend(words::strings(keywords, &code(markup)).into_iter().filter(|phrase| Some(phrase) != typed.as_ref()));
}

fn code(markup: Markup) -> impl Fn(&str) -> String {
    move |text| markup.code(text)
}

fn containers(site: &Site<'_>, keywords: &Keywords, out: &mut Vec<String>) {
    out.extend(words::containers(keywords));
    if keywords.contains.is_some() {
        out.push("holds certain items".into());
    }
    let closes = |id: Option<NodeId>| id.is_some_and(|id| matches!(site.input.catalog.schemas.node(id).schema, Schema::Bool(false)));
    if closes(keywords.additional_properties) || closes(keywords.unevaluated_properties) {
        out.push("no other properties".into());
    }
    for (key, needed) in &keywords.dependent_required {
        let needed: Vec<String> = needed.iter().map(|name| site.markup.code(name)).collect();
        out.push(format!("{} asks for {}", site.markup.code(key), needed.join(", ")));
    }
    for (word, inner) in [("each item", keywords.items), ("each value", keywords.additional_properties)] {
        let Some(inner) = inner else { continue };
        // Lists and maps of objects have rows of their own for what they hold.
        let simple = applying(site, inner).iter().all(|keywords| keywords.properties.is_empty() && keywords.items.is_none());
        if simple && !applying(site, inner).is_empty() {
            let (mut inside, schemas) = (Vec::new(), applying(site, inner));
            for keywords in schemas {
                values(site.markup, keywords, "", &mut inside);
                inside.extend(words::numbers(keywords));
                strings(site.markup, keywords, &mut inside);
            }
            if !inside.is_empty() {
                out.push(format!("{word}: {}", inside.join(", ")));
            }
        }
    }
}

fn notes(markup: Markup, keywords: &Keywords, out: &mut Vec<String>) {
    if let Some(default) = &keywords.default {
        out.push(format!("default {}", value_code(markup, default)));
    }
    if keywords.not.is_some() || keywords.if_schema.is_some() || !keywords.dependent_schemas.is_empty() {
        out.push("further conditions in the schema".into());
    }
    if keywords.read_only {
        out.push("read only".into());
    }
    if keywords.write_only {
        out.push("write only".into());
    }
}

/// Returns a value as it reads best: strings without quotes where nothing is lost by it.
pub(super) fn value_code(markup: Markup, value: &Value) -> String {
    match value {
        Value::String(text) if !text.is_empty() && text.trim() == text => markup.code(text),
        value => markup.code(&value.to_string()),
    }
}
