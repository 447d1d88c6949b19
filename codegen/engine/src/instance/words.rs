//! The refusals of the validator, in the sentences of every generated language.

use std::{borrow::Cow, collections::HashMap};

use eventc_model::{
    schema::{Kind, Kinds, Schemas, are_equal, patterns::portable},
    syntax::escape_pointer,
    violations::{counted, found, literal, one_of, say, shortened, types},
};
use jsonschema::{
    JsonType, ValidationError,
    error::{TypeKind, ValidationErrorKind as Refused},
};
use serde_json::Value;

use super::{InstanceProblem, library};

/// The maximum length of a message of the validator itself, in characters.
const MAX_MESSAGE_LENGTH: usize = 960;

/// A detail that the validator does not say of a keyword that it found broken.
#[derive(Debug)]
pub(super) enum ErrorDetail {
    /// The number of items that `minContains` or `maxContains` asks for.
    Count(u64),
    /// The pattern that was respelled.
    Pattern(String),
    /// The maximum length of a text that has a pattern too.
    MaxLength(u64),
    /// The properties that others ask for.
    DependentRequired(Vec<(String, Vec<String>)>),
}

/// By the place of the keyword.
pub(super) type ErrorDetails = HashMap<String, ErrorDetail>;

/// Gathers the keywords of which the validator does not say all.
pub(super) fn places(schemas: &Schemas) -> ErrorDetails {
    let mut places = ErrorDetails::new();
    for id in schemas.ids() {
        let Some(keywords) = schemas.keywords(id) else { continue };
        let node = schemas.node(id);
        let mut add = |keyword: &str, asked: ErrorDetail| {
            places.insert(format!("{}#{}/{keyword}", schemas.file(node.file).path, schemas.pointer(id)), asked);
        };
        keywords.min_contains.into_iter().for_each(|count| add("minContains", ErrorDetail::Count(count)));
        keywords.max_contains.into_iter().for_each(|count| add("maxContains", ErrorDetail::Count(count)));
        let written = keywords.written_pattern.as_deref().or(keywords.pattern.as_deref());
        if let Some(length) = keywords.max_length.filter(|_| written.is_some()) {
            add("maxLength", ErrorDetail::MaxLength(length));
        }
        if let Some(written) = written.filter(|written| portable(written).is_some_and(|portable| portable != **written)) {
            add("pattern", ErrorDetail::Pattern(written.to_owned()));
        }
        if !keywords.dependent_required.is_empty() {
            let keyword = if schemas.raw(id).get("dependentRequired").is_some() { "dependentRequired" } else { "dependencies" };
            add(keyword, ErrorDetail::DependentRequired(keywords.dependent_required.clone()));
        }
    }
    places
}

/// Returns what an error says: of several properties or items that must be absent, each for itself.
pub(super) fn problems(error: &ValidationError<'_>, places: &ErrorDetails) -> Vec<InstanceProblem> {
    let place = error.absolute_keyword_location().map(|uri| library::place(uri.as_str()));
    let schema = place.unwrap_or_else(|| format!("#{}", error.schema_path().as_str()));
    // The validator counts a list of asked properties as a schema within.
    let schema = schema.strip_suffix("/0").filter(|place| places.contains_key(*place)).map_or(schema.clone(), str::to_owned);
    let instance = error.instance_path().as_str();
    let problem = |instance: String, message: String, value: &Value| InstanceProblem {
        message: format!("{message}, found {}", found(value)),
        keyword: error.kind().keyword().to_owned(),
        schema: schema.clone(),
        instance,
    };
    match error.kind() {
        Refused::AdditionalProperties { unexpected } | Refused::UnevaluatedProperties { unexpected } => {
            let members = unexpected.iter().filter_map(|name| Some((name, error.instance().get(name)?)));
            members.map(|(name, value)| problem(format!("{instance}/{}", escape_pointer(name)), absent(), value)).collect()
        }
        Refused::AdditionalItems { .. } | Refused::UnevaluatedItems { .. } => {
            let items = error.instance().as_array().map_or(&[][..], Vec::as_slice);
            unexpected_items(error.kind(), items).map(|index| problem(format!("{instance}/{index}"), absent(), &items[index])).collect()
        }
        Refused::PropertyNames { error: inner } => {
            let name = inner.instance();
            let at = name.as_str().map_or_else(|| instance.to_owned(), |name| format!("{instance}/{}", escape_pointer(name)));
            let of_name =
                |inner: InstanceProblem| InstanceProblem { instance: at.clone(), message: format!("the name {}", inner.message), ..inner };
            problems(inner, places).into_iter().map(of_name).collect()
        }
        // Nobody else asks the pattern of a text that is too long.
        Refused::Pattern { .. } if is_too_long(error.instance(), &schema, places) => Vec::new(),
        kind => vec![problem(instance.to_owned(), sentence(kind, error, &schema, places), error.instance())],
    }
}

/// Returns whether the schema that holds a pattern refuses a text for its length as well.
fn is_too_long(value: &Value, pattern: &str, places: &ErrorDetails) -> bool {
    let holder = pattern.strip_suffix("pattern").unwrap_or(pattern);
    match (value, places.get(&format!("{holder}maxLength"))) {
        (Value::String(text), Some(ErrorDetail::MaxLength(length))) => text.chars().count() as u64 > *length,
        _ => false,
    }
}

fn absent() -> String {
    say("false", |_| String::new())
}

/// Returns those of a list's items that must be absent. Equal ones that others have judged stand before them.
fn unexpected_items(kind: &Refused, items: &[Value]) -> impl Iterator<Item = usize> {
    let mut found = Vec::new();
    match kind {
        Refused::AdditionalItems { limit } => found.extend(*limit..items.len()),
        Refused::UnevaluatedItems { unexpected } => {
            let mut wanted = unexpected.iter().rev().peekable();
            for (index, item) in items.iter().enumerate().rev() {
                let shown = item.to_string();
                found.extend(wanted.next_if(|text| **text == shown).map(|_| index));
            }
            found.reverse();
        }
        _ => {}
    }
    found.into_iter()
}

/// Returns the sentence of a keyword.
fn sentence(kind: &Refused, error: &ValidationError<'_>, schema: &str, places: &ErrorDetails) -> String {
    let with = |key: &str, value: String| say(key, |_| value.clone());
    let keyword = kind.keyword();
    match kind {
        Refused::Type { kind } => with("type", types(kinds(kind))),
        Refused::Constant { expected_value } => with("const", literal(expected_value)),
        Refused::Enum { options } => match options.as_array().map_or(&[][..], Vec::as_slice) {
            [only] => with("const", literal(only)),
            several => with("enum", one_of(several)),
        },
        Refused::Minimum { limit }
        | Refused::Maximum { limit }
        | Refused::ExclusiveMinimum { limit }
        | Refused::ExclusiveMaximum { limit } => with(keyword, shortened(&limit.to_string())),
        Refused::MultipleOf { multiple_of } => with(keyword, shortened(&multiple_of.to_string())),
        Refused::MinLength { limit } | Refused::MaxLength { limit } => with(keyword, counted(*limit, "character", "characters")),
        Refused::MinItems { limit } | Refused::MaxItems { limit } => with(keyword, counted(*limit, "item", "items")),
        Refused::MinProperties { limit } | Refused::MaxProperties { limit } => with(keyword, counted(*limit, "property", "properties")),
        Refused::Pattern { pattern } => {
            let asked = if let Some(ErrorDetail::Pattern(asked)) = places.get(schema) { asked } else { pattern };
            with(keyword, shortened(asked))
        }
        Refused::BacktrackLimitExceeded { .. } => "may or may not match its pattern, which takes too long to find out".into(),
        Refused::Format { format } => with(keyword, shortened(format)),
        Refused::UniqueItems => with(keyword, repeated(error.instance()).to_string()),
        Refused::Contains => {
            let key = if schema.ends_with("/maxContains") { "maxContains" } else { "contains" };
            let count = if let Some(ErrorDetail::Count(count)) = places.get(schema) { *count } else { 1 };
            with(key, counted(count, "fitting item", "fitting items"))
        }
        Refused::Required { property } => match present(error, property, places.get(schema)) {
            Some(present) => say("dependentRequired", |name| literal(if name == "name" { property } else { &present })),
            None => with("required", literal(property)),
        },
        Refused::FalseSchema => absent(),
        Refused::AnyOf { context } | Refused::OneOfNotValid { context } => with("anyOf", alternatives(context.len())),
        Refused::OneOfMultipleValid { context } => with("oneOf", alternatives(context.len())),
        Refused::Not { .. } => with("not", String::new()),
        _ => message(error),
    }
}

fn alternatives(count: usize) -> String {
    counted(count as u64, "alternative", "alternatives")
}

/// Returns the property that asks for another.
fn present(error: &ValidationError<'_>, missing: &Value, asked: Option<&ErrorDetail>) -> Option<Value> {
    let Some(ErrorDetail::DependentRequired(names)) = asked else { return None };
    let asks = |(name, others): &&(String, Vec<String>)| {
        error.instance().get(name).is_some() && others.iter().any(|other| missing.as_str() == Some(other))
    };
    names.iter().find(asks).map(|(name, _)| Value::from(name.as_str()))
}

/// Returns the first item that equals an earlier one.
fn repeated(items: &Value) -> usize {
    let items = items.as_array().map_or(&[][..], Vec::as_slice);
    let repeats = |index: &usize| items[..*index].iter().any(|earlier| are_equal(earlier, &items[*index]));
    (1..items.len()).find(repeats).unwrap_or_default()
}

fn kinds(kind: &TypeKind) -> Kinds {
    let kind_of = |ty: JsonType| match ty {
        JsonType::Null => Kind::Null,
        JsonType::Boolean => Kind::Boolean,
        JsonType::Integer => Kind::Integer,
        JsonType::Number => Kind::Number,
        JsonType::String => Kind::String,
        JsonType::Array => Kind::Array,
        JsonType::Object => Kind::Object,
    };
    match kind {
        TypeKind::Single(ty) => Kinds::default().with(kind_of(*ty)),
        TypeKind::Multiple(types) => types.iter().map(kind_of).collect(),
    }
}

/// Returns the validator's own sentence, without values that are too long to read.
pub(super) fn message(error: &ValidationError<'_>) -> String {
    let full = error.to_string();
    let message =
        if full.chars().count() > MAX_MESSAGE_LENGTH / 4 { Cow::Owned(error.masked_with("the value").to_string()) } else { full.into() };
    if message.chars().count() <= MAX_MESSAGE_LENGTH {
        message.into_owned()
    } else {
        message.chars().take(MAX_MESSAGE_LENGTH).chain(['…']).collect()
    }
}
