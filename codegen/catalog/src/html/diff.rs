//! The pages that show the step from one release of a contract to another: verdict, witness, whom it concerns, and what changed.

use eventc_emit::changes::{BreakingChange, ComparedVersion};
use std::collections::BTreeSet;

use eventc_model::{
    GeneratedFile,
    diagnostic::{Bump, Verdict},
    history::Release,
};
use minijinja::{Value, context};
use rayon::prelude::*;
use similar::{ChangeTag, TextDiff};

use super::{
    compare, elements,
    event::trail,
    frame,
    lineage::{Lineage, ReleaseStep},
    rules,
};
use crate::{
    fields::{Table, md},
    site::{Site, relative},
};

/// The maximum length of schemas that are compared line by line.
const MAX_TEXT_BYTES: usize = 200_000;

/// Lines around a change.
const AROUND: usize = 3;

/// Returns every page of a lineage.
pub(super) fn pages(site: &Site<'_>, lineage: &Lineage<'_>) -> Vec<GeneratedFile> {
    if lineage.steps.is_empty() {
        return Vec::new();
    }
    let tables: Vec<Table> = lineage.releases.par_iter().map(compare::released).collect();
    lineage.steps.par_iter().map(|step| page(site, lineage, step, &tables)).collect()
}

fn page(site: &Site<'_>, lineage: &Lineage<'_>, step: &ReleaseStep, tables: &[Table]) -> GeneratedFile {
    let page = step.page.as_str();
    let (old, new) = (&lineage.releases[step.old], &lineage.releases[step.new]);
    let newest = &site.contracts[lineage.contracts[lineage.contracts.len() - 1]];
    let title = format!("{} {} to {}", site.title(newest.contract), old.version, new.version);
    let end = |release: &Release| {
        context! { version => release.version.to_string(), date => release.date.to_string(), topic => md(site.topic_link(page, &release.topic)) }
    };
    let concerned: BTreeSet<&String> = step.change.iter().flat_map(|change| &change.breaks).flat_map(|found| &found.consumers).collect();
    let context = context! {
        name => site.title(newest.contract),
        old => end(old),
        new => end(new),
        verdict => verdict_between(step, old, new),
        proofs => proofs(site, page, step, [old, new]),
        open => step.change.iter().flat_map(|change| change.open.clone()).collect::<Vec<_>>(),
        concerned => concerned.into_iter().map(|name| md(site.service_link(page, name))).collect::<Vec<_>>(),
        fields => compare::changes(&tables[step.old], &tables[step.new]),
        lines => lines(old, new).map(md),
        others => others(lineage, step),
    };
    let mut way = trail(site, newest, page);
    way.push(md(elements::link(&newest.contract.topic, &relative(page, &newest.page))));
    frame::render("diff", page, &title, way, context)
}

/// Returns what a step means, in words: a badge, a sentence and the version that it needs.
pub(super) fn verdict(step: &ReleaseStep) -> Value {
    let Some(change) = &step.change else {
        return context! { class => "undecided", word => "not compared", sentence => "A release can no longer be read.", needs => () };
    };
    let (class, sentence) = match change.verdict {
        Verdict::Compatible => ("compatible", "Proved: every event of the old version is understood, as the namespace promises."),
        Verdict::Incompatible => ("incompatible", "There are events which one side may send and the other refuses."),
        Verdict::Undecided => ("undecided", "Neither proved nor refuted; the gate takes that for a failure."),
    };
    let needs = match change.required_bump {
        Bump::None => None,
        Bump::Patch => Some("patch"),
        Bump::Minor => Some("minor"),
        Bump::Major => Some("major"),
    };
    context! { class => class, word => class, sentence => sentence, needs => needs }
}

/// Returns the verdict on a step with a sentence that names the versions of both sides.
fn verdict_between(step: &ReleaseStep, old: &Release, new: &Release) -> Value {
    let breaks = step.change.as_ref().map_or(&[][..], |change| &change.breaks);
    let refused = |writer: ComparedVersion| {
        let [sender, reader] = sides(writer, [old, new]).map(|release| &release.version);
        let is_found = breaks.iter().any(|found| found.writer == writer);
        is_found.then(|| format!("Senders of {sender} may send events that readers of {reader} refuse."))
    };
    let sentences: Vec<String> = [ComparedVersion::Old, ComparedVersion::New].into_iter().filter_map(refused).collect();
    let verdict = verdict(step);
    if sentences.is_empty() {
        verdict
    } else {
        context! { sentence => sentences.join(" "), ..verdict }
    }
}

/// Returns the release of who sends, and of who reads.
fn sides(writer: ComparedVersion, [old, new]: [&Release; 2]) -> [&Release; 2] {
    match writer {
        ComparedVersion::Old => [old, new],
        ComparedVersion::New => [new, old],
    }
}

/// Returns the reasons, those that one witness shows together.
fn proofs(site: &Site<'_>, page: &str, step: &ReleaseStep, releases: [&Release; 2]) -> Vec<Value> {
    let breaks = step.change.as_ref().map_or(&[][..], |change| &change.breaks);
    let groups = breaks.chunk_by(|a, b| a.witness == b.witness && a.writer == b.writer);
    let proof = |group: &[BreakingChange]| {
        let reasons: Vec<Value> = group.iter().map(|found| reason(site, page, found)).collect();
        let [sender, reader] = sides(group[0].writer, releases).map(|release| release.version.to_string());
        context! { reasons => reasons, sender => sender, reader => reader, witness => md(elements::json(&group[0].witness)) }
    };
    groups.map(proof).collect()
}

fn reason(site: &Site<'_>, page: &str, found: &BreakingChange) -> Value {
    context! {
        message => found.message.as_str(),
        rule => md(rules::link(page, found.rule)),
        instance => found.instance.as_str(),
        old => found.old.as_deref(),
        new => found.new.as_deref(),
        consumers => found.consumers.iter().map(|name| md(site.service_link(page, name))).collect::<Vec<_>>(),
    }
}

/// Returns the other steps of the lineage, as links.
fn others(lineage: &Lineage<'_>, this: &ReleaseStep) -> Vec<Value> {
    let version = |index: usize| &lineage.releases[index].version;
    let other = |step: &ReleaseStep| {
        let label = format!("{} to {}", version(step.old), version(step.new));
        md(elements::link(&label, &relative(&this.page, &step.page)))
    };
    lineage.steps.iter().filter(|step| step.page != this.page).map(other).collect()
}

/// Returns the two schemas line by line; `None` where they are too long, or equal.
fn lines(old: &Release, new: &Release) -> Option<String> {
    let (before, after) = (format!("{:#}\n", old.schema), format!("{:#}\n", new.schema));
    if before.len().max(after.len()) > MAX_TEXT_BYTES || before == after {
        return None;
    }
    let diff = TextDiff::from_lines(&before, &after);
    let mut out = String::from("<pre class=\"diff\" tabindex=\"0\"><code>");
    for (number, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if number > 0 {
            out.push_str("<span>⋯\n</span>");
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (tag, sign) = match change.tag() {
                ChangeTag::Delete => ("del", '-'),
                ChangeTag::Insert => ("ins", '+'),
                ChangeTag::Equal => ("span", ' '),
            };
            out.push_str(&format!("<{tag}>{sign} {}</{tag}>", elements::verbatim(change.value())));
        }
    }
    out.push_str("</code></pre>");
    Some(out)
}
