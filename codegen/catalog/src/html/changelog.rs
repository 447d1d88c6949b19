//! The changelog: the list of an event, the page of all releases, and the Atom feed.

use std::collections::BTreeMap;

use eventc_model::{
    GeneratedFile,
    date::Date,
    diagnostic::Verdict,
    history::{self, Release},
};
use minijinja::{Value, context};

use super::{
    diff, elements, frame,
    lineage::{Lineage, ReleaseStep},
};
use crate::{
    fields::md,
    site::{ContractEntry, Site, relative},
};

pub(super) const PAGE: &str = "changes.html";

/// The maximum number of releases that have a line of their own, the newest.
const MAX_LINES: usize = 500;

/// The maximum number of releases in the feed, the newest.
const MAX_FEED_ENTRIES: usize = 100;

/// The maximum number of changes on the start page, the newest.
const MAX_RECENT_CHANGES: usize = 8;

pub(super) type Lineages<'a> = BTreeMap<String, Lineage<'a>>;

/// Returns the versions of a contract's path, newest first: date, what the step from the version before means, and its other steps.
pub(super) fn of_contract(site: &Site<'_>, lineages: &Lineages<'_>, entry: &ContractEntry<'_>) -> Vec<Value> {
    let Some(lineage) = lineages.get(&history::key(site.input.catalog, entry.contract)) else { return Vec::new() };
    let page = entry.page.as_str();
    let row = |(index, release): (usize, &Release)| {
        let step = index.checked_sub(1).and_then(|before| lineage.step(before, index));
        let others = (0..index.saturating_sub(1))
            .rev()
            .filter_map(|old| lineage.step(old, index))
            .map(|step| md(elements::link(&lineage.releases[step.old].version.to_string(), &relative(page, &step.page))));
        let other_topic = (release.topic != entry.contract.topic).then(|| md(site.topic_link(page, &release.topic)));
        context! {
            version => release.version.to_string(),
            date => release.date.to_string(),
            topic => other_topic,
            step => step.map(|step| summary(step, page)),
            before => step.map(|step| lineage.releases[step.old].version.to_string()),
            others => others.collect::<Vec<_>>(),
        }
    };
    lineage.releases.iter().enumerate().rev().map(row).collect()
}

/// Returns the summary of a step: what it means and where it is shown.
fn summary(step: &ReleaseStep, page: &str) -> Value {
    let breaks = step.change.iter().flat_map(|change| &change.breaks).map(|found| found.message.clone());
    context! { verdict => diff::verdict(step), breaks => breaks.collect::<Vec<_>>(), page => md(relative(page, &step.page)) }
}

/// A release as an entry of the changelog.
struct ChangelogEntry<'s, 'a> {
    release: &'s Release,
    lineage: &'s Lineage<'a>,
    index: usize,
}

impl ChangelogEntry<'_, '_> {
    fn step(&self) -> Option<&ReleaseStep> {
        self.lineage.step(self.index.checked_sub(1)?, self.index)
    }
}

/// Returns all releases, the newest day first; on a day, in the order of names, and of each the newest version first.
fn events<'s, 'a>(lineages: &'s Lineages<'a>) -> Vec<ChangelogEntry<'s, 'a>> {
    let mut events: Vec<_> = lineages
        .values()
        .flat_map(|lineage| {
            lineage.releases.iter().enumerate().rev().map(move |(index, release)| ChangelogEntry { release, lineage, index })
        })
        .collect();
    // The sort is stable: within a day the order of names and versions stays.
    events.sort_by_key(|event| std::cmp::Reverse(event.release.date));
    events
}

/// Returns the page of all releases and the feed of the newest; neither where nothing was released.
pub(super) fn pages(site: &Site<'_>, lineages: &Lineages<'_>) -> Vec<GeneratedFile> {
    let events = events(lineages);
    let mut days: Vec<(Date, Vec<Value>, Vec<Value>)> = Vec::new();
    for event in events.iter().take(MAX_LINES) {
        if days.last().is_none_or(|(day, _, _)| *day != event.release.date) {
            days.push((event.release.date, Vec::new(), Vec::new()));
        }
        let Some((_, changed, first)) = days.last_mut() else { continue };
        if event.step().is_some() { changed.push(line(site, PAGE, event)) } else { first.push(line(site, PAGE, event)) }
    }
    let days: Vec<Value> =
        days.into_iter().map(|(date, changed, first)| context! { date => date.to_string(), changed => changed, first => first }).collect();
    let more = events.len().saturating_sub(MAX_LINES);
    let context = context! { days => days, more => more, feed => !events.is_empty() };
    let mut files = vec![frame::render("changes", PAGE, "Changes", Vec::new(), context)];
    files.extend(feed(&events));
    files
}

/// Returns what changed lately, for the start page: first releases are no change.
pub(super) fn lately(site: &Site<'_>, lineages: &Lineages<'_>, page: &str) -> Vec<Value> {
    let events = events(lineages);
    events.iter().filter(|event| event.step().is_some()).take(MAX_RECENT_CHANGES).map(|event| line(site, page, event)).collect()
}

fn line(site: &Site<'_>, page: &str, event: &ChangelogEntry<'_, '_>) -> Value {
    context! {
        topic => md(site.topic_link(page, &event.release.topic)),
        version => event.release.version.to_string(),
        date => event.release.date.to_string(),
        step => event.step().map(|step| summary(step, page)),
    }
}

/// Returns the Atom feed (RFC 4287). Its times are the days of releases: nothing here knows what time it is.
fn feed(events: &[ChangelogEntry<'_, '_>]) -> Option<GeneratedFile> {
    let newest = events.first()?;
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>Event catalog</title>\n",
    );
    out.push_str(&format!("<id>{}</id>\n<updated>{}</updated>\n", uuid("feed"), instant(newest.release)));
    out.push_str(
        "<author><name>eventc</name></author>\n<link rel=\"self\" href=\"feed.xml\"/>\n<link rel=\"alternate\" href=\"changes.html\"/>\n",
    );
    for event in events.iter().take(MAX_FEED_ENTRIES) {
        out.push_str(&entry(event));
    }
    out.push_str("</feed>\n");
    Some(GeneratedFile { path: "feed.xml".to_owned(), text: out })
}

fn entry(event: &ChangelogEntry<'_, '_>) -> String {
    let Release { topic, version, .. } = event.release;
    let (word, page, lines) = match event.step() {
        None => ("first release", PAGE, Vec::new()),
        Some(step) => {
            let change = step.change.as_ref();
            let word = match change.map(|change| change.verdict) {
                Some(Verdict::Compatible) => "compatible",
                Some(Verdict::Incompatible) => "incompatible",
                _ => "undecided",
            };
            let breaks = change.into_iter().flat_map(|change| &change.breaks);
            (word, step.page.as_str(), breaks.map(|found| found.message.as_str()).collect())
        }
    };
    let id = uuid(&format!("{topic} {version}"));
    format!(
        "<entry>\n<id>{id}</id>\n<title>{} {version}: {word}</title>\n<updated>{}</updated>\n<link href=\"{page}\"/>\n<summary>{}</summary>\n</entry>\n",
        elements::text(topic),
        instant(event.release),
        elements::text(&lines.join(". ")),
    )
}

fn instant(release: &Release) -> String {
    format!("{}T00:00:00Z", release.date)
}

/// Returns a stable identity: a UUID of version 8 (RFC 9562) made of a name's SHA-256.
fn uuid(name: &str) -> String {
    let digest = history::digest(&serde_json::Value::from(name));
    let hex = &digest["sha256:".len()..];
    format!("urn:uuid:{}-{}-8{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}
