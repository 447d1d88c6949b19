//! EV120: engines may take very long for a pattern.

use eventc_model::diagnostic::{Level, Rule};
use eventc_pattern::Backtracking;

use crate::lint::{LintContext, RuleReport, values::patterns};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV120",
    name: "slow-pattern",
    level: Level::Warning,
    summary: "an engine that backtracks may take very long for a pattern",
    docs: "\
### What it finds
A `pattern`, or a key of `patternProperties`, for which engines that try one way after the other (those of JavaScript, Python, Java, .NET and Perl)
need a time that is exponential in the length of the text, or at least its third power. Generated code judges it by an automaton, which takes
a step a character, unless the namespace says `patterns = \"native\"` (docs/patterns.md). A pattern that has no automaton is an error of its
own, `unbounded-pattern` (EV027).

### Why it is bad
Whoever else reads the schema asks such an engine: one text of forty characters stops a service for hours.

### Example
```json
{ \"type\": \"string\", \"pattern\": \"^(\\\\w+\\\\s?)*$\" }
```

### What to do
Write it so that no text can pass a loop in two ways: `^(\\w+(\\s\\w+)*\\s?)?$`.",
};

/// Finds such patterns.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    patterns(cx, report, |id, keyword, pattern, report| {
        let Ok(reading) = eventc_pattern::read(pattern) else { return };
        let is_judged = cx.schemas().automaton(&reading.text).is_some();
        let path = &cx.schemas().file(cx.schemas().node(id).file).path;
        // That it has no automaton was told already.
        if !is_judged && !cx.catalog.config.has_native_patterns(path) {
            return;
        }
        let time = match reading.backtracking() {
            Backtracking::Exponential => "a time that doubles with every few characters".to_owned(),
            Backtracking::Polynomial(degree @ 3..) => format!("a time that grows with the power {degree} of the length"),
            Backtracking::Polynomial(_) => return,
        };
        let judge = if is_judged { "; generated code asks an automaton" } else { "" };
        let message = format!("an engine that backtracks may take {time} for {pattern:?}{judge}");
        report.keyword(cx, id, keyword, message, "write it so that no text can pass a loop in two ways");
    });
}
