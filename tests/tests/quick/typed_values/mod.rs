//! Formats and numbers as types of libraries: whatever a text says, it decodes, and comes back as it was.

use std::{collections::BTreeMap, fs, process::Command};

use eventc_codegen::project::{Findings, Project, Selection, SelectionError};
use eventc_tests::{
    runners::{Case, Runner, Subject, Verdict, assert_read, check_program, equal, two_ways},
    tools::{cargo, put, run, scratch, workspace},
};
use serde_json::{Value, json};

use crate::BATCH;

const TOPIC: &str = "sample";

/// The same without the lists of any values, which pydantic may not parse.
const TYPED: &str = "typed";

const TREE: [(&str, &str); 4] = [
    ("schemas/events/sample.v1.json", include_str!("sample.json")),
    ("schemas/events/_envelope.json", include_str!("envelope.json")),
    (
        "schemas/events/plain.v1.json",
        r#"{"type": "object", "properties": {"at": {"type": "string", "format": "date-time"}}, "required": ["at"]}"#,
    ),
    // Objects, though no `type` says so.
    (
        "schemas/events/loose.v1.json",
        r#"{"properties": {"a": {"type": "string"}, "inner": {"properties": {"b": {"type": "integer"}}}}, "required": ["a"]}"#,
    ),
];

const NAMESPACE: &str = r#"
[[namespace]]
name = ""
envelope = { file = "_envelope.json", payload = "/payload", id = "/id", time = "/time" }
"#;

/// What all languages are asked for at once: every format, and numbers as they are spelled.
const ALL: &str = r#"
[targets.rust]
integers = "exact"
numbers = "exact"
formats = { date-time = "chrono", date = "chrono", time = "chrono", duration = "jiff", uuid = "uuid", uri = "url", email = "email_address", ipv4 = "std", ipv6 = "std", byte = "base64" }

[targets.typescript]
integers = "bigint"

[targets.python]
numbers = "decimal"
formats = ["date-time", "date", "time", "duration", "uuid", "uri", "email", "ipv4", "ipv6", "byte"]
"#;

/// The other choices.
const OTHERS: [(&str, &str); 2] = [
    ("jiff", "[targets.rust.formats]\ndate-time = \"jiff\"\ndate = \"jiff\"\ntime = \"jiff\"\n"),
    ("time", "[targets.rust]\nintegers = \"exact\"\nformats = { date-time = \"time\", date = \"time\", time = \"time\" }\n"),
];

/// The sample under every configuration.
pub(crate) fn subjects() -> Vec<Subject> {
    // What each crate for times asks for is in its own manifest, and nobody else's.
    let others = OTHERS.map(|(name, options)| Subject::new(name, || sample(options)).of("rust").with_its_runtime());
    let all = [Subject::new("typed", || sample(ALL)), Subject::new("other-typed", || sample(ALL)).in_other_style()];
    all.into_iter().chain(others).collect()
}

/// The project of the sample under a configuration.
fn sample(options: &str) -> Project {
    let config = format!("{NAMESPACE}{options}");
    let typed: String = TREE[0].1.lines().filter(|line| !line.contains(r#""pairs""#)).collect();
    let more = [("eventc.toml", config.as_str()), ("schemas/events/typed.v1.json", &typed)];
    let files: Vec<(&str, &str)> = TREE.into_iter().chain(more).collect();
    let project = Project::from_texts(&files).expect("a project");
    assert_read(&project);
    project
}

/// Texts that a format knows, and texts that it does not.
const TEXTS: &[(&str, &[&str])] = &[
    (
        "date_time",
        &[
            "2026-11-27T10:15:30Z",
            "2026-11-27t10:15:30.120z",
            "2026-11-27T10:15:30.123456789012+05:30",
            "1998-12-31T23:59:60Z",
            "2026-11-27T10:15:30-00:00",
            "2026-11-27 10:15:30",
            "10000-01-01T00:00:00Z",
        ],
    ),
    ("date", &["2026-11-27", "2026-02-30", "27.11.2026"]),
    ("time", &["10:15:30Z", "10:15:30.50+01:00", "23:59:60z", "25:61"]),
    ("duration", &["P1Y2M3DT4H5M6.5S", "PT0S", "P2W", "PT36H", "one hour"]),
    ("uuid", &["0190163d-8694-739b-aea5-966c26f8ad90", "0190163D-8694-739B-AEA5-966C26F8AD90", "{x}"]),
    ("uri", &["https://EXAMPLE.com:443/a/../b?q#f", "urn:isbn:0451450523", "/relative", "https://[::1"]),
    ("email", &["joe@example.com", "\"joe bloggs\"@example.com", "joe"]),
    ("ipv4", &["127.0.0.1", "127.0.0.01"]),
    ("ipv6", &["::1", "0:0:0:0:0:0:0:1", "fe80::1%eth0", "::ffff:1.2.3.4"]),
    ("byte", &["aGk=", "aGk", "aG k=", "a_b-", ""]),
    ("encoded", &["aGk=", "-"]),
    ("hostname", &["example.com", "-"]),
    ("maybe", &["0190163d-8694-739b-aea5-966c26f8ad90", "none"]),
    ("stamp", &["2026-11-27T10:15:30+01:00", "very soon"]),
    ("either", &["2026-11-27T10:15:30+01:00", "soon"]),
];

/// Numbers that a language's own parser would change.
const NUMBERS: &[(&str, &[&str])] = &[
    ("whole", &["1", "9007199254740993", "-9007199254740993", "98249283749234923498293171823948729348710298301928331", "1e30", "7.0"]),
    ("number", &["0.1", "9007199254740993", "1e400", "-98249283749234923498293171823948729348710298301928331", "2.50"]),
    ("either", &["9007199254740993"]),
    ("amount", &["0.10", "9007199254740993", "null", "\"0.10\""]),
];

/// Decimals with more digits than a double has.
const DECIMALS: &[&str] = &["0.1234567890123456789012345678901234567890", "972783798187987123879878123.188781371", "1e-400"];

/// Every document that is made of one text or number.
fn documents(of: &[(&str, &[&str])], quoted: bool) -> Vec<String> {
    let document = |name: &str, text: &str| {
        let value = if quoted { Value::from(text).to_string() } else { text.to_owned() };
        format!(r#"{{"at":"2026-11-27T10:15:30.10+01:00","count":3,{name:?}:{value},"unknown":{value}}}"#)
    };
    of.iter().flat_map(|(name, texts)| texts.iter().map(|text| document(name, text))).collect()
}

/// Documents with formats inside of lists, maps and tuples, and everything at once.
fn nested() -> Vec<String> {
    let all: BTreeMap<&str, &str> = TEXTS.iter().map(|(name, texts)| (*name, texts[0])).collect();
    let mut whole =
        json!({"at": "then", "count": 3, "maybe": null, "list": ["2026-11-27T10:15:30z", "later"], "map": {"a": "2026-11-27", "b": "?"}});
    for (name, text) in all {
        whole[name] = text.into();
    }
    let pair = r#"{"at":"","count":3,"pair":[9007199254740993,"2026-11-27"],"wholes":[1,90071992547409930,1.0],"levels":{"a":1,"b":null},"fixed":4}"#;
    vec![whole.to_string(), pair.to_owned()]
}

/// Documents that no choice of types makes valid: a value of another type where a format or a number is asked for.
fn invalid() -> Vec<String> {
    let of = |name: &str, values: [&str; 4]| values.map(|value| format!(r#"{{"at":"","count":3,{name:?}:{value}}}"#));
    [of("uuid", ["5", "{}", "[]", "true"]), of("number", ["\"0.10\"", "{}", "[]", "true"]), of("whole", ["1.5", "\"1\"", "[]", "true"])]
        .concat()
}

/// Panics unless each judge accepts each document, and gives it back: texts as they were, numbers by their values.
fn keep(runners: &[Runner], documents: &[String]) {
    let cases: Vec<Case> = documents.iter().map(|doc| Case { topic: TOPIC.into(), doc: doc.clone() }).collect();
    for runner in runners {
        for (case, verdict) in cases.iter().zip(runner.ask(&cases)) {
            assert!(verdict.valid, "{}: {} is refused: {}", runner.language.name(), case.doc, verdict.said);
            let Some(again) = &verdict.again else { panic!("{}: {} does not decode: {}", runner.language.name(), case.doc, verdict.said) };
            let document: Value = serde_json::from_str(&case.doc).expect("JSON");
            assert!(equal(again, &document), "{}: {} comes back as {again}", runner.language.name(), case.doc);
        }
    }
}

fn refuse(runners: &[Runner]) {
    let cases: Vec<Case> = invalid().into_iter().map(|doc| Case { topic: TOPIC.into(), doc }).collect();
    for runner in runners {
        for (case, Verdict { valid, again, .. }) in cases.iter().zip(runner.ask(&cases)) {
            assert!(!valid && again.is_none(), "{}: {} is taken", runner.language.name(), case.doc);
        }
    }
}

/// Panics unless Python reads documents, and what is like them, the same whether the library parses them or not.
fn alike(subject: &str) {
    let package = BATCH.package(subject, "python");
    let documents = [documents(TEXTS, true), documents(NUMBERS, false), nested()].concat();
    let of = |topic: &'static str| documents.iter().map(move |doc| Case { topic: topic.into(), doc: doc.clone() });
    let ways = two_ways(package, &of(TOPIC).chain(of(TYPED)).collect::<Vec<_>>(), 30);
    assert!(ways.texts > 5_000, "{ways:?}");
    // Each of those has an unknown property, which msgspec alone would drop.
    let alone = two_ways(package, &[Case { topic: TYPED.into(), doc: r#"{"at":"","count":3,"number":7}"#.into() }], 0).alone;
    assert_eq!(alone, 1);
}

/// Panics where a language of the subject does not keep and refuse what it should, or a program does not get along with its types.
fn holds(subject: &str) {
    let runners: Vec<Runner> = BATCH.runners(subject).into_iter().map(Runner::exactly).collect();
    keep(&runners, &[documents(TEXTS, true), documents(NUMBERS, false), nested()].concat());
    let decimals: Vec<String> = DECIMALS.iter().map(|text| format!(r#"{{"at":"","count":3,"number":{text},"unknown":{text}}}"#)).collect();
    let exact: Vec<Runner> = runners.iter().filter(|runner| !runner.language.rounds()).cloned().collect();
    assert!(!exact.is_empty());
    keep(&exact, &decimals);
    refuse(&runners);
    alike(subject);
    check_program(include_str!("program.py"), BATCH.package(subject, "python"));
    // The package's own reader and writer of JSON, and its types.
    let [.., index] = &BATCH.command(subject, "typescript")[..] else { panic!("a program and what it asks") };
    run(Command::new("node").arg(workspace().join("tests/tests/quick/typed_values/program.mjs")).arg(index));
}

#[test]
fn every_text_and_number_comes_back() {
    holds("typed");
}

#[test]
fn msgspec_and_javascript_keep_them_too() {
    holds("other-typed");
}

#[test]
fn every_crate_for_times_keeps_them() {
    for (subject, _) in OTHERS {
        let runners = BATCH.runners(subject);
        keep(&runners, &documents(TEXTS, true));
        refuse(&runners);
    }
}

/// What no language knows is an error at its place, with the word that was meant.
#[test]
fn a_wrong_word_is_an_error_with_help() {
    for (options, place, help) in [
        ("[targets.rust.formats]\ndate_time = \"chrono\"", "/targets/rust/formats/date_time", "did you mean `date-time`?"),
        ("[targets.rust.formats]\ndate = \"chronos\"", "/targets/rust/formats/date", "did you mean `chrono`?"),
        ("[targets.rust.formats]\nduration = \"chrono\"", "/targets/rust/formats/duration", "known here: string, jiff"),
        ("[targets.rust]\nnumbers = \"exactly\"", "/targets/rust/numbers", "did you mean `exact`?"),
        ("[targets.typescript]\nintegers = \"bigints\"", "/targets/typescript/integers", "did you mean `bigint`?"),
        ("[targets.python]\nformat = [\"uuid\"]", "/targets/python/format", "did you mean `formats`?"),
    ] {
        let config = format!("{NAMESPACE}{options}");
        let files: Vec<(&str, &str)> = TREE.into_iter().chain([("eventc.toml", config.as_str())]).collect();
        let project = Project::from_texts(&files).expect("a project");
        let Err(SelectionError::Refused(problems)) = project.generate(&Selection::default(), &Findings::default()) else {
            panic!("{options} is taken")
        };
        let shown: Vec<_> =
            problems.iter().map(|problem| (problem.pointer.as_str(), problem.help.as_deref().unwrap_or_default())).collect();
        assert_eq!(shown, [(place, help)], "{options}");
        assert_eq!(problems[0].place.line, 6, "{options}");
    }
}

/// A crate with `include_events!` and `derive(Event)`: options of `eventc.toml` hold there as well, and hand-written structs may have
/// types of libraries.
#[test]
fn macros_know_the_types() {
    let folder = scratch("rust/macros");
    for (path, text) in TREE {
        put(&folder.join(path), text);
    }
    put(&folder.join("eventc.toml"), &format!("{NAMESPACE}{ALL}"));
    put(&folder.join("src/main.rs"), include_str!("program.rs"));
    let manifest = format!(
        "[package]\nname = \"macros\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         chrono = {{ version = \"0.4\", default-features = false, features = [\"serde\"] }}\n\
         eventc = {{ path = '{}', features = [\"macros\", \"exact\", \"base64\", \"chrono\", \"email_address\", \"jiff\", \"url\", \"uuid\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n",
        workspace().join("runtime").display()
    );
    put(&folder.join("Cargo.toml"), &manifest);
    put(&folder.join("Cargo.lock"), &fs::read_to_string(workspace().join("Cargo.lock")).expect("the lock file"));
    run(cargo(&folder).args(["run", "--quiet", "--offline"]));
}
