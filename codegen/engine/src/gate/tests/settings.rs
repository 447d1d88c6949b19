//! What services rely on beside the schema is compared with what was last released.

use super::*;

const KAFKA: &str = r##"{"x-event": {"version": "1.0.0", "key": "/id", "producers": ["web", "app"],
  "topic": {"partitions": 3, "retention": "30d"}},
 "properties": {"id": {}, "email": {"x-sensitive": "pii"}, "lines": {"items": {"$ref": "#/$defs/line"}}},
 "$defs": {"line": {"properties": {"token": {"x-sensitive": "secret"}}}}}"##;

const READER: &str = "[services.billing]\nconsumes = [{ topics = \"order.*\" }]\n";

/// Returns what the gate finds of settings where a part of the text became another.
fn found(services: &str, from: &str, to: &str) -> Vec<String> {
    assert!(KAFKA.contains(from), "{from}");
    let case = Case::new(&[KAFKA.to_owned()], KAFKA.replacen(from, to, 1)).with(services);
    let settings = |code: &str| ("EV356".."EV367").contains(&code) && code != "EV362" || code == "EV352";
    let findings = case.findings().into_iter().filter(|finding| settings(finding.rule.code));
    findings.map(|finding| format!("{} {}", finding.rule.code, finding.pointer)).collect()
}

#[test]
fn settings_that_services_rely_on_are_kept() {
    for (services, from, to, expected) in [
        ("", "\"/id\"", "\"/email\"", &["EV356 /x-event/key"][..]),
        ("", "\"partitions\": 3", "\"partitions\": 6", &["EV357 /x-event/topic/partitions"]),
        ("", "\"30d\"", "\"7d\"", &["EV358 /x-event/topic/retention"]),
        ("", "\"30d\"", "\"720h\"", &[]),
        ("", "\"30d\"", "\"forever\"", &[]),
        (READER, "\"web\", \"app\"", "\"web\"", &["EV359 /x-event/producers"]),
        ("", "\"web\", \"app\"", "\"web\"", &[]),
        (READER, "\"web\", \"app\"", "\"app\", \"web\", \"pos\"", &[]),
        ("", "\"pii\"", "\"confidential\"", &["EV361 /properties/email/x-sensitive"]),
        ("", "\"pii\"", "\"secret\"", &[]),
        ("", "{\"x-sensitive\": \"secret\"}", "{}", &["EV361 /$defs/line/properties/token/x-sensitive"]),
        // With what it was of, the class is gone and nothing is shown.
        ("", ", \"email\": {\"x-sensitive\": \"pii\"}", "", &[]),
        ("", "1.0.0\"", "1.0.1\", \"stability\": \"unstable\"", &[]),
    ] {
        assert_eq!(found(services, from, to), expected, "{to}");
    }
}

#[test]
fn what_brokers_lose_when_it_changes_is_kept() {
    let rabbitmq = |topic: &str| KAFKA.replace("\"partitions\": 3, \"retention\": \"30d\"", topic);
    let found = |broker: &str, from: &str, to: &str| {
        let case = Case::new(&[rabbitmq(from)], rabbitmq(to))
            .with(&format!("[environments.e.brokers.b]\n{broker}\n[environments.e.namespaces.shop]\nbroker = \"b\"\n"));
        let findings = case.findings().into_iter().filter(|finding| ("EV363".."EV367").contains(&finding.rule.code));
        findings.map(|finding| format!("{} {}", finding.rule.code, finding.pointer)).collect::<Vec<_>>()
    };
    let (on_rabbitmq, on_kafka) = ("kind = \"rabbitmq\"\nurl = \"amqp://b\"", "kind = \"kafka\"\nservers = [\"b\"]");
    for (broker, from, to, expected) in [
        (on_kafka, "", r#""cleanup_policy": "compact""#, &["EV363 /x-event/topic/cleanup_policy"][..]),
        (on_kafka, "", r#""cleanup_policy": "delete""#, &[]),
        (on_rabbitmq, "", r#""exchange_type": "fanout""#, &["EV364 /x-event/topic/exchange_type"]),
        (on_rabbitmq, r#""queue_type": "quorum""#, r#""queue_type": "classic""#, &["EV364 /x-event/topic/queue_type"]),
        (on_rabbitmq, "", r#""exchange_type": "topic", "queue_type": "classic""#, &[]),
        (on_rabbitmq, "", r#""ttl": "1h""#, &["EV365 /x-event/topic/ttl"]),
        (on_rabbitmq, r#""ttl": "1h""#, "", &[]),
        (on_rabbitmq, r#""ttl": "1h""#, r#""ttl": "1d""#, &[]),
        (on_rabbitmq, "", r#""priority": 9"#, &["EV366 /x-event/topic/priority"]),
        (on_rabbitmq, r#""ttl": "24h""#, r#""ttl": "1h""#, &["EV365 /x-event/topic/ttl"]),
        (on_rabbitmq, r#""ttl": "24h""#, r#""ttl": "1d""#, &[]),
        (on_rabbitmq, r#""priority": 9"#, r#""priority": 5"#, &["EV366 /x-event/topic/priority"]),
        (on_rabbitmq, r#""priority": 9"#, "", &["EV366 /x-event/topic/priority"]),
        (on_kafka, r#""priority": 9, "ttl": "24h""#, r#""exchange_type": "fanout", "ttl": "1h""#, &[]),
        (on_kafka, "", r#""priority": 9, "ttl": "24h""#, &[]),
    ] {
        assert_eq!(found(broker, from, to), expected, "{from} to {to}");
    }
}

#[test]
fn no_version_announces_them_and_an_allow_accepts_them() {
    let key = "1.0.0\", \"key\": \"/id\"";
    assert_eq!(found("", key, "1.1.0\", \"key\": \"/email\""), ["EV356 /x-event/key"]);
    let allow = r#"1.0.0", "key": "/email", "allow": [{"rule": "key-changed", "at": "/x-event/key", "reason": "one reader", "by": "a"}], "owner": "a"#;
    let accepted = found("", key, &format!("{allow}\""));
    assert_eq!(accepted, ["EV352 /x-event/key"]);
}

#[test]
fn the_envelope_of_a_namespace_is_kept() {
    let envelope = |payload: &str| {
        let roles = eventc_model::config::EnvelopeRoles { file: "_envelope.v1.json".into(), payload: payload.into(), ..Default::default() };
        let mut config = config("");
        config.namespace[0].envelope = Some(roles);
        config
    };
    let files = [("_envelope.v1.json", r#"{"x-event": {"version": "1.0.0"}, "properties": {"data": {}, "body": {}}}"#), (FILE, KAFKA)];
    let catalog = |payload: &str| Catalog::build(Tree::from_texts(files, &Limits::default()), envelope(payload));
    let plan = crate::release::plan_releases(&catalog("/data"), &History::default(), day("2026-01-01"));
    let texts: Vec<_> = plan.files.into_iter().chain(plan.settings).map(|file| (file.path, file.text)).collect();
    let history = || History::from_texts(texts.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default());
    let found = |payload: &str| {
        let tree = Tree::from_texts(files, &Limits::default());
        let project = Project::build("".into(), tree, envelope(payload), history(), SourceTexts::default());
        let findings = Gate::with(&project, None, Some(day("2026-11-21")), stand_in).run().findings;
        findings.iter().map(|finding| format!("{} {}", finding.rule.code, finding.topic.as_deref().unwrap_or(""))).collect::<Vec<_>>()
    };
    assert_eq!(found("/data"), [""; 0]);
    assert_eq!(found("/body"), ["EV360 order.created"]);
}

#[test]
fn a_record_is_added_where_settings_change() {
    let catalog = |text: &str| Catalog::build(Tree::from_texts([(FILE, text)], &Limits::default()), config(""));
    let plan = |text: &str, files: &[(String, String)], today: &str| {
        let texts = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let (history, problems) = History::from_texts(texts, &Limits::default());
        assert!(problems.is_empty(), "{problems:?}");
        crate::release::plan_releases(&catalog(text), &history, day(today))
    };
    let first = plan(KAFKA, &[], "2026-01-01");
    let mut files: Vec<_> = first.files.into_iter().chain(first.settings).map(|file| (file.path, file.text)).collect();
    let record = "{\"date\":\"2026-01-01\",\"major\":1,\"key\":\"/id\",\"partitions\":3,\"retention\":\"30d\",\"producers\":[\"app\",\"web\"],\
                  \"sensitive\":{\"/email\":\"pii\",\"/lines/*/token\":\"secret\"}}\n";
    assert_eq!(files[1], ("shop/order/created/settings.jsonl".to_owned(), record.to_owned()));
    assert!(plan(KAFKA, &files, "2026-01-02").settings.is_empty());
    let longer = plan(&KAFKA.replace("30d", "60d"), &files, "2026-01-03").settings.remove(0);
    assert_eq!(longer.text, format!("{record}{}", record.replace("2026-01-01", "2026-01-03").replace("30d", "60d")));
    files[1].1 = longer.text;
    assert!(plan(&KAFKA.replace("30d", "60d"), &files, "2026-01-04").settings.is_empty());
}
