//! Trees that tests of the catalog's pages share: the repository's own catalog, and a small one made of hostile texts.
#![allow(dead_code, reason = "every test file uses a part of it")]
#![allow(unreachable_pub, reason = "tests have no outside")]

use std::{collections::BTreeMap, path::Path};

use eventc_catalog::CatalogPages;
use eventc_emit::{Input, Target};
use eventc_model::{
    catalog::Catalog,
    config::Config,
    diagnostic::{BAD_METADATA, Diagnostic, Place},
    history::History,
    schema::patterns::portable,
    source::{Limits, Tree},
    types::Types,
};
use serde_json::json;

/// Pages by path.
pub type Pages = BTreeMap<String, String>;

/// Returns the Markdown pages of a catalog, of the topics that hold a text; `llms.txt` with them.
pub fn emit(catalog: &Catalog, history: &History, findings: &[Diagnostic], topic: Option<&str>) -> Pages {
    let mut pages = everything(catalog, history, findings, topic);
    pages.remove("catalog.json").expect("the catalog for programs");
    pages
}

/// Returns the same with the catalog for programs.
pub fn everything(catalog: &Catalog, history: &History, findings: &[Diagnostic], topic: Option<&str>) -> Pages {
    let types = Types::derive(catalog);
    let chosen = |module: &eventc_model::types::Module| {
        topic.is_none_or(|topic| module.contract.is_none_or(|contract| catalog.contracts[contract].topic.contains(topic)))
    };
    let modules: Vec<_> = types.modules().filter(|(_, module)| chosen(module)).map(|(id, _)| id).collect();
    let input = Input { findings, ..Input::new(catalog, &types, &modules, history) };
    let emitted = CatalogPages.configure(&catalog.config).expect("options").emit(&input);
    let count = emitted.files.len();
    let mut pages: Pages = emitted.files.into_iter().map(|file| (file.path, file.text)).collect();
    assert_eq!(pages.len(), count, "two files with one path");
    // The site has tests of its own.
    pages.retain(|path, _| !path.starts_with("site/"));
    pages
}

/// Reads the tree of this repository.
pub fn real() -> (Catalog, History) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join("eventc.toml")).expect("eventc.toml");
    let (config, _) = Config::parse("eventc.toml", &text);
    let catalog = Catalog::build(Tree::read(&root.join("schemas/events"), &Limits::default()).expect("the tree"), config);
    let (history, _) = History::read(&root.join("schemas/releases"), &Limits::default()).expect("the releases");
    (catalog, history)
}

/// Returns a small tree in which every text that a page shows is `text`.
pub fn small(text: &str) -> (Catalog, Vec<Diagnostic>) {
    let config = json!({
        "schemas": "schemas",
        "namespace": [{
            "name": "shop", "root": ".", "description": text, "dead_letter": "_dead.v1.json", "consumer_group": "{service}-{function}",
            "envelope": { "file": "_envelope.v1.json", "payload": "/data", "kind": null, "type": "/type" },
            "topic": { "partitions": 3, "retention": "7d", "dead_letter": { "topic": "{topic}.dlq", "retries": 2, "backoff": ["1s", "1m"] } },
        }],
        "owners": { "team": { "description": text, "contact": text } },
        "services": {
            "till": { "description": text, "owner": "team" },
            "books": { "owner": "team", "consumes": [{ "topics": "*", "function": text, "reads": [text] }] },
        },
    });
    let mut config = config;
    config["namespace"][0]["envelope"].as_object_mut().expect("roles").remove("kind");
    let config: Config = serde_json::from_value(config).expect("a configuration");
    // A text that is no regular expression is asked nowhere, and shown nowhere.
    let pattern = if portable(text).is_some() { text } else { "harmless" };
    let order = json!({
        "title": text, "description": text,
        "x-event": {
            "version": "1.0.0", "owner": "team", "producers": ["till"], "key": text, "tags": [text],
            "deprecated": { "since": "2026-01-01", "sunset": "2026-12-31", "use": text },
            "allow": [{ "rule": text, "at": text, "reason": text, "by": text, "until": "2026-12-31" }],
        },
        "type": "object",
        "properties": {
            "plain": { "type": "string", "description": text, "pattern": pattern, "default": text, "format": text, "x-sensitive": "pii" },
            text: { "description": text, "const": text },
            "few": { "enum": [text, "b"], "description": text },
            "many": { "enum": [text, "b", "c", "d", "e", "f", "g", "h", "i"], "deprecated": true },
            "shared": { "$ref": "../_types.v1.json#/$defs/kind" },
        },
        "dependentRequired": { text: [text] },
        "required": [text],
        "examples": [{ "plain": text, text: text }],
    });
    let envelope = json!({
        "title": "Envelope", "properties": { "type": { "type": "string" }, "data": { "type": "object" } },
        "examples": [{ "type": "t", "data": {} }],
    });
    let types = json!({ "$defs": { "kind": { "title": "Kind", "description": text, "enum": [text, "b"] } } });
    let files = [
        ("order/created.v1.json", order.to_string()),
        ("_envelope.v1.json", envelope.to_string()),
        ("_dead.v1.json", json!({ "title": text, "type": "object" }).to_string()),
        ("_types.v1.json", types.to_string()),
    ];
    let tree = Tree::from_texts(files.iter().map(|(path, text)| (*path, text.as_str())), &Limits::default());
    let findings = vec![
        Diagnostic::new(&BAD_METADATA, Place::whole("order/created.v1.json"), text),
        Diagnostic::new(&BAD_METADATA, Place::whole("eventc.toml"), text),
    ];
    (Catalog::build(tree, config), findings)
}

/// Texts that mean something to somebody.
pub const NASTY: &[&str] = &[
    "a | b",
    "a \\| b \\",
    "`x` ``y`` ```z",
    "``````json",
    "<script>alert(1)</script>",
    "</code><b>x</b>",
    "<!-- x",
    "[x](https://example.com) ![y](z)",
    "[x]: https://example.com",
    "https://example.com www.example.com a@example.com",
    "*x* _y_ __z__ ~~w~~",
    "# x",
    "- x",
    "1. x",
    "> x",
    "---",
    "===",
    "+ x",
    "| a | b |\n|---|---|\n| c | d |",
    "x\ny\r\nz\rw",
    "{{ x }} {% y %} {# z #}",
    "$x$ $`y`$",
    "&lt;b&gt; &#124; &amp;",
    "\u{202e}x\u{2066}y\u{2028}z\u{2029}\u{0}\u{7}\u{85}\u{feff}",
    "\"]; n0 --> n1; click n0 \"x\"",
    "[^1]: x [^1]",
    "x  ",
    "[!WARNING]",
    "://",
    "é ü 漢字 🦀",
];

/// Returns texts out of the alphabet of trouble, the same on every run.
pub fn random(count: usize) -> Vec<String> {
    let alphabet: Vec<char> = "ab |\\`*_[]()<>#+-.!~$&;:/{}\n\r\t\"'=^@0\u{202e}\u{2028}%".chars().collect();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).expect("31 bits")
    };
    (0..count).map(|_| format!("x{}y", (0..next() % 24).map(|_| alphabet[next() % alphabet.len()]).collect::<String>())).collect()
}
