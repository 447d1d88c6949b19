//! Diagnostics about what a document cannot say of a contract, reported at generation.

use eventc_model::{
    diagnostic::{Diagnostic, Level, Rule},
    schema::{NodeId, Schemas},
    syntax::escape_pointer,
};

/// Every rule of this output.
pub static RULES: &[&Rule] = &[&KEYWORD, &VALUE, &ADDRESS];

/// See [`Rule::docs`].
pub(super) static KEYWORD: Rule = Rule {
    code: "EV711",
    name: "asyncapi-keyword",
    level: Level::Note,
    summary: "an AsyncAPI document says less than the schema",
    docs: "The schemas of an AsyncAPI document are those of JSON Schema draft 7 with a few additions (AsyncAPI 3.0, \"Schema Object\"), and \
           tools read no newer dialect. Most of draft 2020-12 can be said in it. What cannot is left out: `unevaluatedProperties` and \
           `unevaluatedItems` beside keywords that depend on the document (`anyOf`, `oneOf`, `if`, `dependentSchemas`), `minContains` \
           above 1, `maxContains`, and a `$dynamicRef` that several schemas could answer. The document then judges some \
           events otherwise than the contract; code that eventc generates is exact.\n\nSpell the demand with older keywords where readers of the document need it.",
};

/// See [`Rule::docs`].
pub(super) static VALUE: Rule = Rule {
    code: "EV712",
    name: "asyncapi-value",
    level: Level::Note,
    summary: "a value has a member that AsyncAPI tools cannot read as data",
    docs: "Tools that read AsyncAPI follow every member `$ref` whose value is a string, also in examples, defaults and enumerations, \
           where it is data; and some fail on members called `__proto__` or `hasOwnProperty`. Such a value is left out of the document, \
           so that no tool fails on it or fetches what it names. Properties of these names are in the document, by a pattern.\n\nNothing \
           needs to be done unless readers of the document miss the value.",
};

/// See [`Rule::docs`].
pub(super) static ADDRESS: Rule = Rule {
    code: "EV713",
    name: "asyncapi-address",
    level: Level::Note,
    summary: "a topic's name is none that an AsyncAPI address can spell",
    docs: "Braces in the address of a channel mark parameters, whose names have letters, digits, dashes and underscores only (AsyncAPI \
           3.0, \"Channel Address Expressions\"), and nothing escapes them. A channel whose topic has other braces gets no address; \
           `x-topic` and the Kafka binding have the name.\n\nName the topic without braces.",
};

/// Returns a note about a subschema, at one of its keywords.
pub(super) fn note(rule: &'static Rule, schemas: &Schemas, node: NodeId, keyword: &str, message: String) -> Diagnostic {
    let pointer = schemas.pointer(node);
    let pointer = if keyword.is_empty() { pointer } else { format!("{pointer}/{}", escape_pointer(keyword)) };
    Diagnostic::new(rule, schemas.file(schemas.node(node).file).place(&pointer), message).pointer(pointer)
}
