//! Two sets of fields side by side: what came, what went, and what is said otherwise.

use eventc_emit::Input;
use std::collections::{BTreeMap, BTreeSet};

use eventc_model::{
    catalog::Catalog,
    config::Config,
    history::{History, Release},
    metadata::Sensitivity,
    source::{Limits, Tree},
    types::Types,
};
use minijinja::{Value, context};

use super::renames;
use crate::{
    brokers::BrokerStates,
    describe,
    fields::{FieldRow, Table, md},
    markup::Markup,
    site::Site,
};

/// Returns the fields of a released schema, in the words of the catalog.
pub(super) fn released(release: &Release) -> Table {
    let tree = Tree::from_texts([("schema.json", release.text.as_ref())], &Limits::default());
    let catalog = Catalog::build(tree, Config::without_conventions());
    let types = Types::derive(&catalog);
    let modules: Vec<_> = types.modules().map(|(id, _)| id).collect();
    let history = History::default();
    let input = Input::new(&catalog, &types, &modules, &history);
    let states = BrokerStates::default();
    let site = Site::new(&input, &states, Markup::Html);
    let root = types.modules.first().and_then(|module| module.root);
    root.map_or_else(Table::default, |root| Table::whole(&site, root))
}

/// Returns the fields that differ, as rows of a table: what happened, the field, what it was called before, and what is said of it now and
/// was before.
pub(super) fn changes(old: &Table, new: &Table) -> Vec<Value> {
    let renames = renames::find(old, new);
    let before: BTreeMap<&str, &FieldRow> = old.rows.iter().map(|row| (row.path.as_str(), row)).collect();
    let after: BTreeSet<&str> = new.rows.iter().map(|row| row.path.as_str()).chain(renames.values().map(|row| row.path.as_str())).collect();
    let row = |what: &str, row: &FieldRow, former: Option<&str>, details: Vec<Value>| {
        context! { what => what, field => row.path.as_str(), former => former, type => md(row.ty.clone()), required => row.required == Some(true), details => details }
    };
    let gone = old.rows.iter().filter(|row| !after.contains(row.path.as_str())).map(|field| row("removed", field, None, Vec::new()));
    let kept = new.rows.iter().filter_map(|field| {
        let former = renames.get(field.path.as_str()).copied();
        match before.get(field.path.as_str()).copied().or(former) {
            None => Some(row("added", field, None, Vec::new())),
            Some(earlier) => {
                let details = differences(earlier, field);
                // What only moved along with a field that holds it is told there.
                let moved = former.filter(|former| former.leaf != field.leaf).map(|former| former.path.as_str());
                (moved.is_some() || !details.is_empty()).then(|| row("changed", field, moved, details))
            }
        }
    });
    gone.chain(kept).collect()
}

/// Returns what differs between two versions of a field: name, before, now.
fn differences(old: &FieldRow, new: &FieldRow) -> Vec<Value> {
    let required = |row: &FieldRow| if row.required == Some(true) { "required" } else { "optional" }.to_owned();
    let sensitive = |row: &FieldRow| row.sensitive.map_or("none", Sensitivity::as_str).to_owned();
    let plain = |name: &str, old: String, new: String| (name.to_owned(), old.into(), new.into());
    // Constraints have the values of short enums.
    let is_long = old.values.len().max(new.values.len()) > describe::INLINE_VALUES;
    let values = |row: &FieldRow, other: &FieldRow| {
        let own = row.values.iter().filter(|value| is_long && !other.values.contains(value));
        md(own.map(|value| describe::value_code(Markup::Html, value)).collect::<Vec<_>>().join(", "))
    };
    let pairs: [(String, Value, Value); 6] = [
        ("type".into(), md(old.ty.clone()), md(new.ty.clone())),
        plain("presence", required(old), required(new)),
        ("constraints".into(), md(old.constraints.join("; ")), md(new.constraints.join("; "))),
        ("values".into(), values(old, new), values(new, old)),
        plain("sensitivity", sensitive(old), sensitive(new)),
        plain("description", old.description.clone(), new.description.clone()),
    ];
    let differ = pairs.into_iter().filter(|(_, old, new)| old != new);
    differ.map(|(name, old, new)| context! { name => name, old => old, new => new }).collect()
}
