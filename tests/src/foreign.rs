//! Large trees as public collections of schemas have them, the same on every run: one of many files of very different sizes that refer to
//! each other by path and by URL, and a vocabulary whose files build on each other in chains, with copies in several folders.

use std::{collections::BTreeSet, fs, io, path::Path};

use serde_json::{Map, Value, json};

use crate::random::Random;

/// Files of a collection.
const FILES: usize = 951;

/// The mean size of an object with two levels of others, as text.
const BYTES_OF_A_DEFINITION: usize = 10_000;

/// Files of a vocabulary, each of which stands in every folder.
const TERMS: usize = 1373;

const FOLDERS: [&str; 3] = ["components", "docs/reference", "extensions/latest"];

const WORDS: [&str; 48] = [
    "account", "address", "agent", "archive", "asset", "billing", "branch", "build", "cache", "channel", "client", "code", "context",
    "count", "currency", "customer", "device", "domain", "endpoint", "event", "expiry", "filter", "format", "group", "header", "host",
    "index", "item", "label", "limit", "locale", "media", "message", "network", "offset", "option", "owner", "period", "policy", "price",
    "region", "release", "scope", "service", "status", "target", "version", "zone",
];

/// Writes a collection: draft-07 files of a kilobyte to two megabytes, with definitions that refer to each other and to forty common files.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_collection(folder: &Path) -> io::Result<()> {
    let mut random = Random(951);
    let names: Vec<String> = (0..FILES).map(|index| format!("{}-{}-{index}", random.pick(&WORDS), random.pick(&WORDS))).collect();
    for (index, name) in names.iter().enumerate() {
        let size = size(&mut random);
        let local: Vec<String> = (0..=size / BYTES_OF_A_DEFINITION).map(|index| format!("{}{index}", random.pick(&WORDS))).collect();
        let mut maker = Maker { random: &mut random, local: &local, common: &names[..40], url: "https://json.example.org/" };
        let mut schema = maker.object(1);
        schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
        schema["$id"] = json!(format!("{}{name}.json", maker.url));
        schema["title"] = json!(maker.sentence(4));
        schema["description"] = json!(maker.sentence(12));
        schema["definitions"] = local.iter().map(|name| (name.clone(), maker.object(2))).collect::<Map<_, _>>().into();
        if index % 200 == 7 {
            // A list that only a program writes.
            let codes: Vec<String> = (0..3000).map(|number| format!("{}-{number:06}", maker.random.pick(&WORDS))).collect();
            schema["properties"]["code"] = json!({ "type": "string", "enum": codes });
        }
        put(&folder.join(format!("{name}.json")), &schema)?;
    }
    Ok(())
}

/// Writes a vocabulary: draft-06 files that take in the one before them, in chains of six, each in three folders.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_copies(folder: &Path) -> io::Result<()> {
    const URL: &str = "https://ns.example.com/vocabulary/";
    let mut random = Random(4119);
    let kinds = ["context", "mixins", "datatypes", "behaviors", "classes"];
    let names: Vec<String> =
        (0..TERMS).map(|index| format!("{}/{}-{}-{index}", random.pick(&kinds), random.pick(&WORDS), random.pick(&WORDS))).collect();
    for (index, name) in names.iter().enumerate() {
        let mut maker = Maker { random: &mut random, local: &[], common: &names[index.saturating_sub(30)..index], url: URL };
        let keys: BTreeSet<&str> = (0..3 + maker.random.below(12)).map(|_| *maker.random.pick(&WORDS)).collect();
        let part: Map<String, Value> = keys.into_iter().map(|key| (format!("ns:{key}"), maker.term())).collect();
        let before = (index % 6 != 0).then(|| json!({ "$ref": format!("{URL}{}", names[index - 1]) }));
        let own = json!({ "$ref": "#/definitions/part" });
        let schema = json!({
            "$schema": "http://json-schema.org/draft-06/schema#", "$id": format!("{URL}{name}"), "title": maker.sentence(3), "type": "object",
            "description": maker.sentence(20), "definitions": { "part": { "properties": part } },
            "allOf": std::iter::once(own).chain(before).collect::<Vec<_>>(),
        });
        for copy in FOLDERS {
            put(&folder.join(copy).join(format!("{name}.schema.json")), &schema)?;
        }
    }
    Ok(())
}

/// Returns the bytes that a file shall have, about: most files are small, and few are very large.
fn size(random: &mut Random) -> usize {
    let mut size = 400;
    while size < 2_000_000 && random.chance(73) {
        size += size / 2;
    }
    size
}

fn put(path: &Path, schema: &Value) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, format!("{schema:#}"))
}

/// Makes schemas that refer to definitions of their own file, and to common files.
struct Maker<'a> {
    random: &'a mut Random,
    local: &'a [String],
    common: &'a [String],
    url: &'a str,
}

impl Maker<'_> {
    fn sentence(&mut self, words: usize) -> String {
        (0..words).map(|_| *self.random.pick(&WORDS)).collect::<Vec<_>>().join(" ")
    }

    fn leaf(&mut self) -> Value {
        match self.random.below(8) {
            0 => json!({ "type": "string", "minLength": 1, "maxLength": 10 + self.random.below(490) }),
            1 => {
                let count = 2 + self.random.below(38);
                let values: BTreeSet<String> =
                    (0..count).map(|_| format!("{}-{}", self.random.pick(&WORDS), self.random.pick(&WORDS))).collect();
                json!({ "type": "string", "enum": values })
            }
            2 => json!({ "type": "string", "pattern": format!("^[a-z][a-z0-9_-]{{0,{}}}$", 10 + self.random.below(50)) }),
            3 => json!({ "type": "string", "format": self.random.pick(&["uri", "date-time", "email", "uuid"]) }),
            4 => json!({ "type": "integer", "minimum": 0, "maximum": 10 + self.random.below(1_000_000_000) }),
            5 => json!({ "type": "number" }),
            6 => json!({ "type": "boolean", "default": false }),
            _ => json!({ "type": ["string", "null"] }),
        }
    }

    /// Returns a value of a vocabulary's term: a plain one, or what an earlier file describes.
    fn term(&mut self) -> Value {
        if self.common.is_empty() || self.random.chance(70) {
            self.leaf()
        } else {
            json!({ "$ref": format!("{}{}", self.url, self.random.pick(self.common)) })
        }
    }

    fn reference(&mut self) -> Value {
        let target = if self.random.chance(85) {
            format!("#/definitions/{}", self.random.pick(self.local))
        } else {
            let base = if self.random.chance(50) { self.url } else { "" };
            format!("{base}{}.json", self.random.pick(self.common))
        };
        json!({ "$ref": target })
    }

    fn node(&mut self, depth: usize) -> Value {
        let mut node = match self.random.below(100) {
            0..15 => return self.reference(),
            45..75 if depth > 0 => self.object(depth - 1),
            75..88 if depth > 0 => json!({ "type": "array", "items": self.node(depth - 1), "uniqueItems": true }),
            88.. if depth > 0 => {
                let alternatives: Vec<Value> = (0..2 + self.random.below(3)).map(|_| self.node(depth - 1)).collect();
                json!({ *self.random.pick(&["anyOf", "oneOf"]): alternatives })
            }
            _ => self.leaf(),
        };
        let words = 4 + self.random.below(21);
        node["description"] = json!(self.sentence(words));
        node
    }

    fn object(&mut self, depth: usize) -> Value {
        let count = 2 + self.random.below(8);
        let keys: BTreeSet<String> =
            (0..count).map(|_| format!("{}{}", self.random.pick(&WORDS), self.random.pick(&["", "Id", "Name", "_count"]))).collect();
        let required: Vec<&String> = keys.iter().filter(|_| self.random.chance(30)).collect();
        let mut object = json!({ "type": "object" });
        if !required.is_empty() {
            object["required"] = json!(required);
        }
        if self.random.chance(40) {
            object["additionalProperties"] = json!(false);
        }
        object["properties"] = keys.iter().map(|key| (key.clone(), self.node(depth))).collect::<Map<_, _>>().into();
        object
    }
}
