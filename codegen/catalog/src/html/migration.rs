//! The pages that lead from a deprecated event to its successor: until when, what differs, and who has still to move.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use eventc_model::{GeneratedFile, history, types::Types};
use minijinja::{Value, context};

use super::{changelog::Lineages, compare, diff, elements, frame};
use crate::{
    fields::{Table, md},
    markup::Markup,
    site::{ContractEntry, Site, free, relative},
};

const LIST: &str = "migrations/index.html";

/// The successor of each event that leaves, by index, with the page of the migration.
pub(super) type Migrations = BTreeMap<usize, (usize, String)>;

/// Returns every deprecated contract that names its successor.
pub(super) fn all(site: &Site<'_>) -> Migrations {
    let mut taken = HashSet::from(["migrations/index".to_owned()]);
    let mut migrations = Migrations::new();
    for (to, entry) in site.contracts.iter().enumerate() {
        for from in &entry.replaces {
            let page = &site.contracts[*from].page;
            let stem = page.trim_start_matches("events/").trim_end_matches(".html");
            migrations.insert(*from, (to, free(Markup::Html, &mut taken, &format!("migrations/{stem}"))));
        }
    }
    migrations
}

pub(super) fn pages(site: &Site<'_>, migrations: &Migrations, lineages: &Lineages<'_>) -> Vec<GeneratedFile> {
    let mut files: Vec<GeneratedFile> =
        migrations.iter().map(|(from, (to, page))| page_of(site, lineages, &site.contracts[*from], &site.contracts[*to], page)).collect();
    let rows = migrations.iter().map(|(from, (to, page))| {
        let (old, new) = (&site.contracts[*from], &site.contracts[*to]);
        let waiting = services(old, new).into_iter().filter(|service| !service.moved).count();
        context! {
            page => md(elements::link(&old.contract.topic, &relative(LIST, page))),
            to => md(site.entry_link(LIST, *to)),
            sunset => old.facts.deprecated.and_then(|deprecated| deprecated.sunset).map(|day| day.to_string()),
            waiting => waiting,
        }
    });
    files.push(frame::render("migrations", LIST, "Migrations", Vec::new(), context! { migrations => rows.collect::<Vec<_>>() }));
    files
}

fn page_of(site: &Site<'_>, lineages: &Lineages<'_>, old: &ContractEntry<'_>, new: &ContractEntry<'_>, page: &str) -> GeneratedFile {
    let table = |entry: &ContractEntry<'_>| {
        let types: &Types = site.input.types;
        let root = types.module_of(entry.contract.file).and_then(|module| types.module(module).root);
        root.map_or_else(Table::default, |root| Table::whole(site, root))
    };
    let deprecated = old.facts.deprecated;
    let services = services(old, new).into_iter().map(|service| {
        let reads: Vec<String> = service.reads.into_iter().map(str::to_owned).collect();
        context! { service => md(site.service_link(page, service.service)), role => service.role, moved => service.moved, reads => reads }
    });
    let context = context! {
        old => md(site.topic_link(page, &old.contract.topic)),
        new => md(site.topic_link(page, &new.contract.topic)),
        since => deprecated.map(|deprecated| deprecated.since.to_string()),
        sunset => deprecated.and_then(|deprecated| deprecated.sunset).map(|day| day.to_string()),
        services => services.collect::<Vec<_>>(),
        fields => compare::changes(&table(old), &table(new)),
        step => step(site, lineages, old, new, page),
    };
    let title = format!("From {} to {}", old.contract.topic, new.contract.topic);
    let trail = vec![md(elements::link("Migrations", &relative(page, LIST)))];
    frame::render("migration", page, &title, trail, context)
}

/// Returns what the step between the newest releases of both means, where they are versions of one path.
fn step(site: &Site<'_>, lineages: &Lineages<'_>, old: &ContractEntry<'_>, new: &ContractEntry<'_>, page: &str) -> Option<Value> {
    let key = |entry: &ContractEntry<'_>| history::key(site.input.catalog, entry.contract);
    let lineage = lineages.get(&key(old)).filter(|_| key(old) == key(new))?;
    let newest =
        |entry: &ContractEntry<'_>| lineage.releases.iter().rposition(|release| release.version.major == u64::from(entry.contract.major));
    let step = lineage.step(newest(old)?, newest(new)?)?;
    Some(context! { verdict => diff::verdict(step), page => md(relative(page, &step.page)) })
}

/// A service that sends or reads the event that leaves.
struct MigratingService<'a> {
    service: &'a str,
    role: &'static str,
    /// Whether it is declared for the successor too.
    moved: bool,
    reads: BTreeSet<&'a str>,
}

fn services<'e>(old: &'e ContractEntry<'_>, new: &'e ContractEntry<'_>) -> Vec<MigratingService<'e>> {
    let sends = &new.facts.producers;
    let senders = old.facts.producers.iter().map(|service| MigratingService {
        service,
        role: "sends",
        moved: sends.contains(service),
        reads: BTreeSet::new(),
    });
    let mut readers: BTreeMap<&str, MigratingService<'e>> = BTreeMap::new();
    for consumer in old.facts.consumers {
        let moved = new.facts.consumers.iter().any(|other| other.service == consumer.service);
        let reader = readers.entry(&consumer.service).or_insert(MigratingService {
            service: &consumer.service,
            role: "reads",
            moved,
            reads: BTreeSet::new(),
        });
        reader.reads.extend(consumer.reads.iter().map(String::as_str));
    }
    senders.chain(readers.into_values()).collect()
}
