//! Findings, for the Markdown pages and the site: events without senders, readers or owners, what leaves, sensitive fields, and what was
//! accepted on purpose.

use std::collections::BTreeMap;

use eventc_model::metadata::Sensitivity;
use minijinja::{Value, context};

use super::{
    event,
    fields::md,
    overview::events,
    participants::{consumers, producers},
    site::Site,
};

/// Returns the content of both pages; `sensitive` are the classified fields of each contract, and `migration` is the page
/// that leads away from one.
pub(super) fn context<'s>(
    site: &Site<'_>,
    page: &str,
    sensitive: impl Iterator<Item = &'s [(Sensitivity, String)]>,
    migration: impl Fn(usize) -> Option<String>,
) -> Value {
    let events = events(site);
    let link = |index: usize| md(site.entry_link(page, index));
    let facts = |index: usize| &site.contracts[index].facts;
    let readers = |index: usize| md(consumers(site, page, index));
    let unpublished = events.iter().filter(|index| facts(**index).producers.is_empty());
    let unread = events.iter().filter(|index| site.contracts[**index].facts.consumers.is_empty());
    let unowned = events.iter().filter(|index| facts(**index).owner.is_none());
    let leaving = events.iter().filter_map(|index| {
        let deprecated = facts(*index).deprecated?;
        Some(context! {
            link => link(*index),
            since => deprecated.since.to_string(),
            sunset => deprecated.sunset.map(|day| day.to_string()),
            use => deprecated.successor.as_deref().map(|topic| md(site.topic_link(page, topic))),
            migration => migration(*index).map(md),
            participants => readers(*index),
        })
    });
    let allowed = (0..site.contracts.len()).flat_map(|index| {
        event::allowed(site.contracts[index].contract).into_iter().map(move |allow| context! { link => link(index), ..allow })
    });
    context! {
        unpublished => unpublished.map(|index| context! { link => link(*index), participants => readers(*index) }).collect::<Vec<_>>(),
        unread => unread.map(|index| context! { link => link(*index), participants => md(producers(site, page, *index)) }).collect::<Vec<_>>(),
        unowned => unowned.map(|index| context! { link => link(*index) }).collect::<Vec<_>>(),
        leaving => leaving.collect::<Vec<_>>(),
        classes => classes(site, page, sensitive),
        allowed => allowed.collect::<Vec<_>>(),
    }
}

/// Returns sensitive fields by class and contract.
fn classes<'s>(site: &Site<'_>, page: &str, sensitive: impl Iterator<Item = &'s [(Sensitivity, String)]>) -> Vec<Value> {
    let mut classes: BTreeMap<Sensitivity, Vec<Value>> = BTreeMap::new();
    for (index, found) in sensitive.enumerate() {
        let mut fields: BTreeMap<Sensitivity, Vec<String>> = BTreeMap::new();
        for (class, path) in found {
            fields.entry(*class).or_default().push(path.clone());
        }
        for (class, fields) in fields {
            let row = context! { link => md(site.entry_link(page, index)), fields => fields };
            classes.entry(class).or_default().push(row);
        }
    }
    classes.into_iter().map(|(class, events)| context! { name => class.as_str(), events => events }).collect()
}
