//! Reports say all that differs, in each form, and no name of a broker becomes Markdown.

use std::collections::BTreeMap;

use eventc_bus::{
    BrokerPlan,
    plan::{Action, BrokerChange, ChangePlan, Planned, ResourceKind},
    report::{BrokerReport, audit_line},
};

fn report(changes: Vec<BrokerChange>) -> BrokerReport {
    let planned = changes.into_iter().map(|change| Planned { change, step: None }).collect();
    let unmanaged = BTreeMap::from([(ResourceKind::Topic, 2), (ResourceKind::Right, 1)]);
    BrokerReport::new("local", "kafka", &BrokerPlan::Kafka(ChangePlan { planned, unmanaged, notes: Vec::new() }))
}

fn changes() -> Vec<BrokerChange> {
    let alter = BrokerChange::new(Action::Alter, ResourceKind::Topic, "a|b`c").setting("retention.ms", Some("2".into()), Some("1".into()));
    let mut held = BrokerChange::new(Action::Reset, ResourceKind::Topic, "d")
        .setting("segment.ms", Some("1".into()), None)
        .reason("no <b>contract</b>");
    held.needs = Some("--allow reset".into());
    vec![alter, held]
}

#[test]
fn people_read_what_differs() {
    let text = report(changes()).human();
    let lines = [
        "kafka: 1 alter, 1 reset, of which 1 held back",
        "  alter    topic a|b`c  retention.ms: 2 -> 1",
        "  reset    topic d  segment.ms: 1",
        "           no <b>contract</b>",
        "           held back: --allow reset",
        "  note: 2 topics, 1 right that no contract names: left alone",
    ];
    assert_eq!(text, lines.map(|line| format!("{line}\n")).concat());
    assert!(report(Vec::new()).human().starts_with("kafka: nothing differs\n"));
}

#[test]
fn programs_read_one_shape() {
    let json = serde_json::to_value(report(changes())).expect("JSON");
    assert_eq!(json["environment"], "local");
    assert_eq!(json["broker"], "kafka");
    let first = serde_json::json!({
        "action": "alter", "kind": "topic", "name": "a|b`c", "setting": "retention.ms", "old": "2", "new": "1"
    });
    assert_eq!(json["changes"][0], first);
    let summary = serde_json::json!({"changes": {"alter": 1, "reset": 1}, "held_back": 1, "unmanaged": {"topic": 2, "right": 1}});
    assert_eq!(json["summary"], summary);
}

#[test]
fn names_of_a_broker_are_no_markdown() {
    let text = report(changes()).markdown();
    assert!(text.contains("| alter | topic `` a\\|b`c ``, `retention.ms` | `2` | `1` |  |"), "{text}");
    assert!(text.contains("no \\<b\\>contract\\</b\\>; held back: `--allow reset`"), "{text}");
}

#[test]
fn a_line_is_kept_of_each_change() {
    let line = audit_line("2026-12-01T10:00:00Z", "local", "kafka", &changes()[0]);
    assert_eq!(line, "2026-12-01T10:00:00Z local/kafka alter topic a|b`c  retention.ms: 2 -> 1");
}
