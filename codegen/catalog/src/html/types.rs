//! The pages of shared types: one for each, and a list for each namespace.

use std::collections::HashMap;

use eventc_model::{
    GeneratedFile,
    metadata::Sensitivity,
    types::{Shape, TypeId, TypeRef},
};
use minijinja::{Value, context};
use rayon::prelude::*;

use super::{
    elements,
    event::PageFacts,
    frame,
    neighbours::{self, Neighbour},
};
use crate::{
    describe,
    fields::{Table, md},
    overview::shape_words,
    site::{NamespacePages, Site, namespace_label, relative},
};

/// A type names this many of the contracts that use it.
const NAMED_USERS: usize = 60;

pub(super) fn pages(site: &Site<'_>, facts: &[PageFacts]) -> Vec<GeneratedFile> {
    let mut users: HashMap<TypeId, Vec<usize>> = HashMap::new();
    for (index, facts) in facts.iter().enumerate() {
        for id in &facts.shared {
            users.entry(*id).or_default().push(index);
        }
    }
    let mut files = Vec::new();
    for (index, pages) in site.namespaces.iter().enumerate() {
        let Some(pages) = pages else { continue };
        let Some(list) = pages.types.as_deref() else { continue };
        let label = namespace_label(&site.input.catalog.config.namespace[index].name);
        let ids: Vec<TypeId> = pages.shared.iter().flat_map(|module| site.input.types.module(*module).types.clone()).collect();
        files.push(types(site, label, pages, list, &ids, &users));
        let users = |id: &TypeId| users.get(id).map_or(&[][..], Vec::as_slice);
        let listed: Vec<SharedType<'_>> =
            ids.iter().filter_map(|id| Some((*id, site.input.types.get(*id).name.as_str(), site.shared.get(id)?.as_str()))).collect();
        let page = |here: usize| page(site, (label, pages, list), &listed, here, users(&listed[here].0));
        files.extend((0..listed.len()).into_par_iter().map(page).collect::<Vec<_>>());
    }
    files
}

/// Returns the list of a namespace's types.
fn types(
    site: &Site<'_>,
    label: &str,
    pages: &NamespacePages,
    list: &str,
    ids: &[TypeId],
    users: &HashMap<TypeId, Vec<usize>>,
) -> GeneratedFile {
    let rows = ids.iter().filter_map(|id| {
        let ty = site.input.types.get(*id);
        Some(context! {
            link => md(site.type_link(list, *id)?),
            type => md(shape_words(site, list, &ty.shape)),
            description => description(site, *id),
            users => users.get(id).map_or(0, Vec::len),
        })
    });
    let rows: Vec<Value> = rows.collect();
    let trail = vec![md(elements::link(label, &relative(list, &pages.page)))];
    frame::render("types", list, &format!("Shared types of {label}"), trail, context! { types => rows })
}

fn description<'a>(site: &Site<'a>, id: TypeId) -> Option<&'a str> {
    describe::applying(site, site.input.types.get(id).node).iter().find_map(|keywords| keywords.description.as_deref())
}

/// A shared type: its name and its page.
type SharedType<'a> = (TypeId, &'a str, &'a str);

fn page(
    site: &Site<'_>,
    (label, pages, list): (&str, &NamespacePages, &str),
    all: &[SharedType<'_>],
    here: usize,
    users: &[usize],
) -> GeneratedFile {
    let (id, name, page) = all[here];
    let ty = site.input.types.get(id);
    let table = Table::of(site, page, &TypeRef::Named(id));
    let values: Vec<Value> = match &ty.shape {
        Shape::Enum(strings) => strings.members.iter().map(|member| md(elements::code(&member.value))).collect(),
        _ => Vec::new(),
    };
    let mut constraints = describe::constraints(site, ty.node);
    constraints.retain(|constraint| values.is_empty() || !constraint.starts_with("one of "));
    let named: Vec<Value> = users.iter().take(NAMED_USERS).map(|index| md(site.entry_link(page, *index))).collect();
    let keywords = describe::applying(site, ty.node);
    let context = context! {
        description => description(site, id),
        type => md(shape_words(site, page, &ty.shape)),
        file => site.input.catalog.schemas.file(site.input.types.module(ty.module).file).path.as_str(),
        constraints => constraints.into_iter().map(md).collect::<Vec<_>>(),
        sensitive => keywords.iter().find_map(|keywords| keywords.sensitive).map(Sensitivity::as_str),
        values => values,
        fields => super::event::fields(site, page, &table, &[]),
        cut => table.cut,
        readers => false,
        more => users.len() - named.len(),
        users => named,
        beside => neighbours::list(page, ("Shared types", list), all, here, |shared| Neighbour { label: shared.1, page: shared.2, leaves: false }),
    };
    let trail = vec![md(elements::link(label, &relative(page, &pages.page))), md(elements::link("Shared types", &relative(page, list)))];
    frame::render("type", page, name, trail, context)
}
