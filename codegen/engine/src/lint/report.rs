//! The findings of a check.

use eventc_model::{
    diagnostic::{Diagnostic, Level, Place, Rule},
    limits::Tally,
    schema::{FileId, NodeId},
};
use rayon::prelude::*;

use super::LintContext;

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
pub struct RuleReport {
    rule: &'static Rule,
    level: Level,
    /// The findings that are told, and the number of all, by file.
    findings: Vec<Finding>,
    tally: Tally<Option<FileId>>,
}

/// So many things are looked at before it is asked again whether enough is told.
const CHUNK: usize = 1024;

impl RuleReport {
    pub(super) fn new(rule: &'static Rule, level: Level, most: usize) -> Self {
        Self { rule, level, findings: Vec::new(), tally: Tally::new(most) }
    }

    /// Returns whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Returns whether one more finding in a file would be told.
    pub fn has_room(&self, file: FileId) -> bool {
        self.tally.has_room(Some(file))
    }

    /// Counts a finding in a file that has room for none.
    pub fn pass(&mut self, file: FileId) {
        self.tally.count(Some(file), 1);
    }

    /// Returns what is told: of each file as much as the limits allow, and how much more there is.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        self.tally.sum_up(self.findings.iter_mut(), |finding| finding.file, |finding| &mut finding.diagnostic.message);
        self.findings
    }

    /// Reports a finding at the value under a JSON Pointer of a file. What is told comes back, to say more of it.
    pub fn at(
        &mut self,
        cx: &LintContext<'_>,
        file: FileId,
        pointer: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Option<&mut Diagnostic> {
        if !self.tally.count(Some(file), 1) {
            return None;
        }
        let place = cx.schemas().file(file).place(pointer);
        Some(self.push(cx, Some(file), place, pointer, message.into(), help.into()))
    }

    /// Reports a finding at the key that a JSON Pointer of a file ends in.
    pub fn key(
        &mut self,
        cx: &LintContext<'_>,
        file: FileId,
        pointer: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Option<&mut Diagnostic> {
        if !self.tally.count(Some(file), 1) {
            return None;
        }
        let place = cx.schemas().file(file).key_place(pointer);
        Some(self.push(cx, Some(file), place, pointer, message.into(), help.into()))
    }

    /// Reports a finding at the value of a keyword of a subschema, or at the subschema itself where `keyword` is empty.
    pub fn keyword(
        &mut self,
        cx: &LintContext<'_>,
        id: NodeId,
        keyword: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Option<&mut Diagnostic> {
        let node = cx.schemas().node(id);
        let pointer = cx.schemas().pointer(id);
        let pointer = if keyword.is_empty() { pointer } else { format!("{pointer}/{keyword}") };
        self.at(cx, node.file, &pointer, message, help)
    }

    /// Reports a finding at a key in a subschema, by the pointer from there.
    pub fn member(
        &mut self,
        cx: &LintContext<'_>,
        id: NodeId,
        below: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Option<&mut Diagnostic> {
        let pointer = format!("{}/{below}", cx.schemas().pointer(id));
        self.key(cx, cx.schemas().node(id).file, &pointer, message, help)
    }

    /// Reports a finding in the configuration.
    pub fn config(
        &mut self,
        cx: &LintContext<'_>,
        pointer: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Option<&mut Diagnostic> {
        self.tally.count(None, 1);
        Some(self.push(cx, None, cx.catalog.config.place(pointer), pointer, message.into(), help.into()))
    }

    /// Looks at many things at once.
    pub fn each<T: Sync>(&mut self, things: &[T], look: impl Fn(&T, &mut Self) + Sync) {
        for things in things.chunks(CHUNK) {
            let look_at = |thing: &T| {
                let mut report = Self { rule: self.rule, level: self.level, findings: Vec::new(), tally: self.tally.fork() };
                look(thing, &mut report);
                report
            };
            for report in things.par_iter().map(look_at).collect::<Vec<Self>>() {
                self.take(report);
            }
        }
    }

    /// Takes over what another report has, as far as there is room.
    fn take(&mut self, other: Self) {
        for finding in other.findings {
            if self.tally.count(finding.file, 1) {
                self.findings.push(finding);
            }
        }
        self.tally.add_untold(&other.tally);
    }

    fn push(
        &mut self,
        cx: &LintContext<'_>,
        file: Option<FileId>,
        place: Place,
        pointer: &str,
        message: String,
        help: String,
    ) -> &mut Diagnostic {
        let mut diagnostic = Diagnostic::new(self.rule, place, message).pointer(pointer);
        diagnostic.level = self.level;
        diagnostic.help = (!help.is_empty()).then_some(help);
        diagnostic.topic = file.and_then(|file| cx.contract(file)).map(|contract| contract.topic.clone());
        self.findings.push(Finding { file, diagnostic });
        let last = self.findings.len() - 1;
        &mut self.findings[last].diagnostic
    }
}
