//! The runtime crate as a copy beside generated code, so that the package needs no registry for it.

use eventc_model::GeneratedFile;

use crate::RustOptions;

/// A path and the text of the file there.
macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[("Cargo.toml", include_str!("runtime.toml")), $((concat!("src/", $path), include_str!(concat!("../runtime/", $path)))),*]
    };
}

/// Every file that a copy of the crate needs for generated types: its path below the copy's root, and its text. See [`manifest`] for a
/// manifest with few dependencies.
pub const SOURCES: &[(&str, &str)] = files![
    "codec/listed.rs",
    "codec/mod.rs",
    "codec/items.rs",
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
    "raw.rs",
    "schema/check/array.rs",
    "schema/check/in_place.rs",
    "schema/check/mod.rs",
    "schema/check/object.rs",
    "schema/check/report.rs",
    "schema/check/scalar.rs",
    "schema/equal.rs",
    "schema/evaluated.rs",
    "schema/mod.rs",
    "schema/number.rs",
    "schema/parse.rs",
    "schema/pattern/automaton.rs",
    "schema/pattern/mod.rs",
    "schema/pattern/positions.rs",
    "schema/plan.rs",
    "schema/steps.rs",
    "schema/stream/accept.rs",
    "schema/stream/compile.rs",
    "schema/stream/mod.rs",
    "schema/stream/object.rs",
    "schema/stream/read.rs",
    "schema/stream/value.rs",
    "schema/validate.rs",
    "schema/violations.txt",
    "schema/wording.rs",
    "serde_support/mod.rs",
    "serde_support/number.rs",
    "shape.rs",
    "topic.rs",
    "violation.rs",
];

/// The crates that type the strings of a format: each is an optional dependency, and the feature of its name.
pub const FORMAT_CRATES: &[&str] = &["base64", "chrono", "email_address", "jiff", "time", "url", "uuid"];

/// Returns the manifest of a copy that knows of these [`FORMAT_CRATES`] alone: a lock file names whatever a manifest names.
pub fn manifest(wanted: &[&str]) -> String {
    let named =
        |line: &str| FORMAT_CRATES.iter().find(|name| line.strip_prefix(**name).is_some_and(|rest| rest.starts_with(" = "))).copied();
    let kept = include_str!("runtime.toml").lines().filter(|line| named(line).is_none_or(|name| wanted.contains(&name)));
    let mut manifest = kept.collect::<Vec<_>>().join("\n");
    manifest.push('\n');
    manifest
}

/// Returns the files of a copy, in a folder of their own.
pub(crate) fn files(options: &RustOptions) -> impl Iterator<Item = GeneratedFile> {
    let manifest = manifest(&options.formats.features());
    SOURCES.iter().map(move |(path, text)| {
        let text = if *path == "Cargo.toml" { manifest.clone() } else { (*text).to_owned() };
        GeneratedFile { path: format!("eventc/{path}"), text }
    })
}
