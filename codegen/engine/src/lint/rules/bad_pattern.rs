//! EV118: a pattern is no regular expression.

use eventc_model::{
    diagnostic::{Level, Rule},
    schema::{Keywords, NodeId},
};

use crate::lint::{Context, Report, values::patterns};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV118",
    name: "bad-pattern",
    level: Level::Error,
    summary: "a pattern is no regular expression of ECMA-262",
    docs: "\
### What it finds
A `pattern`, or a key of `patternProperties`, that is no regular expression of ECMA-262 (JSON Schema 2020-12, Core, section 6.4). In a folder
without configuration it is a warning, and nothing is asked of the strings; then generation says so (EV403).

### Why it is bad
Meta-schemas let it pass, and what it means is undefined: a validator refuses the schema, the next one every document, a third reads the
pattern as another language does.

### Example
```json
{ \"type\": \"string\", \"pattern\": \"\\\\A(?i)ord-[0-9]+\\\\Z\" }
```

### What to do
Write it as JavaScript does: `^[Oo][Rr][Dd]-[0-9]+$`.",
};

/// Finds such patterns.
pub fn check(cx: &Context<'_>, report: &mut Report) {
    let has = |keywords: &Keywords| keywords.pattern.is_some() || !keywords.pattern_properties.is_empty();
    let nodes: Vec<NodeId> = cx.nodes().filter(|(_, keywords)| has(keywords)).map(|(id, _)| id).collect();
    report.each(&nodes, |id, report| {
        let Some(keywords) = cx.schemas().keywords(*id) else { return };
        for (keyword, pattern) in patterns(keywords) {
            if !cx.validators.is_pattern(pattern) {
                report.keyword(cx, *id, &keyword, format!("{pattern:?} is no regular expression"), "correct the pattern (ECMA-262)");
            }
        }
    });
}
