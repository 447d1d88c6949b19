//! Text to values with places: JSON, YAML and TOML become the same [`Document`].
//!
//! A document keeps its text and finds places when asked, so that a clean run never pays for them.

#[cfg(feature = "avro")]
mod avro;
#[cfg(feature = "avro")]
mod avro_blame;
#[cfg(feature = "avro")]
mod avro_decimal;
#[cfg(feature = "avro")]
mod avro_names;
mod avro_types;
mod comments;
mod flow;
mod json;
mod merge;
mod salvage;
mod toml;
mod yaml;

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use serde_json::{Map, Value};

pub(crate) use self::avro_types::AvroTypes;
use crate::{
    diagnostic::{Diagnostic, Level, Place},
    source::{Limits, SourceFile, SourceFormat, to_u32},
};

/// A parsed file.
#[derive(Debug)]
pub struct Document {
    /// Path below the schema root.
    pub path: String,
    /// The path as a person would name it.
    pub shown: Arc<str>,
    /// Its format.
    pub format: SourceFormat,
    /// Its text.
    pub text: Arc<str>,
    /// Its value; numbers keep their spelling. For an Avro schema: the JSON Schema that it amounts to. Of a broken file: what is left.
    pub value: Value,
    /// Whether the text could not be read as a whole.
    pub broken: bool,
    /// The text as a scanner can read it, where that is another: byte for byte in the same places.
    plain: Option<Box<str>>,
    /// Offsets of line starts, found when the first place is asked for.
    lines: OnceLock<Vec<usize>>,
    /// The offsets of the values of JSON and YAML, found when the first place is asked for.
    json_places: OnceLock<json::SpanIndex>,
    yaml_places: OnceLock<yaml::SpanIndex>,
    /// For an Avro schema: where parts of `value` come from.
    origins: BTreeMap<String, String>,
}

impl Document {
    /// Parses a file. Every problem is reported; a document comes back wherever its whole value could be made.
    pub fn parse(file: SourceFile, limits: &Limits) -> (Option<Self>, Vec<Diagnostic>) {
        let (document, diagnostics) = Self::parse_among(file, limits, &AvroTypes::default());
        (Some(document).filter(|document| !document.broken), diagnostics)
    }

    /// Parses a file of a tree, in which an Avro schema may use types that other files define. Of a broken file comes back what is left.
    pub(crate) fn parse_among(file: SourceFile, limits: &Limits, types: &AvroTypes) -> (Self, Vec<Diagnostic>) {
        let mut parsed = match file.format {
            // Nobody knows what it holds.
            _ if file.unread && file.text.is_empty() => Parsed::default(),
            SourceFormat::Json | SourceFormat::Avro => json::parse(&file.text, limits),
            // Whoever knows what the lines are reads them one by one.
            SourceFormat::JsonLines => Parsed::default(),
            SourceFormat::Yaml => yaml::parse(&file.text, limits),
            SourceFormat::Toml => toml::parse(&file.text),
        };
        let is_avro = file.format == SourceFormat::Avro && !(file.unread || parsed.broken);
        let origins = if is_avro { parsed.lower_avro(&file, types) } else { BTreeMap::new() };
        let document = Self {
            path: file.path,
            shown: file.shown,
            format: file.format,
            text: file.text,
            value: parsed.value.take().unwrap_or_else(|| Value::Object(Map::new())),
            broken: parsed.broken || file.unread,
            plain: parsed.plain,
            lines: OnceLock::new(),
            json_places: OnceLock::new(),
            yaml_places: OnceLock::new(),
            origins,
        };
        // Of a file that could not be read its reader has told what there is to tell.
        let problems = if file.unread { Vec::new() } else { parsed.problems };
        let diagnostics = problems.into_iter().map(|problem| problem.at(&document)).collect();
        (document, diagnostics)
    }

    /// Returns the place of the value at a JSON Pointer; of the deepest part that exists where the pointer goes further.
    pub fn place(&self, pointer: &str) -> Place {
        self.span(pointer).map_or_else(|| Place::whole(self.shown.clone()), |span| self.at(span.value))
    }

    /// Returns the place of the key that a JSON Pointer ends in; of the value for a list item or the root.
    pub fn key_place(&self, pointer: &str) -> Place {
        self.span(pointer).map_or_else(|| Place::whole(self.shown.clone()), |span| self.at(span.key.unwrap_or(span.value)))
    }

    /// Returns the byte offset in the text at which the value of a JSON Pointer begins; `None` where there is no such value.
    ///
    /// For an editor that changes one value and leaves the author's formatting alone.
    pub fn offset(&self, pointer: &str) -> Option<usize> {
        self.get(pointer)?;
        self.span(pointer).map(|span| span.value)
    }

    /// Returns the byte offset in the text at which the key begins that a JSON Pointer ends in; `None` for an item of a list, and where there
    /// is no such value.
    pub fn key_offset(&self, pointer: &str) -> Option<usize> {
        self.get(pointer)?;
        self.span(pointer)?.key
    }

    fn span(&self, pointer: &str) -> Option<Span> {
        let text = self.plain.as_deref().unwrap_or(&self.text);
        let json = |pointer: &str| self.json_places.get_or_init(|| json::SpanIndex::new(text)).find(text, &split_pointer(pointer));
        match self.format {
            SourceFormat::Json | SourceFormat::JsonLines => Some(json(pointer)),
            SourceFormat::Avro => Some(json(&origin(&self.origins, pointer))),
            SourceFormat::Yaml => self.yaml_places.get_or_init(|| yaml::SpanIndex::new(text)).find(&split_pointer(pointer)),
            SourceFormat::Toml => Some(toml::locate(&self.text, &split_pointer(pointer))),
        }
    }

    /// Returns the place of a byte offset.
    pub(crate) fn at(&self, offset: usize) -> Place {
        let lines = self.lines.get_or_init(|| std::iter::once(0).chain(self.text.match_indices('\n').map(|(i, _)| i + 1)).collect());
        let line = lines.partition_point(|start| *start <= offset);
        let start = lines[line - 1];
        let column = self.text.get(start..offset).map_or(0, |part| part.chars().count());
        Place { file: self.shown.clone(), line: to_u32(line), column: to_u32(column + 1) }
    }

    /// Returns the value at a JSON Pointer.
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

/// Returns the pointer in an Avro file for a pointer in the lowered schema: that of its longest known part, and the rest as it is.
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

/// The result of a parser.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    value: Option<Value>,
    problems: Vec<SyntaxProblem>,
    /// See [`Document::plain`].
    plain: Option<Box<str>>,
    /// See [`Document::broken`].
    broken: bool,
}

impl Parsed {
    /// Puts the JSON Schema that an Avro schema amounts to in its place, and returns where the parts of it come from.
    #[cfg(feature = "avro")]
    fn lower_avro(&mut self, file: &SourceFile, types: &AvroTypes) -> BTreeMap<String, String> {
        let own = self.value.take().unwrap_or_default();
        let text = self.plain.as_deref().unwrap_or(&file.text);
        let (raw, ambiguous) = types.inlined(&own, &file.path);
        self.problems.extend(avro::strange_names(&raw, text));
        self.problems.extend(avro::ignored_decimals(&own, text));
        let is_clear = ambiguous.is_empty();
        self.problems.extend(avro_blame::ambiguities(&own, text, ambiguous));
        let lowered = avro::lower(&raw, text, types);
        self.broken = lowered.is_err() || !is_clear;
        match lowered {
            Ok((value, origins)) => {
                self.value = Some(value);
                origins
            }
            Err(problems) => {
                self.problems.extend(problems);
                BTreeMap::new()
            }
        }
    }

    #[cfg(not(feature = "avro"))]
    fn lower_avro(&mut self, _: &SourceFile, _: &AvroTypes) -> BTreeMap<String, String> {
        let problem = SyntaxProblem::new(&crate::diagnostic::AVRO, 0, "this build reads no Avro schemas");
        self.problems.push(problem.help("enable the feature `avro` of eventc-model"));
        self.broken = true;
        BTreeMap::new()
    }
}

/// The byte offsets at which a value, and the key before it, begin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) key: Option<usize>,
    pub(crate) value: usize,
}

/// A problem at a byte offset, before the document that it belongs to exists.
#[derive(Debug)]
pub(crate) struct SyntaxProblem {
    rule: &'static crate::diagnostic::Rule,
    offset: usize,
    message: String,
    help: Option<String>,
    /// Where it is milder than the rule has it otherwise.
    level: Option<Level>,
}

impl SyntaxProblem {
    fn new(rule: &'static crate::diagnostic::Rule, offset: usize, message: impl Into<String>) -> Self {
        Self { rule, offset, message: message.into(), help: None, level: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[cfg(feature = "avro")]
    fn warning(self) -> Self {
        Self { level: Some(Level::Warning), ..self }
    }

    fn at(self, document: &Document) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.rule, document.at(self.offset), self.message);
        diagnostic.level = self.level.unwrap_or(diagnostic.level);
        match self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

/// Returns the problem of a value that nests too deep.
fn too_deep(offset: usize, limits: &Limits) -> SyntaxProblem {
    SyntaxProblem::new(&crate::diagnostic::TOO_DEEP, offset, format!("nested deeper than {} levels", limits.depth))
        .help("flatten the document, or raise `limits.depth` in eventc.toml")
}

/// Returns the problem of a value that is one too many.
fn too_many_values(offset: usize, limits: &Limits) -> SyntaxProblem {
    SyntaxProblem::new(&crate::diagnostic::TOO_LARGE, offset, format!("the document has more than {} values", limits.values))
        .help("split the document, or raise `limits.values` in eventc.toml")
}

/// Returns the parts of a JSON Pointer (RFC 6901), unescaped.
///
/// ```
/// assert_eq!(eventc_model::syntax::split_pointer("/a~1b/0"), ["a/b", "0"]);
/// ```
pub fn split_pointer(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
}

/// Returns the JSON Pointer of some parts.
pub fn join_pointer<T: AsRef<str>>(parts: &[T]) -> String {
    parts.iter().fold(String::new(), |pointer, part| pointer + "/" + &escape_pointer(part.as_ref()))
}

/// Returns a key as one part of a JSON Pointer.
pub fn escape_pointer(part: &str) -> String {
    if part.contains(['~', '/']) { part.replace('~', "~0").replace('/', "~1") } else { part.to_owned() }
}
