//! Notes on what the generated code does not enforce, reported at generation.

use std::collections::HashSet;

use eventc_model::{
    diagnostic::{Diagnostic, Level, Rule},
    schema::{Keywords, NodeId, is_integer},
};

use serde_json::{Number, Value};

use super::context::EmitContext;

static SHARED_TOPIC: Rule = Rule {
    code: "EV402",
    name: "typescript-shared-topic",
    level: Level::Note,
    summary: "two events share a topic, and the registry knows the first",
    docs: "The registry of generated TypeScript maps a topic to one event type. Of events that share a topic the first, in path order, is \
           in it; the others have their modules all the same.\n\nGive each event its own topic.",
};

static LARGE_NUMBER: Rule = Rule {
    code: "EV404",
    name: "typescript-large-number",
    level: Level::Note,
    summary: "a schema speaks of integers that a JavaScript number does not hold",
    docs: "`JSON.parse` rounds integers beyond 2^53 to the nearest double before any check sees them, so that such a value neither comes \
           back as it was sent nor is judged exactly.\n\nAsk for `integers = \"bigint\"` under `[targets.typescript]`, or send large integers as strings.",
};

/// Every rule of this output.
pub static RULES: &[&Rule] = &[&SHARED_TOPIC, &LARGE_NUMBER];

/// The number 2^53: from here on not every integer has a double of its own.
const FIRST_GAP: f64 = 9_007_199_254_740_992.0;

/// Returns all notes of a run.
pub(super) fn notes(cx: &EmitContext<'_>) -> Vec<Diagnostic> {
    let mut notes = if cx.options.has_bigints() { Vec::new() } else { large_numbers(cx) };
    for contract in &cx.listing.shadowed {
        let message = format!("the topic {} belongs to another event too, which the registry knows", contract.topic);
        notes.push(Diagnostic::new(&SHARED_TOPIC, cx.schemas().place(contract.root), message).topic(contract.topic.clone()));
    }
    notes
}

/// Returns every schema of the emitted modules.
fn selected<'a>(cx: &'a EmitContext<'_>) -> impl Iterator<Item = (NodeId, &'a Keywords)> {
    let schemas = cx.schemas();
    let files: HashSet<_> = cx.input.modules.iter().map(|id| cx.types().module(*id).file).collect();
    schemas.ids().filter(move |id| files.contains(&schemas.node(*id).file)).filter_map(|id| Some((id, schemas.keywords(id)?)))
}

/// Returns diagnostics for integers that JavaScript rounds.
fn large_numbers(cx: &EmitContext<'_>) -> Vec<Diagnostic> {
    let schemas = cx.schemas();
    let large = |number: &Number| is_integer(number) && number.as_f64().is_none_or(|number| number.abs() > FIRST_GAP);
    let concerns = |keywords: &Keywords| {
        let bounds = [&keywords.minimum, &keywords.maximum, &keywords.exclusive_minimum, &keywords.exclusive_maximum];
        let values = keywords.const_value.iter().chain(keywords.enum_values.iter().flatten());
        matches!(keywords.format.as_deref(), Some("int64" | "uint64"))
            || bounds.into_iter().flatten().any(large)
            || values.filter_map(Value::as_number).any(large)
    };
    let note = |id: NodeId| {
        let message = "integers beyond 2^53 lose digits in JavaScript before they are checked";
        Diagnostic::new(&LARGE_NUMBER, schemas.place(id), message)
            .pointer(schemas.pointer(id))
            .help("set `integers = \"bigint\"` under [targets.typescript], or send them as strings")
    };
    selected(cx).filter(|(_, keywords)| concerns(keywords)).map(|(id, _)| note(id)).collect()
}
