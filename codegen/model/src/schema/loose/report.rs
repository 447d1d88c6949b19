//! The report on loose references: each way of writing once, at the first reference that is written so.

use std::collections::BTreeMap;

use super::lookup::ReferenceForm;
use crate::{
    diagnostic::{self, Diagnostic, Rule},
    locate::relative,
    schema::{FileId, NodeId, Schemas},
    source::BEYOND,
    syntax::Document,
};

/// References that are told together: the first of them, its text, and how many there are.
#[derive(Debug)]
struct ReferenceGroup {
    first: NodeId,
    text: String,
    count: usize,
}

/// All that there is to tell.
#[derive(Debug, Default)]
pub(super) struct LooseReport {
    /// By the way of writing and the file found.
    ways: BTreeMap<(ReferenceForm, Option<FileId>), ReferenceGroup>,
    /// By the text, with the files that it may mean.
    several: BTreeMap<String, (ReferenceGroup, Vec<FileId>)>,
    /// By URL.
    absent: BTreeMap<String, ReferenceGroup>,
}

impl ReferenceGroup {
    fn new(text: &str, id: NodeId) -> Self {
        Self { first: id, text: text.to_owned(), count: 0 }
    }

    fn add(&mut self, text: &str, id: NodeId) {
        self.count += 1;
        if id < self.first {
            (self.first, self.text) = (id, text.to_owned());
        }
    }

    fn at(&self, files: &[Document], schemas: &Schemas, rule: &'static Rule, message: String, help: String) -> Diagnostic {
        let pointer = format!("{}/$ref", schemas.pointer(self.first));
        let more = match self.count - 1 {
            0 => String::new(),
            1 => " (and 1 more reference)".to_owned(),
            more => format!(" (and {more} more references)"),
        };
        Diagnostic::new(rule, files[self.first.file.0 as usize].place(&pointer), message + &more).pointer(pointer).help(help)
    }
}

impl LooseReport {
    pub(super) fn way(&mut self, way: ReferenceForm, text: &str, file: Option<FileId>, id: NodeId) {
        self.ways.entry((way, file)).or_insert_with(|| ReferenceGroup::new(text, id)).add(text, id);
    }

    pub(super) fn several(&mut self, text: &str, files: &[FileId], id: NodeId) {
        self.several.entry(text.to_owned()).or_insert_with(|| (ReferenceGroup::new(text, id), files.to_vec())).0.add(text, id);
    }

    pub(super) fn absent(&mut self, url: &str, id: NodeId) {
        self.absent.entry(url.to_owned()).or_insert_with(|| ReferenceGroup::new(url, id)).add(url, id);
    }

    pub(super) fn diagnostics(self, files: &[Document], schemas: &Schemas) -> Vec<Diagnostic> {
        let path = |file: FileId| if schemas.is_own(file) { &*files[file.0 as usize].path } else { &*files[file.0 as usize].shown };
        let ways = self.ways.iter().map(|((way, file), group)| {
            let (text, found) = (&group.text, file.map(path).unwrap_or_default());
            let message = match way {
                ReferenceForm::Itself => format!("{text:?} means the document that it stands in"),
                ReferenceForm::Pointer => {
                    let pointer = text.split_once('#').map_or("", |(_, pointer)| pointer);
                    format!("{text:?} lacks the slash that a JSON Pointer begins with: it means /{pointer} in {found}")
                }
                ReferenceForm::Outside => format!("{text:?} leads out of the schema root: it means {found}"),
                ReferenceForm::Root => format!("{text:?} is written from the schema root: it means {found}"),
                ReferenceForm::Repository => format!("{text:?} is written from the root of the repository: it means {found}"),
                ReferenceForm::End | ReferenceForm::Stated => {
                    format!("{text:?} leads to no file as it stands: {found} is the one that has its end")
                }
            };
            group.at(files, schemas, &diagnostic::LOOSE_REF, message, help(*way, group, *file, files))
        });
        let several = self.several.values().map(|(group, candidates)| {
            let named: Vec<_> = candidates.iter().take(4).map(|file| path(*file)).collect();
            let more = candidates.len().saturating_sub(named.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let message = format!("{:?} leads to no file as it stands, and has the end of {}{more}", group.text, named.join(" and of "));
            group.at(files, schemas, &diagnostic::AMBIGUOUS_REF, message, "write the path from the file that refers".into())
        });
        let absent = self.absent.values().map(|group| {
            let message = format!("no file here answers {:?}: its place takes any JSON value", group.text);
            let help = "say where its files are with `--map URL=DIR`, or `[map]` in eventc.toml; nothing is fetched";
            group.at(files, schemas, &diagnostic::ABSENT_URL, message, help.into())
        });
        ways.chain(several).chain(absent).collect()
    }
}

fn help(way: ReferenceForm, group: &ReferenceGroup, file: Option<FileId>, files: &[Document]) -> String {
    let from = &files[group.first.file.0 as usize].path;
    match file.map(|file| &files[file.0 as usize].path) {
        _ if way == ReferenceForm::Pointer => format!("write {:?}", group.text.replacen('#', "#/", 1)),
        None => format!("write {:?}", group.text.trim_start_matches(['.', '/'])),
        Some(to) if way == ReferenceForm::Outside || to.starts_with(BEYOND) => "copy the file into the tree".into(),
        Some(to) => {
            let root = |path: &str| std::path::PathBuf::from(format!("/tree/{path}"));
            let folder = root(from.rsplit_once('/').map_or("", |(folder, _)| folder));
            format!("write {:?}", relative(&folder, &root(to)).to_string_lossy().replace('\\', "/"))
        }
    }
}
