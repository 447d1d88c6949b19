//! Formats as demands: which there are, what satisfies them, and what is known of how they lie in each other.
//!
//! A format is asserted on both sides: a writer keeps the formats that it states, and a reader may refuse what breaks those
//! that it states. A name that the dialect does not define is an annotation and demands nothing.

use std::sync::OnceLock;

use eventc_model::schema::Dialect;
use jsonschema::{Draft, Validator};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::formula::Atom;

/// Names with the first dialect that defines them, a pattern that holds for all their texts, and texts that satisfy them.
const FORMATS: &[(&str, Dialect, &str, &[&str])] = {
    use Dialect::{Draft4, Draft6, Draft7, Draft2019};
    &[
        ("date", Draft4, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", &["2020-01-31", "1999-12-01"]),
        (
            "date-time",
            Draft4,
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}",
            &["2020-01-31T12:00:00Z", "1999-12-01T08:30:00.5+01:00"],
        ),
        ("time", Draft4, "^[0-9]{2}:[0-9]{2}:[0-9]{2}", &["12:00:00Z", "08:30:00.5+01:00"]),
        ("duration", Draft2019, "^P[0-9YMWDTHS.,]+$", &["P1D", "PT1H", "P1Y2M"]),
        ("email", Draft4, "@", &["a@example.com", "b@example.com"]),
        ("idn-email", Draft7, "@", &["a@example.com", "b@example.com"]),
        ("hostname", Draft4, "^[^ ]+$", &["example.com", "a.example", "localhost"]),
        ("idn-hostname", Draft7, "", &["example.com", "a.example", "localhost"]),
        ("ipv4", Draft4, r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$", &["127.0.0.1", "10.0.0.2"]),
        ("ipv6", Draft4, "^[0-9A-Fa-f:.]{2,45}$", &["::1", "2001:db8::2"]),
        ("uri", Draft4, "^[A-Za-z][A-Za-z0-9+.-]*:", &["https://example.com/a", "urn:a:b"]),
        ("uri-reference", Draft6, "", &["https://example.com/a", "/a", ""]),
        ("iri", Draft7, "^[A-Za-z][A-Za-z0-9+.-]*:", &["https://example.com/a", "urn:a:b"]),
        ("iri-reference", Draft7, "", &["https://example.com/a", "/a", ""]),
        ("uri-template", Draft6, "", &["https://example.com/{a}", ""]),
        (
            "uuid",
            Draft2019,
            "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
            &["2eb8aa08-aa98-11ea-b4aa-73b441d16380", "00000000-0000-4000-8000-000000000000"],
        ),
        ("json-pointer", Draft6, "^(/|$)", &["", "/a"]),
        ("relative-json-pointer", Draft7, "^[0-9]+(#|/|$)", &["0", "1/a"]),
        ("regex", Draft4, "", &["a", "^a$"]),
    ]
};

/// Each text of the first satisfies the second.
const WITHIN: &[(&str, &str)] = &[
    ("uri", "uri-reference"),
    ("uri", "iri"),
    ("uri", "iri-reference"),
    ("uri-reference", "iri-reference"),
    ("iri", "iri-reference"),
    ("email", "idn-email"),
];

/// Texts that satisfy few formats.
pub(super) const STRANGE: &[&str] = &["a", "", "{}", "e30=", " ", "\\", "%", "{", "(", "a b", "-", "1", "a..b", "\u{7f}"];

/// The older dialects have a narrower idea of host names.
const OLD_HOSTNAME: u8 = 1;

/// Returns the demand of a format in a dialect; `None` where it is only an annotation.
pub(super) fn of(dialect: Dialect, name: &str) -> Option<Atom> {
    let (name, first, ..) = FORMATS.iter().find(|(known, ..)| *known == name)?;
    let old = *name == "hostname" && matches!(dialect, Dialect::Draft4 | Dialect::Draft6);
    (dialect >= *first).then(|| Atom::Format(if old { OLD_HOSTNAME } else { 0 }, (*name).into()))
}

/// The kind of demands on encoded content.
const CONTENT: u8 = 2;

/// Kinds of content with their keywords.
const CONTENTS: &[(&str, Option<&str>, Option<&str>)] = &[
    ("base64", Some("base64"), None),
    ("application/json", None, Some("application/json")),
    ("application/json in base64", Some("base64"), Some("application/json")),
];

/// Returns the demand of `contentEncoding` and `contentMediaType`: drafts 6 and 7 let validators check them (draft 7
/// validation, section 8), and the usual ones do; since 2019-09 they are annotations.
pub(super) fn of_content(dialect: Dialect, encoding: Option<&str>, media_type: Option<&str>) -> Option<Atom> {
    let encoding = encoding.filter(|encoding| *encoding == "base64");
    let media_type = media_type.filter(|media_type| *media_type == "application/json");
    let known = CONTENTS.iter().find(|(_, known, other)| *known == encoding && *other == media_type);
    let (name, ..) = known.filter(|_| matches!(dialect, Dialect::Draft6 | Dialect::Draft7))?;
    Some(Atom::Format(CONTENT, (*name).into()))
}

/// Returns whether a text satisfies a format.
pub(super) fn accepts(variant: u8, name: &str, text: &str) -> bool {
    static VALIDATORS: OnceLock<FxHashMap<(u8, &str), Option<Validator>>> = OnceLock::new();
    let validators = VALIDATORS.get_or_init(|| {
        let build = |variant: u8, name: &str| {
            let draft = if variant == OLD_HOSTNAME { Draft::Draft4 } else { Draft::Draft202012 };
            jsonschema::options().with_draft(draft).should_validate_formats(true).build(&json!({ "format": name })).ok()
        };
        let plain = FORMATS.iter().map(|(name, ..)| ((0, *name), build(0, name)));
        let contents = CONTENTS.iter().map(|(name, encoding, media_type)| {
            let mut schema = serde_json::Map::new();
            schema.extend(encoding.map(|encoding| ("contentEncoding".to_owned(), json!(encoding))));
            schema.extend(media_type.map(|media_type| ("contentMediaType".to_owned(), json!(media_type))));
            ((CONTENT, *name), jsonschema::options().with_draft(Draft::Draft7).build(&Value::Object(schema)).ok())
        });
        let old = ((OLD_HOSTNAME, "hostname"), build(OLD_HOSTNAME, "hostname"));
        plain.chain([old]).chain(contents).collect()
    });
    validators.get(&(variant, name)).and_then(Option::as_ref).is_none_or(|validator| validator.is_valid(&Value::from(text)))
}

/// Returns a pattern that all texts of a format match.
pub(super) fn pattern(name: &str) -> &'static str {
    FORMATS.iter().find(|(known, ..)| *known == name).map_or("", |(_, _, pattern, _)| pattern)
}

/// Returns texts that satisfy a format.
pub(super) fn samples(name: &str) -> &'static [&'static str] {
    FORMATS.iter().find(|(known, ..)| *known == name).map_or(&[], |(.., samples)| samples)
}

/// Returns whether every text of one format satisfies another.
pub(super) fn within(inner: &str, outer: &str) -> bool {
    inner == outer || WITHIN.contains(&(inner, outer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use eventc_pattern::automata::Patterns;

    #[test]
    fn samples_satisfy_their_format_its_pattern_and_what_it_lies_within() {
        let mut patterns = Patterns::default();
        for (name, _, pattern, samples) in FORMATS {
            let number = patterns.number(pattern);
            for text in *samples {
                assert!(accepts(0, name, text), "{name}: {text}");
                assert_eq!(patterns.finds(number, text), Some(true), "{name}: {text}");
                for (_, outer) in WITHIN.iter().filter(|(inner, _)| inner == name) {
                    assert!(accepts(0, outer, text), "{name} within {outer}: {text}");
                }
            }
        }
    }
}
