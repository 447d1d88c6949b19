//! Every rule that any part of eventc reports under, for `explain`, `[rules]` and the rules' page. Those of the gate
//! stand here; of all other parts that have rules none knows this list, and what they need of it is given to them as a [`RuleSet`].

pub mod gate;

use eventc_model::diagnostic::{Level, READING, Rule};

pub use crate::rule_set::RuleSet;
use crate::{compat, emit::unenforced, history::RELEASES, lint, output::FRESHNESS, release::RELEASING, targets::TARGETS};

/// Returns all rules.
pub fn all() -> RuleSet {
    let rules = [
        READING,
        RELEASES,
        compat::rules::BREAKS,
        gate::RULES,
        RELEASING,
        unenforced::RULES,
        eventc_infra::rules::RULES,
        FRESHNESS,
        EVENTS,
    ]
    .into_iter()
    .chain(TARGETS.iter().map(|target| target.rules()))
    .flatten()
    .copied()
    .chain(lint::rules());
    RuleSet::new(rules)
}

/// Returns the page of all rules, as Markdown.
pub fn page() -> String {
    let mut page = String::from(
        "# Rules\n\n<!-- Made from the rules' own documentation; a test keeps it fresh: EVENTC_UPDATE=1 cargo test -p eventc-codegen rules_page -->\n\n\
         `[rules]` in eventc.toml sets the level of a rule, by name or code, to `error`, `warning`, `note` or `off`. A contract\n\
         accepts a finding, unless it is an error of reading (`EV0xx`), with an `allow` in its `x-event`:\n\
         `{\"rule\": \"property-case\", \"at\": \"/properties/userId\", \"reason\": \"...\", \"by\": \"...\", \"until\": \"2027-01-31\"}`.\n\
         For a finding of the gate (`EV3xx`) the place has to be exactly that of the finding, and `[approvals]` says who may accept it:\n\
         see [compatibility.md](compatibility.md).\n\n\
         | code | rule | level | finds |\n|---|---|---|---|\n",
    );
    let rules = all();
    for rule in rules.iter() {
        page.push_str(&format!("| {} | [{}](#{}) | {} | {} |\n", rule.code, rule.name, rule.name, rule.level, rule.summary));
    }
    for Rule { code, name, level, summary, docs, .. } in rules.iter() {
        page.push_str(&format!("\n## {name}\n\n`{code}`, level {level}: {summary}.\n\n{}\n", docs.trim()));
    }
    page
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
