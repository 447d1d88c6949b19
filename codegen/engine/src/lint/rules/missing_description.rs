//! EV124: an event or property that nothing describes.

use std::collections::HashSet;

use eventc_model::{
    diagnostic::{Level, Rule},
    schema::{NodeId, Schema},
    syntax::escape_pointer,
};

use crate::lint::{
    LintContext, RuleReport,
    context::{Relation, targets},
};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV124",
    name: "missing-description",
    level: Level::Warning,
    summary: "an event or a property has no description",
    docs: "\
### What it finds
A contract without a `description`, and a property, at any depth, that neither describes itself nor refers to a schema that does.
Where a branch of `oneOf` or a condition speaks again of a property that the schema around it declares, nothing is asked of it.

### Why it is bad
The name `amount` does not say in which unit, before or after tax. Whoever reads the event guesses, and the catalog, the generated
types and the editor have nothing to show.

### Example
```json
{ \"type\": \"object\", \"properties\": { \"amount\": { \"type\": \"integer\" } } }
```

### What to do
Say what the name does not: `\"description\": \"Total with tax, in cents.\"`.",
};

/// Finds such events and properties.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for contract in cx.catalog.contracts.iter().filter(|contract| !cx.is_library(contract)) {
        if !is_described(cx, contract.root) {
            report.at(cx, contract.file, "", "the contract has no description", "add a `description` to the schema");
        }
    }
    for (id, keywords) in cx.nodes() {
        let file = cx.schemas().node(id).file;
        if keywords.properties.is_empty() || cx.namespace_of(file).is_none() {
            continue;
        }
        for (name, property) in &keywords.properties {
            if is_described(cx, *property) || says_nothing(cx, *property) || declared_around(cx, id, name) {
                continue;
            }
            let below = format!("properties/{}", escape_pointer(name));
            report.member(cx, id, &below, format!("the property {name:?} has no description"), "say what the name does not");
        }
    }
}

/// Returns whether the schema, or one that it refers to, has a description.
fn is_described(cx: &LintContext<'_>, mut id: NodeId) -> bool {
    let mut seen = HashSet::new();
    while seen.insert(id) {
        let Some(keywords) = cx.schemas().keywords(id) else { return false };
        if keywords.description.as_ref().is_some_and(|text| !text.trim().is_empty()) {
            return true;
        }
        match targets(keywords).next() {
            Some(target) => id = target,
            None => return false,
        }
    }
    false
}

/// Returns whether a property is forbidden, or only mentioned, and so needs no words.
fn says_nothing(cx: &LintContext<'_>, id: NodeId) -> bool {
    matches!(cx.schemas().node(id).schema, Schema::Bool(_))
}

/// Returns whether a schema around this one, for the same value, declares the property.
fn declared_around(cx: &LintContext<'_>, id: NodeId, name: &str) -> bool {
    let up = std::iter::successors(Some(id), |id| cx.parent(*id).filter(|(_, step)| *step == Relation::InPlace).map(|(parent, _)| parent));
    up.skip(1).filter_map(|id| cx.schemas().keywords(id)).any(|around| around.properties.iter().any(|(known, _)| known == name))
}
