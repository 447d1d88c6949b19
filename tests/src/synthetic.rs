//! Synthetic schema trees: like real ones in shape and size, of any number of events, the same on every run.

use std::{fs, io, path::Path};

use serde_json::{Value, json};

const DOMAINS: [&str; 10] = ["orders", "billing", "catalog", "shipping", "users", "search", "stock", "fraud", "support", "media"];
const ENTITIES: [&str; 8] = ["order", "invoice", "product", "parcel", "account", "query", "item", "case"];
const FIELDS: [&str; 16] = [
    "customer",
    "amount",
    "reason",
    "region",
    "channel",
    "warehouse",
    "quantity",
    "reference",
    "comment",
    "carrier",
    "score",
    "attempt",
    "weight",
    "locale",
    "device",
    "campaign",
];

/// Returns a tree of `count` events with an envelope, shared definitions, an `eventc.toml`, owners and services.
///
/// # Errors
/// Where a file cannot be written.
pub fn write(count: usize, folder: &Path) -> io::Result<()> {
    let root = folder.join("schemas/events/shop");
    put(&root.join("_types.v1.json"), &shared())?;
    put(&root.join("_envelope.v1.json"), &envelope())?;
    for index in 0..count {
        let (domain, entity) = place(index);
        put(&root.join(format!("{domain}/{entity}/{}.v1.json", action(index))), &event(index))?;
    }
    fs::write(folder.join("eventc.toml"), config())
}

/// Returns the same events in one folder, each file with its own copy of the shared definitions: what every peer can read.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_flat(count: usize, folder: &Path) -> io::Result<()> {
    let definitions = shared()["$defs"].take();
    for index in 0..count {
        let (domain, entity) = place(index);
        let text = event(index).to_string().replace("../../_types.v1.json#/$defs/", "#/$defs/");
        let mut schema: Value = serde_json::from_str(&text)?;
        schema["$defs"] = definitions.clone();
        put(&folder.join(format!("{domain}_{entity}_{}.json", action(index))), &schema)?;
    }
    Ok(())
}

fn put(path: &Path, schema: &Value) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, format!("{schema:#}\n"))
}

fn place(index: usize) -> (&'static str, &'static str) {
    (DOMAINS[index % DOMAINS.len()], ENTITIES[index / DOMAINS.len() % ENTITIES.len()])
}

fn action(index: usize) -> String {
    format!("step_{index}_completed")
}

fn shared() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": {
            "id": {"title": "Identifier", "description": "Identifier of a thing.", "type": "string", "format": "uuid", "minLength": 36},
            "money": {"title": "Money", "description": "An amount in a currency.", "type": "object", "required": ["amount", "currency"], "properties": {
                "amount": {"description": "The amount, as a decimal.", "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]{1,4})?$"},
                "currency": {"description": "ISO 4217 code.", "type": "string", "pattern": "^[A-Z]{3}$"}}},
            "severity": {"title": "Severity", "description": "How bad it is.", "enum": ["low", "medium", "high"]},
            "labels": {"title": "Labels", "description": "Free labels.", "type": "object", "additionalProperties": {"type": "string"}},
        }
    })
}

fn envelope() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Shop envelope",
        "description": "What all events of the shop have in common.",
        "x-event": {"version": "1.0.0", "owner": "platform"},
        "type": "object",
        "required": ["id", "type", "time", "payload"],
        "properties": {
            "id": {"description": "Identifier of the event.", "type": "string", "format": "uuid"},
            "type": {"description": "The topic.", "type": "string"},
            "time": {"description": "When it happened.", "type": "string", "format": "date-time"},
            "payload": {"description": "The event's own data.", "type": "object"},
        },
        "examples": [{"id": "0d3b3a52-9a71-4c38-9f5c-6b4f7a0c2f11", "type": "shop.orders.order.step_0_completed.v1", "time": "2025-03-01T10:00:00Z", "payload": event(0)["examples"][0]}],
    })
}

/// Returns an event of 8 to 23 properties: scalars with bounds, enums, shared definitions, a nested object and a list of objects.
fn event(index: usize) -> Value {
    let (domain, entity) = place(index);
    let mut properties = serde_json::Map::new();
    let mut example = serde_json::Map::new();
    properties.insert("id".into(), json!({"description": "Identifier of the subject.", "$ref": "../../_types.v1.json#/$defs/id"}));
    example.insert("id".into(), json!("0d3b3a52-9a71-4c38-9f5c-6b4f7a0c2f11"));
    for at in 0..6 + index % 16 {
        let name = FIELDS[(index + at) % FIELDS.len()];
        let (schema, value) = field(index + at, name);
        properties.insert(name.into(), schema);
        example.insert(name.into(), value);
    }
    properties.insert(
        "lines".into(),
        json!({"description": "The lines concerned.", "type": "array", "maxItems": 500, "items": {
            "title": format!("{entity} line {index}"), "type": "object", "required": ["sku", "count"], "properties": {
                "sku": {"description": "Stock-keeping unit.", "type": "string", "pattern": "^[A-Z0-9-]{4,20}$"},
                "count": {"description": "How many.", "type": "integer", "minimum": 1},
                "price": {"description": "Price of one.", "$ref": "../../_types.v1.json#/$defs/money"}}}}),
    );
    example.insert("lines".into(), json!([{"sku": "AB-1234", "count": 2, "price": {"amount": "12.50", "currency": "EUR"}}]));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("{domain} {entity} step {index} completed"),
        "description": format!("Step {index} of a {entity} in {domain} is complete."),
        "x-event": {"version": "1.0.0", "owner": "platform", "producers": ["shop-core"], "key": "/id", "tags": [domain]},
        "type": "object",
        "required": ["id", FIELDS[index % FIELDS.len()]],
        "properties": properties,
        "examples": [example.clone(), example],
    })
}

fn field(seed: usize, name: &str) -> (Value, Value) {
    let description = format!("The {name} that the step concerns.");
    match seed % 7 {
        0 => (json!({"description": description, "type": "string", "minLength": 1, "maxLength": 200}), json!("north")),
        1 => (json!({"description": description, "type": "integer", "minimum": 0}), json!(3)),
        2 => (json!({"description": description, "type": "number", "minimum": 0, "maximum": 1}), json!(0.5)),
        3 => (json!({"description": description, "enum": ["web", "store", "phone", "partner"]}), json!("web")),
        4 => (json!({"description": description, "$ref": "../../_types.v1.json#/$defs/severity"}), json!("low")),
        5 => {
            (json!({"description": description, "$ref": "../../_types.v1.json#/$defs/money"}), json!({"amount": "3.20", "currency": "USD"}))
        }
        _ => (
            json!({"description": description, "type": "object", "properties": {
                "since": {"description": "From when.", "type": "string", "format": "date-time"},
                "labels": {"description": "Labels.", "$ref": "../../_types.v1.json#/$defs/labels"}}}),
            json!({"since": "2025-03-01T10:00:00Z", "labels": {"a": "b"}}),
        ),
    }
}

fn config() -> String {
    "[[namespace]]
name = \"shop\"
root = \"shop/\"
topics = [\"{namespace}.{domain}.{entity}.{action:*ed}.v{major}\"]
path_case = \"snake\"
property_case = \"snake\"
tolerance = \"open-enums\"
envelope = { file = \"shop/_envelope.v1.json\", payload = \"/payload\", id = \"/id\", type = \"/type\", time = \"/time\" }

[owners.platform]
description = \"The platform team.\"

[services.shop-core]
description = \"Sends everything.\"
owner = \"platform\"

[services.shop-reader]
description = \"Reads everything.\"
owner = \"platform\"
consumes = [{ topics = \"shop.*\", function = \"projection\" }]

[targets.rust]
[targets.typescript]
[targets.python]
[targets.catalog]
[targets.model]
"
    .to_owned()
}
