//! EV111: a schema is invalid against its meta-schema.

use std::collections::HashSet;

use eventc_model::{
    diagnostic::{Level, MALFORMED_ANNOTATION, MALFORMED_KEYWORD, Rule},
    schema::FileId,
};
use rayon::prelude::*;

use crate::lint::{LintContext, RuleReport, values::has_errors};

/// The advice.
const HELP: &str = "correct it as the dialect's specification asks";

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV111",
    name: "meta-schema",
    level: Level::Error,
    summary: "a schema breaks the rules of its dialect",
    docs: "\
### What it finds
A schema that its dialect's meta-schema refuses, or that a validator cannot compile. Keywords whose value has the wrong type are
`malformed-keyword`, and patterns that are no regular expressions `bad-pattern`.

### Why it is bad
What the schema means is undefined: one validator ignores the mistake, the next refuses the schema, a third refuses every document.

### Example
```json
{ \"type\": \"object\", \"required\": [\"id\", \"id\"] }
```

### What to do
Correct the keyword as the dialect's specification asks.",
};

/// The number of files that the validator is given at once.
const TOGETHER: usize = 256;

/// Finds such schemas.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    let malformed = cx.catalog.diagnostics.iter().filter(|diagnostic| [&MALFORMED_KEYWORD, &MALFORMED_ANNOTATION].contains(&diagnostic.rule));
    let malformed: HashSet<(&str, &str)> = malformed.map(|found| (&*found.place.file, found.pointer.as_str())).collect();
    let files: Vec<FileId> = cx.schemas().file_ids().filter(|file| cx.schemas().root(*file).is_some() && !cx.is_settled(*file)).collect();
    report.each(&files, |file, report| refused(cx, *file, &malformed, report));
    if malformed.is_empty() && report.is_empty() {
        uncompiled(cx, &files, report);
    }
}

/// Reports what the meta-schema refuses in a file, but for malformed keywords, which reading has reported.
fn refused(cx: &LintContext<'_>, file: FileId, malformed: &HashSet<(&str, &str)>, report: &mut RuleReport) {
    let shown = &*cx.schemas().file(file).shown;
    let mut reported = HashSet::new();
    for problem in cx.validators.meta_problems(file) {
        let known = malformed.iter().any(|(file, pointer)| *file == shown && related(&problem.instance, pointer));
        if !known && reported.insert(problem.instance.clone()) {
            report.at(cx, file, &problem.instance, problem.message, HELP);
        }
    }
}

/// Reports what the validator refuses for reasons that the meta-schema does not know.
fn uncompiled(cx: &LintContext<'_>, files: &[FileId], report: &mut RuleReport) {
    // The judge of examples says so of a schema that has some.
    let has_none = |file: &&FileId| {
        let root = cx.schemas().root(**file).and_then(|root| cx.schemas().keywords(root));
        root.is_some_and(|keywords| keywords.examples.is_empty())
    };
    let files: Vec<FileId> = files.iter().filter(has_none).copied().collect();
    let refused: Vec<_> = files.par_chunks(TOGETHER).flat_map_iter(|files| cx.validators.refused(files)).collect();
    if refused.is_empty() || has_errors(cx) {
        return;
    }
    for (file, why) in refused {
        report.at(cx, file, "", format!("the validator refuses this schema: {why}"), HELP);
    }
}

/// Returns whether one pointer leads to the other's place, or above or below it.
fn related(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
