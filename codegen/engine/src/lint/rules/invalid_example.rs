//! EV122: an example that its schema refuses.

use std::collections::HashSet;

use eventc_model::{
    catalog::ContractKind,
    diagnostic::{Level, Rule},
    schema::{FileId, NodeId},
};

use rayon::prelude::*;

use crate::{
    instance::{FileCompiler, FormatReading, Unusable},
    lint::{
        LintContext, RuleReport,
        values::{by_file, has_errors},
    },
};

/// The minimum and maximum number of schemas that are asked together: more share more, and are in memory at once.
const TOGETHER: (usize, usize) = (64, 256);

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV122",
    name: "invalid-example",
    level: Level::Error,
    summary: "an example is refused by its own schema",
    docs: "\
### What it finds
A value under `examples`, at the root or anywhere below, that the schema which holds it refuses. Formats are asserted here. The payload
of an envelope's example is held against the contract that its type names.

### Why it is bad
People copy examples before they read constraints, and mock data and tests are made from them. Either the example or the schema is
wrong, and nobody can tell which.

### Example
```json
{ \"type\": \"string\", \"format\": \"date\", \"examples\": [\"01.02.2026\"] }
```

### What to do
Correct the example, or the schema.",
};

/// Finds such examples.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    let mut files = by_file(cx, |keywords| !keywords.examples.is_empty());
    files.retain(|(file, _)| !cx.is_settled(*file));
    let nodes: Vec<NodeId> = files.iter().flat_map(|(_, nodes)| nodes.iter().copied()).collect();
    let together = nodes.len().div_ceil(rayon::current_num_threads()).clamp(TOGETHER.0, TOGETHER.1);
    let doubtful = nodes.par_chunks(together).flat_map_iter(|nodes| cx.validators.doubtful(nodes, FormatReading::Assertion));
    let doubtful: HashSet<NodeId> = doubtful.collect();
    for (file, nodes) in &mut files {
        nodes.retain(|id| doubtful.contains(id) || is_envelope(cx, *file, *id));
    }
    files.retain(|(_, nodes)| !nodes.is_empty());
    report.each(&files, |(file, nodes), report| match cx.validators.of_file(*file) {
        Ok(compiler) => nodes.iter().copied().for_each(|id| look(cx, id, &compiler, report)),
        Err(why) => unusable(cx, *file, "", &why, report),
    });
}

fn look(cx: &LintContext<'_>, id: NodeId, compiler: &FileCompiler<'_>, report: &mut RuleReport) {
    let Some(keywords) = cx.schemas().keywords(id) else { return };
    let (node, pointer) = (cx.schemas().node(id), cx.schemas().pointer(id));
    let formats = cx.validators.formats(node.file, FormatReading::Assertion);
    let validator = match compiler.compile(&pointer, formats) {
        Ok(validator) => validator,
        Err(why) => return unusable(cx, node.file, &pointer, &why, report),
    };
    let is_envelope = is_envelope(cx, node.file, id);
    for (index, example) in keywords.examples.iter().enumerate() {
        let mut problems = validator.problems(example);
        if is_envelope
            && problems.is_empty()
            && let Ok(contract) = cx.validators.contract_of(example)
            && let Ok(event) = cx.validators.event(contract, formats)
        {
            problems = event.problems(example);
        }
        for problem in problems {
            let pointer = format!("{pointer}/examples/{index}{}", problem.instance);
            let message = format!("example {} is invalid: {}", index + 1, problem.message);
            report.at(cx, node.file, &pointer, message, "correct the example, or the schema");
        }
    }
}

fn is_envelope(cx: &LintContext<'_>, file: FileId, id: NodeId) -> bool {
    cx.schemas().pointer(id).is_empty() && cx.contract(file).is_some_and(|contract| contract.kind == ContractKind::Envelope)
}

/// Reports a schema that the validator refuses for reasons of its own; what reading and the meta-schema refuse is reported already.
fn unusable(cx: &LintContext<'_>, file: FileId, pointer: &str, why: &Unusable, report: &mut RuleReport) {
    if let Unusable::Schema(why) = why
        && !has_errors(cx)
    {
        report.at(cx, file, pointer, format!("the examples cannot be judged: {why}"), "correct the schema");
    }
}
