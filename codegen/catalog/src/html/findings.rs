//! The page of what deserves a look: events without senders or readers, what leaves, sensitive data, and findings.

use std::collections::{BTreeMap, BTreeSet};

use eventc_model::{GeneratedFile, diagnostic::Diagnostic, metadata::Sensitivity};
use minijinja::{Value, context};

use super::{event::PageFacts, frame, migration::Migrations, rules};
use crate::{
    event,
    fields::md,
    findings,
    site::{Site, relative},
};

pub(super) const PAGE: &str = "findings.html";

pub(super) fn page(site: &Site<'_>, facts: &[PageFacts], migrations: &Migrations) -> GeneratedFile {
    let sensitive = facts.iter().map(|facts| facts.sensitive.as_slice());
    let migration = |index: usize| migrations.get(&index).map(|(_, page)| relative(PAGE, page));
    let context = context! {
        ..findings::context(site, PAGE, sensitive, migration),
        ..context! {
            services => services(site, facts),
            findings => site.input.findings.iter().map(|finding| row(site, PAGE, finding)).collect::<Vec<_>>(),
        },
    };
    frame::render("findings", PAGE, "Findings", Vec::new(), context)
}

/// Returns a finding as a row of a list.
pub(super) fn row(site: &Site<'_>, page: &str, finding: &Diagnostic) -> Value {
    context! { rule => md(rules::link(page, finding.rule)), ..event::finding_row(site, finding) }
}

/// Returns the services that send or read sensitive fields: how many events of each class.
fn services(site: &Site<'_>, facts: &[PageFacts]) -> Vec<Value> {
    let mut found: BTreeMap<(&str, Sensitivity), (usize, usize)> = BTreeMap::new();
    for (entry, facts) in site.contracts.iter().zip(facts) {
        let classes: BTreeSet<Sensitivity> = facts.sensitive.iter().map(|(class, _)| *class).collect();
        let readers: BTreeSet<&str> = entry.facts.consumers.iter().map(|consumer| &*consumer.service).collect();
        for class in classes {
            for producer in entry.facts.producers {
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
