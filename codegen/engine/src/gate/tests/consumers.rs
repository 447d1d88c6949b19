//! What declared consumers rely on is judged forward, whatever the namespace promises.

use eventc_model::config::{Compatibility, EnvelopeRoles, Namespace, Tolerance};

use super::*;
use crate::compat;

const OLD: &str = r#""properties": {
  "id": {"type": "string"},
  "amount": {"type": "integer", "maximum": 10},
  "note": {"type": "string"},
  "level": {"enum": ["low", "high"]},
  "lines": {"type": "array", "items": {"type": "object", "properties": {"price": {"type": "number"}}, "required": ["price"]}}
}, "required": ["id", "amount"]"#;

const WHOLE: &str = "[services.whole]\nconsumes = [{ topics = \"order.*\" }]\n";
const AMOUNT: &str = "[services.amount]\nconsumes = [{ topics = \"order.created\", reads = [\"/amount\"] }]\n";
const PRICES: &str = "[services.prices]\nconsumes = [{ topics = \"order.created\", reads = [\"/lines/*/price\"] }]\n";

fn schema(version: &str, members: &str) -> String {
    format!("{{\"x-event\": {{\"version\": \"{version}\"}}, \"type\": \"object\", {members}}}")
}

/// A change of the schema under a configuration.
struct Changed<'a> {
    services: &'a str,
    /// Changes the namespace.
    namespace: fn(&mut Namespace),
}

impl Changed<'_> {
    /// Expects the code of each finding with a witness, and the services that it names, where parts of the schema became others.
    #[track_caller]
    fn breaks(&self, parts: &[(&str, &str)], expected: &[(&str, &[&str])]) {
        let new = parts.iter().fold(OLD.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        let mut case = Case { compare: compat::compare, ..Case::new(&[schema("1.0.0", OLD)], schema("1.1.0", &new)) }.with(self.services);
        (self.namespace)(&mut case.config.namespace[0]);
        let found: Vec<_> = case.findings().iter().filter_map(named).collect();
        let expected: Vec<_> = expected.iter().map(|(code, names)| ((*code).to_owned(), names.join(" "))).collect();
        assert_eq!(found, expected, "{new}");
    }
}

/// Returns the code of a finding with evidence, and the services that it names.
fn named(finding: &Diagnostic) -> Option<(String, String)> {
    Some((finding.rule.code.to_owned(), finding.evidence.as_ref()?.consumers.join(" ")))
}

#[track_caller]
fn breaks(services: &str, from: &str, to: &str, expected: &[(&str, &[&str])]) {
    Changed { services, namespace: |_| () }.breaks(&[(from, to)], expected);
}

#[test]
fn whoever_decodes_the_whole_event_needs_what_was_required_and_its_types() {
    let removed = [("  \"id\": {\"type\": \"string\"},\n", ""), ("[\"id\", \"amount\"]", "[\"amount\"]")];
    Changed { services: WHOLE, namespace: |_| () }.breaks(&removed, &[("EV308", &["whole"])]);
    breaks(WHOLE, "\"required\": [\"id\", \"amount\"]", "\"required\": [\"amount\"]", &[("EV308", &["whole"])]);
    breaks(WHOLE, "{\"type\": \"integer\", ", "{\"type\": [\"integer\", \"string\"], ", &[("EV301", &["whole"])]);
    breaks(WHOLE, "\"low\", \"high\"", "\"low\", \"high\", \"top\"", &[("EV302", &["whole"])]);
    // It copes without what was optional, and decoding asks for no bounds.
    breaks(WHOLE, "  \"note\": {\"type\": \"string\"},\n", "", &[]);
    breaks(WHOLE, "\"maximum\": 10", "\"maximum\": 20", &[]);
}

#[test]
fn whoever_names_places_needs_what_these_hold() {
    breaks(AMOUNT, "\"maximum\": 10", "\"maximum\": 20", &[("EV303", &["amount"])]);
    breaks(AMOUNT, "[\"id\", \"amount\"]", "[\"id\"]", &[("EV308", &["amount"])]);
    breaks(AMOUNT, "[\"id\", \"amount\"]", "[\"amount\"]", &[]);
    breaks(PRICES, ", \"required\": [\"price\"]", "", &[("EV308", &["prices"])]);
    breaks(PRICES, "{\"type\": \"number\"}", "{\"type\": [\"number\", \"null\"]}", &[("EV301", &["prices"])]);
    breaks(&format!("{WHOLE}{AMOUNT}"), "[\"id\", \"amount\"]", "[\"id\"]", &[("EV308", &["amount", "whole"])]);
}

#[test]
fn the_promise_of_the_namespace_and_its_tolerance_count() {
    let optional = [("[\"id\", \"amount\"]", "[\"amount\"]")];
    let more = [("\"low\", \"high\"", "\"low\", \"high\", \"top\"")];
    let none: fn(&mut Namespace) = |namespace| namespace.compatibility = Compatibility::None;
    Changed { services: WHOLE, namespace: none }.breaks(&optional, &[("EV308", &["whole"])]);
    Changed { services: "", namespace: none }.breaks(&optional, &[]);
    Changed { services: "", namespace: |_| () }.breaks(&optional, &[]);
    Changed { services: WHOLE, namespace: |namespace| namespace.tolerance = Tolerance::OpenEnums }.breaks(&more, &[]);
    // Where the promise covers it, nothing is told twice.
    Changed { services: WHOLE, namespace: |namespace| namespace.compatibility = Compatibility::Full }
        .breaks(&optional, &[("EV308", &["whole"])]);
}

#[test]
fn a_break_for_consumers_asks_for_a_new_major_or_is_accepted() {
    let new = OLD.replacen("[\"id\", \"amount\"]", "[\"amount\"]", 1);
    let codes = |text: String| {
        let case = Case { compare: compat::compare, ..Case::new(&[schema("1.0.0", OLD)], text) }.with(WHOLE);
        case.findings().iter().map(|finding| finding.rule.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(schema("1.1.0", &new)), ["EV341", "EV308"]);
    let allow =
        r#"1.1.0", "allow": [{"rule": "property-required", "at": "/required", "reason": "moved", "by": "me"}], "stability": "stable"#;
    assert_eq!(codes(schema(allow, &new)), ["EV352"]);
}

#[test]
fn an_envelope_is_read_by_all_who_read_events() {
    let old = r#""properties": {"id": {"type": "string"}, "data": {}}, "required": ["id", "data"]"#;
    let envelope = |required: &str| schema("1.0.0", &old.replacen("[\"id\", \"data\"]", required, 1));
    let mut case = Case {
        compare: compat::compare,
        baseline: Some(vec![("_envelope.v1.json", envelope("[\"id\", \"data\"]")), (FILE, schema("1.0.0", OLD))]),
        files: vec![("_envelope.v1.json", envelope("[\"data\"]")), (FILE, schema("1.0.0", OLD))],
        ..Case::new(&[], String::new())
    }
    .with(WHOLE);
    case.config.namespace[0].envelope =
        Some(EnvelopeRoles { file: "_envelope.v1.json".into(), payload: "/data".into(), ..EnvelopeRoles::default() });
    let found: Vec<_> = case.findings().iter().filter_map(named).collect();
    assert_eq!(found, [("EV308".to_owned(), "whole".to_owned())]);
}
