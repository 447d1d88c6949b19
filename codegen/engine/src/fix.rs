//! The changes that do away with findings: those that a rule knows, and that harm nobody.

mod property;

use std::{
    cell::LazyCell,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use eventc_model::{
    diagnostic::{Diagnostic, Fix},
    schema::FileId,
    source::{Limits, SourceFile, SourceFormat},
    syntax::Document,
};

use self::property::Links;
use crate::{
    edit::{TextChange, changed},
    project::{CONFIG, Project},
};

/// New texts of a project's files, with what they do away with.
#[derive(Debug, Default)]
pub struct Fixes {
    /// The texts.
    pub texts: Vec<FixedText>,
    /// How many findings have a change.
    pub fixed: usize,
}

/// The text that a file should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedText {
    /// The schema file; none for the configuration.
    pub file: Option<FileId>,
    /// Its text.
    pub text: String,
}

/// The changes of each file; none for the configuration.
type Changes = BTreeMap<Option<FileId>, BTreeSet<TextChange>>;

/// Plans the changes for findings of a project. A finding whose change cannot be made in full, since a file is written in a way that is not
/// edited or another change is in the way, has none; it may have one after these are made.
pub fn fixes(project: &Project, findings: &[Diagnostic]) -> Fixes {
    let schemas = &project.catalog.schemas;
    let files: HashMap<&str, FileId> =
        schemas.file_ids().filter(|file| schemas.is_own(*file)).map(|file| (&*schemas.file(file).shown, file)).collect();
    let links = LazyCell::new(|| Links::of(schemas));
    let changes = findings.iter().filter_map(|finding| changes_of(project, &files, &links, finding, finding.fix.as_deref()?));
    let (texts, fixed) = together(changes, |file| document(project, file));
    Fixes { texts: texts.into_iter().map(|(file, text)| FixedText { file, text }).collect(), fixed }
}

/// Takes one finding's changes after the other, as far as all that were taken can be made at once. Returns the new texts, and how many
/// findings have theirs.
fn together<'a>(
    found: impl Iterator<Item = Changes>,
    document: impl Fn(Option<FileId>) -> Option<&'a Document>,
) -> (BTreeMap<Option<FileId>, String>, usize) {
    let (mut accepted, mut texts, mut fixed) = (Changes::new(), BTreeMap::new(), 0);
    for changes in found {
        let mut all = accepted.clone();
        for (file, changes) in &changes {
            all.entry(*file).or_default().extend(changes.iter().cloned());
        }
        let made = changes.keys().map(|file| Some((*file, changed(document(*file)?, &all[file])?))).collect::<Option<Vec<_>>>();
        if let Some(made) = made {
            accepted = all;
            texts.extend(made);
            fixed += 1;
        }
    }
    (texts, fixed)
}

fn changes_of(
    project: &Project,
    files: &HashMap<&str, FileId>,
    links: &LazyCell<Links, impl FnOnce() -> Links>,
    finding: &Diagnostic,
    fix: &Fix,
) -> Option<Changes> {
    let file = files.get(&*finding.place.file).copied();
    let configuration = project.catalog.config.document.as_ref().is_some_and(|document| document.shown == finding.place.file);
    if file.is_none() && !configuration {
        return None;
    }
    if let Fix::Property(to) = fix {
        return property::changes(project, links, file?, &finding.pointer, to);
    }
    Some(Changes::from([(file, BTreeSet::from([change(finding, fix)?]))]))
}

/// Returns the change of the one place where a finding stands, where that is all.
fn change(finding: &Diagnostic, fix: &Fix) -> Option<TextChange> {
    let pointer = finding.pointer.clone();
    match fix {
        Fix::Key(to) => Some(TextChange::Key(pointer, to.clone())),
        Fix::Text(to) => Some(TextChange::Text(pointer, to.clone())),
        Fix::Removal => Some(TextChange::Removal(pointer)),
        Fix::Property(_) => None,
    }
}

/// Plans the changes for findings of a configuration that keep a project from being opened. Returns its new text, and how many findings have
/// a change; `None` where none has.
pub fn configuration(text: &str, findings: &[Diagnostic]) -> Option<(String, usize)> {
    let document = Document::parse(SourceFile::of_text(CONFIG, SourceFormat::Toml, text), &Limits::default()).0?;
    let changes = findings.iter().filter_map(|finding| change(finding, finding.fix.as_deref()?));
    let (mut texts, fixed) = together(changes.map(|change| Changes::from([(None, BTreeSet::from([change]))])), |_| Some(&document));
    texts.remove(&None).map(|text| (text, fixed))
}

fn document(project: &Project, file: Option<FileId>) -> Option<&Document> {
    match file {
        Some(file) => Some(project.catalog.schemas.file(file)),
        None => project.catalog.config.document.as_deref(),
    }
}
