//! YAML 1.2: saphyr-parser gives events with places; this file turns them into a JSON value (core schema, section 10.3).

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};
use serde_json::{Map, Number, Value};

use super::{
    Parsed, Span, SyntaxProblem, flow,
    merge::{self, MergeKeys},
    too_deep, too_many_values,
};
use crate::{
    diagnostic,
    source::{Limits, to_u32},
};

/// So often a text may be joined and parsed anew, and so many bytes may be parsed in all of that.
const MAX_JOINED: usize = 1000;
const MAX_PARSED: usize = 64 << 20;

pub(super) fn parse(text: &str, limits: &Limits) -> Parsed {
    let (first, mut fault) = attempt(text, limits);
    let Some(offset) = fault else { return first };
    let mut plain = text.to_owned();
    for _ in 0..MAX_JOINED.min(MAX_PARSED / text.len().max(1)) {
        let Some(joined) = fault.and_then(|offset| flow::join(&plain, offset)) else { break };
        plain = joined;
        let (mut parsed, next) = attempt(&plain, limits);
        if !parsed.broken {
            let message = "a line of this flow collection stands no further to the right than the block around it";
            parsed.problems.insert(0, SyntaxProblem::new(&diagnostic::FLOW_INDENT, offset, message).help("indent the line"));
            return Parsed { plain: Some(plain.into()), ..parsed };
        }
        fault = next;
    }
    first
}

/// Parses a text; beside the result stands where a line of a flow collection is too far to the left, if that is what broke it.
fn attempt(text: &str, limits: &Limits) -> (Parsed, Option<usize>) {
    let mut builder = YamlBuilder::new(text, limits);
    let value = builder.document();
    let bounded = builder.problems.iter().all(|problem| [&diagnostic::SYNTAX, &diagnostic::DUPLICATE_KEY].contains(&problem.rule));
    let parsed =
        Parsed { value: bounded.then(|| value.unwrap_or_default()), problems: builder.problems, plain: None, broken: builder.stopped };
    (parsed, builder.fault)
}

/// The spans of a document's values. What an alias stands for has no place but the alias.
#[derive(Debug, Default)]
pub(super) struct SpanIndex {
    /// The root first, and every value before those in it.
    values: Vec<Spanned>,
}

#[derive(Debug)]
struct Spanned {
    span: Span,
    /// The values in it, by key or index.
    inside: HashMap<Box<str>, u32>,
}

impl SpanIndex {
    pub(super) fn new(text: &str) -> Self {
        let unbounded = Limits { file_bytes: u64::MAX, depth: usize::MAX, values: usize::MAX, ..Limits::default() };
        let mut builder = YamlBuilder::new(text, &unbounded);
        builder.places = Some(Places::default());
        // What was read before a mistake has its place, too.
        builder.document();
        builder.places.unwrap_or_default().found
    }

    /// Returns the place of the value at a pointer; of the deepest part that exists where the pointer goes further.
    pub(super) fn find(&self, parts: &[String]) -> Option<Span> {
        let mut at = self.values.first()?;
        for part in parts {
            let Some(inside) = at.inside.get(part.as_str()) else { break };
            at = &self.values[*inside as usize];
        }
        Some(at.span)
    }
}

/// The spans that were found so far, and where the reading stands.
#[derive(Default)]
struct Places {
    found: SpanIndex,
    /// The values that are open.
    open: Vec<u32>,
    /// The key or index of what comes next.
    step: String,
}

impl Places {
    fn note(&mut self, span: Span) {
        let number = to_u32(self.found.values.len());
        self.found.values.push(Spanned { span, inside: HashMap::new() });
        if let Some(parent) = self.open.last() {
            self.found.values[*parent as usize].inside.insert(std::mem::take(&mut self.step).into(), number);
        }
    }

    /// Opens the value that was noted last.
    fn enter(&mut self) {
        self.open.push(to_u32(self.found.values.len().saturating_sub(1)));
    }
}

/// The extent of a value, aliases counted as what they stand for.
#[derive(Debug, Clone, Copy, Default)]
struct Extent {
    values: usize,
    bytes: u64,
}

impl Extent {
    fn add(&mut self, more: Self) {
        self.values = self.values.saturating_add(more.values);
        self.bytes = self.bytes.saturating_add(more.bytes);
    }

    fn since(self, before: Self) -> Self {
        Self { values: self.values - before.values, bytes: self.bytes - before.bytes }
    }
}

/// The value that an alias stands for.
struct Anchored {
    value: Value,
    extent: Extent,
    /// The number of levels that it nests.
    height: usize,
}

struct YamlBuilder<'a> {
    text: &'a str,
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    /// Values behind anchors, by anchor id.
    anchors: HashMap<usize, Anchored>,
    problems: Vec<SyntaxProblem>,
    /// Whether a mistake ended the reading: what is open then ends there.
    stopped: bool,
    /// The offset of a line of a flow collection that stands too far to the left.
    fault: Option<usize>,
    depth: usize,
    /// The deepest level in the value that is read.
    deepest: usize,
    /// All that was read, and the copies that anchors keep.
    read: Extent,
    limits: Limits,
    /// The spans of values, if anybody asks; the value itself is of no interest then.
    places: Option<Places>,
    offsets: CharOffsets,
}

/// The parser counts in characters, places count in bytes.
enum CharOffsets {
    Ascii,
    Table(Vec<usize>),
}

impl CharOffsets {
    fn new(text: &str) -> Self {
        if text.is_ascii() { Self::Ascii } else { Self::Table(text.char_indices().map(|(i, _)| i).chain([text.len()]).collect()) }
    }

    fn byte(&self, index: usize) -> usize {
        match self {
            Self::Ascii => index,
            Self::Table(table) => table.get(index).or(table.last()).copied().unwrap_or(0),
        }
    }
}

impl<'a> YamlBuilder<'a> {
    fn new(text: &'a str, limits: &Limits) -> Self {
        Self {
            text,
            parser: Parser::new_from_str(text),
            anchors: HashMap::new(),
            problems: Vec::new(),
            stopped: false,
            fault: None,
            depth: 0,
            deepest: 0,
            read: Extent::default(),
            limits: limits.clone(),
            places: None,
            offsets: CharOffsets::new(text),
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, usize), SyntaxProblem> {
        match self.parser.next() {
            Some(Ok((event, span))) => Ok((event, self.offsets.byte(span.start.index()).min(self.text.len()))),
            Some(Err(error)) => Err(self.scan_error(&error)),
            None => Ok((Event::StreamEnd, self.text.len())),
        }
    }

    fn scan_error(&mut self, error: &ScanError) -> SyntaxProblem {
        let offset = self.offsets.byte(error.marker().index()).min(self.text.len());
        self.fault = flow::is_indentation(error).then_some(offset);
        SyntaxProblem::new(&diagnostic::SYNTAX, offset, format!("not valid YAML: {}", error.info()))
    }

    /// Reads the document; what is left of it where there is a mistake.
    fn document(&mut self) -> Option<Value> {
        let mut root = None;
        while !self.stopped {
            match self.document_event(root.is_some()) {
                Ok(Some(value)) => root = Some(value),
                Ok(None) => return root,
                Err(problem) => self.stop(problem),
            }
        }
        root
    }

    /// Reads up to the document's value, or to the end of the text behind it.
    fn document_event(&mut self, done: bool) -> Result<Option<Value>, SyntaxProblem> {
        loop {
            let (event, offset) = self.next()?;
            match event {
                Event::StreamEnd if done => return Ok(None),
                Event::StreamEnd => return Err(SyntaxProblem::new(&diagnostic::SYNTAX, 0, "the document is empty")),
                Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
                _ if done => {
                    return Err(SyntaxProblem::new(&diagnostic::SYNTAX, offset, "a second YAML document in one file")
                        .help("give each document a file of its own"));
                }
                event => return self.value(event, offset, None).map(Some),
            }
        }
    }

    /// Ends the reading at a mistake.
    fn stop(&mut self, problem: SyntaxProblem) {
        self.problems.push(problem);
        self.stopped = true;
    }

    /// Reads a value inside another, which keeps what it has where this one breaks off.
    fn part(&mut self, event: Event<'a>, offset: usize, key: Option<usize>) -> Value {
        self.value(event, offset, key).unwrap_or_else(|problem| {
            self.stop(problem);
            Value::Null
        })
    }

    fn value(&mut self, event: Event<'a>, offset: usize, key: Option<usize>) -> Result<Value, SyntaxProblem> {
        if let Some(places) = &mut self.places {
            places.note(Span { key, value: offset });
        }
        let before = self.read;
        self.count(Extent { values: 1, bytes: 0 }, offset)?;
        let around = std::mem::replace(&mut self.deepest, self.depth);
        let (anchor, value) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.count(Extent { values: 0, bytes: text.len() as u64 }, offset)?;
                let tagged_string = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
                let plain = style == ScalarStyle::Plain && !tagged_string;
                (anchor, if plain { scalar(&text) } else { Value::String(text.into_owned()) })
            }
            Event::Alias(_) if self.places.is_some() => (0, Value::Null),
            Event::Alias(id) => (0, self.alias(id, offset)?),
            Event::SequenceStart(anchor, _) => (anchor, self.nested(offset, Self::sequence)?),
            Event::MappingStart(anchor, _) => (anchor, self.nested(offset, Self::mapping)?),
            _ => return Err(SyntaxProblem::new(&diagnostic::SYNTAX, offset, "a value is missing here")),
        };
        let height = self.deepest - self.depth;
        self.deepest = self.deepest.max(around);
        if anchor != 0 && self.places.is_none() {
            let extent = self.read.since(before);
            // The copy takes as much room as the value itself.
            self.count(extent, offset)?;
            self.anchors.insert(anchor, Anchored { value: value.clone(), extent, height });
        }
        Ok(value)
    }

    /// Returns what an alias stands for.
    fn alias(&mut self, id: usize, offset: usize) -> Result<Value, SyntaxProblem> {
        let Some(Anchored { extent, height, .. }) = self.anchors.get(&id) else {
            return Err(SyntaxProblem::new(&diagnostic::SYNTAX, offset, "an alias to an anchor that is still open"));
        };
        let (extent, deepest) = (*extent, self.depth + height);
        if deepest > self.limits.depth {
            return Err(too_deep(offset, &self.limits));
        }
        self.deepest = self.deepest.max(deepest);
        self.count(extent, offset)?;
        Ok(self.anchors[&id].value.clone())
    }

    /// Counts what is read, before it takes room.
    fn count(&mut self, more: Extent, offset: usize) -> Result<(), SyntaxProblem> {
        self.read.add(more);
        if self.read.values > self.limits.values {
            return Err(too_many_values(offset, &self.limits));
        }
        if self.read.bytes > self.limits.file_bytes {
            let message = format!("with what aliases stand for, the texts of the document have more than {} bytes", self.limits.file_bytes);
            return Err(SyntaxProblem::new(&diagnostic::TOO_LARGE, offset, message)
                .help("repeat less of the document by aliases, or raise `limits.file_bytes` in eventc.toml"));
        }
        Ok(())
    }

    fn nested(&mut self, offset: usize, read: fn(&mut Self) -> Value) -> Result<Value, SyntaxProblem> {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        if self.depth > self.limits.depth {
            return Err(too_deep(offset, &self.limits));
        }
        if let Some(places) = &mut self.places {
            places.enter();
        }
        let value = read(self);
        if let Some(places) = &mut self.places {
            places.open.pop();
        }
        self.depth -= 1;
        Ok(value)
    }

    /// Says under which key or index the next value stands.
    fn step(&mut self, step: impl FnOnce() -> String) {
        if let Some(places) = &mut self.places {
            places.step = step();
        }
    }

    fn sequence(&mut self) -> Value {
        let mut items = Vec::new();
        while !self.stopped {
            let (event, offset) = match self.next() {
                Ok(next) => next,
                Err(problem) => {
                    self.stop(problem);
                    break;
                }
            };
            if event == Event::SequenceEnd {
                break;
            }
            self.step(|| items.len().to_string());
            items.push(self.part(event, offset, None));
        }
        Value::Array(items)
    }

    fn mapping(&mut self) -> Value {
        let (mut members, mut merged) = (Map::new(), MergeKeys::default());
        while !self.stopped {
            match self.member(&mut members, &mut merged) {
                Ok(true) => {}
                Ok(false) => break,
                Err(problem) => self.stop(problem),
            }
        }
        Value::Object(merged.into(members))
    }

    /// Reads a member of a mapping; false at its end.
    fn member(&mut self, members: &mut Map<String, Value>, merged: &mut MergeKeys) -> Result<bool, SyntaxProblem> {
        let (event, offset) = self.next()?;
        let (key, plain) = match event {
            Event::MappingEnd => return Ok(false),
            Event::Scalar(text, style, ..) => (text.into_owned(), style == ScalarStyle::Plain),
            _ => {
                return Err(SyntaxProblem::new(&diagnostic::SYNTAX, offset, "a mapping key that is not a string")
                    .help("a schema is JSON: its keys are strings"));
            }
        };
        let lends = plain && key == merge::KEY;
        if members.contains_key(&key) {
            let message = format!("the key {key:?} stands in this mapping already");
            self.problems.push(SyntaxProblem::new(&diagnostic::DUPLICATE_KEY, offset, message).help("remove one of the two"));
        }
        self.count(Extent { values: 0, bytes: key.len() as u64 }, offset)?;
        let (event, value_offset) = self.next()?;
        self.step(|| key.clone());
        let value = self.part(event, value_offset, Some(offset));
        if !lends || self.places.is_some() {
            members.insert(key, value);
        } else if !merged.take(value, members.len()) && !self.stopped {
            return Err(SyntaxProblem::new(&diagnostic::SYNTAX, value_offset, "`<<` merges a mapping or a list of mappings")
                .help("write the alias of a mapping here, or quote the key"));
        }
        Ok(true)
    }
}

/// Returns a plain scalar under the core schema.
fn scalar(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number),
    }
}

/// Returns a number of the core schema that JSON can spell; octal and hexadecimal become decimal.
fn number(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok().map(Number::from);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return u64::from_str_radix(digits, 8).ok().map(Number::from);
    }
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    let (sign, digits) = unsigned.strip_prefix('-').map_or(("", unsigned), |rest| ("-", rest));
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let trimmed = digits.trim_start_matches('0');
    let integral = if trimmed.starts_with(|c: char| c.is_ascii_digit()) { trimmed.to_owned() } else { format!("0{trimmed}") };
    // `1.` and `1.e5` are numbers in YAML and not in JSON.
    let spelled = integral.replace(".e", ".0e").replace(".E", ".0E");
    let spelled = if spelled.ends_with('.') { spelled + "0" } else { spelled };
    serde_json::from_str(&format!("{sign}{spelled}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        let Parsed { value, problems, .. } = parse(text, &Limits::default());
        assert!(problems.is_empty(), "{problems:?}");
        value.expect("a value")
    }

    #[test]
    fn core_schema_scalars() {
        let text = "[1, -0, 007, 1.5, 1., .5, +3, 0x1F, 0o17, 1e3, yes, 'no', true, ~, 12.3.4, '', 123456789012345678901234567890]";
        let expected = r#"[1,-0,7,1.5,1.0,0.5,3,31,15,1e3,"yes","no",true,null,"12.3.4","",123456789012345678901234567890]"#;
        assert_eq!(value(text), serde_json::from_str::<Value>(expected).expect("JSON"));
    }

    #[test]
    fn places_and_aliases() {
        let text = "# héllo\na: &x\n  b: 1\nc: *x\n";
        assert_eq!(value(text).pointer("/c/b"), Some(&Value::from(1)));
        let places = SpanIndex::new(text);
        let find = |pointer: &str| places.find(&super::super::split_pointer(pointer));
        let span = find("/a/b").expect("a span");
        assert_eq!(&text[span.value..=span.value], "1");
        assert_eq!(&text[span.key.expect("a key")..][..1], "b");
        assert_eq!(find("/c/b").map(|span| &text[span.value..][..2]), Some("*x"));
        assert_eq!(find("/a/b/c/d").map(|span| span.value), Some(span.value));
    }

    #[test]
    fn merge_keys_lend_what_is_not_said() {
        let text = "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: [*a, *b], y: 0, w: 5}\nd: {'<<': 1}\ne: {q: 1, <<: *a}\n";
        let expected = r#"{"a":{"x":1,"y":2},"b":{"y":3,"z":4},"c":{"x":1,"z":4,"y":0,"w":5},"d":{"<<":1},"e":{"q":1,"x":1,"y":2}}"#;
        assert_eq!(value(text).to_string(), expected);
        assert_eq!(parse("a: {<<: 3}", &Limits::default()).problems[0].rule.name, "syntax");
    }

    #[test]
    fn flow_collections_may_end_at_the_column_of_their_key() {
        for text in ["a:\n  b: [\n    1 # one\n  ]\n  c: {\n  d: 2\n  }\n", "a:\r\n  b: [\r\n1\r\n]\r\n  c: {d: 2\r\n  }\r\n"] {
            let Parsed { value, problems, plain, .. } = parse(text, &Limits::default());
            assert_eq!(value.map(|value| value.to_string()).as_deref(), Some(r#"{"a":{"b":[1],"c":{"d":2}}}"#), "{text}");
            assert_eq!(problems.iter().map(|problem| problem.rule.name).collect::<Vec<_>>(), ["flow-indent"]);
            let places = SpanIndex::new(&plain.expect("a text that parses"));
            assert_eq!(places.find(&super::super::split_pointer("/a/c/d")).map(|span| &text[span.value..][..1]), Some("2"));
        }
    }

    #[test]
    fn what_stands_before_a_mistake_is_kept() {
        let Parsed { value, broken, .. } = parse("title: A\nproperties:\n  a: {type: string}\n  b: [1, [\nx: 2", &Limits::default());
        assert_eq!(value.map(|value| value.to_string()).as_deref(), Some(r#"{"title":"A","properties":{"a":{"type":"string"},"b":[1]}}"#));
        assert!(broken);
    }

    #[test]
    fn alias_bombs_end_in_a_diagnostic() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for i in 1..12 {
            let row = vec![format!("*a{}", i - 1); 10].join(", ");
            text += &format!("a{i}: &a{i} [{row}]\n");
        }
        let Parsed { value, problems, .. } = parse(&text, &Limits::default());
        assert!(value.is_none());
        assert_eq!(problems[0].rule.name, "too-large");
    }

    #[test]
    fn mistakes_have_places() {
        for (text, rule) in [("a: [1", "syntax"), ("a: 1\na: 2", "duplicate-key"), ("", "syntax"), ("? [a]\n: 1", "syntax")] {
            let problems = parse(text, &Limits::default()).problems;
            assert_eq!(problems[0].rule.name, rule, "{text}");
        }
    }
}
