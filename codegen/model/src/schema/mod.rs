//! Every subschema of the tree, found and linked, in the words of draft 2020-12.
//!
//! [`Schemas`] is an arena: a [`NodeId`] names a subschema, its [`Node`] says where it stands and what it demands. Older dialects
//! are lowered while reading ([`Keywords`]); the raw value stays at hand, so that no keyword is lost.

mod chains;
mod customs;
mod detect;
mod dialect;
mod equality;
mod intricate;
mod keywords;
mod kind;
mod loose;
mod malformed;
mod meta;
pub mod patterns;
mod position;
mod read;
mod recognise;
mod resolve;
mod schemas;
mod slow;
mod tail;
mod uri;
mod visit;
mod vocabulary;

use std::{collections::HashMap, sync::OnceLock, thread};

pub use eventc_pattern::automata::TextAutomaton;

pub use self::{
    customs::Customs,
    dialect::Dialect,
    equality::are_equal,
    keywords::{AvroWords, Keywords, Rare, Reference},
    kind::{Kind, Kinds, is_integer},
    schemas::{FileId, Node, NodeId, Schema, Schemas},
    vocabulary::Without,
};
use self::{
    detect::DetectedDialect,
    visit::{FileNodes, FileVisitor},
    vocabulary::Described,
};
use crate::{
    deep_stack,
    diagnostic::{self, Diagnostic, Level, Place},
    source::{Limits, SourceFile, Tree, to_u32},
    syntax::{AvroTypes, Document},
};

/// Does the same work for every item on all cores, each with a deep stack; the order of the results is that of the items.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: &(impl Fn(usize, &T) -> R + Sync)) -> Vec<R> {
    let run = |first: usize, chunk: &[T]| chunk.iter().zip(first..).map(|(item, index)| work(index, item)).collect::<Vec<R>>();
    // A handful of files is done before further threads are.
    let threads = if items.len() < 64 { 1 } else { thread::available_parallelism().map_or(1, usize::from) };
    let size = items.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let spawn = |(number, chunk)| {
            let first = number * size;
            deep_stack::thread().spawn_scoped(scope, move || run(first, chunk)).map_err(|_| (first, chunk))
        };
        let workers: Vec<_> = items.chunks(size).enumerate().map(spawn).collect();
        let join = |worker| match worker {
            Ok(worker) => thread::ScopedJoinHandle::join(worker).unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // No further thread could be started: the work is done here.
            Err((first, chunk)) => run(first, chunk),
        };
        workers.into_iter().flat_map(join).collect()
    })
}

impl Schemas {
    /// Parses the files of a tree, finds every subschema and follows every reference. Returns what is wrong beside what
    /// could be read. Whatever has a word of JSON Schema is a schema here, in the dialect that it names or its keywords tell.
    pub fn load(tree: Tree) -> (Self, Vec<Diagnostic>) {
        Self::load_as(tree, None)
    }

    /// Loads a tree as people have them: other JSON among the schemas is passed over, and what tells a dialect is said.
    pub fn load_as(tree: Tree, customs: Option<&Customs<'_>>) -> (Self, Vec<Diagnostic>) {
        let mut schemas = Self::default();
        let mut diagnostics = tree.diagnostics;
        let types = AvroTypes::of(&tree.files);
        let parse = |_, file: &SourceFile| {
            let (mut document, problems) = Document::parse_among(file.clone(), &tree.limits, &types);
            // Among other JSON, a dialect is told of what is a schema without it: what tells it stands in the document afterwards.
            let is_schema = if customs.is_some() { recognise::is_schema(&document) } else { recognise::may_be(&document.value) };
            let detected = if is_schema {
                DetectedDialect::detect(&mut document, customs.and_then(|customs| (customs.dialect)(&file.path)))
            } else {
                DetectedDialect::NO_SCHEMA
            };
            (document, detected, problems)
        };
        let (mut files, mut detected, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for (document, dialect, found) in in_parallel(&tree.files, &parse) {
            files.push(document);
            detected.push(dialect);
            problems.push(found);
        }
        let described = Described::read(&files);
        schemas.found = in_parallel(&files, &|index, document: &Document| {
            let id = FileId(to_u32(index));
            let reader = FileVisitor { described: &described, dialect: detected[index].dialect, limits: &tree.limits };
            reader.visit_file(detected[index].is_schema, id, document)
        });
        drop(described);
        schemas.own = files.len();
        diagnostics.extend(customs.and_then(|_| told_dialects(&files, &detected)));
        diagnostics.extend(of_draft3(&files, &detected));
        schemas.others = tree.others;
        schemas.by_pointer.resize_with(files.len(), OnceLock::new);
        let around = tree.around.as_ref();
        diagnostics.extend(loose::straighten(&mut files, &mut schemas, customs, around, &tree.limits));
        schemas.pass_over(&files, customs, &mut problems, &mut diagnostics);
        diagnostics.extend(problems.into_iter().flatten());
        for file in meta::wanted(&schemas.found) {
            let (document, _) = Document::parse_among(file, &Limits::default(), &AvroTypes::default());
            let id = FileId(to_u32(files.len()));
            let reader = FileVisitor { described: &Described::default(), dialect: Dialect::Draft2020, limits: &Limits::default() };
            schemas.found.push(reader.visit_file(true, id, &document));
            files.push(document);
        }
        schemas.by_pointer.resize_with(files.len(), OnceLock::new);
        resolve::link(&files, &mut schemas, &tree.limits, &mut diagnostics);
        chains::shorten(&mut files, &mut schemas);
        intricate::cut(&files, &mut schemas, &tree.limits, &mut diagnostics);
        schemas.found.iter_mut().for_each(FileNodes::shrink);
        schemas.files = files;
        if let Some(customs) = customs {
            slow::judge(&mut schemas, customs, &tree.limits, &mut diagnostics);
        }
        match customs {
            // Nobody here chose the dialects, and their keywords tell them.
            Some(customs) if customs.unconfigured => note_once(&diagnostic::UNKNOWN_DIALECT, &mut diagnostics),
            Some(_) => tell_once(&diagnostic::UNKNOWN_DIALECT, &mut diagnostics),
            None => {}
        }
        (schemas, diagnostics)
    }

    /// Counts the files that hold no schema, and tells it once. In a bare folder nothing is wrong with them.
    fn pass_over(
        &mut self,
        files: &[Document],
        customs: Option<&Customs<'_>>,
        problems: &mut [Vec<Diagnostic>],
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let unconfigured = customs.is_some_and(|customs| customs.unconfigured);
        let mut first = None;
        for ((document, found), problems) in files.iter().zip(&self.found).zip(problems) {
            if found.root.is_some() || (document.broken && !unconfigured) {
                continue;
            }
            problems.clear();
            // What was told of it while it was read: it is no text, or too long.
            diagnostics.retain(|diagnostic| diagnostic.place.file != document.shown);
            self.passed.add(&document.path);
            first.get_or_insert(document);
        }
        if let Some(document) = first {
            let message = format!("{}: no JSON Schema", self.passed);
            let place = if document.broken { Place::whole(document.shown.clone()) } else { document.place("") };
            diagnostics.push(
                Diagnostic::new(&diagnostic::NOT_A_SCHEMA, place, message).help("docs/trees.md says how a schema is told from other JSON"),
            );
        }
    }
}

/// Leaves of the findings of a rule that say the same the first, which says how many there are.
fn tell_once(rule: &'static diagnostic::Rule, diagnostics: &mut Vec<Diagnostic>) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for found in diagnostics.iter().filter(|found| found.rule == rule) {
        *counts.entry(found.message.clone()).or_default() += 1;
    }
    diagnostics.retain_mut(|found| {
        if found.rule != rule {
            return true;
        }
        let count = counts.remove(&found.message);
        if let Some(more) = count.filter(|count| *count > 1) {
            found.message.push_str(&format!(" (and {} more)", more - 1));
        }
        count.is_some()
    });
}

/// Leaves of the findings of a rule the first, as a note that says how many there are.
fn note_once(rule: &'static diagnostic::Rule, diagnostics: &mut Vec<Diagnostic>) {
    let count = diagnostics.iter().filter(|found| found.rule == rule).count();
    let mut is_first = true;
    diagnostics.retain_mut(|found| {
        if found.rule != rule {
            return true;
        }
        found.level = Level::Note;
        if count > 1 && is_first {
            found.message.push_str(&format!(" (and {} more)", count - 1));
        }
        std::mem::take(&mut is_first)
    });
}

/// Tells once of all files of draft 3.
fn of_draft3(files: &[Document], detected: &[DetectedDialect]) -> Option<Diagnostic> {
    let of_third = detected.iter().zip(files).filter(|(detected, _)| detected.third);
    let files: Vec<_> = of_third.map(|(_, document)| document).collect();
    let first = files.first()?;
    let more = if files.len() > 1 { format!(" and {} more are", files.len() - 1) } else { " is".to_owned() };
    let message = format!("{}{more} of draft 3, and read in the words of draft 4", first.path);
    let help = "in draft 4 `required` is a list beside `properties`, `divisibleBy` is `multipleOf`, `extends` is `allOf`, `disallow` is `not`, \
                and schemas in `type` stand in `anyOf`";
    Some(Diagnostic::new(&diagnostic::TOLD_DIALECT, first.place(""), message).help(help))
}

/// Tells once of all files whose keywords told their dialect.
fn told_dialects(files: &[Document], detected: &[DetectedDialect]) -> Option<Diagnostic> {
    let told = |dialect| {
        let of_dialect = detected.iter().zip(files).filter(move |(detected, _)| detected.from_keywords && detected.dialect == dialect);
        of_dialect.map(|(_, document)| document).collect::<Vec<_>>()
    };
    let groups: Vec<_> = Dialect::ALL.into_iter().map(|dialect| (dialect, told(dialect))).filter(|(_, told)| !told.is_empty()).collect();
    let said = groups.iter().map(|(dialect, told)| {
        let more = if told.len() > 1 { format!(" and {} more", told.len() - 1) } else { String::new() };
        format!("{}{more} as {}", told[0].path, dialect.name())
    });
    let message = format!("no `$schema` names a published dialect, and keywords tell it: {}", said.collect::<Vec<_>>().join(", "));
    let first = groups.first()?.1[0];
    let help = "write `$schema`, or state the dialect with `--dialect` or the namespace's `dialect`";
    Some(Diagnostic::new(&diagnostic::TOLD_DIALECT, first.place(""), message).help(help))
}
