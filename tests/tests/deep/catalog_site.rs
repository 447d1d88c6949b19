//! The catalog's site in a real browser, opened from its folder: what a reader does, for each type of page, and hostile texts.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use eventc_codegen::{
    output,
    project::{Project, ProjectRoot, Selection},
};
use eventc_tests::tools::{self, run};
use serde_json::{Value, json};

/// Writes the site of a project below `target/`; its folder.
fn write_site(mut project: Project, name: &str) -> PathBuf {
    project.catalog.config.overrides.entry("catalog".into()).or_default().insert("site".into(), Value::Bool(true));
    let selection = Selection { targets: vec!["catalog".into()], ..Selection::default() };
    let generated = project.generate(&selection, &project.lint(None)).expect("a catalog");
    let out = tools::scratch(name);
    output::write(&out, &generated.targets[0].files).expect("the catalog can be written");
    out.join("site")
}

/// A program of `tests/browser` on a file or folder.
fn browse(program: &str, argument: &Path) -> String {
    run(Command::new("node").arg(tools::workspace().join("tests/browser").join(program)).arg(argument).envs(tools::browser()))
}

#[test]
fn a_reader_finds_their_way() {
    let project = Project::open(&ProjectRoot::Config(tools::workspace().join("eventc.toml"))).expect("this repository");
    let site = write_site(project, "catalog-site");
    let event = "events/omninode/intelligence/event/quality_assessed.v1.html";
    let deprecated = "events/omninode/codegen/request/validate.v1.html";
    let diff = "diff/omninode/codegen/request/validate/1.0.0-to-2.0.0.html";
    let plan = json!({
        "site": site,
        "shots": tools::scratch("catalog-shots"),
        "event": event,
        "deprecated": deprecated,
        "diff": diff,
        "search": { "field": "quality_score", "typo": "qualty_scroe", "topic": "omninode.intelligence.event.quality_assessed.v1" },
        "questions": [
            {
                "query": "correlation_id hash",
                "place": "#results li",
                "answers": ["omninode.bridge.event.metadata_stamped.v1", "field blake3_hash", "envelope field correlation_id"],
            },
            {
                "query": "quality_assessed quality_score",
                "result": "omninode.intelligence.event.quality_assessed.v1",
                "place": "tr:target .readers",
                "answers": ["Read by archon-bridge, archon-search"],
            },
            {
                "query": "topic convent",
                "place": "#results li",
                "answers": ["EV101 topic-convention"],
            },
            {
                "query": "validate.v1",
                "result": "omninode.codegen.request.validate.v1",
                "place": ".notice",
                "answers": ["Use omninode.codegen.request.validate.v2 instead", "after 2027-01-15"],
            },
            {
                "query": "archon-bridge",
                "result": "archon-bridge",
                "jump": "dead-letters",
                "place": "#dead-letters tbody td:first-child",
                "answers": ["omninode.intelligence.event.quality_assessed.v1.dlq"],
            },
        ],
        "pages": {
            "start": "index.html",
            "namespace": "namespaces/omninode.html",
            "domain": "domains/omninode/codegen.html",
            "event": event,
            "event-deprecated": deprecated,
            "envelope": "events/omninode/_envelope.v1.html",
            "service": "services/archon-intelligence.html",
            "services": "services/index.html",
            "owner": "owners/codegen-team.html",
            "owners": "owners/index.html",
            "types": "types/omninode/index.html",
            "type": "types/omninode/NodeType.html",
            "diff": diff,
            "changes": "changes.html",
            "migrations": "migrations/index.html",
            "migration": "migrations/omninode/codegen/request/validate.v1.html",
            "findings": "findings.html",
            "rules": "rules/index.html",
            "rule": "rules/EV101.html",
            "search": "search.html?q=score",
        },
    });
    let file = tools::scratch("catalog-plan").join("plan.json");
    fs::write(&file, plan.to_string()).expect("the plan can be written");
    let said = browse("site.mjs", &file);
    assert!(said.contains("skipLink: good"), "{said}");
}

/// Texts that would be markup, script or a way out of a string, if anybody took them for more than text.
const HOSTILE: &[&str] = &[
    "<script>globalThis.hacked = 1</script>",
    "\"><img src=x onerror=\"globalThis.hacked = 1\">",
    "' onmouseover='globalThis.hacked = 1",
    "</pre></code></script><script>globalThis.hacked = 1</script>",
    "javascript:globalThis.hacked=1//",
    "__proto__",
    "\\\"};globalThis.hacked=1;//",
    "{{ 7 * 7 }}{% raw %}",
    "--><!--",
    "\u{202e}\u{2028}\u{0}x",
];

fn hostile(text: &str) -> Project {
    let folder = tools::scratch("hostile-tree");
    let _ = fs::remove_dir_all(&folder);
    let schema = |version: &str, required: &str| {
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": text, "description": format!("{text}\n\n`{text}`"),
            "x-event": {
                "version": version, "owner": text, "producers": [text], "key": text, "tags": [text],
                "deprecated": { "since": "2026-01-01", "sunset": "2026-12-31", "use": text },
                "allow": [{ "rule": text, "at": text, "reason": text, "by": text, "until": "2026-12-31" }],
            },
            "type": "object",
            "properties": {
                text: { "description": text, "const": text, "x-sensitive": "pii" },
                "kind": { "enum": [text, "b"], "pattern": text, "format": text, "default": text },
                "shared": { "$ref": "_types.v1.json#/$defs/thing" },
            },
            "required": [required],
            "examples": [{ text: text }],
        })
    };
    let config = json!({
        "namespace": [{ "name": text, "root": ".", "description": text, "consumer_group": text, "topic": { "dead_letter": { "topic": text } } }],
        "owners": { text: { "description": text, "contact": text } },
        "services": { text: { "description": text, "owner": text, "consumes": [{ "topics": "*", "function": text, "reads": [text] }] } },
    });
    let put = |path: &str, text: String| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    };
    put("eventc.toml", String::new());
    put("schemas/events/made.v1.json", schema("1.1.0", text).to_string());
    put(
        "schemas/events/_types.v1.json",
        json!({ "$defs": { "thing": { "title": text, "description": text, "enum": [text, "c"] } } }).to_string(),
    );
    let mut project = Project::open(&ProjectRoot::Config(folder.join("eventc.toml"))).expect("the hostile tree");
    let release = |version: &str, required: &str| {
        let mut released = schema(version, required);
        released["properties"].as_object_mut().expect("properties").shift_remove("shared");
        released["x-release"] = json!({ "topic": text, "version": version, "date": "2026-01-01" });
        released.to_string()
    };
    let config: eventc_model::config::Config = serde_json::from_value(config).expect("a configuration");
    let tree = eventc_model::source::Tree::read(&folder.join("schemas/events"), &config.limits).expect("the tree");
    let key = eventc_codegen::history::key;
    let catalog = eventc_model::catalog::Catalog::build(tree, config);
    let name = key(&catalog, &catalog.contracts[0]);
    let (first, second) = (release("1.0.0", "kind"), release("1.1.0", text));
    let paths = [format!("{name}/1.0.0.json"), format!("{name}/1.1.0.json")];
    let (history, _) = eventc_codegen::history::History::from_texts(
        [(paths[0].as_str(), first.as_str()), (paths[1].as_str(), second.as_str())],
        &catalog.config.limits,
    );
    project.types = eventc_model::types::Types::derive(&catalog);
    project.catalog = catalog;
    project.history = history;
    project
}

#[test]
fn texts_from_schemas_stay_text() {
    for (number, text) in HOSTILE.iter().enumerate() {
        let site = write_site(hostile(text), &format!("hostile-site-{number}"));
        let said = browse("hostile.mjs", &site);
        assert!(said.contains("pages: good"), "{said}");
    }
}
