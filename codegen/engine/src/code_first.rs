//! Contracts from code: for types that derive schemars' `JsonSchema`, the contract as their schema says it, and the proof that a
//! contract and a type agree. For the tests of a service, which has this crate among its `dev-dependencies`.
//!
//! ```no_run
//! # use schemars::JsonSchema;
//! # #[derive(JsonSchema)]
//! # struct OrderCreated { order_id: String }
//! #[test]
//! fn the_contract_is_kept() {
//!     eventc_codegen::code_first::assert_matches::<OrderCreated>("shop.order.created.v1");
//! }
//! ```

use std::{
    fmt,
    path::{Path, PathBuf},
};

use eventc_model::{
    config, locate,
    source::{SourceFile, SourceFormat},
};
use schemars::{
    JsonSchema,
    generate::{Contract as Side, SchemaSettings},
};
use serde_json::{Map, Value};

use crate::{
    compat::{CompareMode, CompareOptions, Comparison, Direction, Verdict, compare},
    gate::{ComparedSchema, explain},
    output::{self, OutputError},
    project::{Project, ProjectRoot},
    report::{Report, ReportFormat, Style, pretty},
};

/// Root keywords that stay when a contract is written again, in the order in which they are written; `examples` ends the contract.
const KEPT: &[&str] = &["$id", "$comment", "title", "description", "x-event"];

/// A disagreement of a type and a contract, or the reason that they cannot be compared: the report that `eventc compat` would print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement(String);

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Disagreement {}

/// Asserts in a test of a service that a type and its contract agree: see [`matches()`]. The package is the one under test.
///
/// # Panics
/// Where they do not agree, where that is not known, or where there is no such contract: with a report that has a witness.
#[track_caller]
pub fn assert_matches<T: JsonSchema>(topic: &str) {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    if let Err(disagreement) = matches::<T>(&package, topic) {
        panic!("{disagreement}");
    }
}

/// Does what [`assert_matches`] does, for a type that knows its topic.
///
/// # Panics
/// As [`assert_matches`] does.
#[track_caller]
pub fn assert_matches_contract<T: JsonSchema + eventc::Event>() {
    assert_matches::<T>(T::TOPIC.name);
}

/// Returns whether a type and a contract of a package's tree accept the same documents in the direction that the namespace promises.
/// `backward`: the type reads every event of the contract. `forward`: the contract accepts every event that the type writes. `full`:
/// both. A namespace that promises nothing is held to `backward`.
///
/// # Errors
/// Where a document shows that they do not, where that cannot be decided, or where there is no such contract.
pub fn matches<T: JsonSchema>(package: &Path, topic: &str) -> Result<(), Disagreement> {
    let root = locate::locate(package).map_err(|problems| disagreement("the schema tree", &problems))?;
    let root = root.config_file.map_or(ProjectRoot::Schemas(root.schemas), ProjectRoot::Config);
    let project = Project::open(&root).map_err(|error| Disagreement(format!("the schema tree cannot be read: {error}")))?;
    let unknown = || Disagreement(format!("no contract has the topic {topic:?}{}", near(&project, topic)));
    let contract = project.catalog.find(topic).ok_or_else(unknown)?;
    let options = promised(project.catalog.namespace(contract));
    let contract = ComparedSchema::of_contract(project, topic).map_err(|error| Disagreement(error.to_string()))?;
    let questions = options.mode.directions().iter().map(|direction| ask::<T>(&contract, *direction, &options));
    let reports: Vec<String> = questions.filter_map(Result::err).map(|disagreement| disagreement.0).collect();
    if reports.is_empty() { Ok(()) } else { Err(Disagreement(reports.join("\n"))) }
}

/// Compares in one direction: the type as it reads, or as it writes.
fn ask<T: JsonSchema>(contract: &ComparedSchema, direction: Direction, options: &CompareOptions) -> Result<(), Disagreement> {
    let (mode, side, verb) = match direction {
        Direction::Backward => (CompareMode::Backward, Side::Deserialize, "reads"),
        Direction::Forward => (CompareMode::Forward, Side::Serialize, "writes"),
    };
    let name = T::schema_name();
    let own = ComparedSchema::from_value(&name, &schema_of::<T>(side), None).map_err(|error| Disagreement(error.to_string()))?;
    let comparison = compare(contract.side(), own.side(), &CompareOptions { mode, ..options.clone() });
    if comparison.verdict == Verdict::Compatible {
        return Ok(());
    }
    Err(Disagreement(format!("`{name}` and its contract disagree about what the type {verb}\n\n{}", report(&comparison, contract, &own))))
}

fn report(comparison: &Comparison, contract: &ComparedSchema, own: &ComparedSchema) -> String {
    let mut sources = contract.sources();
    sources.extend(own.sources());
    let findings = explain(comparison, contract, own);
    Report { diagnostics: &findings, sources: &sources, facts: &[] }.render(ReportFormat::Human, Style::default())
}

fn promised(namespace: &config::Namespace) -> CompareOptions {
    CompareOptions::of(namespace).unwrap_or_else(|| CompareOptions::in_mode(namespace, CompareMode::Backward))
}

fn near(project: &Project, topic: &str) -> String {
    project.catalog.nearest_topic(topic).map(|topic| format!("; did you mean {topic:?}?")).unwrap_or_default()
}

fn disagreement(what: &str, problems: &[eventc_model::diagnostic::Diagnostic]) -> Disagreement {
    let lines: Vec<String> = problems.iter().map(crate::report::short).collect();
    Disagreement(format!("{what}: {}", lines.join("; ")))
}

/// Returns the schema of a type in draft 2020-12, as it reads or as it writes.
fn schema_of<T: JsonSchema>(side: Side) -> Value {
    SchemaSettings::draft2020_12().with(|settings| settings.contract = side).into_generator().into_root_schema_for::<T>().to_value()
}

/// Returns the text of a contract as a type says it. What a type does not say (version, owner, examples, and title and description where
/// the contract has its own) is kept from `existing`.
///
/// ```
/// use eventc_codegen::code_first::contract;
/// use schemars::JsonSchema;
///
/// /// An order was placed.
/// #[derive(JsonSchema)]
/// struct OrderPlaced {
///     order_id: String,
/// }
///
/// let text = contract::<OrderPlaced>(Some(r#"{"x-event": {"version": "1.0.0"}, "type": "null"}"#)).unwrap();
/// let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
/// assert_eq!(schema["x-event"]["version"], "1.0.0");
/// assert_eq!(schema["required"][0], "order_id");
/// ```
///
/// # Errors
/// Where the existing text is no JSON object.
pub fn contract<T: JsonSchema>(existing: Option<&str>) -> Result<String, Disagreement> {
    let Value::Object(own) = schema_of::<T>(Side::Serialize) else {
        return Err(Disagreement(format!("`{}` has a schema without keywords, which is no contract", T::schema_name())));
    };
    let kept: Map<String, Value> = match existing {
        None => Map::new(),
        Some(text) => serde_json::from_str(text).map_err(|error| Disagreement(format!("the contract is no JSON object: {error}")))?,
    };
    let head = ["$schema"].iter().chain(KEPT).filter_map(|key| {
        let own = own.get(*key);
        let value = if *key == "$schema" { own } else { kept.get(*key).or(own) };
        Some(((*key).to_owned(), value?.clone()))
    });
    let mut whole: Map<String, Value> = head.collect();
    for (key, value) in &own {
        whole.entry(key).or_insert_with(|| value.clone());
    }
    whole.extend(kept.get("examples").map(|examples| ("examples".to_owned(), examples.clone())));
    Ok(pretty(&Value::Object(whole)))
}

/// Holds a contract file of a package to what a type says: with `EVENTC_UPDATE=1` in the environment the file is written, else it
/// must be so already.
///
/// # Errors
/// Where the file differs, cannot be read as JSON, or cannot be written.
pub fn current<T: JsonSchema>(file: &Path) -> Result<(), Disagreement> {
    let existing = SourceFile::read(file, SourceFormat::Json).ok().map(|file| file.text);
    let text = contract::<T>(existing.as_deref())?;
    let same = existing.as_deref().is_some_and(|existing| same_value(existing, &text));
    if same {
        return Ok(());
    }
    if std::env::var_os("EVENTC_UPDATE").is_none() {
        return Err(Disagreement(format!(
            "{} is not what `{}` says; run the test with EVENTC_UPDATE=1 to write it, then review the change",
            file.display(),
            T::schema_name()
        )));
    }
    let written = if existing.is_some() { output::replace(file, text.as_bytes()) } else { output::create(file, &text) };
    written.map_err(|error: OutputError| Disagreement(error.to_string()))
}

/// Returns whether two texts are the same JSON, however they are set.
fn same_value(a: &str, b: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    read(a).is_some_and(|a| Some(a) == read(b))
}
