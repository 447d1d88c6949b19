//! AsyncAPI documents through AsyncAPI's own parser: nothing to complain of, whatever names and schemas the contracts have; and their
//! schemas, compiled as a consumer would, judge events as the contracts do.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use eventc_asyncapi::AsyncApi;
use eventc_codegen::{
    emit::{Input, Target},
    history::History,
    instance::{FormatReading, Validators},
    project::{Findings, Project, ProjectRoot, Selection},
};
use eventc_model::{
    catalog::Catalog,
    config::Config,
    source::{Limits, Tree},
    types::Types,
};
use eventc_tests::{
    asyncapi::{Answer, DocumentQuery, ask},
    mutate::mutants,
    synthetic,
    tools::{node_modules, run, scratch, workspace},
};
use serde_json::{Value, json};

/// Paths and texts of what the target makes, and the codes of its notes.
type Made = (BTreeMap<String, String>, Vec<&'static str>);

fn emit(catalog: &Catalog) -> Made {
    let types = Types::derive(catalog);
    let modules: Vec<_> = types.modules().map(|(id, _)| id).collect();
    let history = History::default();
    let emitted = AsyncApi
        .configure(&catalog.config)
        .unwrap_or_else(|problems| panic!("{problems:#?}"))
        .emit(&Input::new(catalog, &types, &modules, &history));
    let count = emitted.files.len();
    let files: BTreeMap<String, String> = emitted.files.into_iter().map(|file| (file.path, file.text)).collect();
    assert_eq!(files.len(), count, "two files have one path");
    (files, emitted.notes.iter().map(|note| note.rule.code).collect())
}

/// The catalog of an `eventc.toml`, with its tree.
fn catalog(folder: &Path) -> Catalog {
    let text = fs::read_to_string(folder.join("eventc.toml")).expect("eventc.toml");
    let (config, problems) = Config::parse("eventc.toml", &text);
    assert!(problems.is_empty(), "{problems:#?}");
    let tree = Tree::read(&folder.join(&config.schemas), &config.limits).expect("the schema tree");
    Catalog::build(tree, config)
}

/// Asks about all documents among some files; panics with what is wrong with one.
fn check(files: &BTreeMap<String, String>) -> Vec<Answer> {
    let documents: Vec<(&String, &String)> = files.iter().filter(|(path, _)| path.ends_with(".asyncapi.json")).collect();
    let questions: Vec<DocumentQuery> =
        documents.iter().map(|(_, text)| DocumentQuery { text: (*text).clone(), cases: Vec::new() }).collect();
    let answers = ask(&questions);
    for ((path, _), answer) in documents.iter().zip(&answers) {
        assert!(answer.problems.is_empty(), "{path}: {:#?}", answer.problems);
        assert!(answer.wrong.is_empty(), "{path}: {:#?}", answer.wrong);
    }
    answers
}

fn committed() -> BTreeMap<String, String> {
    let root = workspace().join("generated/asyncapi");
    let mut files = BTreeMap::new();
    for folder in ["namespaces", "services"] {
        for entry in fs::read_dir(root.join(folder)).expect("the committed documents") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
            files.insert(format!("{folder}/{name}"), fs::read_to_string(&path).expect("a document"));
        }
    }
    files
}

#[test]
fn the_parser_has_nothing_to_say_of_any_document() {
    let files = committed();
    let answers = check(&files);
    assert_eq!(files.keys().filter(|path| path.starts_with("namespaces/")).count(), 3);
    assert!(files.len() > 20, "{} documents", files.len());
    let examples: u64 = answers.iter().map(|answer| answer.examples).sum();
    assert!(examples > 500, "{examples} examples are valid");
}

#[test]
fn documents_of_version_3_1_are_as_clean() {
    let mut catalog = catalog(&workspace());
    catalog.config.overrides.insert("asyncapi".into(), json!({ "version": "3.1.0" }).as_object().expect("members").clone());
    let (files, _) = emit(&catalog);
    let answers = check(&files);
    assert_eq!(answers.len(), committed().len());
    assert!(files.iter().filter(|(path, _)| path.ends_with(".asyncapi.json")).all(|(_, text)| text.contains("\"asyncapi\": \"3.1.0\"")));
}

#[test]
fn schemas_of_messages_judge_events_as_contracts_do() {
    let (catalog, files) = (catalog(&workspace()), committed());
    let validators = Validators::new(&catalog);
    let mut questions = Vec::new();
    let mut expected = Vec::new();
    for namespace in &catalog.config.namespace {
        let text = files[&format!("namespaces/{}.asyncapi.json", namespace.name)].clone();
        let document: Value = serde_json::from_str(&text).expect("JSON");
        let place = &namespace.envelope.as_ref().expect("an envelope").payload;
        let mut cases = Vec::new();
        for contract in catalog.events().filter(|contract| catalog.namespace(contract).name == namespace.name) {
            let validator = validators.event(contract, FormatReading::Annotation).expect("a valid schema");
            let example = document["components"]["messages"][&contract.topic]["examples"][0]["payload"].clone();
            let envelope = catalog.envelope(contract.namespace).expect("an envelope");
            let payload = example.pointer(place).expect("the payload").clone();
            let within = mutants(&catalog.schemas, contract.root, &payload).into_iter().map(|payload| {
                let mut event = example.clone();
                *event.pointer_mut(place).expect("the payload") = payload;
                event
            });
            let around = mutants(&catalog.schemas, envelope.root, &example).into_iter().step_by(5);
            for event in within.chain(around) {
                expected.push((contract.topic.as_str(), event.to_string(), validator.accepts(&event)));
                cases.push((contract.topic.clone(), event.to_string()));
            }
        }
        questions.push(DocumentQuery { text, cases });
    }
    let verdicts = ask(&questions).into_iter().flat_map(|answer| answer.verdicts);
    let wrong: Vec<_> = expected.iter().zip(verdicts).filter(|((_, _, valid), verdict)| valid != verdict).collect();
    assert!(wrong.is_empty(), "{} of {}, for example {:#?}", wrong.len(), expected.len(), &wrong[..wrong.len().min(5)]);
    let refused = expected.iter().filter(|(_, _, valid)| !valid).count();
    assert!(refused > 3000 && expected.len() - refused > 200, "{refused} of {} events are refused", expected.len());
}

/// The document with another value in one place; without the place, where there is none.
fn broken(document: &Value, pointer: &str, value: Option<Value>) -> DocumentQuery {
    let mut document = document.clone();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(parent).and_then(Value::as_object_mut).unwrap_or_else(|| panic!("{pointer} leads nowhere"));
    match value {
        Some(value) => drop(parent.insert(key.to_owned(), value)),
        None => drop(parent.shift_remove(key).expect("what is taken away is there")),
    }
    DocumentQuery { text: document.to_string(), cases: Vec::new() }
}

#[test]
fn what_is_wrong_with_a_document_is_caught() {
    let text = &committed()["services/omnibase-core.asyncapi.json"];
    let document: Value = serde_json::from_str(text).expect("JSON");
    let request = "omninode.codegen.request.validate.v2";
    let (channel, send, message) =
        (format!("/channels/{request}"), format!("/operations/send.{request}"), format!("/components/messages/{request}"));
    let to = |target: &str| Some(json!({ "$ref": target }));
    let other = Some(document.pointer(&format!("{send}/reply/messages")).expect("a reply").clone());
    let edits = [
        ("a missing channel", channel.clone(), None),
        ("a dangling message", format!("{channel}/messages/{request}"), to("#/components/messages/none")),
        ("a dangling schema", format!("{message}/payload"), to("#/components/schemas/none")),
        ("a missing definition", "/components/schemas/OnexEnvelope".to_owned(), None),
        ("a keyword of the wrong type", "/components/schemas/OnexEnvelope/required".to_owned(), Some(json!("event_id"))),
        ("an unknown action", format!("{send}/action"), Some(json!("publish"))),
        ("a missing parameter", "/channels/omninode.dead_letter.v1/address".to_owned(), Some(json!("{topic}.{b}"))),
        ("a binding of the wrong type", format!("{channel}/bindings/kafka/partitions"), Some(json!("six"))),
        ("an unknown member", "/info/owner".to_owned(), Some(json!("x"))),
        ("a message of another channel", format!("{send}/messages"), other),
        ("a location that is none", format!("{message}/correlationId/location"), Some(json!("payload/x"))),
        ("a version that is none", "/asyncapi".to_owned(), Some(json!("3.9.0"))),
        ("nothing", "/info/title".to_owned(), Some(json!("x"))),
    ];
    let questions: Vec<DocumentQuery> = edits.iter().map(|(_, pointer, value)| broken(&document, pointer, value.clone())).collect();
    let answers = ask(&questions);
    let missed: Vec<&str> =
        edits.iter().zip(&answers).filter(|(_, answer)| answer.problems.is_empty()).map(|((name, ..), _)| *name).collect();
    assert_eq!(missed, ["nothing"], "what the parser does not catch");
}

const STRANGE: &str = r##"
[[namespace]]
name = "a / b ~ {c} \"#?%"
root = "strange"
description = "*bold* <script> ${x} {{y}}"
headers = "strange/_headers.json"
broker = "kafka"
consumer_group = "{service}/{topic}"
queue = "{service} {event}"
exchange = "x.{domain}"
dead_letter = "strange/_dead.json"
[namespace.envelope]
file = "strange/_envelope.json"
payload = "/da~1ta/~0/payload"
correlation = "/m~0eta/id"
[namespace.topic]
partitions = 1
retention = "forever"
ttl = "24h"
priority = 9
dead_letter = { topic = "{topic}/dead", retries = 3, backoff = ["1s"], retention = "7d" }

[[namespace]]
name = "__proto__"
root = "plain"
broker = "rabbitmq"
[environments.__proto__]
brokers.k = { kind = "kafka", servers = ["a.example:1, ${A_HOST}:2"] }
brokers.r = { kind = "rabbitmq", url = "amqp://b.example/", virtual_host = "/v h" }
[environments.constructor.brokers.r]
kind = "rabbitmq"
url = "${URL}"

[owners.mail]
contact = "team+events@mail.example.com"
[owners.web]
contact = "https://example.com/team?a=b#c"
[owners."o / ~"]
contact = "@here, #room"

[services."s / ~ {x}"]
description = "\u0000\u2028 text"
owner = "mail"
consumes = [{ topics = "*", function = "f / ~", reads = ["/a~1b"] }, { topics = "*" }]
[services.constructor]
owner = "o / ~"
[services.toString]
owner = "web"
"##;

/// Names that mean something to the formats and languages on the way, in every place that takes a name.
fn strange() -> Catalog {
    let event = |producer: &str| {
        json!({
            "title": "Title <b> ${x}\u{2028}", "description": "#/components ~1 {{x}} -->",
            "x-event": {"version": "1.0.0", "owner": "web", "producers": [producer], "key": "/a~1b", "reply": "constructor", "tags": ["t", "t", "#/~{}"]},
            "x-parser-schema-id": "mine", "x-strange key": {"$ref": "http://127.0.0.1:1/never"},
            "type": "object",
            "properties": {
                "a/b": {"$ref": "#/$defs/~0 ~1 {x} %25"}, "~": {"$ref": "_types.json#/$defs/__proto__"}, "$ref": {"type": "string"},
                "__proto__": {"type": "integer"}, "constructor": {"type": "boolean"}, "hasOwnProperty": {}, "toString": {}, "valueOf": {}, "schema": {"type": "object", "properties": {"schema": {}}},
                "": {"const": ""}, "p": {"pattern": "^\\p{L}{1,3}[\\-/]$"}, "self": {"$ref": "#"}, "d": {"default": {"$ref": "#/nowhere"}},
            },
            "discriminator": {"propertyName": "kind"}, "nullable": true, "externalDocs": "none",
            "$defs": {"~ / {x} %": {"type": "string"}},
            "examples": [{"a/b": "x", "~": 1}, {"$ref": "file:///etc/passwd"}],
        })
        .to_string()
    };
    let names = [
        "a b",
        "{x}",
        "{",
        "a{b c}d",
        "{ok-1}.x",
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "A b",
        "~0~1",
        "#frag?query",
        "ω",
        "…",
        "%2F",
        "\"'`",
    ];
    let mut files: Vec<(String, String)> = names.iter().map(|name| (format!("strange/{name}.json"), event("toString"))).collect();
    files.extend(["x", "constructor", "__proto__.v2"].iter().map(|name| (format!("plain/{name}.json"), event("constructor"))));
    let shared = r#"{"$defs": {"__proto__": {"type": "integer"}}}"#;
    files.extend([
        ("strange/_types.json".into(), shared.into()),
        ("plain/_types.json".into(), shared.into()),
        ("strange/_headers.json".into(), r#"{"type": "object", "properties": {"h": {"type": "string"}}, "required": ["h"], "examples": [{"h": "1"}]}"#.into()),
        ("strange/_dead.json".into(), r#"{"x-event": {"producers": ["s / ~ {x}"]}, "type": "object", "required": ["why"], "examples": [{"why": 1}]}"#.into()),
        (
            "strange/_envelope.json".into(),
            json!({
                "type": "object", "required": ["da/ta"],
                "properties": {"da/ta": {"properties": {"~": {"properties": {"payload": {"type": "object"}}, "required": ["payload"]}}}, "m~eta": {"properties": {"id": {"type": "string"}}}},
                "unevaluatedProperties": false,
                "examples": [{"da/ta": {"~": {"payload": {}}}, "m~eta": {"id": "1"}}],
            })
            .to_string(),
        ),
    ]);
    let (config, problems) = Config::parse("eventc.toml", STRANGE);
    assert!(problems.is_empty(), "{problems:#?}");
    let tree = Tree::from_texts(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default());
    Catalog::build(tree, config)
}

#[test]
fn strange_names_stay_names() {
    for version in ["3.0.0", "3.1.0"] {
        let mut catalog = strange();
        catalog.config.overrides.insert("asyncapi".into(), json!({ "version": version }).as_object().expect("members").clone());
        let (files, notes) = emit(&catalog);
        let answers = check(&files);
        assert_eq!(files.len(), 1 + 2 + 3, "{:?}", files.keys());
        assert!(answers.iter().map(|answer| answer.examples).sum::<u64>() > 30);
        assert!(["EV712", "EV713"].iter().all(|code| notes.contains(code)), "{notes:?}");
        let (_, text) = files.iter().find(|(path, _)| path.starts_with("namespaces/a_")).expect("the strange namespace");
        let whole: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(whole["asyncapi"], version);
        let channels = whole["channels"].as_object().expect("channels");
        let topics: Vec<&str> =
            channels.values().filter_map(|channel| channel["address"].as_str().or(channel["x-topic"].as_str())).collect();
        for contract in catalog.events().filter(|contract| contract.namespace == 0) {
            assert!(topics.contains(&contract.topic.as_str()), "{} in {topics:?}", contract.topic);
        }
        let parameter = channels.values().find(|channel| channel["address"] == "{ok-1}.x").expect("a channel with a parameter");
        assert!(parameter["parameters"]["ok-1"].is_object());
        let dead = channels.values().find(|channel| channel["address"] == "{topic}/dead").expect("a channel of dead letters");
        assert_eq!(dead["parameters"]["topic"]["enum"].as_array().map(Vec::len), Some(14));
        assert_eq!(emit(&catalog).0, files, "two runs differ");
        backstage(&files["catalog-info.yaml"], &format!("strange-{version}"));
    }
}

#[test]
fn other_schemas_judge_alike_too() {
    let folder = scratch("asyncapi-synthetic");
    synthetic::write(60, &folder).expect("a synthetic tree");
    let (files, notes) = emit(&catalog(&folder));
    let answers = check(&files);
    assert_eq!((files.len(), notes.len()), (4, 0));
    assert!(answers.iter().map(|answer| answer.examples).sum::<u64>() >= 360);
}

#[test]
fn schemas_of_strangers_are_read() {
    let folder = node_modules().join("@octokit/webhooks-schemas");
    let project = Project::open(&ProjectRoot::Schemas(folder)).expect("a readable folder");
    let made = project.generate(&Selection { targets: vec!["asyncapi".into()], topics: Vec::new() }, &Findings::default()).expect("files");
    let files = made.targets.into_iter().flat_map(|target| target.files).map(|file| (file.path, file.text)).collect();
    assert!(made.notes.is_empty(), "{:#?}", made.notes);
    assert_eq!(check(&files).len(), 1);
}

/// The entities of a catalog file, which Backstage's own rules accept.
fn backstage(text: &str, name: &str) -> Value {
    let file = scratch("backstage").join(format!("{name}.yaml"));
    fs::write(&file, text).expect("a scratch file");
    let said = run(Command::new("node").arg(workspace().join("tests/runners/backstage.mjs")).arg(node_modules()).arg(file));
    let report: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(report["problems"], json!([]), "{text}");
    report["entities"].clone()
}

#[test]
fn backstage_takes_the_catalog() {
    let root = workspace().join("generated/asyncapi");
    let entities = backstage(&fs::read_to_string(root.join("catalog-info.yaml")).expect("the committed file"), "real");
    let entities = entities.as_array().expect("entities");
    let of = |kind: &str| entities.iter().filter(|entity| entity["kind"] == kind).collect::<Vec<_>>();
    let (apis, components) = (of("API"), of("Component"));
    assert_eq!(components.len(), catalog(&workspace()).traffic.services().len());
    for api in &apis {
        let document = api["spec"]["definition"]["$text"].as_str().expect("a document");
        assert!(root.join(document).is_file(), "{document} is there");
    }
    let names: Vec<&str> = apis.iter().filter_map(|api| api["name"].as_str()).collect();
    let apis_of = |list: &Value| list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>();
    for component in &components {
        for api in apis_of(&component["spec"]["providesApis"]).iter().chain(&apis_of(&component["spec"]["consumesApis"])) {
            assert!(names.contains(&api.as_str()), "{api} is an API");
        }
    }
    let search = components.iter().find(|component| component["name"] == "archon-search").expect("a component");
    assert_eq!(apis_of(&search["spec"]["consumesApis"]), ["archon-bridge", "archon-intelligence"]);
    assert_eq!(apis_of(&search["spec"]["providesApis"]), ["archon-search"]);
}
