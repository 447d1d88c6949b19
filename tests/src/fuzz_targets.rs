//! The ways by which text from outside comes into the library, each as a function that takes a whole project as one text.
//!
//! None may panic, hang or take memory without bound, whatever the text is. Each returns how much it made of the text, in units of its own
//! (values, types, bytes), for bounds on that. Fuzzers and ordinary tests go through the same functions.

use std::{collections::BTreeMap, fs, hint::black_box, panic::resume_unwind, process, thread};

use eventc_codegen::{
    bundle::bundle_event,
    compat::{self, CompareMode, CompareOptions, ContentModel, compare},
    date::Date,
    fix,
    formatter::formatted,
    gate::{self, Gate},
    history::History,
    output,
    project::{Findings, Project, Selection},
};
use eventc_model::{
    GeneratedFile,
    config::Config,
    plan::plan,
    source::{Limits, SourceFormat, Tree},
    syntax::Document,
};
use serde_json::Value;

use crate::{
    multi_file::{join, split},
    outline,
    tools::{scratch, workspace},
};

/// A way in.
#[derive(Debug, Clone, Copy)]
pub struct FuzzTarget {
    /// The name in fuzz targets and tests.
    pub name: &'static str,
    /// The function that does everything with a text that this way leads to, and returns how much came of it.
    pub run: fn(&str) -> usize,
}

impl FuzzTarget {
    /// Puts a text in. It is kept in a file before, since nothing can be said after an overflow of the stack, and shows where a run
    /// stands that does not end.
    ///
    /// # Panics
    /// Where the entry does, and where it makes more of the text than is bounded by its length.
    pub fn answer(self, text: &str) -> usize {
        let file = scratch("entries").join(format!("{}-{}.txt", self.name, process::id()));
        fs::write(&file, text).expect("the input can be kept");
        let made = thread::scope(|scope| scope.spawn(|| (self.run)(text)).join());
        let made = made.unwrap_or_else(|_| panic!("{} panics on {}", self.name, file.display()));
        let most = MAX_OUTPUT_BYTES + MAX_BYTES_PER_INPUT_BYTE * text.len();
        assert!(made <= most, "{} makes {made} of the {} bytes of {}", self.name, text.len(), file.display());
        let _ = fs::remove_file(file);
        made
    }
}

/// The most that may come of a short text: 18 MB of model from lists in lists, of which each place is a type of its own.
const MAX_OUTPUT_BYTES: usize = 32 << 20;

/// The most that may come of each byte more.
const MAX_BYTES_PER_INPUT_BYTE: usize = 1 << 10;

/// All ways in.
pub const FUZZ_TARGETS: &[FuzzTarget] = &[
    FuzzTarget { name: "read", run: read },
    FuzzTarget { name: "resolve", run: resolve },
    FuzzTarget { name: "emit_rust", run: |text| emit("rust", text) },
    FuzzTarget { name: "emit_typescript", run: |text| emit("typescript", text) },
    FuzzTarget { name: "emit_python", run: |text| emit("python", text) },
    FuzzTarget { name: "emit_catalog", run: |text| emit("catalog", text) },
    FuzzTarget { name: "emit_asyncapi", run: |text| emit("asyncapi", text) },
    FuzzTarget { name: "emit_model", run: |text| emit("model", text) },
    FuzzTarget { name: "emit_outline", run: |text| emit("outline", text) },
    FuzzTarget { name: "compare", run: differ },
    FuzzTarget { name: "edit", run: edit },
    FuzzTarget { name: "record", run: record },
];

/// Returns the way in of that name.
///
/// # Panics
/// Where there is none.
pub fn fuzz_target(name: &str) -> FuzzTarget {
    *FUZZ_TARGETS.iter().find(|fuzz_target| fuzz_target.name == name).unwrap_or_else(|| panic!("no entry is called {name}"))
}

/// Stack of those who parse a single file: the command line has as much, and the front door, [`Project`], sees to it by itself.
const STACK: usize = 256 << 20;

/// Parses every file as what it is called, finds the place of every value, and reads the configuration and the releases.
pub fn read(text: &str) -> usize {
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || read_files(text)).expect("a thread can be had");
        worker.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn read_files(text: &str) -> usize {
    let mut made = 0;
    let (files, limits) = (split(text), Limits::default());
    let tree = Tree::from_texts(files.iter().copied(), &limits);
    for file in tree.files {
        let (document, problems) = Document::parse(file, &limits);
        made += problems.len();
        let Some(document) = document else { continue };
        for pointer in pointers(&document.value) {
            black_box((document.place(&pointer), document.key_place(&pointer)));
            made += 1;
        }
    }
    for (path, text) in &files {
        if SourceFormat::of(path).is_none() {
            made += Config::parse(path, text).1.len();
        }
    }
    made + History::from_texts(files, &limits).1.len()
}

/// Returns the pointers of a value's parts, as many as a clean run could ask for and no more.
fn pointers(value: &Value) -> Vec<String> {
    const MAX_POINTERS: usize = 24;
    let mut found = vec![String::new()];
    let mut at = 0;
    while at < found.len() && found.len() < MAX_POINTERS {
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
    found.truncate(MAX_POINTERS);
    found
}

/// Builds the project, runs every rule and the gate over it, and derives, plans and bundles what can be.
pub fn resolve(text: &str) -> usize {
    let Some(project) = project(text) else { return 0 };
    let today = Date::parse("2026-11-21");
    let mut made = project.lint(today).len() + project.types.iter().count();
    for (_, ty) in project.types.iter() {
        made += plan(&project.catalog.schemas, ty.node, &mut |node| format!("{node:?}")).to_string().len();
    }
    for contract in &project.catalog.contracts {
        made += bundle_event(&project.catalog, contract).to_string().len();
    }
    black_box(Gate::new(&project, None, today).run());
    made
}

/// Makes the files of one output.
pub fn emit(target: &str, text: &str) -> usize {
    let Some(project) = project(text) else { return 0 };
    let findings = if target == "catalog" { project.lint(None) } else { Findings::default() };
    let selection = Selection { targets: vec![target.to_owned()], topics: Vec::new() };
    let Ok(generated) = project.generate(&selection, &findings) else { return 0 };
    generated.targets.iter().flat_map(|target| &target.files).map(|file| file.text.len()).sum()
}

fn project(text: &str) -> Option<Project> {
    let mut files = split(text);
    files.sort_by_key(|(path, _)| *path);
    files.dedup_by_key(|(path, _)| *path);
    let mut project = Project::from_texts(&files).ok()?;
    project.targets = outline::targets();
    Some(project)
}

/// Compares the first two schemas in every mode.
pub fn differ(text: &str) -> usize {
    let files = split(text);
    let [old, new, ..] = files[..] else { return 0 };
    let (Some(old), Some(new)) = (alone(old), alone(new)) else { return 0 };
    let mut made = 0;
    for content_model in [ContentModel::Declared, ContentModel::Strict] {
        let options = CompareOptions { mode: CompareMode::Full, content_model, ..CompareOptions::default() };
        let found = compare(old.side(), new.side(), &options);
        made += gate::answer(&Value::Null, &options, &found).to_string().len();
    }
    made
}

fn alone((path, text): (&str, &str)) -> Option<compat::StandaloneSchema> {
    if SourceFormat::of(path) == Some(SourceFormat::Avro) {
        compat::StandaloneSchema::parse_avro(text)
    } else {
        compat::StandaloneSchema::parse(text)
    }
}

/// Lays every schema out, which has to change nothing the second time, and plans what does away with findings.
///
/// # Panics
/// Where a text that was laid out is not laid out.
pub fn edit(text: &str) -> usize {
    let Some(project) = project(text) else { return 0 };
    let mut made = fix::fixes(&project, &project.lint(None).into_vec()).texts.iter().map(|fixed| fixed.text.len()).sum();
    let first = laid_out(&project);
    made += first.values().map(String::len).sum::<usize>();
    let root = format!("{}/", project.catalog.config.schemas);
    let files = split(text);
    let files: Vec<(&str, &str)> = files
        .into_iter()
        .map(|(path, text)| (path, first.get(path.strip_prefix(&root).unwrap_or(path)).map_or(text, String::as_str)))
        .collect();
    if let Some(project) = self::project(&join(&files)) {
        assert_eq!(laid_out(&project), first, "laid out twice");
    }
    made
}

/// Returns the schemas of the tree by their paths, laid out where they can be.
fn laid_out(project: &Project) -> BTreeMap<String, String> {
    let schemas = &project.catalog.schemas;
    let own = schemas.file_ids().filter(|file| schemas.is_own(*file) && schemas.root(*file).is_some()).map(|file| {
        let document = schemas.file(file);
        (document.path.clone(), formatted(schemas, file).unwrap_or_else(|_| document.text.to_string()))
    });
    own.collect()
}

/// Takes a text for the record of what an earlier run made: whatever it claims, what stands beside it and outside stays, and a run makes
/// its files.
///
/// # Panics
/// Where a file that nobody made is gone or changed.
pub fn record(text: &str) -> usize {
    const MINE: &str = "mine";
    let around = scratch(&format!("records/{}", process::id()));
    let out = around.join("out");
    let _ = fs::remove_dir_all(&around);
    fs::create_dir_all(&out).expect("a folder");
    let strangers = [around.join("outside.txt"), out.join("beside.txt")];
    for stranger in &strangers {
        fs::write(stranger, MINE).expect("a file");
    }
    fs::write(out.join(".eventc-manifest"), text).expect("a record");
    let wanted = [GeneratedFile { path: "made.txt".into(), text: "made".into() }];
    let written = output::write(&out, &wanted);
    for stranger in &strangers {
        assert_eq!(fs::read_to_string(stranger).ok().as_deref(), Some(MINE), "{}", stranger.display());
    }
    let made = if written.is_ok() { fs::read(out.join("made.txt")).expect("what was written").len() } else { 0 };
    let _ = fs::remove_dir_all(&around);
    made
}

/// Returns the inputs of a folder below `fuzz/`, in the order of their names.
///
/// # Panics
/// Where one cannot be read.
pub fn inputs(folder: &str) -> Vec<String> {
    let folder = workspace().join("fuzz").join(folder);
    let fuzz_targets = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = fuzz_targets.map(|fuzz_target| fuzz_target.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).expect("UTF-8")).collect()
}
