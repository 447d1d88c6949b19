//! The tables of a page: that of the type which it is about, and of each type that it shows under a heading of its own.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use eventc_model::{
    metadata::Sensitivity,
    syntax::{escape_pointer, split_pointer},
    traffic::Consumer,
    types::{Shape, TypeId},
};
use minijinja::{Value, context};

use super::{
    describe,
    fields::{Table, md},
    overview::shape_words,
    site::Site,
};

/// A type with its table.
pub(super) struct Section {
    pub(super) id: TypeId,
    pub(super) table: Table,
}

/// Returns the sections of a page: those that it begins with and, behind them, every type that they hold and that no other page shows.
pub(super) fn of_page(site: &Site<'_>, page: &str, starts: impl IntoIterator<Item = TypeId>) -> Vec<Section> {
    let mut pending: VecDeque<TypeId> = starts.into_iter().collect();
    let mut seen: HashSet<TypeId> = pending.iter().copied().collect();
    let mut sections = Vec::new();
    while let Some(id) = pending.pop_front() {
        let table = Table::of(site, page, id);
        let held = table.holds.iter().map(|held| held.id).filter(|id| site.homes.is_on(page, *id));
        pending.extend(held.filter(|id| seen.insert(*id)));
        sections.push(Section { id, table });
    }
    sections
}

/// Returns what stands under the heading of a type beside its fields.
pub(super) fn heading(site: &Site<'_>, page: &str, id: TypeId) -> Value {
    let ty = site.input.types.get(id);
    let applying = describe::applying(site, ty.node);
    let values = match &ty.shape {
        Shape::Enum(strings) => strings.members.iter().map(|member| md(site.markup.code(&member.value))).collect(),
        _ => Vec::new(),
    };
    let mut constraints = describe::constraints(site, ty.node, "");
    constraints.retain(|constraint| values.is_empty() || !constraint.starts_with("one of "));
    context! {
        name => ty.name.as_str(),
        anchor => site.homes.anchor(site.input, id).map(md),
        description => description(site, id),
        type => md(shape_words(site, page, &ty.shape)),
        constraints => constraints.into_iter().map(md).collect::<Vec<_>>(),
        sensitive => applying.iter().find_map(|keywords| keywords.sensitive).map(Sensitivity::as_str),
        values => values,
    }
}

/// Returns the description of a type.
pub(super) fn description<'a>(site: &Site<'a>, id: TypeId) -> Option<&'a str> {
    describe::applying(site, site.input.types.get(id).node).iter().find_map(|keywords| keywords.description.as_deref())
}

/// Returns the types with headings elsewhere that sections link to, each once, in the order in which they occur.
pub(super) fn elsewhere(site: &Site<'_>, page: &str, sections: &[Section]) -> Vec<TypeId> {
    let mut seen = HashSet::new();
    let held = sections.iter().flat_map(|section| &section.table.holds).map(|held| held.id);
    held.filter(|id| !site.homes.is_on(page, *id) && seen.insert(*id)).collect()
}

/// Returns the classified fields of sections, by the name of the type that holds them where this is not the first, and the places of
/// types elsewhere that have some.
pub(super) fn sensitive(site: &Site<'_>, page: &str, sections: &[Section]) -> Vec<(Sensitivity, String)> {
    let mut found = Vec::new();
    for (index, section) in sections.iter().enumerate() {
        let name = |path: &str| match (index, path) {
            (0, path) => path.to_owned(),
            (_, "") => site.input.types.get(section.id).name.clone(),
            (_, path) => format!("{}.{path}", site.input.types.get(section.id).name),
        };
        let own = section.table.rows.iter().filter_map(|row| Some((row.sensitive?, name(&row.path))));
        let own: BTreeSet<(Sensitivity, String)> = own.collect();
        let held = section.table.holds.iter().filter(|held| !site.homes.is_on(page, held.id));
        let held = held.flat_map(|held| site.sensitive.of_type(held.id).map(|class| (class, name(&held.path))));
        found.extend(held.filter(|place| !own.contains(place)).collect::<BTreeSet<_>>());
        found.extend(section.table.rows.iter().filter_map(|row| Some((row.sensitive?, name(&row.path)))));
    }
    found
}

/// Returns who reads a part of each section, each with what it reads of it. The first section is what consumers read.
pub(super) fn readers(sections: &[Section], consumers: &[Consumer]) -> Vec<Vec<Consumer>> {
    let index: HashMap<TypeId, usize> = sections.iter().enumerate().map(|(index, section)| (section.id, index)).collect();
    let mut reads: Vec<BTreeMap<usize, BTreeSet<String>>> = sections.iter().map(|_| BTreeMap::new()).collect();
    let all = |reads: &[String]| if reads.is_empty() { vec![String::new()] } else { reads.to_vec() };
    let of = |(at, consumer): (usize, &Consumer)| all(&consumer.reads).into_iter().map(move |read| (0, at, read)).collect::<Vec<_>>();
    let mut pending: Vec<(usize, usize, String)> =
        if sections.is_empty() { Vec::new() } else { consumers.iter().enumerate().flat_map(of).collect() };
    while let Some((section, consumer, read)) = pending.pop() {
        if !reads[section].entry(consumer).or_default().insert(read.clone()) {
            continue;
        }
        for held in &sections[section].table.holds {
            let target = index.get(&held.id).copied();
            pending.extend(target.zip(below(&read, &held.pointer)).map(|(target, rest)| (target, consumer, rest)));
        }
    }
    let reader = |(at, reads): (usize, BTreeSet<String>)| {
        let everything = reads.contains("");
        Consumer { reads: if everything { [].into() } else { reads.into_iter().collect() }, ..consumers[at].clone() }
    };
    reads.into_iter().map(|reads| reads.into_iter().map(reader).collect()).collect()
}

/// Returns what is read of a place by who reads another: nothing, a part, or (the empty pointer) all of it.
fn below(read: &str, place: &str) -> Option<String> {
    let (read, place) = (split_pointer(read), split_pointer(place));
    let is_item = |part: &str| part == "*" || part == "-" || (!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let meet = read.iter().zip(&place).all(|(a, b)| a == b || b == "*" || (is_item(a) && is_item(b)));
    let rest = || read.iter().skip(place.len()).flat_map(|part| ["/".into(), escape_pointer(part)]).collect();
    meet.then(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_of_a_place() {
        for (read, place, expected) in [
            ("/lines/*/sku", "/lines/*", Some("/sku")),
            ("/lines/0/sku/a~1b", "/lines/*", Some("/sku/a~1b")),
            ("/lines", "/lines/*", Some("")),
            ("", "/lines/*", Some("")),
            ("/total", "/lines/*", None),
            ("/by_name/some/x", "/by_name/*", Some("/x")),
        ] {
            assert_eq!(below(read, place).as_deref(), expected, "{read} of {place}");
        }
    }
}
