//! `eventc compat`

mod pairs;

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use eventc_codegen::{
    compat::{Bump, CompareMode, CompareOptions, Comparison, ContentModel, Verdict, compare},
    gate::{ComparedSchema, answer, explain},
    report::{Report, counted},
};
use eventc_model::config::FormatReading;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::plain::BriefFormat;
use crate::{context::CommandContext, status::Status};

/// Say whether two versions of a schema are compatible, and show a document where they are not
///
/// Backward: readers of the new version accept the events of the old one. Exit status 1 says that a verdict is not `compatible`,
/// 2 that a pair could not be read.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc compat order.v1.json order-new.json
  eventc compat old.json new.json --mode full --content-model strict
  eventc compat --pairs pairs.jsonl        a line {\"id\", \"old\", \"new\", \"dialect\"?} each, schemas as JSON
  eventc compat --pairs - --format human < pairs.jsonl")]
pub(crate) struct Args {
    /// The schema that is in use: a file, with what it refers to
    #[arg(value_name = "OLD", requires = "new", conflicts_with = "pairs")]
    old: Option<PathBuf>,

    /// The schema that takes its place
    #[arg(value_name = "NEW")]
    new: Option<PathBuf>,

    /// Judge each line of this file; `-` for standard input
    #[arg(long, value_name = "FILE.jsonl", required_unless_present = "old")]
    pairs: Option<PathBuf>,

    /// Who has to understand whom: new readers old events (backward), old readers new events (forward), or both (full)
    #[arg(long, value_name = "MODE", default_value = "backward", value_parser = PossibleValuesParser::new(["backward", "forward", "full"]).map(word::<CompareMode>))]
    mode: CompareMode,

    /// Which documents a writer may send: those with declared properties only, or all that its schema accepts
    #[arg(long, value_name = "MODEL", default_value = "declared", value_parser = PossibleValuesParser::new(["declared", "strict"]).map(word::<ContentModel>))]
    content_model: ContentModel,

    /// Readers survive enum values that they do not know
    #[arg(long)]
    open_enums: bool,

    /// Do not compare what stands at this JSON Pointer in documents, such as a stamp of the version; may be repeated
    #[arg(long, value_name = "POINTER", value_parser = pointer)]
    ignore: Vec<String>,

    /// How to print; human for two files, json (a line each) for pairs
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<BriefFormat>,
}

impl Args {
    /// Returns the format in which it reports.
    pub(super) fn format(&self) -> BriefFormat {
        self.format.unwrap_or(if self.pairs.is_some() { BriefFormat::Json } else { BriefFormat::Human })
    }

    fn options(&self, formats: Option<FormatReading>) -> CompareOptions {
        CompareOptions {
            mode: self.mode,
            content_model: self.content_model,
            open_enums: self.open_enums,
            ignored: self.ignore.clone(),
            formats,
            ..CompareOptions::default()
        }
    }
}

/// Reads a word that clap has checked already.
fn word<T: DeserializeOwned + Default>(text: String) -> T {
    serde_json::from_value(Value::String(text)).unwrap_or_default()
}

fn pointer(text: &str) -> Result<String, String> {
    if text.starts_with('/') { Ok(text.to_owned()) } else { Err("a JSON Pointer, which begins with `/`".to_owned()) }
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let options = args.options(context.customs.formats());
    match (&args.pairs, &args.old, &args.new) {
        (Some(path), _, _) => pairs::run(path, &options, args.format(), context),
        (None, Some(old), Some(new)) => files(old, new, &options, args.format(), context),
        _ => Err(anyhow!("name two files, or --pairs")),
    }
}

fn files(old: &Path, new: &Path, options: &CompareOptions, format: BriefFormat, context: &CommandContext) -> Result<Status> {
    let progress = context.console.progress("comparing");
    let here = std::env::current_dir()?;
    // Both sides are read before either is complained about.
    let (old_schema, new_schema) = match (ComparedSchema::read(old, &here), ComparedSchema::read(new, &here)) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let errors: Vec<_> = [old.err(), new.err()].into_iter().flatten().map(|error| error.to_string()).collect();
            return Err(anyhow!("{}", errors.join("\n")));
        }
    };
    let comparison = compare(old_schema.side(), new_schema.side(), options);
    drop(progress);
    if format == BriefFormat::Json {
        let id = Value::from(new.to_string_lossy());
        context.console.print(&format!("{}\n", answer(&id, options, &comparison)))?;
    } else {
        let findings = explain(&comparison, &old_schema, &new_schema);
        let mut sources = old_schema.sources();
        sources.extend(new_schema.sources());
        if !findings.is_empty() {
            context.report(&Report { diagnostics: &findings, sources: &sources, facts: &[] })?;
        }
        context.console.print(&format!("{}\n", summary(options, &comparison)))?;
    }
    Ok(Status::of(comparison.verdict != Verdict::Compatible))
}

/// Returns the verdict in a line.
fn summary(options: &CompareOptions, comparison: &Comparison) -> String {
    let mode = match options.mode {
        CompareMode::Backward => "backward",
        CompareMode::Forward => "forward",
        CompareMode::Full => "full",
    };
    let model = match options.content_model {
        ContentModel::Declared => "declared",
        ContentModel::Strict => "strict",
    };
    let verdict = match comparison.verdict {
        Verdict::Compatible => "compatible".to_owned(),
        Verdict::Incompatible => {
            let counts = [(comparison.breaks.len(), "break", ""), (comparison.meaning.len(), "change", " of meaning")];
            let said = counts.into_iter().filter(|(count, ..)| *count > 0);
            let said: Vec<String> = said.map(|(count, word, of)| format!("{}{of}", counted(count as u64, word))).collect();
            format!("incompatible, {}", said.join(", "))
        }
        Verdict::Undecided => format!("undecided, {}", counted(comparison.undecided.len() as u64, "open question")),
    };
    let bump = match comparison.required_bump {
        Bump::None => "nothing changed".to_owned(),
        Bump::Patch => "the change needs a new patch version".to_owned(),
        Bump::Minor => "the change needs a new minor version".to_owned(),
        Bump::Major => "the change needs a new major version".to_owned(),
    };
    let formats = if options.asserts_formats() { "" } else { ", formats as annotations" };
    format!("{verdict} ({mode}, {model}{formats}); {bump}")
}
