//! `unevaluatedProperties` and `unevaluatedItems` (draft 2020-12, section 11) in the words of draft 7, where these can say it.
//!
//! The keyword reaches over what other schemas at the same place have looked at. Where all of them apply whatever the document is
//! (`$ref`, `allOf`), the properties that they name are known beforehand: naming them here too lets `additionalProperties` say the same.

use std::collections::HashSet;

use eventc_model::schema::{Keywords, NodeId, Schema};
use serde_json::Value;

use super::{
    draft7::{Draft7Writer, JsonMembers, put},
    unreadable,
};

/// Adds what the two keywords demand, or notes that it is lost.
pub(super) fn write(writer: &mut Draft7Writer<'_>, id: NodeId, keywords: &Keywords, out: &mut JsonMembers) {
    if let Some(rest) = keywords.unevaluated_properties.filter(|rest| !is_true(writer, *rest)) {
        match properties(writer, id) {
            Some(Evaluated::Everything) => {}
            Some(Evaluated::Named { names, patterns }) => {
                let rest = writer.child(rest);
                for (key, named) in [("properties", names), ("patternProperties", patterns)] {
                    if !named.is_empty() && !out.contains_key(key) {
                        out.insert(key.to_owned(), JsonMembers::new().into());
                    }
                    if let Some(Value::Object(members)) = out.get_mut(key) {
                        for name in named {
                            members.entry(name).or_insert(Value::Bool(true));
                        }
                    }
                }
                unreadable::rename(out);
                put(out, "additionalProperties", Some(rest));
            }
            None => writer.lose(id, "unevaluatedProperties"),
        }
    }
    if let Some(rest) = keywords.unevaluated_items.filter(|rest| !is_true(writer, *rest) && keywords.items.is_none()) {
        if applies_others(keywords) || keywords.contains.is_some() {
            writer.lose(id, "unevaluatedItems");
        } else {
            let key = if keywords.prefix_items.is_empty() { "items" } else { "additionalItems" };
            let rest = writer.child(rest);
            put(out, key, Some(rest));
        }
    }
}

/// The properties of an object that are evaluated, in every document.
enum Evaluated {
    Everything,
    Named { names: Vec<String>, patterns: Vec<String> },
}

/// Returns what the schema and all that apply with it evaluate; `None` where that depends on the document.
fn properties(writer: &Draft7Writer<'_>, root: NodeId) -> Option<Evaluated> {
    let (mut names, mut patterns) = (Vec::new(), Vec::new());
    let (mut pending, mut seen) = (vec![root], HashSet::new());
    let mut everything = false;
    while let Some(id) = pending.pop() {
        let Some(keywords) = writer.meanings.schemas.keywords(id).filter(|_| seen.insert(id)) else { continue };
        let conditional = !keywords.any_of.is_empty() || !keywords.one_of.is_empty() || keywords.if_schema.is_some();
        if conditional || !keywords.dependent_schemas.is_empty() {
            return None;
        }
        everything |= keywords.additional_properties.is_some() || (id != root && keywords.unevaluated_properties.is_some());
        names.extend(keywords.properties.iter().map(|(name, _)| name.clone()));
        patterns.extend(keywords.pattern_properties.iter().map(|(pattern, _)| pattern.clone()));
        pending.extend(&keywords.all_of);
        for reference in [&keywords.reference, &keywords.dynamic_reference].into_iter().flatten() {
            pending.push(writer.meanings.target(reference)?);
        }
    }
    Some(if everything { Evaluated::Everything } else { Evaluated::Named { names, patterns } })
}

fn applies_others(keywords: &Keywords) -> bool {
    let lists = [&keywords.all_of, &keywords.any_of, &keywords.one_of];
    keywords.reference.is_some()
        || keywords.dynamic_reference.is_some()
        || keywords.if_schema.is_some()
        || !keywords.dependent_schemas.is_empty()
        || lists.into_iter().any(|list| !list.is_empty())
}

fn is_true(writer: &Draft7Writer<'_>, id: NodeId) -> bool {
    matches!(writer.meanings.schemas.node(id).schema, Schema::Bool(true))
}
