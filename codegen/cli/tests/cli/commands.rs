//! Every command: its exit status, its JSON and its words.

use std::fs;

use crate::common::{self, Folder, ORDER};
use serde_json::{Value, json};

#[test]
fn every_format_of_a_report_can_be_read() {
    let folder = Folder::shop();
    folder.write("schemas/events/order/paid.json", "{\"type\": \"object\", \"type\": \"object\"}");
    let run = folder.run(&["lint", "--format", "json"]);
    run.ends(1);
    let report = run.json();
    assert_eq!(report.as_object().unwrap().keys().collect::<Vec<_>>(), ["diagnostics", "summary"]);
    let known =
        ["code", "rule", "level", "message", "file", "line", "column", "help", "url", "topic", "witness", "consumers", "fingerprint"];
    for finding in report["diagnostics"].as_array().unwrap() {
        assert!(finding.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())), "{finding}");
    }
    assert!(report["summary"]["errors"].is_number());
    let sarif = folder.run(&["lint", "--format", "sarif"]).ends(1).json();
    assert_eq!(sarif["version"], "2.1.0");
    folder.run(&["lint", "--format", "github"]).ends(1).says("::error file=schemas/events/order/paid.json,line=1,col=20,title=EV007");
    folder.run(&["lint", "--format", "junit"]).ends(1).says("<failure message=");
    assert!(folder.run(&["lint", "--format", "gitlab"]).ends(1).json().is_array());
    let human = folder.run(&["lint"]);
    human.ends(1).says("schemas/events/order/paid.json:1:20").says("^^^^^^");
    assert!(!human.out.contains('\u{1b}'));
    assert!(folder.run(&["lint", "--color", "always"]).out.contains('\u{1b}'));
}

#[test]
fn rules_have_the_level_that_the_configuration_sets() {
    let folder = Folder::shop();
    folder.write("schemas/events/order/paid.json", "{\"x-event\": {\"version\": \"1.0.0\"}, \"$schema\": \"urn:mine\"}");
    folder.run(&["lint"]).ends(0).says("warning[EV011");
    folder.write("eventc.toml", format!("{}\n[rules]\nunknown-dialect = \"error\"\n", common::CONFIG));
    folder.run(&["lint"]).ends(1).says("error[EV011");
    folder.write("eventc.toml", format!("{}\n[rules]\nEV011 = \"off\"\n", common::CONFIG));
    assert!(!folder.run(&["lint"]).ends(0).out.contains("EV011"));
    // What could not be read stays an error.
    folder.write("schemas/events/order/paid.json", "{\"type\": ");
    folder.write("eventc.toml", format!("{}\n[rules]\nsyntax = \"off\"\n", common::CONFIG));
    folder.run(&["lint"]).ends(1).says("error[EV006");
}

#[test]
fn a_baseline_lets_a_legacy_tree_start_green() {
    let folder = Folder::shop();
    folder.write("schemas/events/order/paid.json", "{\"type\": \"object\"}");
    folder.run(&["lint"]).ends(1).says("EV141");
    folder.run(&["lint", "--write-baseline", "known.json"]).ends(0).says("accepted");
    folder.run(&["lint", "--baseline", "known.json"]).ends(0);
    folder.write("schemas/events/order/sent.json", "{\"type\": \"object\"}");
    let run = folder.shell("cd schemas && \"$EVENTC\" lint --baseline ../known.json --format json");
    run.ends(1);
    let files: Vec<_> = run.findings().into_iter().filter(|finding| finding.starts_with("EV141")).collect();
    assert_eq!(files, ["EV141 ../schemas/events/order/sent.json:1:1"]);
    folder.run(&["lint", "--baseline", "gone.json"]).ends(2).says("cannot read gone.json");
    folder.write("bad.json", "[]");
    folder.run(&["lint", "--baseline", "bad.json"]).ends(2).says("is no baseline");
}

#[test]
fn a_legacy_tree_starts_green_in_every_command() {
    const FILE: &str = "schemas/events/order/created.json";
    let folder = Folder::shop();
    folder.run(&["release", "--today", "2026-01-01"]).ends(0);
    // It breaks rules, it broke what was released, and one of its files cannot be read.
    folder.write(FILE, ORDER.replace("[\"id\"]", "[\"id\", \"total\"]"));
    folder.write("schemas/events/order/paid.json", "{\"type\": \"object\"}");
    folder.write("schemas/events/order/torn.json", "{\"type\": ");
    folder.run(&["check"]).ends(1).says("EV141").says("EV308").says("EV006");
    folder.run(&["generate"]).ends(1).says("nothing was generated");
    let run = folder.run(&["check", "--write-baseline", "--only", "lint", "--only", "gate"]);
    run.ends(0).says("eventc-baseline.json").says("accepted");
    folder.run(&["generate"]).ends(0).says("1 left out: order/torn.json");
    for command in [&["check"][..], &["lint"], &["generate", "--check"]] {
        folder.run(command).ends(0);
    }
    // What is new fails, and what was mended is told.
    folder.write("schemas/events/order/sent.json", "{\"type\": \"object\"}");
    let run = folder.run(&["check", "--format", "json"]);
    let errors: Vec<_> = run.ends(1).findings().into_iter().filter(|finding| finding.starts_with("EV141")).collect();
    assert_eq!(errors, ["EV141 schemas/events/order/sent.json:1:1"]);
    std::fs::remove_file(folder.path("schemas/events/order/sent.json")).unwrap();
    folder.write(FILE, ORDER);
    let mended = folder.run(&["check", "--only", "lint", "--only", "gate"]);
    mended.ends(0).says("EV190").says("property-required in schemas/events/order/created.json is gone");
    assert!(!folder.run(&["lint"]).ends(0).out.contains("property-required"));
    folder.run(&["check", "--write-baseline", "--only", "lint", "--only", "gate"]).ends(0);
    assert!(!folder.read("eventc-baseline.json").contains("property-required"));
    // Rules that were not asked keep what was accepted of them.
    let before = folder.read("eventc-baseline.json");
    folder.run(&["check", "--write-baseline", "--only", "gate"]).ends(0);
    assert_eq!(folder.read("eventc-baseline.json"), before);
}

#[test]
fn a_folder_of_schemas_may_hold_its_baseline() {
    let folder = Folder::shop();
    folder.write("tree/a.json", "{\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"nowhere.json\"}}}");
    folder.write("tree/b.json", "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\"}}}");
    let check = ["check", "--schemas", "tree"];
    folder.run(&check).ends(1).says("nowhere.json");
    folder.run(&["check", "--schemas", "tree", "--write-baseline"]).ends(0).says("tree/eventc-baseline.json");
    folder.run(&check).ends(0);
    folder.run(&["generate", "--schemas", "tree", "--out", "out"]).ends(0).says("1 of 2 contracts generated");
    folder.write("tree/c.json", "{\"$ref\": \"elsewhere.json\"}");
    folder.run(&check).ends(1).says("elsewhere.json");
}

#[test]
fn the_configuration_is_found_above() {
    let folder = Folder::shop();
    let run = folder.shell("cd schemas/events/order && \"$EVENTC\" list");
    run.ends(0).says("order.created");
    folder.shell("cd schemas && \"$EVENTC\" generate").ends(0).says("in ../generated");
    assert!(folder.path("generated/catalog").is_dir());
    folder.shell("cd / && \"$EVENTC\" list --config \"$OLDPWD/eventc.toml\"").ends(0).says("order.created");
}

#[test]
fn list_and_show_say_what_is_known() {
    let folder = Folder::shop();
    folder.run(&["list"]).ends(0).says("TOPIC").says("order.created").says("1 event");
    let list = folder.run(&["list", "--format", "json"]).ends(0).json();
    let topics: Vec<_> = list["contracts"].as_array().unwrap().iter().map(|one| (one["topic"].clone(), one["kind"].clone())).collect();
    assert!(topics.contains(&(json!("order.created"), json!("event"))), "{list}");
    for key in ["order.created", "order/created.json", "order/created"] {
        folder.run(&["show", key]).ends(0).says("An order.").says("id: string").says("total: integer, optional");
    }
    let show = folder.run(&["show", "order.created", "--format", "json"]).ends(0).json();
    assert_eq!(show["contract"]["version"], "1.0.0");
    assert_eq!(show["contract"]["fields"][1], json!({"name": "total", "type": "integer", "required": false}));
    assert_eq!(show["contract"]["schema"]["required"], json!(["id"]));
    folder.run(&["show", "order.craeted"]).ends(2).says("did you mean \"order.created\"?");
}

#[test]
fn explain_prints_the_page_of_a_rule() {
    let folder = Folder::new(&[]);
    for key in ["EV007", "ev007", "duplicate-key"] {
        folder.run(&["explain", key]).ends(0).says("EV007 duplicate-key").says("RFC 8259");
    }
    folder.run(&["explain"]).ends(0).says("EV001").says("EV901");
    folder.run(&["explain", "duplicate-keys"]).ends(2).says("did you mean \"duplicate-key\"?");
}

#[test]
fn events_are_judged_in_their_envelopes() {
    let folder = Folder::shop();
    folder.write("good.json", "{\n  \"type\": \"order.created\",\n  \"data\": {\"id\": \"1\"}\n}\n");
    folder.write("bad.json", "{\n  \"type\": \"order.created\",\n  \"data\": {\n    \"id\": 1, \"total\": \"x\"}\n}\n");
    folder.write(
        "many.ndjson",
        "{\"type\": \"order.created\", \"data\": {\"id\": \"1\"}}\n\n{\"type\": \"order.created\", \"data\": {}}\n{\"type\": \"order.craeted\", \"data\": {}}\n{oops\n[]\n",
    );
    folder.run(&["validate", "good.json"]).ends(0).says("1 event, 0 invalid");
    folder
        .run(&["validate", "bad.json"])
        .ends(1)
        .says("bad.json:4:11: error[EV911]: /data/id:")
        .says("bad.json:4:23: error[EV911]: /data/total:");
    let run = folder.run(&["validate", "many.ndjson", "good.json", "--format", "json"]);
    run.ends(1);
    let expected = ["EV911 many.ndjson:3:35", "EV912 many.ndjson:4:1", "EV006 many.ndjson:5:2", "EV912 many.ndjson:6:1"];
    assert_eq!(run.findings(), expected, "{run:#?}");
    assert_eq!(run.json()["diagnostics"][0]["instance_pointer"], "/data");
    assert_eq!((&run.json()["summary"]["events"], &run.json()["summary"]["invalid"]), (&json!(6), &json!(4)));
    // The same from standard input, where no name says that it is one a line.
    let stdin = folder.run_with(&["validate", "-"], &folder.read("many.ndjson"));
    stdin.ends(1).says("stdin:3:35").says("did you mean \"order.created\"?");
    folder.run_with(&["validate", "-"], &folder.read("good.json")).ends(0);
    folder.run_with(&["validate", "-"], "").ends(0).says("0 events");
}

#[test]
fn the_contract_of_events_can_be_named() {
    let folder = Folder::shop();
    folder.write("schemas/events/order/paid.json", r#"{"type": "object", "properties": {"by": {"type": "string"}}}"#);
    let event = r#"{"type": "order.created", "data": {"id": "1"}}"#;
    folder.run_with(&["validate", "--topic", "order.created", "-"], event).ends(0);
    folder.run_with(&["validate", "--topic", "order.paid", "-"], event).ends(1).says("/type: the event says that it is \"order.created\"");
    folder.run_with(&["validate", "--topic", "order.created", "--payload", "-"], r#"{"id": "1"}"#).ends(0);
    folder.run_with(&["validate", "--topic", "order.created", "--payload", "-"], event).ends(1).says("must have the property \"id\"");
    folder.run_with(&["validate", "--payload", "-"], event).ends(2).says("--topic");
    folder.run_with(&["validate", "--topic", "order.gone", "-"], event).ends(2).says("there is no contract");
    folder.run_with(&["validate", "--schema", "schemas/events/order/created.json", "-"], r#"{"id": "1"}"#).ends(0);
    folder.write("elsewhere/lone.yaml", "type: object\nrequired: [a]\n");
    folder.run_with(&["validate", "--schema", "elsewhere/lone.yaml", "-"], "{}").ends(1).says("must have the property \"a\"");
    folder.run_with(&["validate", "--schemas", "elsewhere", "--topic", "lone", "-"], "{}").ends(1);
    folder.run_with(&["validate", "--schemas", "elsewhere", "--schema", "elsewhere/lone.yaml", "-"], r#"{"a": 1}"#).ends(0);
    folder.run(&["validate", "gone.json", "--topic", "order.created"]).ends(2).says("cannot read gone.json");
}

#[test]
fn new_writes_where_the_topic_belongs() {
    let folder = Folder::shop();
    folder.run(&["new", "order.shipped"]).ends(0).says("schemas/events/order/shipped.v1.json");
    let starter: Value = serde_json::from_str(&folder.read("schemas/events/order/shipped.v1.json")).unwrap();
    assert_eq!(starter["x-event"]["producers"], json!(["shop"]));
    let list = folder.run(&["list", "--format", "json"]).json();
    assert!(list["contracts"].as_array().unwrap().iter().any(|one| one["topic"] == "order.shipped"));
    folder.run(&["new", "order/shipped.v1.json"]).ends(2).says("exists already");
    folder.run(&["new", "order/shipped.v2"]).ends(0).says("schemas/events/order/shipped.v2.json");
    folder.run(&["new", "a.b.c.d"]).ends(2).says("{domain}.{action}");
    for key in ["../x", "order/../../x", "/etc/x", "_a/_b", "order/"] {
        folder.run(&["new", key]).ends(2).says("names no file");
    }
}

#[test]
fn init_starts_a_project_that_generates_and_passes() {
    let folder = Folder::new(&[(".cargo/config.toml", "[build]\n")]);
    folder.run(&["init"]).ends(0).says("eventc.toml").says("generate = \"eventc generate\"");
    assert_eq!(folder.read(".cargo/config.toml"), "[build]\n");
    for (file, top) in [(".github/workflows/eventc.yml", "$GITHUB_WORKSPACE"), (".gitlab/eventc.yml", "$CI_PROJECT_DIR")] {
        let (job, installs) = (folder.read(file), format!(" cargo install --locked --path \"{top}/tools/eventc/codegen/cli\"\n"));
        // While no name is published, a job takes a clone, and nothing that somebody else may have published.
        assert!(job.contains(&installs) && job.matches("cargo install").count() == 1 && !job.contains("{%"), "{job}");
    }
    folder.run(&["check", "--format", "json"]).ends(1).says("EV902");
    folder.run(&["generate"]).ends(0);
    folder.run(&["check"]).ends(0);
    folder.write("eventc.toml", folder.read("eventc.toml") + "# mine\n");
    folder.run(&["init"]).ends(0).says("stays as it is");
    assert!(folder.read("eventc.toml").ends_with("# mine\n"));
}

#[test]
fn init_takes_a_name_languages_and_a_broker() {
    let folder = Folder::new(&[]);
    folder.run(&["init", "--name", "shop", "--language", "typescript,python", "--broker", "rabbitmq"]).ends(0).says(".gitattributes");
    let config = folder.read("eventc.toml");
    assert!(config.contains("broker = \"rabbitmq\"") && config.contains("package = \"shop-events\""), "{config}");
    assert!(!config.contains("[targets.rust]") && !folder.path(".cargo").exists());
    folder.run(&["generate"]).ends(0);
    folder.run(&["check"]).ends(0).says("nothing-released");
    assert!(folder.path("generated/python/shop_events").is_dir());
    for schema in [".vscode/eventc-config.schema.json", ".vscode/eventc-contract.schema.json", ".vscode/settings.json"] {
        serde_json::from_str::<serde_json::Value>(&folder.read(schema)).expect("JSON");
    }
    let other = Folder::new(&[]);
    other.run(&["init", "--name", "A b"]).ends(2).says("lower-case letters");
    other.run(&["init", "--broker", "mqtt"]).ends(2).says("one of kafka, rabbitmq");
    other.run(&["init", "--schemas", "nowhere"]).ends(2).says("nowhere holds no schema");
}

#[test]
fn init_fits_the_schemas_that_are_there() {
    let schema = r#"{"type": "object", "properties": {"orderId": {"type": "string"}}}"#;
    let folder = Folder::new(&[("apps/shop/contracts/OrderPlaced.json", schema), ("apps/shop/contracts/sub/OrderPaid.json", schema)]);
    folder.shell("git init --quiet").ends(0);
    folder.shell("cd apps/shop && \"$EVENTC\" init --name shop --schemas contracts").ends(0).says("--write-baseline");
    let config = folder.read("apps/shop/eventc.toml");
    assert!(config.contains("schemas = \"contracts\"") && config.contains("property_case = \"camel\""), "{config}");
    assert!(!config.contains("path_case") && !config.contains("order-team"), "{config}");
    // The code host reads its files at the top, and runs in the folder.
    assert!(folder.read(".github/workflows/eventc.yml").contains("working-directory: apps/shop"));
    assert!(folder.read(".gitlab/eventc.yml").contains("cd apps/shop"));
    let shop = |command: &str| folder.shell(&format!("cd apps/shop && \"$EVENTC\" {command}"));
    shop("check --write-baseline --only lint --only gate").ends(0);
    shop("release").ends(0);
    shop("generate").ends(0);
    shop("check").ends(0);
}

#[test]
fn releases_are_written_once() {
    let folder = Folder::shop();
    folder.run(&["release", "--today", "2026-11-21"]).ends(0).says("schemas/releases/shop/order/created/1.0.0.json");
    let before = folder.files("schemas/releases");
    folder.run(&["release", "--today", "2026-12-01"]).ends(0).says("0 releases");
    assert_eq!(folder.files("schemas/releases"), before);
    folder.write("schemas/events/order/created.json", common::ORDER.replace("integer", "string"));
    folder.run(&["release"]).ends(1).says("EV202").says("nothing was released");
    assert_eq!(folder.files("schemas/releases"), before);
}

#[test]
fn completions_and_schemas_are_printed() {
    let folder = Folder::new(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(folder.run(&["completions", shell]).ends(0).out.contains("eventc"));
    }
    assert_eq!(folder.run(&["list", "--schema", "config"]).ends(0).json()["title"], "eventc.toml");
    assert_eq!(folder.run(&["list", "--schema", "x-event"]).ends(0).json()["title"], "x-event");
}

#[test]
fn cargo_passes_through() {
    let folder = Folder::shop();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-eventc"))
        .args(["eventc", "list"])
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    assert!(run.status.success() && String::from_utf8_lossy(&run.stdout).contains("order.created"));
}

#[cfg(unix)]
#[test]
fn a_reader_who_leaves_is_no_error() {
    let folder = Folder::shop();
    for n in 0..200 {
        folder.write(&format!("schemas/events/order/made{n}.json"), "{\"type\": \"object\", \"type\": \"object\"}");
    }
    let run = folder.shell("set -o pipefail; \"$EVENTC\" list --format json | head -c 1; echo; \"$EVENTC\" lint | head -n 1");
    assert!(!run.err.contains("panic") && !run.err.contains("error"), "{run:#?}");
    assert_eq!(run.code, Some(1));
}

/// The published JSON Schemas are what the types say. `EVENTC_UPDATE=1` writes them.
#[test]
fn published_schemas_are_fresh() {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas");
    let folder = Folder::new(&[]);
    for name in ["config", "x-event", "catalog"] {
        let wanted = folder.run(&["list", "--schema", name]).ends(0).out.clone();
        let path = docs.join(format!("{name}.schema.json"));
        if std::env::var_os("EVENTC_UPDATE").is_some() {
            fs::create_dir_all(&docs).unwrap();
            fs::write(&path, &wanted).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap_or_default(), wanted, "{name}: run the test with EVENTC_UPDATE=1");
    }
}

#[test]
fn list_and_show_tell_what_is_on_the_brokers_of_an_environment() {
    let folder = Folder::shop();
    let environments = "\n[environments.local.brokers.main]\nkind = \"kafka\"\nservers = [\"localhost:9092\"]\n[environments.none]\n";
    folder.write("eventc.toml", format!("{}{environments}", common::CONFIG));
    let topic = "order.created";
    folder.run(&["list", "--env", "local"]).ends(0).says("BROKER  TOPIC").says("main    order.created");
    assert_eq!(folder.run(&["list", "--env", "local", "--format", "json"]).ends(0).json()["contracts"][0]["broker"], "main");
    folder.run(&["list", "--env", "none"]).ends(0).says("0 events");
    folder.run(&["list", "--env", "locla"]).ends(2).says("did you mean \"local\"?");
    folder.run(&["show", topic, "--env", "local"]).ends(0).says("In local on main:").says(&format!("topic {topic}: partitions"));
    folder.run(&["show", topic, "--env", "none"]).ends(0).says("Not on a broker of none.");
    let shown = folder.run(&["show", topic, "--env", "local", "--format", "json"]).ends(0).json();
    assert_eq!(shown["contract"]["environments"]["local"]["main"]["topics"][topic]["origin"]["role"], "events");
}

#[test]
fn a_password_in_the_configuration_is_told_and_not_shown() {
    let folder = Folder::shop();
    let environment = "\n[environments.live.brokers.b]\nkind = \"rabbitmq\"\nurl = \"amqp://app:hush@rabbit\"\n";
    folder.write("eventc.toml", format!("{}{environment}", common::CONFIG));
    let run = folder.run(&["lint"]);
    run.ends(2).says("EV028");
    assert!(!run.out.contains("hush") && !run.err.contains("hush"), "{run:?}");
}
