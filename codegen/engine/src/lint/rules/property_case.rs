//! EV103: a payload's property is not spelled as the namespace asks.

use eventc_model::{
    diagnostic::{Fix, Level, Rule},
    syntax::escape_pointer,
};

use crate::lint::{NameCase, LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV103",
    name: "property-case",
    level: Level::Error,
    summary: "a payload's property is not spelled as its namespace asks",
    docs: "\
### What it finds
A property of an event's own data, at any depth and in shared files too, that is not in the namespace's `property_case`. Envelopes
and dead-letter records, which others often dictate, are left alone.

### Why it is bad
`orderId` in one event and `order_id` in the next are two columns in every table and two fields in every type, and whoever joins
them guesses.

### Example
With `property_case = \"snake\"`:
```json
{ \"type\": \"object\", \"properties\": { \"orderId\": { \"type\": \"string\" } } }
```

### What to do
Rename the property before its first release. Where somebody else's format dictates the name, accept it with an `allow` at the
property: `{\"rule\": \"property-case\", \"at\": \"/properties/orderId\", \"reason\": \"as the carrier's API spells it\"}`.",
};

/// Finds such properties.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    if cx.catalog.config.namespace.iter().all(|namespace| namespace.property_case == eventc_model::config::Case::Any) {
        return;
    }
    let payload = cx.payload_nodes();
    for (id, keywords) in cx.nodes().filter(|(id, keywords)| !keywords.properties.is_empty() && payload.contains(id)) {
        let node = cx.schemas().node(id);
        let Some(namespace) = cx.namespace_of(node.file) else { continue };
        let case = NameCase(namespace.property_case);
        for (name, _) in keywords.properties.iter().filter(|(name, _)| !case.fits(name)) {
            let message = format!("the property {name:?} is not {case}");
            let spelled = case.spell(name);
            let pointer = format!("properties/{}", escape_pointer(name));
            if let Some(told) = report.member(cx, id, &pointer, message, format!("rename it to {spelled:?}")) {
                told.fix(Fix::Property(spelled));
            }
        }
    }
}
