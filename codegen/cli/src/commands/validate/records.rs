//! Events in files: one document, or one a line.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use eventc_model::{
    diagnostic::{self, Diagnostic, Place},
    source::{Limits, SourceFile, SourceFormat},
    syntax::Document,
};
use serde_json::Value;

/// An event, or why there is none.
pub(super) enum Record {
    Document {
        document: Box<Document>,
        /// Lines of the file before it.
        above: u32,
    },
    Broken(Vec<Diagnostic>),
}

impl Record {
    fn parse(shown: &str, text: &[u8], above: u32, limits: &Limits) -> Self {
        let whole = || Place { file: shown.into(), line: above + 1, column: 1 };
        if text.len() as u64 > limits.file_bytes {
            let message = format!("the event is larger than {} bytes", limits.file_bytes);
            return Self::Broken(vec![Diagnostic::new(&diagnostic::TOO_LARGE, whole(), message)]);
        }
        let text = match std::str::from_utf8(text) {
            Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
            Err(error) => {
                let before = String::from_utf8_lossy(&text[..error.valid_up_to()]).into_owned();
                let line = above + 1 + u32::try_from(before.matches('\n').count()).unwrap_or(0);
                let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count());
                let place = Place { line, column: u32::try_from(column + 1).unwrap_or(u32::MAX), ..whole() };
                return Self::Broken(vec![Diagnostic::new(&diagnostic::NOT_UTF8, place, "this byte is not UTF-8")]);
            }
        };
        let file = SourceFile { path: shown.into(), shown: shown.into(), format: SourceFormat::Json, text: text.into(), unread: false };
        match Document::parse(file, limits) {
            (Some(document), problems) if problems.is_empty() => Self::Document { document: Box::new(document), above },
            (_, mut problems) => {
                for problem in &mut problems {
                    problem.place.line += above;
                }
                Self::Broken(problems)
            }
        }
    }

    /// Returns the place of a JSON Pointer, or of its deepest part that there is.
    pub(super) fn place(&self, pointer: &str) -> Place {
        match self {
            Self::Document { document, above } => {
                let place = document.place(pointer);
                Place { line: place.line + above, ..place }
            }
            Self::Broken(findings) => findings.first().map_or_else(|| Place::whole(""), |finding| finding.place.clone()),
        }
    }
}

/// Passes each event of a file to `visit`. A file is taken as one a line where its name ends in `.ndjson` or `.jsonl`, or where its
/// first line is a whole document and not the last.
pub(super) fn read(path: &Path, limits: &Limits, visit: &mut dyn FnMut(&Record) -> io::Result<()>) -> io::Result<()> {
    if path == Path::new("-") {
        return split("stdin", false, &mut io::stdin().lock(), limits, visit);
    }
    let lines = path.extension().is_some_and(|ending| ending == "ndjson" || ending == "jsonl");
    split(&path.to_string_lossy(), lines, &mut BufReader::new(File::open(path)?), limits, visit)
}

fn split(
    shown: &str,
    lines: bool,
    reader: &mut dyn BufRead,
    limits: &Limits,
    visit: &mut dyn FnMut(&Record) -> io::Result<()>,
) -> io::Result<()> {
    // One byte more tells what is too large from what just fits.
    let most = limits.file_bytes.saturating_add(1);
    let mut line = Vec::new();
    let mut above = 0;
    loop {
        line.clear();
        if (&mut *reader).take(most).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let last = reader.fill_buf()?.is_empty();
        if above == 0 && !lines && (last || serde_json::from_slice::<Value>(&line).is_err()) {
            (&mut *reader).take(most.saturating_sub(line.len() as u64)).read_to_end(&mut line)?;
            return visit(&Record::parse(shown, &line, 0, limits));
        }
        if !line.iter().all(u8::is_ascii_whitespace) {
            let record = Record::parse(shown, line.strip_suffix(b"\n").unwrap_or(&line), above, limits);
            visit(&record)?;
            if line.len() as u64 == most {
                // The rest of such a line is no event of its own.
                while !line.ends_with(b"\n") {
                    line.clear();
                    if (&mut *reader).take(most).read_until(b'\n', &mut line)? == 0 {
                        return Ok(());
                    }
                }
            }
        }
        above += 1;
    }
}
