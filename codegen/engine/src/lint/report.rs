//! The findings of a check.

use eventc_model::{
    diagnostic::{Diagnostic, Level, Place, Rule},
    schema::{FileId, NodeId},
};
use rayon::prelude::*;

use super::Context;

/// A diagnostic, and the file of the tree that it stands in.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The file; none for the configuration.
    pub file: Option<FileId>,
    /// The diagnostic.
    pub diagnostic: Diagnostic,
}

/// The findings of one rule.
#[derive(Debug)]
pub struct Report {
    rule: &'static Rule,
    level: Level,
    pub(super) findings: Vec<Finding>,
}

impl Report {
    pub(super) fn new(rule: &'static Rule, level: Level) -> Self {
        Self { rule, level, findings: Vec::new() }
    }

    /// Reports a finding at the value under a JSON Pointer of a file.
    pub fn at(&mut self, cx: &Context<'_>, file: FileId, pointer: &str, message: impl Into<String>, help: impl Into<String>) {
        let place = cx.schemas().file(file).place(pointer);
        self.push(cx, Some(file), place, pointer, message.into(), help.into());
    }

    /// Reports a finding at the key that a JSON Pointer of a file ends in.
    pub fn key(&mut self, cx: &Context<'_>, file: FileId, pointer: &str, message: impl Into<String>, help: impl Into<String>) {
        let place = cx.schemas().file(file).key_place(pointer);
        self.push(cx, Some(file), place, pointer, message.into(), help.into());
    }

    /// Reports a finding at the value of a keyword of a subschema, or at the subschema itself where `keyword` is empty.
    pub fn keyword(&mut self, cx: &Context<'_>, id: NodeId, keyword: &str, message: impl Into<String>, help: impl Into<String>) {
        let node = cx.schemas().node(id);
        let pointer = if keyword.is_empty() { node.pointer.clone() } else { format!("{}/{keyword}", node.pointer) };
        self.at(cx, node.file, &pointer, message, help);
    }

    /// Reports a finding in the configuration.
    pub fn config(&mut self, cx: &Context<'_>, pointer: &str, message: impl Into<String>, help: impl Into<String>) {
        self.push(cx, None, cx.catalog.config.place(pointer), pointer, message.into(), help.into());
    }

    /// Looks at many things at once.
    pub fn each<T: Sync>(&mut self, things: &[T], look: impl Fn(&T, &mut Self) + Sync) {
        let found = things.par_iter().flat_map_iter(|thing| {
            let mut report = Self::new(self.rule, self.level);
            look(thing, &mut report);
            report.findings
        });
        let found: Vec<_> = found.collect();
        self.findings.extend(found);
    }

    fn push(&mut self, cx: &Context<'_>, file: Option<FileId>, place: Place, pointer: &str, message: String, help: String) {
        let mut diagnostic = Diagnostic::new(self.rule, place, message).pointer(pointer);
        diagnostic.level = self.level;
        diagnostic.help = (!help.is_empty()).then_some(help);
        diagnostic.topic = file.and_then(|file| cx.contract(file)).map(|contract| contract.topic.clone());
        self.findings.push(Finding { file, diagnostic });
    }
}
