//! The schemas that a JSON Pointer into a document leads to.

use std::collections::HashSet;

use eventc_model::schema::{Keywords, NodeId};

use super::{
    LintContext,
    context::{Relation, steps, targets},
};

/// Returns the keywords of all schemas that may judge the same value as `id`: its own, and those that it applies or refers to.
pub(crate) fn judging<'a>(cx: &LintContext<'a>, id: NodeId) -> Vec<&'a Keywords> {
    let mut seen = HashSet::new();
    let mut queue = vec![id];
    let mut judging = Vec::new();
    while let Some(id) = queue.pop() {
        if !seen.insert(id) {
            continue;
        }
        let Some(keywords) = cx.schemas().keywords(id) else { continue };
        judging.push(keywords);
        queue.extend(targets(keywords));
        queue.extend(
            steps(keywords)
                .into_iter()
                .filter(|(step, child)| *step == Relation::InPlace && Some(*child) != keywords.not)
                .map(|(_, id)| id),
        );
    }
    judging
}

/// Returns the names of all properties that a schema declares, in the order of its files.
pub(crate) fn properties<'a>(cx: &LintContext<'a>, id: NodeId) -> Vec<&'a str> {
    judging(cx, id).into_iter().flat_map(|keywords| keywords.properties.iter().map(|(name, _)| name.as_str())).collect()
}

/// Returns whether documents of a schema may hold something at a place, as far as the schema names what they hold.
pub(crate) fn may_exist(cx: &LintContext<'_>, id: NodeId, parts: &[String]) -> bool {
    let Some((first, rest)) = parts.split_first() else { return true };
    let judging = judging(cx, id);
    let named: Vec<NodeId> =
        judging.iter().flat_map(|keywords| keywords.properties.iter().filter(|(name, _)| name == first).map(|(_, id)| *id)).collect();
    if !named.is_empty() {
        return named.into_iter().any(|id| may_exist(cx, id, rest));
    }
    let index = first.parse::<usize>().ok();
    let items = judging.iter().filter_map(|keywords| keywords.prefix_items.get(index?).copied().or(keywords.items));
    let others = judging.iter().flat_map(|keywords| {
        // Patterns of keys are not tried: any of them may be meant.
        keywords.pattern_properties.iter().map(|(_, id)| *id).chain(keywords.additional_properties)
    });
    let mut open =
        items.chain(others).filter(|id| !matches!(cx.schemas().node(*id).schema, eventc_model::schema::Schema::Bool(false))).peekable();
    if open.peek().is_some() {
        return open.any(|id| may_exist(cx, id, rest));
    }
    // What names nothing holds anything.
    judging.iter().all(|keywords| keywords.properties.is_empty() && keywords.additional_properties.is_none() && keywords.items.is_none())
        && judging.iter().all(|keywords| keywords.types.is_none_or(|kinds| kinds.contains(eventc_model::schema::Kind::Object)))
}

/// Returns whether every document of a schema holds something at a place.
pub(crate) fn must_exist(cx: &LintContext<'_>, id: NodeId, parts: &[String]) -> bool {
    let Some((first, rest)) = parts.split_first() else { return true };
    let certain = certain(cx, id);
    let required = certain.iter().any(|keywords| keywords.required.contains(first));
    let next = certain.iter().flat_map(|keywords| keywords.properties.iter()).filter(|(name, _)| name == first).map(|(_, id)| *id);
    required && (rest.is_empty() || next.into_iter().any(|id| must_exist(cx, id, rest)))
}

/// Returns the keywords that hold for every document of a schema: its own, and those of `allOf` and `$ref`.
fn certain<'a>(cx: &LintContext<'a>, id: NodeId) -> Vec<&'a Keywords> {
    let mut seen = HashSet::new();
    let mut queue = vec![id];
    let mut certain = Vec::new();
    while let Some(id) = queue.pop() {
        if !seen.insert(id) {
            continue;
        }
        let Some(keywords) = cx.schemas().keywords(id) else { continue };
        certain.push(keywords);
        queue.extend(targets(keywords));
        queue.extend(&keywords.all_of);
    }
    certain
}
