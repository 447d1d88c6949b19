//! EV116: a `format` that nobody knows.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport, words::did_you_mean};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV116",
    name: "unknown-format",
    level: Level::Warning,
    summary: "a `format` that nobody knows",
    docs: "\
### What it finds
A `format` that is neither one of JSON Schema's nor one of OpenAPI's well-known additions for numbers and text.

### Why it is bad
A format that is not known is ignored: nothing is checked, and generated types have plain strings.

### Example
```json
{ \"type\": \"string\", \"format\": \"datetime\" }
```

### What to do
Correct it (`date-time`), or say it as a `pattern`.",
};

/// JSON Schema, 2020-12, Validation, section 7.3.
const STANDARD: &[&str] = &[
    "date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri", "uri-reference",
    "iri", "iri-reference", "uuid", "uri-template", "json-pointer", "relative-json-pointer", "regex",
];

/// The OpenAPI Initiative's format registry, as far as it is in wide use.
const REGISTERED: &[&str] = &[
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float", "double", "decimal", "decimal128", "double-int",
    "byte", "binary", "base64url", "char", "password", "sf-string", "sf-integer", "sf-decimal", "sf-boolean", "sf-token", "sf-binary",
    "http-date", "date-time-local", "time-local", "media-range", "commonmark", "html",
];

/// Finds such formats.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for (id, keywords) in cx.nodes() {
        let Some(format) = keywords.format.as_deref() else { continue };
        if !STANDARD.contains(&format) && !REGISTERED.contains(&format) {
            let help = match format {
                "ip-address" => "did you mean \"ipv4\"?".to_owned(),
                "datetime" | "timestamp" | "iso8601" => "did you mean \"date-time\"?".to_owned(),
                "url" => "did you mean \"uri\"?".to_owned(),
                "guid" => "did you mean \"uuid\"?".to_owned(),
                _ => did_you_mean(format, STANDARD.iter().copied(), "say it as a `pattern`"),
            };
            report.keyword(cx, id, "format", format!("nobody knows the format {format:?}"), help);
        }
    }
}
