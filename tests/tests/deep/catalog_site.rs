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
use eventc_model::{
    catalog::Catalog,
    config::Config,
    source::{Limits, Tree},
    types::Types,
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
        "filters": [
            { "name": "namespace", "value": "daa", "label": "Namespace" },
            { "name": "owner", "value": "bridge-team", "label": "Owner" },
            { "name": "broker", "value": "RabbitMQ", "label": "Broker" },
            { "name": "stability", "value": "unstable", "label": "Stability" },
        ],
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
            "events": "events/index.html",
            "namespaces": "namespaces/index.html",
            "map": "map.html",
            "environments": "environments/index.html",
            "environment": "environments/production.html",
            "event-rabbitmq": "events/daa/agent/created.v1.html",
            "service-large": "services/event-store.html",
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

/// The services of [`forty_services`].
const SERVICES: usize = 40;

/// Returns a project of two hundred events in three namespaces, which forty services send and read all across.
fn forty_services() -> Project {
    const DOMAINS: [&str; 8] = ["orders", "billing", "warehouse", "shipping", "customers", "search", "fraud", "support"];
    const NAMESPACES: [&str; 3] = ["shop", "logistics", "people"];
    let service = |number: usize| {
        format!("{}-{}-service", DOMAINS[number % 8], ["gateway", "worker", "projector", "notifier", "archive"][number / 8 % 5])
    };
    let namespaces =
        NAMESPACES.map(|name| json!({ "name": name, "root": name, "consumer_group": "{service}", "topic": { "partitions": 3 } }));
    let consumed = |number: usize| {
        let topics: Vec<String> = (0..3).map(|step| format!("*{}*", DOMAINS[(number + step * (1 + number % 3)) % 8])).collect();
        json!({ "owner": format!("team-{}", number % 5), "description": "It works.", "consumes": [{ "topics": topics }] })
    };
    let services: serde_json::Map<String, Value> = (0..SERVICES).map(|number| (service(number), consumed(number))).collect();
    let owners: serde_json::Map<String, Value> =
        (0..5).map(|number| (format!("team-{number}"), json!({ "contact": format!("team-{number}@shop.example") }))).collect();
    let principals: serde_json::Map<String, Value> = (0..SERVICES).map(|number| (service(number), service(number).into())).collect();
    let config = json!({
        "schemas": "schemas", "namespace": namespaces, "owners": owners, "services": services,
        "repository": { "view": "https://code.example/shop/blob/main", "edit": "https://code.example/shop/edit/main" },
        "environments": { "production": { "brokers": { "kafka": { "kind": "kafka", "servers": ["kafka.shop.example:9092"] } }, "principals": principals } },
    });
    let event = |number: usize| {
        let (namespace, domain) = (NAMESPACES[number % 3], DOMAINS[number * 7 % 8]);
        let schema = json!({
            "title": format!("CustomerNumber{number}WasToldOfTheirParcel"), "description": "They were told.",
            "x-event": { "version": "1.0.0", "owner": format!("team-{}", number % 5), "producers": [service(number * 3 % SERVICES)] },
            "type": "object", "properties": { "identifier_of_the_customer": { "type": "string", "description": "Whose it is." } },
            "examples": [{ "identifier_of_the_customer": "c-1" }],
        });
        (format!("{namespace}/{domain}/customer_{number}_was_told_of_their_parcel.v1.json"), schema.to_string())
    };
    let files: Vec<(String, String)> = (0..200).map(event).collect();
    let tree = Tree::from_texts(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default());
    let config: Config = serde_json::from_value(config).expect("a configuration");
    let mut project = Project::from_tree(Tree::default());
    project.catalog = Catalog::build(tree, config);
    project.types = Types::derive(&project.catalog);
    project
}

#[test]
fn forty_services_stay_readable() {
    let site = write_site(forty_services(), "forty-services-site");
    let plan = json!({
        "site": site,
        "shots": tools::scratch("catalog-shots-forty-services"),
        "services": SERVICES,
        "pages": {
            "start": "index.html",
            "map": "map.html",
            "events": "events/index.html",
            "service": "services/orders-gateway-service.html",
            "event": "events/shop/orders/customer_0_was_told_of_their_parcel.v1.html",
            "namespace": "namespaces/shop.html",
            "environment": "environments/production.html",
        },
    });
    let file = tools::scratch("catalog-plan-forty-services").join("plan.json");
    fs::write(&file, plan.to_string()).expect("the plan can be written");
    let said = browse("large.mjs", &file);
    assert!(said.contains("flowsUnfold: good"), "{said}");
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
    let config: Config = serde_json::from_value(config).expect("a configuration");
    let tree = Tree::read(&folder.join("schemas/events"), &config.limits).expect("the tree");
    let key = eventc_codegen::history::key;
    let catalog = Catalog::build(tree, config);
    let name = key(&catalog, &catalog.contracts[0]);
    let (first, second) = (release("1.0.0", "kind"), release("1.1.0", text));
    let paths = [format!("{name}/1.0.0.json"), format!("{name}/1.1.0.json")];
    let (history, _) = eventc_codegen::history::History::from_texts(
        [(paths[0].as_str(), first.as_str()), (paths[1].as_str(), second.as_str())],
        &catalog.config.limits,
    );
    project.types = Types::derive(&catalog);
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
