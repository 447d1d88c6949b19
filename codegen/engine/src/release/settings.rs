//! The settings that a release records beside the schema of a contract.

use std::collections::{BTreeMap, HashSet, VecDeque};

use eventc_model::{
    GeneratedFile,
    catalog::{Catalog, Contract},
    date::Date,
    history::{
        History, key,
        settings::{ReleasedSettings, SettingsHistory, SettingsRecord},
    },
    metadata::Sensitivity,
    pool,
    schema::{Keywords, NodeId, Schemas},
    source::SETTINGS_FILE,
    syntax::escape_pointer,
};

use rayon::prelude::*;

use crate::lint::targets;

/// Returns the settings of a contract as they are now.
pub(crate) fn settings(catalog: &Catalog, contract: &Contract) -> ReleasedSettings {
    ReleasedSettings::of(catalog, contract, sensitive(&catalog.schemas, contract.root))
}

/// Returns the files of settings with a record more for each contract whose settings are not what its last record says.
pub(super) fn updates(catalog: &Catalog, history: &History, today: Date) -> Vec<GeneratedFile> {
    let record = |contract: &Contract| {
        let settings = settings(catalog, contract);
        let known = history.settings(catalog, contract).is_some_and(|record| record.settings == settings);
        let is_new = !known && !catalog.is_version_unread(contract);
        is_new.then(|| (key(catalog, contract), SettingsRecord { date: today, major: contract.major, settings }))
    };
    let records: Vec<_> = pool::run(|| catalog.contracts.par_iter().map(record).collect());
    // Majors of one path share a file.
    let mut files: BTreeMap<String, SettingsHistory> = BTreeMap::new();
    for (key, record) in records.into_iter().flatten() {
        let file = files.entry(key).or_insert_with_key(|key| history.settings.get(key).cloned().unwrap_or_default());
        file.text = file.with(&record).into();
    }
    files.into_iter().map(|(key, file)| GeneratedFile { path: format!("{key}/{SETTINGS_FILE}"), text: file.text.to_string() }).collect()
}

/// Returns the classes of a schema's data. Each subschema counts once, at the place with the fewest steps that it judges.
fn sensitive(schemas: &Schemas, root: NodeId) -> BTreeMap<String, Sensitivity> {
    let mut classes: BTreeMap<String, Sensitivity> = BTreeMap::new();
    let mut seen = HashSet::from([root]);
    let mut open = VecDeque::from([(root, String::new())]);
    while let Some((id, place)) = open.pop_front() {
        let Some(keywords) = schemas.keywords(id) else { continue };
        if let Some(class) = keywords.sensitive {
            let known = classes.entry(place.clone()).or_insert(class);
            *known = if class.strength() > known.strength() { class } else { *known };
        }
        let same = in_place(keywords).into_iter().map(|id| (id, place.clone()));
        let named = keywords.properties.iter().map(|(name, id)| (*id, format!("{place}/{}", escape_pointer(name))));
        let any = any_member(keywords).into_iter().map(|id| (id, format!("{place}/*")));
        open.extend(same.chain(named).chain(any).filter(|(id, _)| seen.insert(*id)));
    }
    classes
}

/// Returns the subschemas that judge what is at a place of the data of a schema; none where the schema names no such place.
pub(crate) fn at_place(schemas: &Schemas, root: NodeId, place: &[String]) -> Vec<NodeId> {
    place.iter().fold(judging(schemas, vec![root]), |judging_here, part| {
        let inside = judging_here.iter().filter_map(|id| schemas.keywords(*id)).flat_map(|keywords| {
            let named = keywords.properties.iter().filter(|(name, _)| name == part).map(|(_, id)| *id);
            named.chain(any_member(keywords).into_iter().filter(|_| part == "*")).collect::<Vec<_>>()
        });
        judging(schemas, inside.collect())
    })
}

/// Returns these subschemas and all that judge the same values.
fn judging(schemas: &Schemas, from: Vec<NodeId>) -> Vec<NodeId> {
    let (mut open, mut seen, mut judging) = (from, HashSet::new(), Vec::new());
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            judging.push(id);
            open.extend(schemas.keywords(id).map(in_place).unwrap_or_default());
        }
    }
    judging
}

/// Returns the subschemas that describe the value itself: not those that only ask about it.
fn in_place(keywords: &Keywords) -> Vec<NodeId> {
    let asks = [keywords.not, keywords.if_schema];
    // Where both `$ref` and `$dynamicRef` stand, both describe it.
    keywords.in_place().into_iter().filter(|id| !asks.contains(&Some(*id))).chain(targets(keywords)).collect()
}

/// Returns the subschemas that judge any item of a list or member of a map.
fn any_member(keywords: &Keywords) -> Vec<NodeId> {
    let items = keywords.items.into_iter().chain(keywords.prefix_items.iter().copied()).chain(keywords.unevaluated_items);
    let members = keywords.pattern_properties.iter().map(|(_, id)| *id).chain(keywords.additional_properties);
    items.chain(members).chain(keywords.unevaluated_properties).collect()
}
