//! Findings as text: for people, for CI systems and for programs. Every function returns a string; nothing is printed here.

mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod markdown;
mod proof;
mod sarif;

use std::{
    collections::HashMap,
    str::FromStr,
    sync::{Arc, OnceLock},
};

use eventc_model::diagnostic::{Diagnostic, Level};
use serde_json::{Map, Value};

use crate::compat::{Bump, Verdict};

pub use self::{
    human::{Style, short},
    json::diagnostic as diagnostic_json,
    markdown::render as markdown,
};

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// With source excerpts, for a person.
    Human,
    /// One document: `diagnostics` and `summary`.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub workflow commands.
    Github,
    /// JUnit XML.
    Junit,
    /// GitLab Code Quality.
    Gitlab,
    /// Markdown, for a comment on a pull request.
    Markdown,
}

impl ReportFormat {
    /// Every format with its name.
    pub const NAMES: [(&'static str, Self); 7] = [
        ("human", Self::Human),
        ("json", Self::Json),
        ("sarif", Self::Sarif),
        ("github", Self::Github),
        ("junit", Self::Junit),
        ("gitlab", Self::Gitlab),
        ("markdown", Self::Markdown),
    ];
}

impl FromStr for ReportFormat {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, format)| *format).ok_or_else(|| {
            let names: Vec<_> = Self::NAMES.iter().map(|(name, _)| *name).collect();
            format!("one of {}", names.join(", "))
        })
    }
}

/// The texts that findings stand in, by the names that places use.
#[derive(Debug, Default, Clone)]
pub struct SourceTexts {
    texts: HashMap<Arc<str>, SourceText>,
}

#[derive(Debug, Clone)]
struct SourceText {
    text: Arc<str>,
    /// Offsets of line starts, found when the first line is asked for.
    lines: OnceLock<Vec<usize>>,
}

impl SourceTexts {
    /// Adds a text.
    pub fn insert(&mut self, shown: Arc<str>, text: Arc<str>) {
        self.texts.insert(shown, SourceText { text, lines: OnceLock::new() });
    }

    /// Adds all texts of others.
    pub fn extend(&mut self, others: Self) {
        self.texts.extend(others.texts);
    }

    fn line(&self, file: &str, line: u32) -> Option<&str> {
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        let SourceText { text, lines } = self.texts.get(file)?;
        let lines = lines.get_or_init(|| std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect());
        let start = *lines.get(index)?;
        let end = lines.get(index + 1).map_or(text.len(), |next| next - 1);
        Some(&text[start..end])
    }
}

/// The change of a contract since it was released, or since a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its topic.
    pub topic: String,
    /// Its file.
    pub file: Arc<str>,
    /// The version that it follows, or the name of the baseline.
    pub from: String,
    /// Its version.
    pub to: String,
    /// The worst answer of all comparisons; none where nothing is promised.
    pub verdict: Option<Verdict>,
    /// The step of the version that the change needs.
    pub required_bump: Bump,
    /// The number of breaks and open questions.
    pub findings: usize,
    /// The number of them that somebody accepted.
    pub accepted: usize,
    /// Services that they touch.
    pub consumers: Vec<String>,
}

/// The contents of a report.
#[derive(Debug)]
pub struct Report<'a> {
    /// The findings, in the order in which they are shown; those at level `off` are passed over.
    pub diagnostics: &'a [Diagnostic],
    /// Texts for excerpts.
    pub sources: &'a SourceTexts,
    /// Further members of the JSON summary, such as how many contracts were read.
    pub facts: &'a [(&'static str, u64)],
}

impl Report<'_> {
    /// Renders the report, with a line end after its last line; empty where a format has nothing to say.
    pub fn render(&self, format: ReportFormat, style: Style) -> String {
        match format {
            ReportFormat::Human => human::render(self, style),
            ReportFormat::Json => json::render(self),
            ReportFormat::Sarif => sarif::render(self),
            ReportFormat::Github => github::render(self),
            ReportFormat::Junit => junit::render(self),
            ReportFormat::Gitlab => gitlab::render(self),
            ReportFormat::Markdown => markdown::render(self, &[]),
        }
    }

    /// Returns the findings that count.
    fn shown(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.level != Level::Off)
    }

    /// Returns the number of findings that have a level.
    pub fn count(&self, level: Level) -> u64 {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.level == level).count() as u64
    }

    /// Returns the summary of the JSON report.
    pub fn summary(&self) -> Map<String, Value> {
        let levels = [("errors", Level::Error), ("warnings", Level::Warning), ("notes", Level::Note)];
        let counts = levels.into_iter().map(|(name, level)| (name, self.count(level)));
        counts.chain(self.facts.iter().copied()).map(|(name, count)| (name.to_owned(), Value::from(count))).collect()
    }
}

/// Returns a count with its noun: `1 error`, `2 errors`.
pub fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Returns JSON with two spaces of indentation and a line end.
pub fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests;
