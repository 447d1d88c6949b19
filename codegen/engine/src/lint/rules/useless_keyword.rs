//! EV112: a keyword can never matter where it stands.

use eventc_model::{
    diagnostic::{Level, Rule},
    schema::{Keywords, Kind, Kinds, NodeId},
};
use serde_json::Value;

use crate::lint::{LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV112",
    name: "useless-keyword",
    level: Level::Warning,
    summary: "a keyword can never matter where it stands",
    docs: "\
### What it finds
A keyword that the `type` beside it makes useless, one that needs another keyword which is absent (`then` without `if`), and, up to
draft 7, a keyword beside `$ref`, which hides it.

### Why it is bad
The author believes that values are checked, and they are not.

### Example
```json
{ \"type\": \"integer\", \"minLength\": 1 }
```

### What to do
Use the keyword that fits the type (here `minimum`), or remove it. Beside a `$ref` of an older draft, put both into an `allOf`.",
};

/// Keywords that only judge values of some types.
const BY_TYPE: &[(&[Kind], &[&str])] = &[
    (&[Kind::Number, Kind::Integer], &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    (&[Kind::String], &["minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType", "contentSchema"]),
    (
        &[Kind::Array],
        &["items", "prefixItems", "additionalItems", "contains", "minContains", "maxContains", "minItems", "maxItems", "uniqueItems", "unevaluatedItems"],
    ),
    (
        &[Kind::Object],
        &[
            "properties",
            "patternProperties",
            "additionalProperties",
            "propertyNames",
            "required",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "dependentSchemas",
            "dependencies",
            "unevaluatedProperties",
        ],
    ),
];

/// Keywords that do nothing without one of the others.
const NEEDS: &[(&str, &[&str])] =
    &[("then", &["if"]), ("else", &["if"]), ("if", &["then", "else"]), ("minContains", &["contains"]), ("maxContains", &["contains"])];

/// Keywords beside `$ref` that say nothing of values, or are understood there all the same.
const HARMLESS: &[&str] = &[
    "$ref", "$schema", "$id", "id", "$comment", "title", "description", "default", "examples", "example", "deprecated", "readOnly",
    "writeOnly", "definitions", "$defs",
];

/// Finds such keywords.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for (id, keywords) in cx.nodes() {
        let Some(raw) = cx.schemas().raw(id).as_object() else { continue };
        let dialect = cx.schemas().node(id).dialect;
        if dialect.ref_hides_siblings() && raw.get("$ref").is_some_and(Value::is_string) {
            for key in raw.keys().filter(|key| !HARMLESS.contains(&key.as_str()) && !key.starts_with("x-")) {
                let message = format!("`{key}` does nothing here: up to draft 7, a `$ref` hides every keyword beside it");
                report_key(cx, id, key, message, "put the `$ref` and the keyword into an `allOf`", report);
            }
            continue;
        }
        if let Some(kinds) = keywords.types {
            by_type(cx, id, kinds, raw, report);
            dead_values(cx, id, kinds, keywords, report);
        }
        for (key, needs) in NEEDS {
            if raw.contains_key(*key) && !needs.iter().any(|needed| raw.contains_key(*needed)) {
                let needed = needs.iter().map(|needed| format!("`{needed}`")).collect::<Vec<_>>().join(" or ");
                report_key(cx, id, key, format!("`{key}` does nothing without {needed}"), "add what it needs, or remove it", report);
            }
        }
    }
}

/// Values of an `enum` that the type beside it refuses, where it takes others.
fn dead_values(cx: &LintContext<'_>, id: NodeId, kinds: Kinds, keywords: &Keywords, report: &mut RuleReport) {
    let values = keywords.enum_values.as_deref().unwrap_or_default();
    let fits = |value: &Value| {
        let kind = Kind::of_value(value);
        kinds.contains(kind) || (kind == Kind::Integer && kinds.contains(Kind::Number))
    };
    if !values.iter().any(fits) {
        return;
    }
    let types = kinds.iter().map(Kind::as_str).collect::<Vec<_>>().join(" or ");
    for (index, value) in values.iter().enumerate().filter(|(_, value)| !fits(value)) {
        let help = match value {
            Value::Null => "add \"null\" to `type`, or remove the value".to_owned(),
            Value::Bool(_) | Value::Number(_) if kinds.contains(Kind::String) => format!("write \"{value}\" in quotes, or remove it"),
            _ => "correct the value, or remove it".to_owned(),
        };
        report.keyword(cx, id, &format!("enum/{index}"), format!("no value is {value} here: it is listed, and this is of type {types}"), help);
    }
}

fn by_type(cx: &LintContext<'_>, id: NodeId, kinds: Kinds, raw: &serde_json::Map<String, Value>, report: &mut RuleReport) {
    for (judged, keywords) in BY_TYPE {
        if judged.iter().any(|kind| kinds.contains(*kind)) {
            continue;
        }
        // A flag that draft 3 had here is told as what it is.
        let is_said = |key: &str| raw.get(key).is_some_and(|value| key != "required" || !value.is_boolean());
        for key in keywords.iter().filter(|key| is_said(key)) {
            let types = kinds.iter().map(Kind::as_str).collect::<Vec<_>>().join(" or ");
            let judged = judged.first().map_or("", |kind| kind.as_str());
            let message = format!("`{key}` does nothing here: it judges {judged}s, and this is of type {types}");
            report_key(cx, id, key, message, "use a keyword that fits the type, or remove it", report);
        }
    }
}

fn report_key(cx: &LintContext<'_>, id: NodeId, key: &str, message: String, help: &str, report: &mut RuleReport) {
    report.member(cx, id, &eventc_model::syntax::escape_pointer(key), message, help);
}
