//! EV118: a pattern is no regular expression.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport, values::patterns};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV118",
    name: "bad-pattern",
    level: Level::Error,
    summary: "a pattern is no regular expression of ECMA-262",
    docs: "\
### What it finds
A `pattern`, or a key of `patternProperties`, that is no regular expression of ECMA-262 (JSON Schema 2020-12, Core, section 6.4), and that says
nothing in the words of another engine that ECMA-262 can say too (docs/patterns.md). It is asked of no text: in no language, not by `validate`,
and not by `compat`; everything else of the schema is. In a folder without configuration it is a warning.

### Why it is bad
Meta-schemas let it pass, and what it means is undefined: a validator refuses the schema, the next one every document, a third reads the
pattern as another language does.

### Example
```json
{ \"type\": \"string\", \"pattern\": \"^ord-[0-9+$\" }
```

### What to do
Write it as JavaScript does with the flag `u`: `^ord-[0-9]+$`.",
};

/// Finds such patterns.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    patterns(cx, report, |id, keyword, pattern, report| {
        if let Err(why) = eventc_pattern::read(pattern) {
            let help = "correct the pattern (ECMA-262); until then nothing is asked of the text";
            report.keyword(cx, id, keyword, format!("{pattern:?} is no regular expression: {why}"), help);
        }
    });
}
