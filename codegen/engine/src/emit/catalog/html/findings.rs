//! The page of what deserves a look: events without senders or readers, what leaves, sensitive data, and findings.

use std::collections::{BTreeMap, BTreeSet};

use eventc_model::{GeneratedFile, diagnostic::Diagnostic, metadata::Sensitivity};
use minijinja::{Value, context};

use super::{event::Seen, frame, migration::Migrations, rules};
use crate::emit::catalog::{
    event,
    fields::md,
    overview::events,
    parties::{consumers, producers},
    site::{Site, relative},
};

pub(super) const PAGE: &str = "findings.html";

pub(super) fn page(site: &Site<'_>, seen: &[Seen], migrations: &Migrations) -> GeneratedFile {
    let events = events(site);
    let link = |index: usize| md(site.entry_link(PAGE, index));
    let metadata = |index: usize| &site.contracts[index].contract.metadata;
    let unpublished = events.iter().filter(|index| metadata(**index).producers.is_empty());
    let unread = events.iter().filter(|index| site.contracts[**index].consumers.is_empty());
    let leaving = events.iter().filter_map(|index| {
        let deprecated = metadata(*index).deprecated.as_ref()?;
        Some(context! {
            link => link(*index),
            sunset => deprecated.sunset.as_deref(),
            use => deprecated.successor.as_deref().map(|topic| md(site.topic_link(PAGE, topic))),
            migration => migrations.get(index).map(|(_, page)| md(relative(PAGE, page))),
            parties => md(consumers(site, PAGE, *index)),
        })
    });
    let allowed = (0..site.contracts.len()).flat_map(|index| {
        event::allowed(site.contracts[index].contract).into_iter().map(move |allow| context! { link => link(index), ..allow })
    });
    let context = context! {
        unpublished => unpublished.map(|index| context! { link => link(*index), parties => md(consumers(site, PAGE, *index)) }).collect::<Vec<_>>(),
        unread => unread.map(|index| context! { link => link(*index), parties => md(producers(site, PAGE, *index)) }).collect::<Vec<_>>(),
        leaving => leaving.collect::<Vec<_>>(),
        classes => classes(site, seen),
        services => services(site, seen),
        allowed => allowed.collect::<Vec<_>>(),
        findings => site.input.findings.iter().map(|finding| row(site, PAGE, finding)).collect::<Vec<_>>(),
    };
    frame::render("findings", PAGE, "Findings", Vec::new(), context)
}

/// A finding as a row of a list.
pub(super) fn row(site: &Site<'_>, page: &str, finding: &Diagnostic) -> Value {
    context! { rule => md(rules::link(page, finding.rule)), ..event::finding_row(site, finding) }
}

/// Sensitive fields by class and contract.
fn classes(site: &Site<'_>, seen: &[Seen]) -> Vec<Value> {
    let mut classes: BTreeMap<Sensitivity, Vec<Value>> = BTreeMap::new();
    for (index, seen) in seen.iter().enumerate() {
        let mut fields: BTreeMap<Sensitivity, Vec<String>> = BTreeMap::new();
        for (class, path) in &seen.sensitive {
            fields.entry(*class).or_default().push(path.clone());
        }
        for (class, fields) in fields {
            classes.entry(class).or_default().push(context! { link => md(site.entry_link(PAGE, index)), fields => fields });
        }
    }
    classes.into_iter().map(|(class, events)| context! { name => class.as_str(), events => events }).collect()
}

/// The services that send or read sensitive fields: how many events of each class.
fn services(site: &Site<'_>, seen: &[Seen]) -> Vec<Value> {
    let mut found: BTreeMap<(&str, Sensitivity), (usize, usize)> = BTreeMap::new();
    for (entry, seen) in site.contracts.iter().zip(seen) {
        let classes: BTreeSet<Sensitivity> = seen.sensitive.iter().map(|(class, _)| *class).collect();
        let readers: BTreeSet<&str> = entry.consumers.iter().map(|consumer| consumer.service).collect();
        for class in classes {
            for producer in &entry.contract.metadata.producers {
                found.entry((producer, class)).or_default().0 += 1;
            }
            for reader in &readers {
                found.entry((reader, class)).or_default().1 += 1;
            }
        }
    }
    let row = |((service, class), (sends, reads)): ((&str, Sensitivity), (usize, usize))| {
        context! { service => md(site.service_link(PAGE, service)), class => class.as_str(), sends => sends, reads => reads }
    };
    found.into_iter().map(row).collect()
}
