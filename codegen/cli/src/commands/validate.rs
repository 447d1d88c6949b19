//! `eventc validate`

mod records;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result, anyhow};
use clap_complete::engine::ArgValueCompleter;
use eventc_codegen::{
    instance::{EventValidator, FormatReading, InstanceProblem, Unusable, Validator, Validators},
    project::Project,
    report::{counted, diagnostic_json, pretty, short},
    rules::{INVALID_EVENT, UNKNOWN_EVENT, UNUSABLE_SCHEMA},
};
use eventc_model::{
    catalog::{Catalog, Contract},
    diagnostic::{Diagnostic, Level, Place},
    schema::FileId,
    source::{Limits, SourceFile, Tree},
};
use serde_json::{Value, json};

use self::records::Record;
use super::plain::BriefFormat;
use crate::{
    completion,
    context::{CommandContext, found_nothing},
    status::Status,
};
use eventc_model::text::display_path;

/// Judge events by their contracts: JSON documents, or one a line (NDJSON)
///
/// An event is read with the envelope of its namespace, which also says its topic; `--payload` says that documents are payloads
/// alone. Exit status 1 says that an event is invalid.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc validate events.ndjson
  kcat -C -t omninode.system.event.alert.v1 -e | eventc validate -
  eventc validate --topic order.created --payload order.json
  eventc validate --schema order.schema.json order.json --format json")]
pub(crate) struct Args {
    /// Read contracts from this folder of JSON Schemas, without configuration and conventions
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,

    /// The topic of all events; otherwise what each event's envelope says
    #[arg(long, value_name = "TOPIC", conflicts_with = "schema", add = ArgValueCompleter::new(completion::topics))]
    topic: Option<String>,

    /// Judge whole documents by this schema file
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,

    /// The documents are payloads, without an envelope
    #[arg(long)]
    payload: bool,

    /// How to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: BriefFormat,

    /// Files of events; `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let project = project(args, context)?;
    if let Some(nothing) = found_nothing(&project, args.schemas.as_deref()) {
        context.console.error(&nothing);
        return Ok(Status::Findings);
    }
    let validators = Validators::new(&project.catalog);
    let judge = judge(args, &project, &validators)?;
    let mut run = ValidationRun {
        judge,
        limits: &project.catalog.config.limits,
        context,
        format: args.format,
        found: Vec::new(),
        events: 0,
        invalid: 0,
    };
    let mut unread = None;
    for file in &args.files {
        let read = records::read(file, run.limits, &mut |record| run.event(record));
        if let Err(error) = read.with_context(|| format!("cannot read {}", display_path(file))) {
            // The other files are judged all the same.
            unread = unread.or(Some(error));
        }
    }
    run.finish()?;
    match unread {
        Some(error) => Err(error),
        None => Ok(Status::of(run.invalid > 0)),
    }
}

/// Returns the tree that holds the contracts: of a single schema, where `--schema` names one outside every known tree.
fn project(args: &Args, context: &CommandContext) -> Result<Project> {
    let Some(schema) = &args.schema else { return context.project(args.schemas.as_deref()) };
    if args.schemas.is_some() {
        return context.project(args.schemas.as_deref());
    }
    if let Ok(project) = context.project(None)
        && file_id(&project, None, schema).is_some()
    {
        return Ok(project);
    }
    let name = schema.file_name().unwrap_or_default().to_string_lossy();
    let format = eventc_model::source::SourceFormat::of(&name)
        .ok_or_else(|| anyhow!("{} is no schema file: its name ends in none of .json, .yaml, .yml and .avsc", display_path(schema)))?;
    let file = SourceFile::read(schema, format).with_context(|| format!("cannot read {}", display_path(schema)))?;
    let mut project = Project::from_tree(Tree::from_texts([(&*name, &*file.text)], &Limits::default()));
    let formats = context.customs.formats();
    project.catalog.config.namespace.iter_mut().for_each(|namespace| namespace.formats = formats);
    Ok(project)
}

/// Returns the file of a tree that a path on disk means.
fn file_id(project: &Project, folder: Option<&Path>, path: &Path) -> Option<FileId> {
    let configured = || project.base.join(&project.catalog.config.schemas);
    let root = folder.map_or_else(configured, Path::to_path_buf).canonicalize().ok()?;
    let path = path.canonicalize().ok()?;
    let below: Vec<_> = path.strip_prefix(root).ok()?.iter().map(|part| part.to_string_lossy()).collect();
    project.catalog.schemas.file_id(&below.join("/"))
}

/// The judge of documents.
enum DocumentJudge<'a, 'v> {
    /// One schema for all.
    Schema(Result<Arc<Validator>, (Place, Unusable)>),
    /// One contract for all, in its envelope.
    Event(&'a Catalog, &'a Contract, Box<EventValidator>),
    /// The contract that each event names.
    Any(&'a Catalog, &'v Validators<'a>),
}

fn judge<'a, 'v>(args: &Args, project: &'a Project, validators: &'v Validators<'a>) -> Result<DocumentJudge<'a, 'v>> {
    let catalog = &project.catalog;
    if let Some(schema) = &args.schema {
        let lone = (catalog.schemas.files.len() == 1 && args.schemas.is_none()).then_some(FileId(0));
        let file = file_id(project, args.schemas.as_deref(), schema).or(lone);
        let root = file.and_then(|file| catalog.schemas.root(file)).ok_or_else(|| broken(project, schema))?;
        let place = catalog.schemas.place(root);
        return Ok(DocumentJudge::Schema(
            validators
                .node(root, validators.formats(catalog.schemas.node(root).file, FormatReading::Annotation))
                .map_err(|why| (place, why)),
        ));
    }
    let Some(topic) = &args.topic else {
        if args.payload {
            return Err(anyhow!("a payload does not say its topic\nhelp: name it by --topic, or the schema by --schema"));
        }
        return Ok(DocumentJudge::Any(catalog, validators));
    };
    let contract = super::show::find(project, topic)?;
    let formats = validators.formats(contract.file, FormatReading::Annotation);
    let whole = || DocumentJudge::Schema(validators.payload(contract, formats).map_err(|why| (catalog.schemas.place(contract.root), why)));
    if args.payload {
        return Ok(whole());
    }
    Ok(match validators.event(contract, formats) {
        Ok(event) => DocumentJudge::Event(catalog, contract, Box::new(event)),
        Err(Unusable::NoEnvelope) => whole(),
        Err(why) => DocumentJudge::Schema(Err((catalog.schemas.place(contract.root), why))),
    })
}

fn broken(project: &Project, schema: &Path) -> anyhow::Error {
    let why: Vec<_> = project.problems().iter().filter(|finding| finding.level == Level::Error).map(short).collect();
    if why.is_empty() { anyhow!("{} holds no JSON Schema", display_path(schema)) } else { anyhow!("{}", why.join("\n")) }
}

/// The events so far.
struct ValidationRun<'a, 'v> {
    judge: DocumentJudge<'a, 'v>,
    limits: &'a Limits,
    context: &'a CommandContext,
    format: BriefFormat,
    /// For the JSON document; a person reads each at once.
    found: Vec<Value>,
    events: u64,
    invalid: u64,
}

impl ValidationRun<'_, '_> {
    fn event(&mut self, record: &Record) -> std::io::Result<()> {
        self.events += 1;
        let findings = match record {
            Record::Broken(findings) => findings.clone(),
            Record::Document { document, .. } => self.findings(&document.value, record),
        };
        self.invalid += u64::from(!findings.is_empty());
        for finding in findings {
            match self.format {
                BriefFormat::Human => self.context.console.print_text(&line(&finding))?,
                BriefFormat::Json => self.found.push(object(&finding)),
            }
        }
        Ok(())
    }

    fn findings(&self, event: &Value, record: &Record) -> Vec<Diagnostic> {
        let invalid = |problems: Vec<InstanceProblem>, topic: Option<&str>| {
            let finding = |problem: InstanceProblem| {
                let place = record.place(&problem.instance);
                let reading = if problem.keyword == "format" { ", since formats are read as assertions" } else { "" };
                let finding = Diagnostic::new(&INVALID_EVENT, place, format!("{}{reading}", problem.message)).pointer(problem.instance);
                if let Some(topic) = topic { finding.topic(topic) } else { finding }
            };
            problems.into_iter().map(finding).collect()
        };
        let unusable = |place: &Place, why: &Unusable| vec![Diagnostic::new(&UNUSABLE_SCHEMA, place.clone(), why.to_string())];
        match &self.judge {
            DocumentJudge::Schema(Ok(validator)) => invalid(validator.problems(event), None),
            DocumentJudge::Schema(Err((place, why))) => unusable(place, why),
            DocumentJudge::Event(catalog, contract, validator) => {
                let mut problems = validator.problems(event);
                problems.extend(other_type(catalog, contract, event));
                invalid(problems, Some(&contract.topic))
            }
            DocumentJudge::Any(catalog, validators) => match validators.contract_of(event) {
                Err(unknown) => {
                    let help = "name the contract by --topic; add --payload where the documents are payloads alone";
                    vec![Diagnostic::new(&UNKNOWN_EVENT, record.place(""), unknown.to_string()).help(help)]
                }
                Ok(contract) => match validators.event(contract, validators.formats(contract.file, FormatReading::Annotation)) {
                    Ok(validator) => invalid(validator.problems(event), Some(&contract.topic)),
                    Err(why) => unusable(&catalog.schemas.place(contract.root), &why),
                },
            },
        }
    }

    fn finish(&self) -> Result<()> {
        let text = match self.format {
            BriefFormat::Human => format!("{}, {} invalid\n", counted(self.events, "event"), self.invalid),
            BriefFormat::Json => {
                let summary =
                    json!({ "errors": self.found.len(), "warnings": 0, "notes": 0, "events": self.events, "invalid": self.invalid });
                pretty(&json!({ "diagnostics": self.found, "summary": summary }))
            }
        };
        Ok(self.context.console.print(&text)?)
    }
}

/// Returns an event that names another type than the topic it is judged by.
fn other_type(catalog: &Catalog, contract: &Contract, event: &Value) -> Option<InstanceProblem> {
    let pointer = catalog.namespace(contract).envelope.as_ref()?.kind.as_deref()?;
    let said = event.pointer(pointer)?.as_str()?;
    (said != contract.topic).then(|| InstanceProblem {
        instance: pointer.to_owned(),
        schema: String::new(),
        keyword: "const".into(),
        message: format!("the event says that it is {said:?}, not {:?}", contract.topic),
    })
}

fn line(finding: &Diagnostic) -> String {
    let mut shown = finding.clone();
    if !finding.pointer.is_empty() {
        shown.message = format!("{}: {}", finding.pointer, finding.message);
    }
    let help = finding.help.as_ref().map(|help| format!("\n  help: {help}")).unwrap_or_default();
    format!("{}{help}\n", short(&shown))
}

fn object(finding: &Diagnostic) -> Value {
    let mut object = diagnostic_json(finding);
    if finding.rule == &INVALID_EVENT {
        object.insert("instance_pointer".into(), finding.pointer.as_str().into());
    }
    Value::Object(object)
}
