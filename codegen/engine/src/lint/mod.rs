//! Rules by which a schema tree keeps its conventions, says what it must, and means what it says.
//!
//! A rule is one file under `rules/`: its metadata, its documentation and its check; [`rules::LINTS`] lists them all. A check sees
//! the whole tree through a [`LintContext`] and reports what it finds; levels, accepted findings and order are decided here, once.

mod allow;
pub mod baseline;
mod conflict;
mod context;
mod flow;
#[allow(clippy::module_inception, reason = "the folder is about lint, the file about one")]
mod lint;
mod paths;
mod report;
pub mod rules;
#[cfg(test)]
mod tests;
mod values;
mod words;

use eventc_model::{
    diagnostic::{self, Diagnostic, Level, Rule},
    pool,
};
use rayon::prelude::*;

pub(crate) use self::context::{Relation, steps, targets};
use self::rules::LINTS;
pub use self::{
    context::LintContext,
    lint::{Lint, Phase},
    report::{Finding, RuleReport},
    words::NameCase,
};

/// Rules that take long, and whose answer for a file depends on nothing but the file and what it refers to. Where all of them find nothing
/// in a whole tree, each of its files is settled: they need not look at it again before it or what it refers to changes. Envelopes are never
/// settled, since their examples are judged by the contracts of other files.
pub static SETTLING: &[&Rule] = &[&rules::meta_schema::RULE, &rules::invalid_example::RULE];

/// Returns every rule of lint and of baselines.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    LINTS.iter().map(|lint| lint.rule).chain([&baseline::STALE_BASELINE])
}

/// Returns everything that is wrong with a tree: what others found (reading, above all) and what the rules find, at the levels that the
/// configuration sets, without what contracts accept, sorted.
pub fn run(cx: &LintContext<'_>, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    pool::run(|| run_here(cx, found))
}

fn run_here(cx: &LintContext<'_>, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut findings = run_phase(cx, |phase| phase != Phase::Findings);
    // The published meta-schemas, and what lies around the tree, are nobody's to correct here; of a broken file enough is told.
    findings.retain(|finding| finding.file.is_none_or(|file| cx.schemas().is_own(file) && !cx.schemas().file(file).broken));
    findings.extend(found.into_iter().map(|diagnostic| Finding { file: cx.file_shown(&diagnostic.place.file), diagnostic }));
    findings.retain(|finding| !cx.allows.accept(finding, cx.today));
    findings.extend(run_phase(cx, |phase| phase == Phase::Findings));
    let mut diagnostics: Vec<_> = findings.into_iter().map(|finding| finding.diagnostic).collect();
    diagnostic::sort(&mut diagnostics);
    diagnostics
}

fn run_phase(cx: &LintContext<'_>, wanted: impl Fn(Phase) -> bool) -> Vec<Finding> {
    let lints = cx.lints().iter().filter(|lint| wanted(lint.phase));
    let levels = lints.map(|lint| (lint, cx.level(lint))).filter(|(_, level)| *level != Level::Off);
    let run = |(lint, level): (&Lint, Level)| {
        let mut report = RuleReport::new(lint.rule, level, cx.catalog.config.limits.findings);
        (lint.check)(cx, &mut report);
        report.finish()
    };
    levels.collect::<Vec<_>>().into_par_iter().flat_map_iter(run).collect()
}
