//! What the generated code does not enforce, said at generation.

use std::collections::HashSet;

use eventc_model::{
    diagnostic::{Diagnostic, Level, Rule},
    schema::{NodeId, Reference},
    types::ModuleId,
};

use super::{context::Context, registry};

static DYNAMIC_REF: Rule = Rule {
    code: "EV401",
    name: "typescript-dynamic-ref",
    level: Level::Note,
    summary: "a $dynamicRef is checked as the schema that it names",
    docs: "`$dynamicRef` means the outermost schema of the evaluation that declares the anchor as `$dynamicAnchor`. Generated TypeScript \
           checks the schema that the reference names by itself. Where only one schema declares the anchor that is the same; where several \
           do, a document can be judged by another schema than the specification says.\n\nRefer to the schema that is meant with `$ref`.",
};

static SHARED_TOPIC: Rule = Rule {
    code: "EV402",
    name: "typescript-shared-topic",
    level: Level::Note,
    summary: "two events share a topic, and the registry knows the first",
    docs: "The registry of generated TypeScript maps a topic to one event type. Of events that share a topic the first, in path order, is \
           in it; the others have their modules all the same.\n\nGive each event its own topic.",
};

/// Every rule of this output.
pub static RULES: &[&Rule] = &[&DYNAMIC_REF, &SHARED_TOPIC];

/// All notes of a run.
pub(super) fn notes(cx: &Context<'_>) -> Vec<Diagnostic> {
    let mut notes = dynamic_references(cx);
    for contract in registry::entries(cx).1 {
        let message = format!("the topic {} belongs to another event too, which the registry knows", contract.topic);
        notes.push(Diagnostic::new(&SHARED_TOPIC, cx.schemas().place(contract.root), message).topic(contract.topic.clone()));
    }
    notes
}

fn dynamic_references(cx: &Context<'_>) -> Vec<Diagnostic> {
    let ambiguous = cx.ambiguous_anchors();
    if ambiguous.is_empty() {
        return Vec::new();
    }
    let schemas = cx.schemas();
    let files: HashSet<_> = cx.input.modules.iter().map(|id: &ModuleId| cx.types().module(*id).file).collect();
    let concerns = |id: &NodeId| match schemas.keywords(*id).and_then(|keywords| keywords.dynamic_reference.as_ref()) {
        Some(Reference::Dynamic(_, anchor)) => ambiguous.contains(anchor) && files.contains(&schemas.node(*id).file),
        _ => false,
    };
    let note = |id: NodeId| {
        let message = "this reference can mean another schema, by dynamic scope; it is checked as the schema that it names";
        Diagnostic::new(&DYNAMIC_REF, schemas.place(id), message)
            .pointer(schemas.node(id).pointer.clone())
            .help("refer to the schema that is meant with $ref")
    };
    schemas.ids().filter(concerns).map(note).collect()
}
