//! Every rule that any part of eventc reports under, for `explain`, `[rules]` and the rules' page.

use eventc_model::{
    diagnostic::{Level, READING, Rule},
    names::suggest,
};

use crate::{compat, emit::unenforced, gate, history::RELEASES, lint, output::FRESHNESS, release::RELEASING, targets::TARGETS};

/// Returns all rules, in the order of their codes.
pub fn all() -> Vec<&'static Rule> {
    let mut rules: Vec<_> = [READING, RELEASES, compat::rules::BREAKS, gate::rules::RULES, RELEASING, unenforced::RULES, FRESHNESS, EVENTS]
        .into_iter()
        .chain(TARGETS.iter().map(|target| target.rules()))
        .flatten()
        .copied()
        .chain(lint::rules())
        .collect();
    rules.sort_by_key(|rule| rule.code);
    rules
}

/// Returns the rule of a code, in any case, or a name.
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    all().into_iter().find(|rule| rule.name == code_or_name || rule.code.eq_ignore_ascii_case(code_or_name))
}

/// Returns advice on what to write in place of a code or name that no rule has.
pub fn suggestion(wrong: &str) -> String {
    let words: Vec<_> = all().iter().flat_map(|rule| [rule.code, rule.name]).collect();
    suggest(wrong, words.into_iter())
}

/// Every rule about events, as `eventc validate` reports them.
pub static EVENTS: &[&Rule] = &[&INVALID_EVENT, &UNKNOWN_EVENT, &UNUSABLE_SCHEMA];

/// See [`Rule::docs`].
pub static INVALID_EVENT: Rule = Rule {
    code: "EV911",
    name: "invalid-event",
    level: Level::Error,
    summary: "an event breaks its contract",
    docs: "The event's envelope or payload holds what its schema refuses; `instance_pointer` in the JSON report says where.\n\nMend the \
           sender, or the contract where the event is right.",
};

/// See [`Rule::docs`].
pub static UNKNOWN_EVENT: Rule = Rule {
    code: "EV912",
    name: "unknown-event",
    level: Level::Error,
    summary: "an event does not say which contract it follows",
    docs: "`eventc validate` reads the topic from the place that the namespace's envelope names as `type` in eventc.toml. There is none in \
           the event, or no contract has it.\n\nName the contract by `--topic` or `--schema`; add `--payload` where the documents are \
           payloads without their envelope.",
};

/// See [`Rule::docs`].
pub static UNUSABLE_SCHEMA: Rule = Rule {
    code: "EV913",
    name: "unusable-schema",
    level: Level::Error,
    summary: "a schema cannot judge events",
    docs: "The schema, or one that it refers to, is broken, so no event can be judged by it.\n\n`eventc lint` says what is wrong with it.",
};
