//! YAML 1.2: saphyr-parser gives events with places; this file turns them into a JSON value (core schema, section 10.3).

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};
use serde_json::{Map, Number, Value};

use super::{Problem, Span, join_pointer};
use crate::{diagnostic, source::Limits};

/// Aliases may repeat parts of a document; together they may not make it larger than this many values.
const MAX_VALUES: usize = 2_000_000;

pub(super) fn parse(text: &str, limits: &Limits) -> (Option<Value>, Vec<Problem>) {
    let mut builder = Builder::new(text, limits.depth);
    let value = match builder.document() {
        Ok(value) => value,
        Err(problem) => {
            builder.problems.push(problem);
            None
        }
    };
    (value, builder.problems)
}

/// Where the values of a document stand, by JSON Pointer. What an alias stands for has no place but the alias.
#[derive(Debug)]
pub(super) struct Places(HashMap<String, Span>);

impl Places {
    pub(super) fn new(text: &str) -> Self {
        let mut builder = Builder::new(text, usize::MAX);
        builder.places = Some(HashMap::new());
        // What was read before a mistake has its place, too.
        let _ = builder.document();
        Self(builder.places.unwrap_or_default())
    }

    /// The place of the value at a pointer; of the deepest part that exists where the pointer goes further.
    pub(super) fn find(&self, mut pointer: &str) -> Option<Span> {
        loop {
            if let Some(span) = self.0.get(pointer) {
                return Some(*span);
            }
            pointer = &pointer[..pointer.rfind('/')?];
        }
    }
}

struct Builder<'a> {
    text: &'a str,
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    /// Values behind anchors, by anchor id, with how many values each holds.
    anchors: HashMap<usize, (Value, usize)>,
    problems: Vec<Problem>,
    depth: usize,
    max_depth: usize,
    values: usize,
    path: Vec<String>,
    /// Where values stand, if anybody asks.
    places: Option<HashMap<String, Span>>,
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

impl<'a> Builder<'a> {
    fn new(text: &'a str, max_depth: usize) -> Self {
        Self {
            text,
            parser: Parser::new_from_str(text),
            anchors: HashMap::new(),
            problems: Vec::new(),
            depth: 0,
            max_depth,
            values: 0,
            path: Vec::new(),
            places: None,
            offsets: CharOffsets::new(text),
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, usize), Problem> {
        match self.parser.next() {
            Some(Ok((event, span))) => Ok((event, self.offsets.byte(span.start.index()).min(self.text.len()))),
            Some(Err(error)) => Err(self.scan_error(&error)),
            None => Ok((Event::StreamEnd, self.text.len())),
        }
    }

    fn scan_error(&self, error: &ScanError) -> Problem {
        let offset = self.offsets.byte(error.marker().index()).min(self.text.len());
        Problem::new(&diagnostic::SYNTAX, offset, format!("not valid YAML: {}", error.info()))
    }

    fn document(&mut self) -> Result<Option<Value>, Problem> {
        let mut root = None;
        loop {
            let (event, offset) = self.next()?;
            match event {
                Event::StreamEnd => {
                    return match root {
                        Some(value) => Ok(Some(value)),
                        None => Err(Problem::new(&diagnostic::SYNTAX, 0, "the document is empty")),
                    };
                }
                Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
                _ if root.is_some() => {
                    return Err(Problem::new(&diagnostic::SYNTAX, offset, "a second YAML document in one file")
                        .help("give each document a file of its own"));
                }
                event => root = Some(self.value(event, offset, None)?),
            }
        }
    }

    fn value(&mut self, event: Event<'a>, offset: usize, key: Option<usize>) -> Result<Value, Problem> {
        self.note_place(offset, key);
        self.values += 1;
        if self.values > MAX_VALUES {
            let message = format!("aliases make the document larger than {MAX_VALUES} values");
            return Err(Problem::new(&diagnostic::TOO_LARGE, offset, message));
        }
        let before = self.values;
        let (anchor, value) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tagged_string = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
                let plain = style == ScalarStyle::Plain && !tagged_string;
                (anchor, if plain { scalar(&text) } else { Value::String(text.into_owned()) })
            }
            Event::Alias(id) => match self.anchors.get(&id) {
                Some((value, size)) => {
                    self.values += size;
                    (0, value.clone())
                }
                None => return Err(Problem::new(&diagnostic::SYNTAX, offset, "an alias to an anchor that is still open")),
            },
            Event::SequenceStart(anchor, _) => (anchor, self.nested(offset, Self::sequence)?),
            Event::MappingStart(anchor, _) => (anchor, self.nested(offset, Self::mapping)?),
            _ => return Err(Problem::new(&diagnostic::SYNTAX, offset, "a value is missing here")),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, (value.clone(), self.values - before + 1));
        }
        Ok(value)
    }

    fn nested(&mut self, offset: usize, read: fn(&mut Self) -> Result<Value, Problem>) -> Result<Value, Problem> {
        self.depth += 1;
        if self.depth > self.max_depth {
            return Err(Problem::new(&diagnostic::TOO_DEEP, offset, format!("nested deeper than {} levels", self.max_depth))
                .help("flatten the document, or raise `limits.depth` in eventc.toml"));
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn sequence(&mut self) -> Result<Value, Problem> {
        let mut items = Vec::new();
        loop {
            let (event, offset) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(Value::Array(items));
            }
            self.path.push(items.len().to_string());
            items.push(self.value(event, offset, None)?);
            self.path.pop();
        }
    }

    fn mapping(&mut self) -> Result<Value, Problem> {
        let mut members = Map::new();
        loop {
            let (event, offset) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok(Value::Object(members)),
                Event::Scalar(text, ..) => text.into_owned(),
                _ => {
                    return Err(Problem::new(&diagnostic::SYNTAX, offset, "a mapping key that is not a string")
                        .help("a schema is JSON: its keys are strings"));
                }
            };
            if members.contains_key(&key) {
                let message = format!("the key {key:?} stands in this mapping already");
                self.problems.push(Problem::new(&diagnostic::DUPLICATE_KEY, offset, message).help("remove one of the two"));
            }
            self.path.push(key.clone());
            let (event, value_offset) = self.next()?;
            let value = self.value(event, value_offset, Some(offset))?;
            self.path.pop();
            members.insert(key, value);
        }
    }

    fn note_place(&mut self, value: usize, key: Option<usize>) {
        if let Some(places) = &mut self.places {
            places.insert(join_pointer(&self.path), Span { key, value });
        }
    }
}

/// A plain scalar under the core schema.
fn scalar(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number),
    }
}

/// A number of the core schema that JSON can spell; octal and hexadecimal become decimal.
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
        let (value, problems) = parse(text, &Limits::default());
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
        let places = Places::new(text);
        let span = places.find("/a/b").expect("a span");
        assert_eq!(&text[span.value..=span.value], "1");
        assert_eq!(&text[span.key.expect("a key")..][..1], "b");
        assert_eq!(places.find("/c/b").map(|span| &text[span.value..][..2]), Some("*x"));
        assert_eq!(places.find("/a/b/c/d").map(|span| span.value), Some(span.value));
    }

    #[test]
    fn alias_bombs_end_in_a_diagnostic() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for i in 1..12 {
            let row = vec![format!("*a{}", i - 1); 10].join(", ");
            text += &format!("a{i}: &a{i} [{row}]\n");
        }
        let (value, problems) = parse(&text, &Limits::default());
        assert!(value.is_none());
        assert_eq!(problems[0].rule.name, "too-large");
    }

    #[test]
    fn mistakes_have_places() {
        for (text, rule) in [("a: [1", "syntax"), ("a: 1\na: 2", "duplicate-key"), ("", "syntax"), ("? [a]\n: 1", "syntax")] {
            let (_, problems) = parse(text, &Limits::default());
            assert_eq!(problems[0].rule.name, rule, "{text}");
        }
    }
}
