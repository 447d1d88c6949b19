//! EV114: a schema that no document satisfies.

use std::collections::{HashMap, HashSet};

use eventc_model::{
    diagnostic::{Level, Rule},
    schema::{Keywords, Kind, NodeId},
};

use crate::lint::{
    LintContext, RuleReport,
    conflict::{Together, find},
    context::targets,
};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV114",
    name: "unsatisfiable",
    level: Level::Error,
    summary: "a schema that no document satisfies",
    docs: "\
### What it finds
A schema whose demands exclude each other: bounds that cross, an `enum` of which no value fits, types of an `allOf` with nothing in common,
a required property that is `false` or forbidden, a value that would have to hold another of its kind without end. Only what is certain is
reported; patterns, formats and negations are not looked into.

### Why it is bad
Every event is refused. Where the schema is a branch or an optional property, the branch is dead and the property can never be sent.

### Example
```json
{ \"type\": \"string\", \"minLength\": 10, \"maxLength\": 5 }
```

### What to do
Correct one of the demands. A property that must not be there is said plainly as `false`.",
};

/// Finds such schemas.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    let nodes: Vec<NodeId> = cx.nodes().filter(|(_, keywords)| keywords.constrains() || keywords.reference.is_some()).map(|(id, _)| id).collect();
    report.each(&nodes, |id, report| look(cx, *id, report));
    for contract in &cx.catalog.contracts {
        if matches!(cx.schemas().node(contract.root).schema, eventc_model::schema::Schema::Bool(false)) {
            report.at(cx, contract.file, "", "no document satisfies this schema: it is `false`", "describe what events look like");
        }
    }
    endless(cx, report);
}

fn look(cx: &LintContext<'_>, id: NodeId, report: &mut RuleReport) {
    let Some(keywords) = cx.schemas().keywords(id) else { return };
    if keywords.plain_reference().is_some() || says_never(cx, id, keywords) {
        return;
    }
    let Some(found) = find(cx, &[id]) else { return };
    // What is wrong with a part is said there.
    let parts: Vec<NodeId> = targets(keywords).chain(keywords.all_of.iter().copied()).collect();
    let branches = [&keywords.any_of, &keywords.one_of].into_iter().filter(|branches| !branches.is_empty());
    let is_dead = |id: &NodeId| find(cx, &[*id]).is_some();
    let elsewhere = parts.iter().any(is_dead)
        || branches.into_iter().any(|branches| branches.iter().all(is_dead))
        || (found.keyword == "required" && keywords.properties.iter().any(|(name, id)| keywords.required.contains(name) && is_said(cx, *id)));
    if elsewhere {
        return;
    }
    let present = cx.schemas().raw(id).get(found.keyword).is_some();
    let keyword = if present { found.keyword } else { "" };
    report.keyword(cx, id, keyword, format!("no document satisfies this schema: {}", found.why), "correct one of the demands");
}

/// Returns whether a property can have no value for a reason that is reported at its own place.
fn is_said(cx: &LintContext<'_>, id: NodeId) -> bool {
    cx.schemas().keywords(id).is_some_and(|keywords| !says_never(cx, id, keywords)) && find(cx, &[id]).is_some()
}

/// Returns whether a schema is `{"not": {}}`, an author's way to write `false`.
fn says_never(cx: &LintContext<'_>, id: NodeId, keywords: &Keywords) -> bool {
    keywords.not.is_some() && keywords.types.is_none() && Together::of(cx, &[id]).never
}

/// Values that would have to hold another of their kind, which would have to hold another, and so on.
fn endless(cx: &LintContext<'_>, report: &mut RuleReport) {
    let mut colours: HashMap<NodeId, bool> = HashMap::new();
    let mut reported = HashSet::new();
    for (start, _) in cx.nodes() {
        // Depth first, with the path at hand; `true` is on the path, `false` done.
        if colours.contains_key(&start) {
            continue;
        }
        colours.insert(start, true);
        let mut path: Vec<(NodeId, Vec<NodeId>)> = vec![(start, needs(cx, start))];
        while let Some((id, rest)) = path.last_mut() {
            let Some(next) = rest.pop() else {
                colours.insert(*id, false);
                path.pop();
                continue;
            };
            match colours.get(&next) {
                Some(true) => {
                    reported.insert(next);
                }
                Some(false) => {}
                None => {
                    colours.insert(next, true);
                    path.push((next, needs(cx, next)));
                }
            }
        }
    }
    let mut reported: Vec<NodeId> = reported.into_iter().collect();
    reported.sort_unstable();
    for id in reported {
        let message = "no document satisfies this schema: each value would have to hold another without end";
        report.keyword(cx, id, "", message, "let one of the properties on the way be optional");
    }
}

/// Returns the schemas of values that every value of a schema holds.
fn needs(cx: &LintContext<'_>, id: NodeId) -> Vec<NodeId> {
    let together = Together::of(cx, &[id]);
    let mut needs = Vec::new();
    match together.kinds().single() {
        Some(Kind::Object) => {
            let required: HashSet<&String> = together.keywords.iter().flat_map(|keywords| &keywords.required).collect();
            let properties = together.keywords.iter().flat_map(|keywords| &keywords.properties);
            needs.extend(properties.filter(|(name, _)| required.contains(name)).map(|(_, id)| cx.schemas().target(*id)));
        }
        Some(Kind::Array) => {
            let least = together.keywords.iter().filter_map(|keywords| keywords.min_items).max().unwrap_or(0);
            let beyond = together.keywords.iter().filter(|keywords| least > keywords.prefix_items.len() as u64);
            needs.extend(beyond.filter_map(|keywords| keywords.items).map(|id| cx.schemas().target(id)));
        }
        _ => {}
    }
    needs
}
