//! The files of this crate, for tools that place a copy of it beside generated code.

/// A path and the text of the file there.
macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[("Cargo.toml", include_str!("vendored.toml")), $((concat!("src/", $path), include_str!($path))),*]
    };
}

/// Every file that a copy of the crate needs: its path below the copy's root, and its text. The manifest stands on its own; the
/// copy has the feature `json`, and not this one. See [`manifest`] for one with few dependencies.
pub const SOURCES: &[(&str, &str)] = files![
    "codec/mod.rs",
    "codec/newtype.rs",
    "codec/object.rs",
    "codec/scalar.rs",
    "codec/string.rs",
    "codec/union.rs",
    "codec/values.rs",
    "dispatch.rs",
    "envelope.rs",
    "error.rs",
    "event.rs",
    "extra/mod.rs",
    "extra/unread.rs",
    "format/base64.rs",
    "format/chrono.rs",
    "format/email_address.rs",
    "format/formatted.rs",
    "format/jiff.rs",
    "format/mod.rs",
    "format/net.rs",
    "format/time.rs",
    "format/url.rs",
    "format/uuid.rs",
    "integer.rs",
    "lib.rs",
    "message/builder.rs",
    "message/cloud.rs",
    "message/dead_letter.rs",
    "message/json_envelope.rs",
    "message/mod.rs",
    "message/publish.rs",
    "message/trace.rs",
    "message/upcast.rs",
    "pointer.rs",
    "schema/check/array.rs",
    "schema/check/in_place.rs",
    "schema/check/mod.rs",
    "schema/check/object.rs",
    "schema/check/scalar.rs",
    "schema/equal.rs",
    "schema/mod.rs",
    "schema/number.rs",
    "schema/parse.rs",
    "schema/pattern/mod.rs",
    "schema/pattern/positions.rs",
    "schema/plan.rs",
    "schema/report.rs",
    "schema/seen.rs",
    "schema/stream/compile.rs",
    "schema/stream/mod.rs",
    "schema/stream/object.rs",
    "schema/stream/read.rs",
    "schema/stream/scalar.rs",
    "schema/stream/step.rs",
    "schema/stream/value.rs",
    "schema/wording.rs",
    "serde_support/mod.rs",
    "serde_support/number.rs",
    "shape.rs",
    "source.rs",
    "topic.rs",
    "violation.rs",
];

/// The crates that type the strings of a format: each is an optional dependency, and the feature of its name.
pub const FORMAT_CRATES: &[&str] = &["base64", "chrono", "email_address", "jiff", "time", "url", "uuid"];

/// The manifest of a copy that knows of these [`FORMAT_CRATES`] alone: a lock file names whatever a manifest names.
pub fn manifest(wanted: &[&str]) -> String {
    let named =
        |line: &str| FORMAT_CRATES.iter().find(|name| line.strip_prefix(**name).is_some_and(|rest| rest.starts_with(" = "))).copied();
    let kept = include_str!("vendored.toml").lines().filter(|line| named(line).is_none_or(|name| wanted.contains(&name)));
    let mut manifest = kept.collect::<Vec<_>>().join("\n");
    manifest.push('\n');
    manifest
}
