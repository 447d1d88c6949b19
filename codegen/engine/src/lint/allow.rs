//! Findings that a contract accepts: the `allow`s of `x-event`.

use std::sync::atomic::{AtomicBool, Ordering};

use eventc_model::{
    catalog::Catalog,
    date::Date,
    diagnostic::{Level, READING},
    metadata::{Allow, Metadata},
    schema::FileId,
};

use super::Finding;

/// Every `allow` of a tree.
#[derive(Debug)]
pub(crate) struct Allows<'a> {
    /// By file, in the order of the files.
    entries: Vec<AllowEntry<'a>>,
}

/// One `allow`.
#[derive(Debug)]
pub(crate) struct AllowEntry<'a> {
    /// The file whose `x-event` holds it.
    pub(crate) file: FileId,
    /// Its index in the list there.
    pub(crate) index: usize,
    /// Its text.
    pub(crate) allow: &'a Allow,
    /// Whether a finding was accepted by it.
    used: AtomicBool,
}

impl AllowEntry<'_> {
    /// Returns the JSON Pointer of the entry in its file.
    pub(crate) fn pointer(&self) -> String {
        format!("/x-event/allow/{}", self.index)
    }

    pub(crate) fn is_used(&self) -> bool {
        self.used.load(Ordering::Relaxed)
    }

    /// Returns whether the last day on which it holds is over.
    pub(crate) fn is_over(&self, today: Option<Date>) -> bool {
        self.allow.until.zip(today).is_some_and(|(until, today)| until < today)
    }

    /// Errors of reading cannot be accepted: what could not be read cannot be judged.
    fn covers(&self, finding: &Finding) -> bool {
        let rule = finding.diagnostic.rule;
        if READING.contains(&rule) && rule.level == Level::Error {
            return false;
        }
        let below = finding.diagnostic.pointer.strip_prefix(self.allow.at.as_str());
        rule.is_called(&self.allow.rule) && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl<'a> Allows<'a> {
    pub(crate) fn read(catalog: &'a Catalog) -> Self {
        let of_file = |(file, metadata): (FileId, &'a Metadata)| {
            let allows = metadata.allow.iter().enumerate();
            allows.map(move |(index, allow)| AllowEntry { file, index, allow, used: AtomicBool::new(false) })
        };
        let mut entries: Vec<_> = catalog.stated().flat_map(of_file).collect();
        entries.sort_by_key(|entry| (entry.file, entry.index));
        Self { entries }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &AllowEntry<'a>> {
        self.entries.iter()
    }

    /// Returns whether a finding is accepted; whatever accepts it is used from then on.
    pub(super) fn accept(&self, finding: &Finding, today: Option<Date>) -> bool {
        let Some(file) = finding.file else { return false };
        let from = self.entries.partition_point(|entry| entry.file < file);
        let mut accepted = false;
        for entry in self.entries[from..].iter().take_while(|entry| entry.file == file) {
            if entry.covers(finding) && !entry.is_over(today) {
                entry.used.store(true, Ordering::Relaxed);
                accepted = true;
            }
        }
        accepted
    }
}
