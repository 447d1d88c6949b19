//! Notes on what the generated Python does not do, reported at generation.

use eventc_model::{
    diagnostic::{Diagnostic, Level, Rule},
    schema::{NodeId, Schemas},
};

/// Rules that are reported of generated Python.
pub static RULES: &[&Rule] = &[&PYTHON_PATTERN, &PYTHON_TYPE];

/// See [`Rule::docs`].
pub static PYTHON_PATTERN: Rule = Rule {
    code: "EV701",
    name: "python-pattern",
    level: Level::Warning,
    summary: "the generated Python does not enforce a pattern",
    docs: "Patterns are ECMA-262 regular expressions. Python's `re` cannot say some of them (a lookbehind of varying width, a reference \
           to a group that a repetition resets, modifiers); such a pattern is left out of the generated validation, everything else \
           of the schema is still enforced.\n\nSpell the pattern without the construct that the message names.",
};

/// See [`Rule::docs`].
pub static PYTHON_TYPE: Rule = Rule {
    code: "EV702",
    name: "python-type",
    level: Level::Note,
    summary: "a generated Python type says less than the schema",
    docs: "msgspec structs cannot say some shapes: types that are generic over the payload without being objects (`Any`), lists of \
           varying length whose items have different types by position where the payload is among these (`list[Any]`), constants that \
           are numbers of more than 64 bits or with a fraction (any number), and properties whose names hold a quote, a backslash or a \
           control character (they are in `extra`). Decoding accepts more there; no data is lost, and `validate` is exact.\n\nUse `models = \"pydantic\"` where the types matter.",
};

/// Returns a note about a subschema, at its keyword or itself.
pub(super) fn note(rule: &'static Rule, schemas: &Schemas, node: NodeId, keyword: &str, message: String) -> Diagnostic {
    let pointer = schemas.pointer(node);
    let pointer = if keyword.is_empty() { pointer } else { format!("{pointer}/{keyword}") };
    let place = if keyword.is_empty() { schemas.place(node) } else { schemas.file(schemas.node(node).file).place(&pointer) };
    Diagnostic::new(rule, place, message).pointer(pointer)
}
