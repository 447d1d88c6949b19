//! Text to values with places: JSON, YAML and TOML become the same [`Document`].
//!
//! A document keeps its text and finds places when asked, so that a clean run never pays for them.

#[cfg(feature = "avro")]
mod avro;
mod json;
mod toml;
mod yaml;

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use serde_json::Value;

use crate::{
    diagnostic::{Diagnostic, Place},
    source::{Format, Limits, SourceFile, to_u32},
};

/// A parsed file.
#[derive(Debug)]
pub struct Document {
    /// Path below the schema root.
    pub path: String,
    /// The path as a person would name it.
    pub shown: Arc<str>,
    /// How it is spelled.
    pub format: Format,
    /// Its text.
    pub text: Arc<str>,
    /// Its value; numbers keep their spelling. For an Avro schema: the JSON Schema that it amounts to.
    pub value: Value,
    /// Offsets of line starts, found when the first place is asked for.
    lines: OnceLock<Vec<usize>>,
    /// Where the values of JSON and YAML begin, found when the first place is asked for.
    json_places: OnceLock<json::Places>,
    yaml_places: OnceLock<yaml::Places>,
    /// For an Avro schema: where parts of `value` come from.
    origins: BTreeMap<String, String>,
}

impl Document {
    /// Parses a file. Every problem is reported; a document comes back wherever a value could be made.
    pub fn parse(file: SourceFile, limits: &Limits) -> (Option<Self>, Vec<Diagnostic>) {
        let (value, mut problems) = match file.format {
            Format::Json | Format::Avro => json::parse(&file.text, limits),
            Format::Yaml => yaml::parse(&file.text, limits),
            Format::Toml => toml::parse(&file.text),
        };
        let mut origins = BTreeMap::new();
        let value = match value {
            Some(raw) if file.format == Format::Avro => match lower_avro(&raw) {
                Ok((value, found)) => {
                    origins = found;
                    Some(value)
                }
                Err(problem) => {
                    problems.push(problem);
                    None
                }
            },
            value => value,
        };
        let mut document = Self {
            path: file.path,
            shown: file.shown,
            format: file.format,
            text: file.text,
            value: Value::Null,
            lines: OnceLock::new(),
            json_places: OnceLock::new(),
            yaml_places: OnceLock::new(),
            origins,
        };
        let diagnostics = problems.into_iter().map(|problem| problem.at(&document)).collect();
        let document = value.map(|value| {
            document.value = value;
            document
        });
        (document, diagnostics)
    }

    /// The place of the value at a JSON Pointer; of the deepest part that exists where the pointer goes further.
    pub fn place(&self, pointer: &str) -> Place {
        self.span(pointer).map_or_else(|| Place::whole(self.shown.clone()), |span| self.at(span.value))
    }

    /// The place of the key that a JSON Pointer ends in; of the value for a list item or the root.
    pub fn key_place(&self, pointer: &str) -> Place {
        self.span(pointer).map_or_else(|| Place::whole(self.shown.clone()), |span| self.at(span.key.unwrap_or(span.value)))
    }

    /// The byte offset in the text at which the value of a JSON Pointer begins; `None` where there is no such value.
    ///
    /// For an editor that changes one value and leaves the author's formatting alone.
    pub fn offset(&self, pointer: &str) -> Option<usize> {
        self.get(pointer)?;
        self.span(pointer).map(|span| span.value)
    }

    fn span(&self, pointer: &str) -> Option<Span> {
        let json = |pointer: &str| self.json_places.get_or_init(|| json::Places::new(&self.text)).find(&self.text, &split_pointer(pointer));
        match self.format {
            Format::Json => Some(json(pointer)),
            Format::Avro => Some(json(&origin(&self.origins, pointer))),
            Format::Yaml => self.yaml_places.get_or_init(|| yaml::Places::new(&self.text)).find(pointer),
            Format::Toml => Some(toml::locate(&self.text, &split_pointer(pointer))),
        }
    }

    /// The place of a byte offset.
    pub(crate) fn at(&self, offset: usize) -> Place {
        let lines = self.lines.get_or_init(|| std::iter::once(0).chain(self.text.match_indices('\n').map(|(i, _)| i + 1)).collect());
        let line = lines.partition_point(|start| *start <= offset);
        let start = lines[line - 1];
        let column = self.text.get(start..offset).map_or(0, |part| part.chars().count());
        Place { file: self.shown.clone(), line: to_u32(line), column: to_u32(column + 1) }
    }

    /// The value at a JSON Pointer.
    pub fn get(&self, pointer: &str) -> Option<&Value> {
        if pointer.contains('~') {
            return self.value.pointer(pointer);
        }
        // The same without copies of the parts, for pointers that escape nothing: nearly all.
        let mut parts = pointer.split('/');
        if !parts.next()?.is_empty() {
            return None;
        }
        parts.try_fold(&self.value, |value, part| match value {
            Value::Object(members) => members.get(part),
            Value::Array(items) if !(part.starts_with('+') || part.starts_with('0') && part.len() > 1) => {
                items.get(part.parse::<usize>().ok()?)
            }
            _ => None,
        })
    }
}

/// The pointer in an Avro file for a pointer in the lowered schema: that of its longest known part, and the rest as it is.
fn origin(origins: &BTreeMap<String, String>, lowered: &str) -> String {
    let mut part = lowered;
    loop {
        if let Some(known) = origins.get(part) {
            return format!("{known}{}", &lowered[part.len()..]);
        }
        match part.rfind('/') {
            Some(at) => part = &part[..at],
            None => return lowered.to_owned(),
        }
    }
}

#[cfg(feature = "avro")]
fn lower_avro(raw: &Value) -> Result<(Value, BTreeMap<String, String>), Problem> {
    avro::lower(raw)
}

#[cfg(not(feature = "avro"))]
fn lower_avro(_: &Value) -> Result<(Value, BTreeMap<String, String>), Problem> {
    Err(Problem::new(&crate::diagnostic::AVRO, 0, "this build reads no Avro schemas").help("enable the feature `avro` of eventc-model"))
}

/// Where a value, and the key before it, begin: byte offsets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) key: Option<usize>,
    pub(crate) value: usize,
}

/// A problem at a byte offset, before the document that it belongs to exists.
#[derive(Debug)]
pub(crate) struct Problem {
    rule: &'static crate::diagnostic::Rule,
    offset: usize,
    message: String,
    help: Option<String>,
}

impl Problem {
    fn new(rule: &'static crate::diagnostic::Rule, offset: usize, message: impl Into<String>) -> Self {
        Self { rule, offset, message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn at(self, document: &Document) -> Diagnostic {
        let diagnostic = Diagnostic::new(self.rule, document.at(self.offset), self.message);
        match self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

/// The parts of a JSON Pointer (RFC 6901), unescaped.
///
/// ```
/// assert_eq!(eventc_model::syntax::split_pointer("/a~1b/0"), ["a/b", "0"]);
/// ```
pub fn split_pointer(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
}

/// The JSON Pointer of some parts.
pub fn join_pointer<T: AsRef<str>>(parts: &[T]) -> String {
    parts.iter().fold(String::new(), |pointer, part| pointer + "/" + &escape_pointer(part.as_ref()))
}

/// A key as one part of a JSON Pointer.
pub fn escape_pointer(part: &str) -> String {
    if part.contains(['~', '/']) { part.replace('~', "~0").replace('/', "~1") } else { part.to_owned() }
}
