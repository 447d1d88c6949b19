//! EV119: a pattern is written for another engine.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport, values::patterns};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV119",
    name: "foreign-pattern",
    level: Level::Warning,
    summary: "a pattern is written for another engine than that of ECMA-262",
    docs: "\
### What it finds
A `pattern`, or a key of `patternProperties`, with words of Java's, Python's, .NET's or Perl's engines: `(?i)`, `\\A`, `\\Z`, `(?P<name>`, `a++`,
`\\Q…\\E`. It is read as the message says, alike in every language, by `validate` and by `compat` (docs/patterns.md). In a folder without
configuration it is a note.

### Why it is bad
Patterns of JSON Schema are those of ECMA-262 (2020-12, Core, section 6.4). Other validators refuse the schema, or find something else.

### Example
```json
{ \"type\": \"string\", \"pattern\": \"\\\\A(?i)ord-[0-9]+\\\\Z\" }
```

### What to do
Write what the message says: `^[Oo][Rr][Dd]-[0-9]+$`.",
};

/// No translation in a message is longer than this, in characters.
const MAX_SHOWN: usize = 120;

/// Finds such patterns.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    patterns(cx, report, |id, keyword, pattern, report| {
        let Ok(reading) = eventc_pattern::read(pattern) else { return };
        if reading.foreign.is_empty() {
            return;
        }
        let words = reading.foreign.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let message = format!("{pattern:?} has words that ECMA-262 does not know: {words}");
        let is_short = reading.text.chars().count() <= MAX_SHOWN;
        let shown = if is_short { format!("write {:?}, as which it is read", reading.text) } else { "write it in the words of ECMA-262".into() };
        report.keyword(cx, id, keyword, message, shown);
    });
}
