//! The demands of a schema in words, for the documentation that outputs write.
//!
//! Each phrase goes on after a noun: "1 to 500 characters". What stands verbatim in it, a pattern or a value, passes through the `code`
//! of the output, which makes a code span of it.

use serde_json::{Number, Value};

use crate::{
    catalog::Catalog,
    schema::Keywords,
    types::{Field, Shape, TypeId, Types},
};

/// The maximum length of a pattern or value that documentation repeats, in characters.
const MAX_VALUE_LENGTH: usize = 80;

const FORMAT: &str = "format";

/// Makes a code span of verbatim text.
pub type Code<'a> = &'a dyn Fn(&str) -> String;

/// Says what a schema asks of scalars, lists and objects beyond their type.
///
/// ```
/// use eventc_model::{schema::Schemas, source::{Limits, Tree}, words::{constraints, sentence}};
///
/// let schema = r#"{"type": "string", "minLength": 1, "maxLength": 500, "pattern": "^[a-z]+$"}"#;
/// let (schemas, _) = Schemas::load(Tree::from_texts([("name.json", schema)], &Limits::default()));
/// let keywords = schemas.ids().find_map(|id| schemas.keywords(id)).expect("a schema");
/// let phrases = constraints(keywords, &|text| format!("`{text}`"));
/// assert_eq!(sentence(&phrases).as_deref(), Some("1 to 500 characters, matches `^[a-z]+$`."));
/// ```
pub fn constraints(keywords: &Keywords, code: Code<'_>) -> Vec<String> {
    let mut out = avro(keywords, code);
    out.extend(numbers(keywords));
    out.extend(strings(keywords, code));
    out.extend(containers(keywords));
    out
}

/// Says what the schema of a property asks; of one that only conditions declare no more than that, since the schema holds at times.
pub fn of_field(field: &Field, keywords: &Keywords, code: Code<'_>) -> Vec<String> {
    if field.conditional { vec!["depends on other properties".to_owned()] } else { constraints(keywords, code) }
}

/// Says what a schema of Avro's says beyond the words of JSON Schema.
pub fn avro(keywords: &Keywords, code: Code<'_>) -> Vec<String> {
    let Some(words) = &keywords.avro else { return Vec::new() };
    let unknown = words.unknown.as_ref().map(|symbol| format!("any other string is read as {}", code(symbol)));
    let names: Vec<String> = words.aliases.iter().map(|name| code(name)).collect();
    let aliases = (!names.is_empty()).then(|| format!("read from {} where it is absent", names.join(" or ")));
    logical_type(keywords, code).into_iter().chain(unknown).chain(aliases).collect()
}

/// Says what a value of Avro's logical types means.
///
/// ```
/// # use eventc_model::{schema::Schemas, source::{Limits, Tree}, words::logical_type};
/// let schema = r#"{"type": "integer", "x-avro": {"logicalType": "date"}}"#;
/// let (schemas, _) = Schemas::load(Tree::from_texts([("day.json", schema)], &Limits::default()));
/// let keywords = schemas.ids().find_map(|id| schemas.keywords(id)).expect("a schema");
/// let phrase = logical_type(keywords, &|text| format!("`{text}`"));
/// assert_eq!(phrase.as_deref(), Some("Avro `date`: days since 1970-01-01"));
/// ```
pub fn logical_type(keywords: &Keywords, code: Code<'_>) -> Option<String> {
    let words = keywords.avro.as_ref()?;
    let name = words.logical_type.as_deref()?;
    let meaning = match (name, words.precision) {
        ("decimal", Some(precision)) => {
            let scale = words.scale.unwrap_or(0);
            format!("{}, {scale} of them behind the point", count(None, Some(precision), "digit", "digits").unwrap_or_default())
        }
        ("decimal" | "big-decimal", _) => "a number with its scale".to_owned(),
        ("uuid", _) => "a UUID (RFC 9562)".to_owned(),
        ("date", _) => "days since 1970-01-01".to_owned(),
        ("duration", _) => "months, days and milliseconds, 4 bytes each, the lowest first".to_owned(),
        (name, _) => {
            let (kind, unit) = name.rsplit_once('-')?;
            let unit = match unit {
                "millis" => "milliseconds",
                "micros" => "microseconds",
                "nanos" => "nanoseconds",
                _ => return None,
            };
            let origin = match kind {
                "time" => "after midnight",
                "timestamp" => "since 1970-01-01T00:00:00Z",
                "local-timestamp" => "since 1970-01-01T00:00:00 in local time",
                _ => return None,
            };
            format!("{unit} {origin}")
        }
    };
    let each = if words.each { "each is " } else { "" };
    Some(format!("{each}Avro {}: {meaning}", code(name)))
}

/// Says what a schema asks of numbers.
pub fn numbers(keywords: &Keywords) -> Vec<String> {
    let phrase = |(words, bound): (&str, &Option<Number>)| bound.as_ref().map(|bound| format!("{words} {bound}"));
    let bounds = [
        ("at least", &keywords.minimum),
        ("more than", &keywords.exclusive_minimum),
        ("at most", &keywords.maximum),
        ("less than", &keywords.exclusive_maximum),
        ("a multiple of", &keywords.multiple_of),
    ];
    bounds.into_iter().filter_map(phrase).collect()
}

/// Says what a schema asks of strings.
pub fn strings(keywords: &Keywords, code: Code<'_>) -> Vec<String> {
    let verbatim = |(words, text): (&str, &Option<String>)| text.as_ref().map(|text| format!("{words} {}", code(&short(text))));
    let texts = [
        ("matches", &keywords.pattern),
        (FORMAT, &keywords.format),
        ("encoded as", &keywords.content_encoding),
        ("holds", &keywords.content_media_type),
    ];
    let length = count(keywords.min_length, keywords.max_length, "character", "characters");
    length.into_iter().chain(texts.into_iter().filter_map(verbatim)).collect()
}

/// Says which format a string has, as [`strings`] does.
pub fn format(format: &str, code: Code<'_>) -> String {
    format!("{FORMAT} {}", code(&short(format)))
}

/// Says how much a schema lets lists and objects hold.
pub fn containers(keywords: &Keywords) -> Vec<String> {
    let items = count(keywords.min_items, keywords.max_items, "item", "items");
    let unique = keywords.unique_items.then(|| "no item twice".to_owned());
    let properties = count(keywords.min_properties, keywords.max_properties, "property", "properties");
    [items, unique, properties].into_iter().flatten().collect()
}

/// Says what an absent value stands for.
pub fn default(keywords: &Keywords, code: Code<'_>) -> Option<String> {
    keywords.default.as_ref().map(|value| say_default(value, code))
}

/// Returns what an absent property stands for. Of one that only conditions declare nobody knows, since the schema holds at times.
pub fn default_of_field<'k>(field: &Field, keywords: &'k Keywords) -> Option<&'k Value> {
    keywords.default.as_ref().filter(|_| !field.conditional)
}

/// Says what the schema of a property asks, and what an absent one stands for.
pub fn of_field_with_default(field: &Field, keywords: &Keywords, code: Code<'_>) -> Vec<String> {
    let mut phrases = of_field(field, keywords, code);
    phrases.extend(default_of_field(field, keywords).map(|value| say_default(value, code)));
    phrases
}

fn say_default(value: &Value, code: Code<'_>) -> String {
    format!("default {}", code(&short(&value.to_string())))
}

/// Says how many of something there are, within bounds.
///
/// ```
/// use eventc_model::words::count;
/// assert_eq!(count(Some(1), Some(3), "item", "items").as_deref(), Some("1 to 3 items"));
/// assert_eq!(count(Some(0), Some(1), "item", "items").as_deref(), Some("at most 1 item"));
/// assert_eq!(count(Some(2), Some(2), "item", "items").as_deref(), Some("exactly 2 items"));
/// assert_eq!(count(Some(0), None, "item", "items"), None);
/// ```
pub fn count(least: Option<u64>, most: Option<u64>, one: &str, many: &str) -> Option<String> {
    let counted = |count: u64| format!("{count} {}", if count == 1 { one } else { many });
    match (least.filter(|least| *least > 0), most) {
        (None, None) => None,
        (Some(least), None) => Some(format!("at least {}", counted(least))),
        (None, Some(most)) => Some(format!("at most {}", counted(most))),
        (Some(least), Some(most)) if least == most => Some(format!("exactly {}", counted(least))),
        (Some(least), Some(most)) => Some(format!("{least} to {}", counted(most))),
    }
}

/// Returns why a type should no longer be used, if so: its contract is on its way out, or its schema says it.
pub fn deprecation(catalog: &Catalog, types: &Types, id: TypeId) -> Option<String> {
    let ty = types.get(id);
    let module = types.module(ty.module);
    let contract = module.contract.filter(|_| module.root == Some(id)).map(|index| &catalog.contracts[index]);
    if let Some((contract, deprecation)) = contract.and_then(|contract| Some((contract, contract.metadata.deprecated.as_ref()?))) {
        return Some(format!("{} is deprecated {}", contract.topic, deprecation.words()));
    }
    catalog.schemas.keywords(ty.node)?.deprecated.then(|| format!("{} is deprecated", ty.name))
}

/// Says what a type is whose schema says nothing of itself.
pub fn untitled(name: &str, shape: &Shape) -> String {
    match shape {
        Shape::Object(_) => format!("The object `{name}`."),
        Shape::Enum(_) => format!("The strings of `{name}`."),
        Shape::Union(_) => format!("The alternatives of `{name}`."),
        Shape::Alias(_) => format!("The value `{name}`."),
    }
}

/// Joins phrases as one sentence; `None` for none.
pub fn sentence(phrases: &[String]) -> Option<String> {
    let text = phrases.join(", ");
    let mut letters = text.chars();
    let first = letters.next()?;
    Some(format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

fn short(text: &str) -> String {
    if text.chars().count() <= MAX_VALUE_LENGTH { text.to_owned() } else { text.chars().take(MAX_VALUE_LENGTH).chain(['…']).collect() }
}
