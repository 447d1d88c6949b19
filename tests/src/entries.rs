//! The ways by which text from outside comes into the library, each as a function that takes a whole project as one text.
//!
//! None may panic, hang or take memory without bound, whatever the text is. Fuzzers and ordinary tests go through the same functions.

use std::{hint::black_box, panic::resume_unwind, thread};

use eventc_codegen::{
    bundle::bundle_event,
    compat::{self, ContentModel, Mode, Options, compare},
    gate::{self, Gate},
    history::History,
    project::{Project, Selection},
};
use eventc_model::{
    config::Config,
    plan::plan,
    source::{Format, Limits, Tree},
    syntax::Document,
};
use serde_json::Value;

use crate::sheaf::split;

/// A way in.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// What fuzz targets and tests call it.
    pub name: &'static str,
    /// Does everything with a text that this way leads to.
    pub run: fn(&str),
}

/// All ways in.
pub const ENTRIES: &[Entry] = &[
    Entry { name: "read", run: read },
    Entry { name: "resolve", run: resolve },
    Entry { name: "emit_rust", run: |text| emit("rust", text) },
    Entry { name: "emit_typescript", run: |text| emit("typescript", text) },
    Entry { name: "emit_python", run: |text| emit("python", text) },
    Entry { name: "emit_catalog", run: |text| emit("catalog", text) },
    Entry { name: "emit_model", run: |text| emit("model", text) },
    Entry { name: "compare", run: differ },
];

/// The way in of that name.
///
/// # Panics
/// Where there is none.
pub fn entry(name: &str) -> Entry {
    *ENTRIES.iter().find(|entry| entry.name == name).unwrap_or_else(|| panic!("no entry is called {name}"))
}

/// Stack of those who parse a single file: the command line has as much, and the front door, [`Project`], sees to it by itself.
const STACK: usize = 256 << 20;

/// Parses every file as what it is called, finds the place of every value, and reads the configuration and the releases.
pub fn read(text: &str) {
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || read_files(text)).expect("a thread can be had");
        if let Err(panic) = worker.join() {
            resume_unwind(panic);
        }
    });
}

fn read_files(text: &str) {
    let (files, limits) = (split(text), Limits::default());
    let tree = Tree::from_texts(files.iter().copied(), &limits);
    for file in tree.files {
        let (document, problems) = Document::parse(file, &limits);
        black_box(problems);
        let Some(document) = document else { continue };
        for pointer in pointers(&document.value) {
            black_box((document.place(&pointer), document.key_place(&pointer)));
        }
    }
    for (path, text) in &files {
        if Format::of(path).is_none() {
            black_box(Config::parse(path, text));
        }
    }
    black_box(History::from_texts(files, &limits));
}

/// The pointers of a value's parts, as many as a clean run could ask for and no more.
fn pointers(value: &Value) -> Vec<String> {
    const MOST: usize = 24;
    let mut found = vec![String::new()];
    let mut at = 0;
    while at < found.len() && found.len() < MOST {
        let pointer = found[at].clone();
        match value.pointer(&pointer) {
            Some(Value::Object(members)) => {
                found.extend(members.keys().map(|key| format!("{pointer}/{}", eventc_model::syntax::escape_pointer(key))));
            }
            Some(Value::Array(items)) => found.extend((0..items.len()).map(|index| format!("{pointer}/{index}"))),
            _ => {}
        }
        at += 1;
    }
    found.truncate(MOST);
    found
}

/// Builds the project, runs every rule and the gate over it, and derives, plans and bundles what can be.
pub fn resolve(text: &str) {
    let Some(mut project) = project(text) else { return };
    project.lint(Some("2026-11-21"));
    for (_, ty) in project.types.iter() {
        black_box(plan(&project.catalog.schemas, ty.node, &mut |node| format!("{node:?}")));
    }
    for contract in &project.catalog.contracts {
        black_box(bundle_event(&project.catalog, contract));
    }
    black_box(Gate::new(&project, None, Some("2026-11-21")).run());
}

/// Makes the files of one output.
pub fn emit(target: &str, text: &str) {
    let Some(mut project) = project(text) else { return };
    if target == "catalog" {
        project.lint(None);
    }
    let selection = Selection { targets: vec![target.to_owned()], topics: Vec::new() };
    black_box(project.generate(&selection).is_ok());
}

fn project(text: &str) -> Option<Project> {
    let mut files = split(text);
    files.sort_by_key(|(path, _)| *path);
    files.dedup_by_key(|(path, _)| *path);
    Project::from_texts(&files).ok()
}

/// Compares the first two schemas in every mode.
pub fn differ(text: &str) {
    let files = split(text);
    let [old, new, ..] = files[..] else { return };
    let (Some(old), Some(new)) = (alone(old), alone(new)) else { return };
    for content_model in [ContentModel::Declared, ContentModel::Strict] {
        let options = Options { mode: Mode::Full, content_model, ..Options::default() };
        let found = compare(old.side(), new.side(), &options);
        black_box(gate::answer(&Value::Null, &options, &found));
    }
}

fn alone((path, text): (&str, &str)) -> Option<compat::Document> {
    if Format::of(path) == Some(Format::Avro) { compat::Document::parse_avro(text) } else { compat::Document::parse(text) }
}
