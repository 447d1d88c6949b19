//! The pages of shared types: one for each, and a list for each namespace.

use std::collections::HashMap;

use eventc_model::{GeneratedFile, types::TypeId};
use minijinja::{Value, context};
use rayon::prelude::*;

use super::{
    elements,
    event::{FieldTables, PageFacts, types as types_below},
    frame,
    neighbours::{self, Neighbour},
};
use crate::{
    fields::md,
    overview::{User, named, shape_words, users},
    sections,
    site::{NamespacePages, Site, namespace_label, relative},
};

/// A type names this many of the contracts that use it.
const NAMED_USERS: usize = 60;

pub(super) fn pages(site: &Site<'_>, facts: &[PageFacts]) -> Vec<GeneratedFile> {
    let users = users(site, facts.iter().map(|facts| facts.shared.as_slice()));
    let mut files = Vec::new();
    for (index, pages) in site.namespaces.iter().enumerate() {
        let Some(pages) = pages else { continue };
        let Some(list) = pages.types.as_deref() else { continue };
        let label = namespace_label(&site.input.catalog.config.namespace[index].name);
        let ids = named(site, pages);
        files.push(types(site, label, pages, list, &ids, &users));
        let users = |id: &TypeId| users.get(id).map_or(&[][..], Vec::as_slice);
        let listed: Vec<SharedType<'_>> =
            ids.iter().filter_map(|id| Some((*id, site.input.types.get(*id).name.as_str(), site.homes.place(*id)?))).collect();
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
    users: &HashMap<TypeId, Vec<User>>,
) -> GeneratedFile {
    let rows = ids.iter().filter_map(|id| {
        let ty = site.input.types.get(*id);
        Some(context! {
            link => md(site.type_link(list, *id)?),
            type => md(shape_words(site, list, &ty.shape)),
            description => sections::description(site, *id),
            users => users.get(id).map_or(0, Vec::len),
        })
    });
    let rows: Vec<Value> = rows.collect();
    let trail = vec![md(elements::link(label, &relative(list, &pages.page)))];
    frame::render("types", list, &format!("Shared types of {label}"), trail, context! { types => rows })
}

/// A shared type: its name and its page.
type SharedType<'a> = (TypeId, &'a str, &'a str);

fn page(
    site: &Site<'_>,
    (label, pages, list): (&str, &NamespacePages, &str),
    all: &[SharedType<'_>],
    here: usize,
    users: &[User],
) -> GeneratedFile {
    let (id, name, page) = all[here];
    let ty = site.input.types.get(id);
    let tables = sections::of_page(site, page, [id]);
    let mut fields = FieldTables::new(site, page, &tables, &[]);
    let shown: Vec<Value> = (0..tables.len()).map(|index| fields.rows(index)).collect();
    let named: Vec<Value> = users.iter().take(NAMED_USERS).map(|user| user.link(site, page)).collect();
    let context = context! {
        file => site.input.catalog.schemas.file(site.input.types.module(ty.module).file).path.as_str(),
        fields => shown.first(),
        cut => tables.first().is_some_and(|section| section.table.cut),
        types => types_below(site, page, &tables, &shown, 1),
        readers => false,
        more => users.len() - named.len(),
        users => named,
        neighbours => neighbours::list(page, ("Shared types", list), all, here, |shared| Neighbour { label: shared.1, page: shared.2, leaves: false }),
        ..sections::heading(site, page, id),
    };
    let trail = vec![md(elements::link(label, &relative(page, &pages.page))), md(elements::link("Shared types", &relative(page, list)))];
    frame::render("type", page, name, trail, context)
}
