//! What is wrong within a file: keywords, syntax, `x-event`, and eventc.toml.

use eventc_model::{
    catalog::Catalog,
    config::Config,
    diagnostic::Diagnostic,
    source::{Limits, Tree},
};

use super::check;

#[test]
fn malformed_keywords_are_all_found() {
    check(
        &[(
            "a.json",
            "{\"type\": \"strnig\",\n\"minLength\": -1,\n\"required\": \"a\",\n\"properties\": {\"x\": 3},\n\"items\": [1],\n\"pattern\": null,\n\"examples\": \"a\"}",
        )],
        &[
            ("told-dialect", "a.json:1:1", "a.json as draft-07"),
            ("malformed-keyword", "a.json:1:10", "`type` must be a type name"),
            ("malformed-keyword", "a.json:2:14", "`minLength` must be a count"),
            ("malformed-keyword", "a.json:3:13", "`required` must be a list of strings"),
            ("malformed-keyword", "a.json:4:21", "a schema is an object or a boolean"),
            ("malformed-keyword", "a.json:5:11", "a schema is an object or a boolean"),
            ("malformed-keyword", "a.json:6:12", "`pattern` must be a string"),
            ("malformed-annotation", "a.json:7:13", "`examples` must be a list"),
        ],
    );
}

#[test]
fn syntax_dialects_and_ids() {
    check(
        &[
            ("a.json", "{\"type\": \"object\",\n}"),
            ("b.json", "{\"type\": \"object\", \"type\": \"string\"}"),
            ("c.json", "{\"$schema\": \"https://example.com/mine\"}"),
            ("d.json", "{\"$id\": \"https://example.com/same\"}"),
            ("e.json", "{\"$id\": \"https://example.com/same\"}"),
            ("f.json", "[1]"),
            ("g.yaml", "a: [\n"),
            ("h.avsc", "{\"type\": \"record\", \"name\": \"A\"}"),
        ],
        &[
            ("json-comment", "a.json:1:18", "1 trailing comma"),
            ("duplicate-key", "b.json:1:20", "\"type\""),
            ("unknown-dialect", "c.json:1:13", "read as https://json-schema.org/draft/2020-12/schema"),
            ("duplicate-id", "e.json:1:9", "d.json:1:9 declares \"https://example.com/same\" too"),
            ("not-a-schema", "f.json:1:1", "2 files passed over (f.json and 1 more)"),
            ("avro", "h.avsc:1:1", ""),
        ],
    );
}

#[test]
fn metadata_mistakes_are_all_found() {
    check(
        &[(
            "a.json",
            "{\"type\": \"object\", \"x-event\": {\n\"ownr\": \"x\",\n\"stability\": \"stabel\",\n\"topic\": {\"partitions\": \"six\"},\n\"version\": \"1.0.0\"}}",
        )],
        &[
            ("bad-x-event", "a.json:2:1", "did you mean `owner`?"),
            ("bad-x-event", "a.json:3:1", "did you mean `stable`?"),
            ("bad-x-event", "a.json:4:11", "invalid type: string \"six\""),
        ],
    );
}

#[test]
fn configuration_mistakes_are_all_found() {
    let text = "schema = \"x\"\n\n[[namespace]]\nname = \"a\"\nproperty_case = \"snak\"\n\n[[namespace]]\nname = \"a\"\nroot = \"b\"\n\n[services.x]\nconsumes = [{ topic = \"a\" }]\n";
    let (_, diagnostics) = Config::parse("eventc.toml", text);
    let found: Vec<_> = diagnostics.iter().map(|d| (d.place.to_string(), d.help.clone().unwrap_or_default())).collect();
    let expected = [
        ("eventc.toml:1:1", "did you mean `schemas`?"),
        ("eventc.toml:5:1", "did you mean `snake`?"),
        ("eventc.toml:8:8", "give each namespace its own"),
        ("eventc.toml:12:15", "did you mean `topics`?"),
    ];
    assert_eq!(found.iter().map(|(place, help)| (place.as_str(), help.as_str())).collect::<Vec<_>>(), expected);
}

#[test]
fn numbers_that_no_broker_takes_are_told_at_their_places() {
    let text = "{\"x-event\": {\"topic\": {\n\"partitions\": 0,\n\"replication\": 16}}, \"type\": \"object\"}";
    let config = "[owners.a]\nhandles = [\"@a\", \"@b\\n*\"]\n[[namespace]]\nname = \"n\"\nroot = \".\"\n[namespace.topic]\nreplication = 0\n[namespace.domain.x]\npartitions = 0\n";
    let (config, problems) = Config::parse("eventc.toml", config);
    let told = |found: &[Diagnostic]| -> Vec<String> {
        found.iter().map(|found| format!("{} {}: {}", found.rule.code, found.place, found.message)).collect()
    };
    assert_eq!(
        told(&problems),
        [
            "EV013 eventc.toml:2:18: \"@b\\n*\" is no handle",
            "EV013 eventc.toml:7:15: 0 is no replication factor: a partition has 1 to 15 copies",
            "EV013 eventc.toml:9:14: a topic has at least one partition",
        ]
    );
    let catalog = Catalog::build(Tree::from_texts([("x/made.json", text)], &Limits::default()), config);
    assert_eq!(
        told(&catalog.diagnostics),
        [
            "EV014 x/made.json:2:15: a topic has at least one partition",
            "EV014 x/made.json:3:16: 16 is no replication factor: a partition has 1 to 15 copies",
        ]
    );
}

/// What a text says is read once, and told at its own place: of a list each item, and of an object only what is wrong in it.
#[test]
fn texts_that_say_nothing_are_told_at_their_places() {
    let text = r#"{"x-event": {
"version": "1.0",
"topic": {"retention": "7 days", "ttl": "forever", "dead_letter": {"topic": "x",
"backoff": ["1s",
"2",
"3 s",
"4s"], "retention": "1y"}},
"deprecated": {"use": "x",
"since": "tomorrow"},
"allow": [{"rule": "version",
"until": "2026-02-29"}]}}"#;
    let config = "[owners.a]\nhandles = [\"@a\",\n\"\",\n\"@b\", \"@c d\"]\n[[namespace]]\nname = \"n\"\n[namespace.topic]\nretention = \"soon\"\n[namespace.domain.x]\nttl = \"1.5h\"\n";
    let (config, problems) = Config::parse("eventc.toml", config);
    let told = |found: &[Diagnostic]| -> Vec<String> {
        let line = |found: &Diagnostic| {
            let help = found.help.as_deref().unwrap_or_else(|| panic!("{found:?} says what to do"));
            format!(
                "{} {} {}: {} ({})",
                found.rule.code,
                found.place,
                found.pointer,
                found.message,
                help.split(' ').next().unwrap_or_default()
            )
        };
        found.iter().map(line).collect()
    };
    assert_eq!(
        told(&problems),
        [
            r#"EV013 eventc.toml:3:1 /owners/a/handles/1: "" is no handle (a)"#,
            r#"EV013 eventc.toml:4:7 /owners/a/handles/3: "@c d" is no handle (a)"#,
            r#"EV013 eventc.toml:8:1 /namespace/0/topic/retention: "soon" is no duration (write)"#,
            r#"EV013 eventc.toml:10:1 /namespace/0/domain/x/ttl: "1.5h" is no duration (write)"#,
        ]
    );
    assert_eq!(config.owners["a"].handles.iter().map(ToString::to_string).collect::<Vec<_>>(), ["@a", "@b"]);
    let shared = r#"{"x-event": {"allow": [{"rule": "version", "until": "soon"}]}}"#;
    let tree = Tree::from_texts([("x/made.json", text), ("_shared.json", shared)], &Limits::default());
    let catalog = Catalog::build(tree, Config::without_conventions());
    assert_eq!(
        told(&catalog.diagnostics),
        [
            r#"EV014 _shared.json:1:44 /x-event/allow/0/until: "soon" is no day (write)"#,
            r#"EV014 x/made.json:2:1 /x-event/version: the version "1.0" is not semver: unexpected end of input while parsing minor version number (write)"#,
            r#"EV014 x/made.json:3:11 /x-event/topic/retention: "7 days" is no duration (write)"#,
            r#"EV014 x/made.json:3:34 /x-event/topic/ttl: "forever" is no duration (write)"#,
            r#"EV014 x/made.json:5:1 /x-event/topic/dead_letter/backoff/1: "2" is no duration (write)"#,
            r#"EV014 x/made.json:6:1 /x-event/topic/dead_letter/backoff/2: "3 s" is no duration (write)"#,
            r#"EV014 x/made.json:7:8 /x-event/topic/dead_letter/retention: "1y" is no duration (write)"#,
            r#"EV014 x/made.json:9:1 /x-event/deprecated/since: "tomorrow" is no day (write)"#,
            r#"EV014 x/made.json:11:1 /x-event/allow/0/until: "2026-02-29" is no day (write)"#,
        ]
    );
    let [contract] = &catalog.contracts[..] else { panic!("one contract") };
    let waits = contract.settings.dead_letter.as_ref().map(|letters| letters.backoff.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(waits, Some(vec!["1s".to_owned(), "4s".to_owned()]));
    assert!(catalog.is_version_unread(contract) && contract.metadata.deprecated.is_none());
}

#[test]
fn mistakes_in_environments_are_told_at_their_places() {
    let text = r#"[[namespace]]
name = "n"
[services.s]
[environments."a b".brokers.k]
kind = "kafka"
virtual_host = "x"
[environments.e.brokers.k]
kind = "kafak"
[environments.f.brokers.k]
kind = "kafka"
servers = ["${HOST"]
[environments.f.brokers.l]
kind = "kafka"
servers = ["kafka:9092"]
security.password = "${P}"
security.sasl = { mechanism = "plain", username = "u", password = "hush", token_url = "t" }
[environments.f.brokers.r]
kind = "rabbitmq"
url = "amqp://app:hush@rabbit"
version = "3"
security.tls.key = "${KEY}"
security.sasl = { mechanism = "oauthbearer" }
[environments.f.namespaces.m]
broker = "r"
[environments.f.namespaces.n]
broker = "kk"
topic = { partitions = 0, settings = { "retention.ms" = 1 } }
[environments.f.principals]
t = "User:t"
s = "User:*"
[environments.f.postgres]
url = "postgres://db?password=${PASSWORD:-hush}"
[environments.g.brokers.k]
kind = "kafka"
servers = ["a"]
[environments.g.brokers.l]
kind = "kafka"
servers = ["b"]
"#;
    let (_, problems) = Config::parse("eventc.toml", text);
    let told: Vec<String> = problems.iter().map(|found| format!("{} {}: {}", found.rule.code, found.place, found.message)).collect();
    assert_eq!(
        told,
        [
            "EV013 eventc.toml:4:15: \"a b\" cannot name an environment",
            "EV013 eventc.toml:4:29: a broker of the kind `kafka` needs `servers`",
            "EV013 eventc.toml:6:1: a broker of the kind `kafka` has no `virtual_host`",
            "EV013 eventc.toml:8:1: unknown variant `kafak`, expected `kafka` or `rabbitmq`",
            "EV013 eventc.toml:11:12: a reference has no end",
            "EV013 eventc.toml:15:10: Kafka has no `password` outside `sasl`",
            "EV028 eventc.toml:16:56: a password stands here for everybody to read",
            "EV013 eventc.toml:16:75: PLAIN has no use for `token_url`",
            "EV028 eventc.toml:19:1: a password stands here for everybody to read",
            "EV013 eventc.toml:20:1: \"3\" is no version",
            "EV013 eventc.toml:21:14: a `key` is of no use without its `certificate`",
            "EV013 eventc.toml:22:10: OAUTHBEARER needs `client_id`",
            "EV013 eventc.toml:22:10: OAUTHBEARER needs `client_secret`",
            "EV013 eventc.toml:22:10: OAUTHBEARER needs `token_url`",
            "EV013 eventc.toml:22:10: `sasl` is Kafka's",
            "EV013 eventc.toml:23:28: there is no namespace \"m\"",
            "EV013 eventc.toml:26:1: there is no broker \"kk\"",
            "EV013 eventc.toml:27:24: a topic has at least one partition",
            "EV013 eventc.toml:27:57: `retention.ms` has a key of its own",
            "EV013 eventc.toml:29:1: there is no service \"t\"",
            "EV013 eventc.toml:30:1: \"User:*\" names no user",
            "EV028 eventc.toml:32:1: a password stands here for everybody to read",
            "EV013 eventc.toml:33:15: the namespace \"n\" could be on any of the brokers k, l",
        ]
    );
    assert!(!problems.iter().any(|found| format!("{found:?}").contains("hush")), "{problems:#?}");
}
