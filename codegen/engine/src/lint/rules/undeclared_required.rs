//! EV113: a required property is not declared.

use std::collections::HashSet;

use eventc_model::{
    diagnostic::{Level, Rule},
    schema::{Keywords, NodeId, Reference, Schema},
};

use crate::lint::{
    LintContext, RuleReport,
    context::{Relation, steps, targets},
    words::did_you_mean,
};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV113",
    name: "undeclared-required",
    level: Level::Warning,
    summary: "a required property is not declared",
    docs: "\
### What it finds
A name under `required` that no `properties` declares: not of the schema itself, and not of any schema that judges the same value
(through `allOf`, `$ref`, conditions or the schema around). Objects that declare no properties at all are maps and left alone, and so
are those whose other properties are described by patterns or a schema of their own.

### Why it is bad
It is a typo, or what is left of a renamed property: no producer can satisfy it with declared properties, and generated types have no
field for it.

### Example
```json
{ \"type\": \"object\", \"properties\": { \"order_id\": { \"type\": \"string\" } }, \"required\": [\"orderId\"] }
```

### What to do
Correct the name, or declare the property.",
};

/// Finds such names.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    for (id, keywords) in cx.nodes().filter(|(_, keywords)| !keywords.required.is_empty()) {
        let own: HashSet<&str> = keywords.properties.iter().map(|(name, _)| name.as_str()).collect();
        if keywords.required.iter().all(|name| own.contains(name.as_str())) {
            continue;
        }
        let Some(declared) = DeclaredProperties::around(cx, id) else { continue };
        for (index, name) in keywords.required.iter().enumerate().filter(|(_, name)| !declared.names.contains(name.as_str())) {
            if !report.has_room(cx.schemas().node(id).file) {
                report.pass(cx.schemas().node(id).file);
                continue;
            }
            let message = format!("the required property {name:?} is not declared");
            let help = did_you_mean(name, declared.names.iter().copied(), "declare it under `properties`, or remove it");
            report.keyword(cx, id, &format!("required/{index}"), message, help);
        }
    }
}

/// The properties that schemas of one value declare together.
#[derive(Default)]
struct DeclaredProperties<'a> {
    names: HashSet<&'a str>,
    seen: HashSet<NodeId>,
    /// Properties come from somewhere that cannot be enumerated.
    open: bool,
}

impl<'a> DeclaredProperties<'a> {
    /// Returns those of all schemas that may judge the same value as `id`; `None` where they cannot be known or declare nothing.
    fn around(cx: &LintContext<'a>, id: NodeId) -> Option<Self> {
        let mut declared = Self::default();
        let mut queue = vec![id];
        while let Some(id) = queue.pop() {
            if !declared.seen.insert(id) {
                continue;
            }
            match &cx.schemas().node(id).schema {
                Schema::Bool(_) => {}
                Schema::Keywords(keywords) => declared.read(cx, keywords, &mut queue),
            }
            queue.extend(cx.parent(id).filter(|(_, step)| *step == Relation::InPlace).map(|(parent, _)| parent));
            queue.extend(cx.referrers(id));
        }
        (!declared.open && !declared.names.is_empty()).then_some(declared)
    }

    fn read(&mut self, cx: &LintContext<'a>, keywords: &'a Keywords, queue: &mut Vec<NodeId>) {
        self.names.extend(keywords.properties.iter().map(|(name, _)| name.as_str()));
        let typed = |id: Option<NodeId>| id.is_some_and(|id| !matches!(cx.schemas().node(id).schema, Schema::Bool(_)));
        self.open |= !keywords.pattern_properties.is_empty()
            || typed(keywords.additional_properties)
            || typed(keywords.unevaluated_properties)
            || keywords.dynamic_reference.is_some()
            || matches!(keywords.reference, Some(Reference::Unresolved(_) | Reference::Dynamic(..)));
        queue.extend(steps(keywords).into_iter().filter(|(step, _)| *step == Relation::InPlace).map(|(_, child)| child));
        queue.extend(targets(keywords));
    }
}
