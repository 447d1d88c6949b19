//! A run after a change makes what a run that remembers nothing makes, byte for byte, whatever changed: at random, with a cache that loses
//! parts, is damaged, or is that of another day.
//!
//! `EVENTC_EDITS=200` tries more edits than the tier does, and `EVENTC_SEED` chooses others.

use std::{env, fs};

use serde_json::{Value, json};

use crate::common::{CACHE, Folder};

/// Edits of one test.
const EDITS: u64 = 40;

const EVENTS: &str = "schemas/events/shop";

#[test]
fn random_edits_are_as_a_run_that_remembers_nothing() {
    let number = |variable: &str| env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable} is a number")));
    let mut edits = Edits::new(number("EVENTC_SEED").unwrap_or(1));
    edits.compare("the first run");
    for _ in 0..number("EVENTC_EDITS").unwrap_or(EDITS) {
        let what = edits.edit();
        edits.compare(&what);
    }
    assert!(edits.compared > edits.refused, "most trees are sound: {} of {}", edits.refused, edits.compared);
    assert!(edits.stood > 0, "something is taken over");
}

/// A tree that is edited.
struct Edits {
    folder: Folder,
    random: u64,
    /// A file that was broken, with its text before.
    broken: Option<(String, String)>,
    /// A cache of an earlier run.
    old_cache: Vec<(String, Vec<u8>)>,
    next: u64,
    compared: usize,
    refused: usize,
    stood: usize,
}

impl Edits {
    fn new(seed: u64) -> Self {
        let mut edits = Self {
            folder: Folder::new(&[("eventc.toml", CONFIG)]),
            random: seed,
            broken: None,
            old_cache: Vec::new(),
            next: 0,
            compared: 0,
            refused: 0,
            stood: 0,
        };
        edits.put("_types.v1.json", &shared());
        edits.put("_more.v1.json", &more());
        edits.put("_envelope.v1.json", &envelope());
        for _ in 0..14 {
            edits.add();
        }
        edits
    }

    fn below(&mut self, limit: usize) -> usize {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.random >> 33).unwrap() % limit.max(1)
    }

    fn pick<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }

    fn word(&mut self) -> String {
        self.next += 1;
        format!("{} {}", self.pick(&["A word", "Some *text*", "A `thing` <b>", "Größe", "The last one"]), self.next)
    }

    fn put(&self, path: &str, schema: &Value) {
        self.folder.write(&format!("{EVENTS}/{path}"), format!("{schema:#}\n"));
    }

    fn files(&self) -> Vec<String> {
        self.folder.files(EVENTS).into_iter().map(|(path, _)| path).collect()
    }

    /// Changes a schema, if it can be read.
    fn change(&mut self, path: &str, change: impl FnOnce(&mut Self, &mut Value)) {
        let text = self.folder.read(&format!("{EVENTS}/{path}"));
        if let Ok(mut schema) = serde_json::from_str(&text) {
            change(self, &mut schema);
            self.put(path, &schema);
        }
    }

    fn event(&mut self) -> String {
        let events: Vec<String> = self.files().into_iter().filter(|path| !path.contains('_') || path.contains("step_")).collect();
        events[self.below(events.len())].clone()
    }

    /// Makes one edit and says which.
    fn edit(&mut self) -> String {
        if let Some((path, text)) = self.broken.take() {
            self.folder.write(&path, text);
            return format!("mend {path}");
        }
        match self.below(20) {
            0 => self.add(),
            1 => self.remove(),
            2 => self.rename(),
            3..=5 => self.describe(),
            6..=8 => self.property(),
            9 | 10 => self.shared(),
            11 | 12 => self.metadata(),
            13 => self.configure(),
            14 => self.break_file(),
            15 | 16 => self.damage_cache(),
            17 => self.lose_output(),
            18 => self.patterns(),
            _ => self.again(),
        }
    }

    fn add(&mut self) -> String {
        self.next += 1;
        let (domain, number) = (self.pick(&["orders", "stock", "users"]), self.next);
        // A file may stand below the name of another, and names may fold to one.
        let path = match self.below(6) {
            0 => format!("{domain}/deep/Step_{number}_made.v1.json"),
            1 => format!("{domain}/step_{}_made/under_{number}_made.v1.json", self.below(9)),
            _ => format!("{domain}/step_{number}_made.v1.json"),
        };
        let up = "../".repeat(path.matches('/').count());
        let schema = json!({
            "title": self.word(),
            "description": self.word(),
            "x-event": {"version": "1.0.0", "owner": "platform", "producers": ["core"]},
            "type": "object",
            "required": ["id"],
            "properties": {
                "id": {"$ref": format!("{up}_types.v1.json#/$defs/id")},
                "total": {"description": self.word(), "type": "integer", "minimum": 0},
                "when": {"type": "string", "format": "date-time"},
                "lines": {"type": "array", "items": {"type": "object", "properties": {"price": {"$ref": format!("{up}_types.v1.json#/$defs/money")}}}},
            },
        });
        self.put(&path, &schema);
        format!("add {path}")
    }

    fn remove(&mut self) -> String {
        let path = self.event();
        if self.files().len() > 12 {
            fs::remove_file(self.folder.path(&format!("{EVENTS}/{path}"))).unwrap();
        }
        format!("remove {path}")
    }

    fn rename(&mut self) -> String {
        let path = self.event();
        self.next += 1;
        let to = format!("{}/step_{}_renamed.v1.json", path.rsplit_once('/').unwrap().0, self.next);
        fs::rename(self.folder.path(&format!("{EVENTS}/{path}")), self.folder.path(&format!("{EVENTS}/{to}"))).unwrap();
        format!("rename {path} to {to}")
    }

    fn describe(&mut self) -> String {
        let path = self.event();
        let place = self.pick(&["/description", "/properties/total/description", "/title", "/properties/id/description"]);
        self.change(&path, |edits, schema| {
            let (around, key) = place.rsplit_once('/').unwrap();
            if let Some(around) = schema.pointer_mut(around).and_then(Value::as_object_mut) {
                around.insert(key.to_owned(), edits.word().into());
            }
        });
        format!("describe {path} at {place}")
    }

    fn property(&mut self) -> String {
        let path = self.event();
        let up = "../".repeat(path.matches('/').count());
        let name = self.pick(&["total", "extra", "kind", "more", "lines", "other"]);
        let schema = match self.below(9) {
            0 => json!({"type": "string", "maxLength": 20}),
            1 => json!({"enum": ["one", "two", "three"], "description": self.word()}),
            2 => json!({"$ref": format!("{up}_types.v1.json#/$defs/severity")}),
            3 => json!({"$ref": format!("{up}_more.v1.json#/$defs/tree")}),
            4 => json!({"anyOf": [{"type": "string"}, {"$ref": format!("{up}_types.v1.json#/$defs/money")}]}),
            5 => json!({"type": "object", "x-sensitive": "pii", "properties": {"name": {"type": "string", "title": self.word()}}}),
            6 => json!({"allOf": [{"$ref": format!("{up}_more.v1.json#/$defs/base")}, {"properties": {"own": {"type": "boolean"}}}]}),
            7 => json!({"type": ["number", "null"], "format": "double"}),
            _ => Value::Null,
        };
        self.change(&path, |_, whole| {
            let properties = whole["properties"].as_object_mut().unwrap();
            if schema.is_null() {
                properties.shift_remove(name);
            } else {
                properties.insert(name.to_owned(), schema);
            }
        });
        format!("property {name} of {path}")
    }

    fn shared(&mut self) -> String {
        let path = self.pick(&["_types.v1.json", "_more.v1.json", "_envelope.v1.json"]);
        let choice = self.below(6);
        self.change(path, |edits, schema| {
            let text = edits.word();
            match choice {
                0 => schema["description"] = text.into(),
                1 if path == "_types.v1.json" => schema["$defs"]["money"]["properties"]["amount"]["description"] = text.into(),
                2 if path == "_types.v1.json" => schema["$defs"]["severity"]["enum"] = json!(["low", "high", text]),
                3 if path == "_types.v1.json" => schema["$defs"]["id"]["maxLength"] = json!(40 + edits.next),
                1 if path == "_more.v1.json" => schema["$defs"]["base"]["properties"]["added"] = json!({"type": "string", "title": text}),
                2 if path == "_more.v1.json" => schema["$defs"]["tree"]["title"] = text.into(),
                _ => schema["$defs"][format!("unused_{}", edits.next)] = json!({"type": "object", "title": text}),
            }
        });
        format!("shared {path}, {choice}")
    }

    fn metadata(&mut self) -> String {
        let (path, other) = (self.event(), self.event());
        let topic = format!("shop.{}", other.trim_end_matches(".json").replace('/', "."));
        let choice = self.below(6);
        self.change(&path, |edits, schema| {
            let stated = &mut schema["x-event"];
            match choice {
                0 => stated["producers"] = json!([edits.pick(&["core", "reader"])]),
                1 => stated["reply"] = topic.into(),
                2 => stated["deprecated"] = json!({"since": "2026-01-01", "use": topic}),
                3 => stated["tags"] = json!([edits.word()]),
                4 => stated["topic"] = json!({"partitions": edits.next}),
                _ => stated["owner"] = edits.pick(&["platform", "others"]).into(),
            }
        });
        format!("metadata {choice} of {path}, {other}")
    }

    fn configure(&mut self) -> String {
        let switches = [
            ("tolerance = \"open-enums\"\n", ""),
            ("[targets.model]\n", ""),
            ("[targets.rust]\n", "[targets.rust]\nmovable = true\n"),
            ("[targets.catalog]\n", "[targets.catalog]\nsite = true\n"),
            ("[targets.python]\n", "[targets.python]\nmodels = \"msgspec\"\n"),
            ("description = \"The shop.\"\n", "description = \"Another shop.\"\n"),
            ("core = \"User:core\"\n", "core = \"User:sender\"\n"),
            ("[environments.local.namespaces.shop]\ntopic = { replication = 1 }\n", ""),
            ("[repository]\nview = \"https://code.example/blob\"\n", ""),
            ("topics = \"shop.*\"", "topics = \"shop.orders.*\""),
        ];
        let (on, off) = switches[self.below(switches.len())];
        let text = self.folder.read("eventc.toml");
        let changed = if !off.is_empty() && text.contains(off) {
            text.replace(off, on)
        } else if text.contains(on) {
            text.replace(on, off)
        } else if off.is_empty() && on.starts_with('[') {
            format!("{text}{on}")
        } else {
            text.replace("name = \"shop\"\n", &format!("name = \"shop\"\n{on}"))
        };
        self.folder.write("eventc.toml", changed);
        format!("configure {on:?}, {off:?}")
    }

    fn break_file(&mut self) -> String {
        let path = format!("{EVENTS}/{}", self.event());
        let text = self.folder.read(&path);
        let broken = match self.below(3) {
            0 => text[..text.len() / 2].to_owned(),
            1 => text.replace("\"integer\"", "\"intege\""),
            _ => text.replace("_types.v1.json#", "_types.v2.json#"),
        };
        self.folder.write(&path, broken);
        self.broken = Some((path.clone(), text));
        format!("break {path}")
    }

    /// Deletes, cuts or changes a file of the cache, or brings back that of another day.
    fn damage_cache(&mut self) -> String {
        let files = self.folder.files(CACHE);
        let choice = self.below(6);
        if choice == 0 {
            self.old_cache = files;
            return "keep the cache".to_owned();
        }
        if choice == 1 {
            for (name, bytes) in self.old_cache.clone() {
                self.folder.write(&format!("{CACHE}/{name}"), bytes);
            }
            return "bring the cache of another day back".to_owned();
        }
        let Some((name, mut bytes)) = files.get(self.below(files.len())).cloned() else { return "no cache".to_owned() };
        let path = format!("{CACHE}/{name}");
        let at = self.below(bytes.len());
        match choice {
            2 => fs::remove_dir_all(self.folder.path(CACHE)).unwrap(),
            3 => fs::remove_file(self.folder.path(&path)).unwrap(),
            4 => self.folder.write(&path, &bytes[..at]),
            _ => {
                bytes[at] ^= 4;
                self.folder.write(&path, bytes);
            }
        }
        format!("damage {name} of the cache, {choice}")
    }

    fn lose_output(&mut self) -> String {
        let files = self.folder.files("generated");
        if files.is_empty() {
            return "no output".to_owned();
        }
        let (name, _) = files[self.below(files.len())].clone();
        fs::remove_file(self.folder.path(&format!("generated/{name}"))).unwrap();
        format!("lose {name}")
    }

    fn patterns(&mut self) -> String {
        let path = self.event();
        let pattern = self.pick(&["^(a+)+$", "^[a-z]{2,5}$", "^(?:x|y)*z$", "^\\p{L}+$"]);
        self.change(&path, |_, schema| schema["properties"]["code"] = json!({"type": "string", "pattern": pattern}));
        format!("pattern {pattern} in {path}")
    }

    /// Makes some of it only, so that the next run finds a mixture.
    fn again(&mut self) -> String {
        let line = self.pick(&["generate --target rust", "generate --target python --target catalog", "generate --topic shop.orders.*"]);
        self.folder.run(&line.split(' ').collect::<Vec<_>>());
        line.to_owned()
    }

    /// Holds a run that remembers to one that does not.
    fn compare(&mut self, what: &str) {
        let warm = self.folder.run(&["generate"]);
        let _ = fs::remove_dir_all(self.folder.path("cold"));
        let cold = self.folder.shell("EVENTC_CACHE_DIR= $EVENTC generate --out cold");
        assert_eq!(warm.code, cold.code, "after {what}: {warm:#?} and {cold:#?}");
        self.compared += 1;
        if warm.code != Some(0) {
            self.refused += 1;
            return;
        }
        let told = |text: &str| text.lines().filter(|line| !line.contains(" unchanged, ")).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(told(&warm.err), told(&cold.err), "after {what}");
        self.stood += usize::from(!warm.err.contains(" 0 unchanged, ") && !warm.err.contains(": 0 written"));
        let (mut made, expected) = (self.folder.files("generated"), self.folder.files("cold"));
        // What a target made that eventc.toml no longer names stays.
        made.retain(|(name, _)| self.folder.path("cold").join(name.split('/').next().unwrap()).exists());
        let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&made), names(&expected), "after {what}");
        for ((name, made), (_, expected)) in made.iter().zip(&expected) {
            assert!(made == expected, "{name} after {what}:\n{}", String::from_utf8_lossy(made));
        }
        if self.below(4) == 0 {
            self.folder.run(&["generate", "--check"]).ends(0);
        }
    }
}

const CONFIG: &str = r#"[[namespace]]
name = "shop"
root = "shop/"
topics = ["{namespace}.{domain}.{name+}.v{major}"]
description = "The shop."
tolerance = "open-enums"
envelope = { file = "shop/_envelope.v1.json", payload = "/payload", id = "/id", type = "/type", time = "/time" }

[owners.platform]
description = "The platform team."

[owners.others]
description = "Another team."

[services.core]
description = "Sends everything."
owner = "platform"

[services.reader]
description = "Reads."
consumes = [{ topics = "shop.*", function = "projection", reads = ["/id"] }]

[environments.local.brokers.kafka]
kind = "kafka"
servers = ["localhost:9092"]

[environments.local.principals]
core = "User:core"

[targets.rust]
[targets.typescript]
[targets.python]
[targets.catalog]
[targets.asyncapi]
[targets.model]
"#;

fn shared() -> Value {
    json!({"$defs": {
        "id": {"title": "Identifier", "type": "string", "minLength": 4},
        "money": {"title": "Money", "type": "object", "required": ["amount"], "properties": {
            "amount": {"description": "How much.", "type": "string", "pattern": "^[0-9]+$"},
            "severity": {"$ref": "#/$defs/severity"}}},
        "severity": {"enum": ["low", "high"]},
    }})
}

fn more() -> Value {
    json!({"$defs": {
        "tree": {"title": "Tree", "type": "object", "properties": {
            "left": {"$ref": "#/$defs/tree"},
            "right": {"type": "array", "items": {"$ref": "#/$defs/tree"}},
            "price": {"$ref": "_types.v1.json#/$defs/money"}}},
        "base": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "tree": {"$ref": "#/$defs/tree"}}},
    }})
}

fn envelope() -> Value {
    json!({
        "title": "Envelope",
        "type": "object",
        "required": ["id", "type", "payload"],
        "properties": {"id": {"type": "string"}, "type": {"type": "string"}, "time": {"type": "string"}, "payload": {"type": "object"}},
    })
}
