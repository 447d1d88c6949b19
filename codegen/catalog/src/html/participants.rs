//! The pages of services and owners.

use std::collections::BTreeMap;

use eventc_model::GeneratedFile;
use minijinja::{Value, context};
use rayon::prelude::*;

use super::{
    elements,
    flow::{self, Focus},
    frame,
    neighbours::{self, Neighbour},
};
use crate::{
    fields::md,
    participants::{owner_context, service_context},
    site::{Participant, Site, relative},
};

const SERVICES: &str = "services/index.html";
const OWNERS: &str = "owners/index.html";

/// A service or owner by name.
type NamedParticipant<'a> = (&'a str, &'a Participant);

pub(super) fn pages(site: &Site<'_>) -> Vec<GeneratedFile> {
    let all_services: Vec<NamedParticipant<'_>> = site.services.iter().map(|(name, participant)| (*name, participant)).collect();
    let all_owners: Vec<NamedParticipant<'_>> = site.owners.iter().map(|(name, participant)| (*name, participant)).collect();
    let mut files: Vec<GeneratedFile> = (0..all_services.len()).into_par_iter().map(|here| service(site, &all_services, here)).collect();
    files.extend((0..all_owners.len()).into_par_iter().map(|here| owner(site, &all_owners, here)).collect::<Vec<_>>());
    files.push(services(site));
    files.push(owners(site));
    files
}

/// Returns the list beside one of several services or owners.
fn neighbours_of(all: &[NamedParticipant<'_>], here: usize, whole: (&str, &str)) -> Value {
    neighbours::list(&all[here].1.page, whole, all, here, |named| Neighbour { label: named.0, page: &named.1.page, leaves: false })
}

fn service(site: &Site<'_>, all: &[NamedParticipant<'_>], here: usize) -> GeneratedFile {
    let (name, participant) = all[here];
    let trail = vec![md(elements::link("Services", &relative(&participant.page, SERVICES)))];
    let flow = flow::of_contracts(site, &participant.page, &format!("Flow of {name}"), &participant.touched(), Focus::Service(name));
    let context = context! {
        flow => flow,
        dead_letters => dead_letters(site, participant),
        neighbours => neighbours_of(all, here, ("Services", SERVICES)),
        ..service_context(site, name, participant)
    };
    frame::render("service", &participant.page, name, trail, context)
}

/// Returns the dead-letter topics for what a service reads, each with the events that end there.
fn dead_letters(site: &Site<'_>, participant: &Participant) -> Vec<Value> {
    let mut topics: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for index in &participant.reads {
        if let Some(topic) = site.input.catalog.dead_letters(site.contracts[*index].contract) {
            topics.entry(topic).or_default().push(*index);
        }
    }
    let row = |(topic, events): (&str, Vec<usize>)| {
        let retries = events
            .iter()
            .filter_map(|index| site.contracts[*index].contract.settings.dead_letter.as_ref())
            .map(|policy| policy.retries)
            .max();
        let links: Vec<Value> = events.iter().map(|index| md(site.entry_link(&participant.page, *index))).collect();
        context! { topic => topic, events => links, retries => retries }
    };
    topics.into_iter().map(row).collect()
}

fn owner(site: &Site<'_>, all: &[NamedParticipant<'_>], here: usize) -> GeneratedFile {
    let (name, participant) = all[here];
    let trail = vec![md(elements::link("Owners", &relative(&participant.page, OWNERS)))];
    let context = context! { neighbours => neighbours_of(all, here, ("Owners", OWNERS)), ..owner_context(site, name, participant) };
    frame::render("owner", &participant.page, name, trail, context)
}

fn services(site: &Site<'_>) -> GeneratedFile {
    let config = &site.input.catalog.config;
    let rows = site.services.iter().map(|(name, participant)| {
        let declared = config.services.get(*name);
        context! {
            link => md(site.service_link(SERVICES, name)),
            description => declared.map(|service| service.description.as_str()),
            owner => declared.and_then(|service| service.owner.as_deref()).map(|owner| md(site.owner_link(SERVICES, owner))),
            sends => participant.sends.len(),
            reads => participant.reads.len(),
        }
    });
    frame::render("services", SERVICES, "Services", Vec::new(), context! { services => rows.collect::<Vec<_>>() })
}

fn owners(site: &Site<'_>) -> GeneratedFile {
    let config = &site.input.catalog.config;
    let rows = site.owners.iter().map(|(name, participant)| {
        let declared = config.owners.get(*name);
        context! {
            link => md(site.owner_link(OWNERS, name)),
            description => declared.map(|owner| owner.description.as_str()),
            contact => declared.map(|owner| owner.contact.as_str()),
            events => participant.sends.len(),
        }
    });
    frame::render("owners", OWNERS, "Owners", Vec::new(), context! { owners => rows.collect::<Vec<_>>() })
}
