//! Many pairs, a line each: judged on all cores, answered in their order.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, IsTerminal, Read},
    panic::{self, AssertUnwindSafe},
    path::Path,
};

use anyhow::{Context as _, Result, anyhow};
use eventc_codegen::{
    compat::{CompareOptions, Comparison, Verdict, compare},
    gate::{ComparedSchema, answer},
    report::{counted, short},
};
use eventc_model::{
    diagnostic::Level,
    source::{Limits, SourceFile, SourceFormat},
    syntax::Document,
};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::{commands::plain::BriefFormat, context::CommandContext, status::Status};
use eventc_model::text::display_path;

/// So many lines are judged together; their answers are held until all are there.
const BATCH: usize = 256;

/// The outcome of a line.
struct PairOutcome {
    id: Value,
    result: Result<Comparison, String>,
}

/// The numbers of lines by outcome.
#[derive(Default)]
struct Counts {
    all: u64,
    compatible: u64,
    incompatible: u64,
    undecided: u64,
    unread: u64,
}

pub(super) fn run(path: &Path, options: &CompareOptions, format: BriefFormat, context: &CommandContext) -> Result<Status> {
    let mut reader: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(BufReader::new(io::stdin()))
    } else {
        Box::new(BufReader::new(File::open(path).with_context(|| format!("cannot read {}", display_path(path)))?))
    };
    // On a terminal the answers themselves show that work goes on.
    let progress = (!io::stdout().is_terminal()).then(|| context.console.progress("comparing pairs"));
    let (mut number, mut counts) = (0, Counts::default());
    loop {
        let lines = batch(&mut *reader, &mut number).with_context(|| format!("cannot read {}", display_path(path)))?;
        if lines.is_empty() {
            break;
        }
        let judged: Vec<_> = lines.par_iter().map(|(number, line)| judge(*number, line, options)).collect();
        let mut text = String::new();
        for one in &judged {
            counts.add(one);
            text.push_str(&print(one, options, format));
        }
        context.console.print(&text)?;
    }
    drop(progress);
    if format == BriefFormat::Human {
        context.console.print(&counts.summary())?;
    }
    match counts.unread {
        0 => Ok(Status::of(counts.compatible < counts.all)),
        unread => Err(anyhow!("{} could not be read", counted(unread, "pair"))),
    }
}

/// Returns the next lines with their numbers, from 1; blank ones are passed over.
fn batch(reader: &mut dyn BufRead, number: &mut u64) -> io::Result<Vec<(u64, Vec<u8>)>> {
    let most = Limits::default().file_bytes.saturating_add(1);
    let mut lines = Vec::new();
    while lines.len() < BATCH {
        let mut line = Vec::new();
        if (&mut *reader).take(most).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        *number += 1;
        if line.len() as u64 == most && !line.ends_with(b"\n") {
            skip_line(reader, most)?;
        }
        if !line.iter().all(u8::is_ascii_whitespace) {
            lines.push((*number, line));
        }
    }
    Ok(lines)
}

/// Passes the rest of a line that is too long to be held.
fn skip_line(reader: &mut dyn BufRead, most: u64) -> io::Result<()> {
    let mut rest = Vec::new();
    while !rest.ends_with(b"\n") {
        rest.clear();
        if (&mut *reader).take(most).read_until(b'\n', &mut rest)? == 0 {
            break;
        }
    }
    Ok(())
}

fn judge(number: u64, line: &[u8], options: &CompareOptions) -> PairOutcome {
    let pair = match parse(number, line) {
        Ok(pair) => pair,
        Err(why) => return PairOutcome { id: Value::Null, result: Err(why) },
    };
    let id = pair["id"].clone();
    // A defect in one pair is that pair's answer; the others are judged all the same.
    let result = panic::catch_unwind(AssertUnwindSafe(|| compare_pair(&pair, options)));
    let result = result.unwrap_or_else(|_| Err("this pair met a defect of eventc; please report it".into()));
    PairOutcome { id, result }
}

fn compare_pair(pair: &Value, options: &CompareOptions) -> Result<Comparison, String> {
    let dialect = match pair.get("dialect") {
        None | Some(Value::Null) => None,
        Some(Value::String(dialect)) => Some(dialect.as_str()),
        Some(_) => return Err("`dialect` is no string".into()),
    };
    let side = |key: &str| {
        let value = pair.get(key).ok_or_else(|| format!("`{key}` is missing"))?;
        ComparedSchema::from_value(key, value, dialect).map_err(|error| error.to_string())
    };
    match (side("old"), side("new")) {
        (Ok(old), Ok(new)) => Ok(compare(old.side(), new.side(), options)),
        (old, new) => Err([old.err(), new.err()].into_iter().flatten().collect::<Vec<_>>().join("; ")),
    }
}

/// Returns the line as an object; every problem of the text is said.
fn parse(number: u64, line: &[u8]) -> Result<Value, String> {
    let name = format!("line {number}");
    let text = std::str::from_utf8(line).map_err(|error| format!("{name}: not UTF-8: {error}"))?.trim();
    let limits = Limits::default();
    if text.len() as u64 > limits.file_bytes {
        return Err(format!("{name}: longer than {} bytes", limits.file_bytes));
    }
    let file = SourceFile::of_text(&name, SourceFormat::Json, text);
    let (document, problems) = Document::parse(file, &limits);
    let fatal: Vec<_> = problems.iter().filter(|problem| problem.level == Level::Error).map(short).collect();
    match document {
        Some(document) if fatal.is_empty() && document.value.is_object() => Ok(document.value),
        Some(_) if fatal.is_empty() => Err(format!("{name}: a pair is an object with `id`, `old` and `new`")),
        _ => Err(fatal.join("; ")),
    }
}

fn print(judged: &PairOutcome, options: &CompareOptions, format: BriefFormat) -> String {
    let PairOutcome { id, result } = judged;
    match (format, result) {
        (BriefFormat::Json, Ok(comparison)) => format!("{}\n", answer(id, options, comparison)),
        (BriefFormat::Json, Err(why)) => format!("{}\n", json!({ "id": id, "error": why })),
        (BriefFormat::Human, Ok(comparison)) => {
            let mut text = format!("{}: {}\n", name(id), super::summary(options, comparison));
            for found in comparison.found() {
                text.push_str(&format!(
                    "  {}: {}\n    shown by {}\n    help: {}\n",
                    found.rule.name,
                    found.message,
                    found.witness,
                    found.help.clone()
                ));
            }
            for open in &comparison.undecided {
                text.push_str(&format!("  undecided: `{}` at {:?}: {}\n", open.keyword, open.pointer, open.reason));
            }
            text
        }
        (BriefFormat::Human, Err(why)) => format!("{}: cannot be read: {why}\n", name(id)),
    }
}

fn name(id: &Value) -> String {
    match id {
        Value::String(text) => text.clone(),
        Value::Null => "a pair without id".into(),
        other => other.to_string(),
    }
}

impl Counts {
    fn add(&mut self, judged: &PairOutcome) {
        self.all += 1;
        let count = match judged.result.as_ref().map(|comparison| comparison.verdict) {
            Ok(Verdict::Compatible) => &mut self.compatible,
            Ok(Verdict::Incompatible) => &mut self.incompatible,
            Ok(Verdict::Undecided) => &mut self.undecided,
            Err(_) => &mut self.unread,
        };
        *count += 1;
    }

    fn summary(&self) -> String {
        let Self { all, compatible, incompatible, undecided, unread } = self;
        format!("{}: {compatible} compatible, {incompatible} incompatible, {undecided} undecided, {unread} unread\n", counted(*all, "pair"))
    }
}
