//! EV115: a keyword that the schema's dialect does not know.

use eventc_model::{
    diagnostic::{Fix, Level, Rule},
    names::nearest,
    schema::{Dialect, NodeId},
    syntax::escape_pointer,
};

use serde_json::Value;

use crate::lint::{LintContext, RuleReport, conflict::Together};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV115",
    name: "unknown-keyword",
    level: Level::Warning,
    summary: "a keyword that the schema's dialect does not know",
    docs: "\
### What it finds
A keyword that is in no vocabulary of the schema's dialect: a typo, a keyword of a later dialect (`const` in draft 4), one that a
later dialect dropped (`dependencies` in 2020-12), or one of another system (OpenAPI's `nullable`). Keywords that begin with `x-`,
well-known annotations, and containers that a `$ref` leads into are left alone.

### Why it is bad
JSON Schema ignores what it does not know, so that a misspelled `additionalProperties` silently lets everything pass.

### Example
```json
{ \"type\": \"object\", \"additionalProperty\": false }
```

### What to do
Correct the keyword. An annotation of your own begins with `x-`.",
};

/// Since which dialect a keyword judges, and the last that knows it.
const KEYWORDS: &[(&str, Dialect, Dialect)] = {
    use Dialect::{Draft4, Draft6, Draft7, Draft2019, Draft2020};
    &[
        ("$ref", Draft4, Draft2020),
        ("$schema", Draft4, Draft2020),
        ("additionalProperties", Draft4, Draft2020),
        ("allOf", Draft4, Draft2020),
        ("anyOf", Draft4, Draft2020),
        ("oneOf", Draft4, Draft2020),
        ("not", Draft4, Draft2020),
        ("definitions", Draft4, Draft2020),
        ("enum", Draft4, Draft2020),
        ("exclusiveMaximum", Draft4, Draft2020),
        ("exclusiveMinimum", Draft4, Draft2020),
        ("format", Draft4, Draft2020),
        ("items", Draft4, Draft2020),
        ("maxItems", Draft4, Draft2020),
        ("maxLength", Draft4, Draft2020),
        ("maxProperties", Draft4, Draft2020),
        ("maximum", Draft4, Draft2020),
        ("minItems", Draft4, Draft2020),
        ("minLength", Draft4, Draft2020),
        ("minProperties", Draft4, Draft2020),
        ("minimum", Draft4, Draft2020),
        ("multipleOf", Draft4, Draft2020),
        ("pattern", Draft4, Draft2020),
        ("patternProperties", Draft4, Draft2020),
        ("properties", Draft4, Draft2020),
        ("required", Draft4, Draft2020),
        ("type", Draft4, Draft2020),
        ("uniqueItems", Draft4, Draft2020),
        ("id", Draft4, Draft4),
        ("additionalItems", Draft4, Draft2019),
        ("dependencies", Draft4, Draft7),
        ("$id", Draft6, Draft2020),
        ("const", Draft6, Draft2020),
        ("contains", Draft6, Draft2020),
        ("propertyNames", Draft6, Draft2020),
        ("if", Draft7, Draft2020),
        ("then", Draft7, Draft2020),
        ("else", Draft7, Draft2020),
        ("$anchor", Draft2019, Draft2020),
        ("$recursiveAnchor", Draft2019, Draft2019),
        ("$recursiveRef", Draft2019, Draft2019),
        ("$vocabulary", Draft2019, Draft2020),
        ("dependentRequired", Draft2019, Draft2020),
        ("dependentSchemas", Draft2019, Draft2020),
        ("maxContains", Draft2019, Draft2020),
        ("minContains", Draft2019, Draft2020),
        ("unevaluatedItems", Draft2019, Draft2020),
        ("unevaluatedProperties", Draft2019, Draft2020),
        ("$dynamicAnchor", Draft2020, Draft2020),
        ("$dynamicRef", Draft2020, Draft2020),
        ("prefixItems", Draft2020, Draft2020),
    ]
};

/// Annotations that every dialect may carry: they judge nothing, and eventc reads them wherever they stand.
const ANNOTATIONS: &[&str] = &[
    "$comment", "$defs", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "contentEncoding",
    "contentMediaType", "contentSchema",
];

/// Annotations of well-known tools that mean no harm.
const FOREIGN: &[&str] = &[
    "$async", "$generated", "$version", "apiVersion", "body", "bodyText", "boost", "defaultSnippets", "deprecationMessage",
    "doNotSuggest", "enumDescriptions", "enumNames", "errorMessage", "existingJavaType", "markdownDescription", "markdownEnumDescriptions", "meta:enum", "messages", "options", "patternErrorMessage",
    "suggestSortText", "allowComments", "allowTrailingCommas", "links", "media", "base",
];

/// Keywords of other systems, with what is often meant by them.
const MEANT: &[(&str, &str)] = &[
    ("nullable", "JSON Schema has no `nullable`: add \"null\" to `type`"),
    ("example", "JSON Schema has `examples`, a list"),
    ("discriminator", "JSON Schema has no `discriminator`: give each branch of `oneOf` a `const` property"),
    ("optional", "a property is optional unless `required` lists it"),
    ("id", "since draft 6 the keyword is `$id`"),
    ("additionalItems", "in 2020-12 `items` describes the items after `prefixItems`"),
    ("dependencies", "since 2019-09 there are `dependentRequired` and `dependentSchemas`"),
    ("$recursiveRef", "in 2020-12 there is `$dynamicRef`"),
    ("$recursiveAnchor", "in 2020-12 there is `$dynamicAnchor`"),
    ("divisibleBy", "since draft 4 the keyword is `multipleOf`"),
    ("disallow", "since draft 4 the keyword is `not`"),
    ("extends", "since draft 4 the keyword is `allOf`"),
];

/// Finds such keywords.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for (id, _) in cx.nodes() {
        let Some(raw) = cx.schemas().raw(id).as_object() else { continue };
        let dialect = cx.schemas().node(id).dialect;
        for key in raw.keys() {
            let key = key.as_str();
            if key.starts_with("x-") || ANNOTATIONS.contains(&key) || FOREIGN.contains(&key) || is_tools(key) {
                continue;
            }
            let known = KEYWORDS.iter().find(|(name, _, _)| *name == key);
            if known.is_some_and(|(_, since, last)| (*since..=*last).contains(&dialect)) || is_container(cx, id, key) {
                continue;
            }
            if key == "discriminator" && is_followed(cx, id, &raw[key]) {
                continue;
            }
            if !report.has_room(cx.schemas().node(id).file) {
                report.pass(cx.schemas().node(id).file);
                continue;
            }
            let (message, help, near) = explain(key, known.map(|(_, since, _)| *since), dialect);
            let told = report.member(cx, id, &escape_pointer(key), message, help);
            if let Some((told, near)) = told.zip(near.filter(|near| !raw.contains_key(*near))) {
                told.fix(Fix::Key(near.to_owned()));
            }
        }
    }
}

/// Returns whether each branch of a union states which value of the discriminator's property it is for: then the keyword says what the
/// schema says.
fn is_followed(cx: &LintContext<'_>, id: NodeId, discriminator: &Value) -> bool {
    let Some(name) = discriminator.get("propertyName").and_then(Value::as_str) else { return false };
    let Some(keywords) = cx.schemas().keywords(id) else { return false };
    let branches: Vec<NodeId> = keywords.one_of.iter().chain(&keywords.any_of).copied().collect();
    let states = |property: &NodeId| {
        Together::of(cx, &[*property]).keywords.iter().any(|keywords| keywords.const_value.is_some() || keywords.enum_values.is_some())
    };
    let is_told = |branch: &NodeId| {
        let together = Together::of(cx, &[*branch]);
        let mut properties = together.keywords.iter().flat_map(|keywords| &keywords.properties);
        properties.any(|(known, property)| known == name && states(property))
    };
    !branches.is_empty() && branches.iter().all(is_told)
}

/// Generators of other languages prefix theirs with the language: `tsType`, `javaName`.
fn is_tools(key: &str) -> bool {
    let rest = ["ts", "java", "csharp", "go", "py", "rust", "kotlin", "swift"].into_iter().find_map(|language| key.strip_prefix(language));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
}

/// Returns what is wrong, what to do, and the keyword that is meant where it is nearly the same word.
fn explain(key: &str, since: Option<Dialect>, dialect: Dialect) -> (String, String, Option<&'static str>) {
    let here = short(dialect);
    let meant = MEANT.iter().find(|(name, _)| *name == key).map(|(_, help)| (*help).to_owned());
    match since {
        Some(since) if since > dialect => (
            format!("`{key}` does nothing here: it came with {}, and this schema is of {here}", short(since)),
            format!("declare `\"$schema\": \"{}\"`, or express it in the words of {here}", since.uri()),
            None,
        ),
        Some(_) => (format!("`{key}` does nothing here: {here} no longer has it"), meant.unwrap_or_else(|| "remove it".into()), None),
        None => {
            let known = KEYWORDS.iter().filter(|(_, since, last)| (*since..=*last).contains(&dialect)).map(|(name, _, _)| *name);
            let near = nearest(key, known.chain(ANNOTATIONS.iter().copied())).filter(|_| meant.is_none());
            let help = meant.or_else(|| near.map(|near| format!("did you mean `{near}`?")));
            let help = help.unwrap_or_else(|| "correct it, or begin the name of an annotation with `x-`".into());
            (format!("{here} has no keyword `{key}`"), help, near)
        }
    }
}

fn short(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Draft4 => "draft 4",
        Dialect::Draft6 => "draft 6",
        Dialect::Draft7 => "draft 7",
        Dialect::Draft2019 => "draft 2019-09",
        Dialect::Draft2020 => "draft 2020-12",
    }
}

/// Returns whether a reference leads to a schema below the keyword, such as `#/components/schemas/x`.
fn is_container(cx: &LintContext<'_>, id: NodeId, key: &str) -> bool {
    let pointer = || format!("{}/{}", cx.schemas().pointer(id), escape_pointer(key));
    cx.has_late_nodes() && cx.holds_late_node(cx.schemas().node(id).file, &pointer())
}
