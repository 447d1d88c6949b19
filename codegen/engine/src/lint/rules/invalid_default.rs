//! EV123: a default that its schema refuses.

use eventc_model::{
    diagnostic::{Level, Rule},
    schema::NodeId,
};

use crate::{
    instance::{FileCompiler, FormatReading},
    lint::{LintContext, RuleReport, values::by_file},
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
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    let files = by_file(cx, |keywords| keywords.default.is_some());
    report.each(&files, |(file, nodes), report| {
        let Ok(compiler) = cx.validators.of_file(*file) else { return };
        for id in nodes {
            look(cx, *id, &compiler, report);
        }
    });
}

fn look(cx: &LintContext<'_>, id: NodeId, compiler: &FileCompiler<'_>, report: &mut RuleReport) {
    let Some(default) = cx.schemas().keywords(id).and_then(|keywords| keywords.default.as_ref()) else { return };
    let Ok(validator) = compiler.compile(&cx.schemas().pointer(id), cx.validators.formats(cx.schemas().node(id).file, FormatReading::Assertion)) else { return };
    if let Some(problem) = validator.problems(default).into_iter().next() {
        let below = format!("default{}", problem.instance);
        report.keyword(cx, id, &below, format!("the default is invalid: {}", problem.message), "correct the default, or the schema");
    }
}
