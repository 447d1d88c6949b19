//! Whether a schema tree keeps its conventions, says what it must, and means what it says.
//!
//! A rule is one file under `rules/`: its metadata, its documentation and its check; [`rules::LINTS`] lists them all. A check sees
//! the whole tree through a [`Context`] and reports what it finds; levels, accepted findings and order are decided here, once.

mod allow;
pub mod baseline;
mod conflict;
mod context;
mod flow;
mod page;
mod paths;
mod report;
pub mod rules;
#[cfg(test)]
mod tests;
mod words;

use eventc_model::{
    diagnostic::{self, Diagnostic, Level, Rule},
    schema::FileId,
};
use rayon::prelude::*;

use self::rules::{LINTS, Phase};
pub use self::{
    context::Context,
    page::{explain, rules_page},
    report::{Finding, Report},
    words::{Case, Date},
};

/// Threads that follow schemas nested as deep as reading allows need more stack than the platform's default.
const STACK: usize = 256 << 20;

/// A rule with its check.
#[derive(Debug)]
pub struct Lint {
    /// What is known of the rule.
    pub rule: &'static Rule,
    /// Its level in a tree that has no conventions, such as somebody else's folder of schemas.
    pub elsewhere: Level,
    /// Whether it looks at schemas or at what became of the findings of others.
    pub phase: Phase,
    /// Finds what is wrong.
    pub check: fn(&Context<'_>, &mut Report),
}

/// Every rule: those of reading, of lint, and of baselines.
pub fn all_rules() -> impl Iterator<Item = &'static Rule> {
    let lints = LINTS.iter().map(|lint| lint.rule);
    diagnostic::READING.iter().copied().chain(lints).chain([&baseline::STALE_BASELINE])
}

/// The rule of that code or name.
pub fn find_rule(key: &str) -> Option<&'static Rule> {
    all_rules().find(|rule| rule.name == key || rule.code.eq_ignore_ascii_case(key))
}

/// Everything that is wrong with a tree: what reading found and what the rules find, at the levels that the configuration sets,
/// without what is accepted, sorted.
pub fn run(cx: &Context<'_>) -> Vec<Diagnostic> {
    match rayon::ThreadPoolBuilder::new().stack_size(STACK).build() {
        Ok(pool) => pool.install(|| run_here(cx)),
        // Without threads of its own lint runs on those that there are.
        Err(_) => run_here(cx),
    }
}

fn run_here(cx: &Context<'_>) -> Vec<Diagnostic> {
    let mut findings = read_findings(cx);
    findings.extend(run_phase(cx, Phase::Schemas));
    findings.retain(|finding| !cx.allows.accept(finding, cx.today));
    findings.extend(run_phase(cx, Phase::Findings));
    let mut diagnostics: Vec<_> = findings.into_iter().map(|finding| finding.diagnostic).collect();
    diagnostics.extend(unknown_levels(cx));
    diagnostic::sort(&mut diagnostics);
    diagnostics
}

fn run_phase(cx: &Context<'_>, phase: Phase) -> Vec<Finding> {
    let lints = LINTS.iter().filter(|lint| lint.phase == phase);
    let levels = lints.map(|lint| (lint, level(cx, lint))).filter(|(_, level)| *level != Level::Off);
    let run = |(lint, level): (&Lint, Level)| {
        let mut report = Report::new(lint.rule, level);
        (lint.check)(cx, &mut report);
        report.findings
    };
    levels.collect::<Vec<_>>().into_par_iter().flat_map_iter(run).collect()
}

/// The level of a rule in this tree: what the configuration says by name or code, else the default.
fn level(cx: &Context<'_>, lint: &Lint) -> Level {
    let default = if cx.has_conventions { lint.rule.level } else { lint.elsewhere };
    configured(cx, lint.rule).unwrap_or(default)
}

fn configured(cx: &Context<'_>, rule: &Rule) -> Option<Level> {
    let rules = &cx.catalog.config.rules;
    rules.get(rule.name).or_else(|| rules.get(rule.code)).copied()
}

/// What reading found. Its errors stand whatever the configuration says: what could not be read cannot be judged.
fn read_findings(cx: &Context<'_>) -> Vec<Finding> {
    let read = cx.catalog.diagnostics.iter().cloned();
    let levelled = read.map(|mut diagnostic| {
        if diagnostic.level < Level::Error {
            diagnostic.level = configured(cx, diagnostic.rule).unwrap_or(diagnostic.level);
        }
        let file: Option<FileId> = cx.file_shown(&diagnostic.place.file);
        Finding { file, diagnostic }
    });
    levelled.filter(|finding| finding.diagnostic.level != Level::Off).collect()
}

/// Names under `[rules]` that are no rule's.
fn unknown_levels(cx: &Context<'_>) -> Vec<Diagnostic> {
    let config = &cx.catalog.config;
    let unknown = config.rules.keys().filter(|key| find_rule(key).is_none());
    let report = |key: &String| {
        let pointer = format!("/rules/{}", eventc_model::syntax::escape_pointer(key));
        Diagnostic::new(&diagnostic::BAD_CONFIG, config.place(&pointer), format!("no rule has the name or code {key:?}"))
            .pointer(pointer)
            .help(words::did_you_mean(key, all_rules().map(|rule| rule.name), "`eventc explain` lists the rules"))
    };
    unknown.map(report).collect()
}
