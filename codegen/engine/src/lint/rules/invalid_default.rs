//! EV123: a default that its schema refuses.

use eventc_model::{
    diagnostic::{Level, Rule},
    schema::NodeId,
};

use crate::{
    instance::Formats,
    lint::{Context, Report},
};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV123",
    name: "invalid-default",
    level: Level::Error,
    summary: "a default is refused by its own schema",
    docs: "\
### What it finds
A `default` that the schema which holds it refuses. Formats are asserted here.

### Why it is bad
A reader that fills in the default works with a value that no producer may send, and a producer that sends it is refused.

### Example
```json
{ \"type\": \"integer\", \"minimum\": 1, \"default\": 0 }
```

### What to do
Correct the default, or the schema.",
};

/// Finds such defaults.
pub fn check(cx: &Context<'_>, report: &mut Report) {
    let nodes: Vec<NodeId> = cx.nodes().filter(|(_, keywords)| keywords.default.is_some()).map(|(id, _)| id).collect();
    report.each(&nodes, |id, report| {
        let Some(default) = cx.schemas().keywords(*id).and_then(|keywords| keywords.default.as_ref()) else { return };
        let Ok(validator) = cx.validators.node(*id, Formats::Asserted) else { return };
        if let Some(problem) = validator.problems(default).into_iter().next() {
            let below = format!("default{}", problem.instance);
            report.keyword(cx, *id, &below, format!("the default is invalid: {}", problem.message), "correct the default, or the schema");
        }
    });
}
