//! Projects of one shape whose texts, all of them, come from somebody else: the same shape with harmless texts is the twin that
//! hostile ones are compared with.

use eventc_model::syntax::escape_pointer;
use serde_json::{Map, Value, json};

use crate::hostile::NAMES;

/// The slot of a text, which says what the text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Anything: descriptions, titles, comments, metadata.
    Prose,
    /// A property, definition or anything else with an identifier of its own; unique, and never spelled like one.
    Name,
    /// A string among the data; unique.
    Value,
    /// A text that a pattern matches as it is.
    Pattern,
    /// A part of a file's path.
    Path,
}

/// Whoever says the texts.
pub type Say<'a> = dyn FnMut(Slot) -> String + 'a;

/// A project, and what is to be found in what is generated from it.
#[derive(Debug)]
pub struct Project {
    /// The files: pairs of path and text.
    pub files: Vec<(String, String)>,
    /// The events.
    pub events: Vec<FixtureEvent>,
}

/// An event of the project.
#[derive(Debug)]
pub struct FixtureEvent {
    /// The topic.
    pub topic: String,
    /// The facts that runners say are declared of it.
    pub facts: Value,
    /// The description.
    pub description: String,
    /// A document that it accepts.
    pub valid: Value,
    /// Documents that it refuses, for one text that is not what it should be.
    pub invalid: Vec<Value>,
}

/// Makes a project of some events.
pub fn project(count: usize, say: &mut Say<'_>) -> Project {
    let (owner, service, function) = (say(Slot::Name), say(Slot::Name), say(Slot::Name));
    let config = format!(
        "schemas = \"s\"\n[[namespace]]\nname = \"shop\"\nroot = \".\"\ndescription = {}\nconsumer_group = \"{{service}}-{{function}}\"\n\
         [owners.{owner}]\ndescription = {}\ncontact = {}\n[services.{service}]\ndescription = {}\nowner = {owner}\n\
         consumes = [{{ topics = \"*\", function = {function} }}]\n",
        toml(&say(Slot::Prose)),
        toml(&say(Slot::Prose)),
        toml(&say(Slot::Prose)),
        toml(&say(Slot::Prose)),
        owner = toml(&owner),
        service = toml(&service),
        function = toml(&function),
    );
    let mut project = Project { files: vec![("eventc.toml".into(), config)], events: Vec::new() };
    for _ in 0..count {
        let (path, schema, mut event) = event(&owner, say);
        event.facts["consumers"] = json!([[service, function, format!("{service}-{function}"), null]]);
        project.files.push((path, schema.to_string()));
        project.events.push(event);
    }
    project
}

/// Adds an event with every name that means something somewhere: as a property, a definition and an enum's value.
pub fn add_names(project: &mut Project) {
    let all = |value: &dyn Fn(&str) -> Value| Value::Object(NAMES.iter().map(|name| ((*name).to_owned(), value(name))).collect());
    let reference = |name: &str| json!({"$ref": format!("#/$defs/{}", escape_pointer(name).replace('%', "%25"))});
    let object = |properties: Value, required: &[&str]| json!({"type": "object", "properties": properties, "required": required});
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": ["required"],
        "properties": {
            "required": object(all(&|_| json!({"type": "integer"})), NAMES),
            "optional": object(all(&|name| json!({"type": ["string", "null"], "default": name})), &[]),
            "defined": object(all(&reference), &[]),
            "any of them": {"enum": NAMES},
        },
        "$defs": all(&|name| json!({"type": "object", "properties": {name: {"type": "boolean"}}})),
    });
    let valid = json!({"required": all(&|_| json!(1)), "optional": all(&|name| json!(name)), "defined": all(&|name| json!({name: true})),
        "any of them": NAMES[NAMES.len() - 1]});
    let invalid = NAMES.iter().flat_map(|name| {
        let name = escape_pointer(name);
        let places =
            [format!("/required/{name}"), format!("/optional/{name}"), format!("/defined/{name}"), format!("/defined/{name}/{name}")];
        places.map(|place| replaced(&valid, &place, json!([])))
    });
    let consumers = project.events[0].facts["consumers"].clone();
    let facts = json!({"name": "names.all", "owner": null, "key": null, "reply": null, "producers": [], "consumers": consumers,
        "dead_letter": null, "deprecated": null});
    project.files.push(("s/names/all.json".into(), schema.to_string()));
    project.events.push(FixtureEvent { topic: "names.all".into(), facts, description: String::new(), invalid: invalid.collect(), valid });
}

/// Returns a basic string of TOML 1.0.
fn toml(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// Returns a pattern that matches a text as it is, and nothing else (ECMA-262, section 22.2.1: `SyntaxCharacter`, with flag `u`).
fn pattern(text: &str) -> String {
    let escaped = text.chars().map(|c| if "^$\\.*+?()[]{}|/".contains(c) { format!("\\{c}") } else { c.to_string() });
    format!("^{}$", escaped.collect::<String>())
}

fn event(owner: &str, say: &mut Say<'_>) -> (String, Value, FixtureEvent) {
    let path = [say(Slot::Path), say(Slot::Path)];
    let (producer, successor, reply, letters) = (say(Slot::Prose), say(Slot::Prose), say(Slot::Prose), say(Slot::Prose));
    let description = say(Slot::Prose);
    let (properties, valid, wrong) = properties(say);
    let names: Vec<&String> = properties.keys().collect();
    let key = format!("/{}", escape_pointer(names[0]));
    let invalid = wrong.into_iter().map(|(pointer, value)| replaced(&valid, &pointer, value)).collect();
    let topic = path.join(".");
    let tag = say(Slot::Prose);
    let facts = json!({"name": topic, "owner": owner, "key": key, "reply": reply, "producers": [producer], "tags": [tag],
        "dead_letter": [letters, 1, [], null], "deprecated": ["2026-01-01", null, successor]});
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": say(Slot::Prose),
        "description": description,
        "$comment": say(Slot::Prose),
        "x-event": {
            "version": "1.0.0",
            "owner": owner,
            "producers": [producer],
            "key": key,
            "reply": reply,
            "topic": {"dead_letter": {"topic": letters, "retries": 1}},
            "deprecated": {"since": "2026-01-01", "use": successor},
            "tags": [tag],
        },
        "type": "object",
        "required": names,
        "properties": properties,
        "$defs": {say(Slot::Name): {"title": say(Slot::Prose), "description": say(Slot::Prose), "enum": [say(Slot::Value), say(Slot::Value)]}},
        "examples": [valid],
    });
    let event = FixtureEvent { topic, facts, description, valid, invalid };
    (format!("s/{}.json", path.join("/")), schema, event)
}

/// Wrong values by their place in a document.
type Wrong = Vec<(String, Value)>;

/// Returns properties with every place that a text can have below them, a document, and where it can be made wrong.
fn properties(say: &mut Say<'_>) -> (Map<String, Value>, Value, Wrong) {
    let (mut schemas, mut document, mut wrong) = (Map::new(), Map::new(), Vec::new());
    for make in [text, choice, constant, matched, tagged, tuple, map, object, mixed, nullable] {
        let (name, made) = (say(Slot::Name), make(say));
        let pointer = format!("/{}", escape_pointer(&name));
        wrong.extend(made.wrong.into_iter().map(|(at, value)| (format!("{pointer}{at}"), value)));
        document.insert(name.clone(), made.value);
        schemas.insert(name, made.schema);
    }
    (schemas, Value::Object(document), wrong)
}

/// A schema, a value that it accepts, and wrong values by their place in that.
struct Made {
    schema: Value,
    value: Value,
    wrong: Wrong,
}

fn other(text: &str) -> Value {
    Value::from(format!("{text}!"))
}

fn text(say: &mut Say<'_>) -> Made {
    let value = say(Slot::Value);
    let schema = json!({"type": "string", "title": say(Slot::Prose), "description": say(Slot::Prose), "$comment": say(Slot::Prose),
        "default": say(Slot::Value), "examples": [say(Slot::Value)], "deprecated": true});
    Made { schema, value: value.into(), wrong: vec![(String::new(), json!(7))] }
}

fn choice(say: &mut Say<'_>) -> Made {
    let values = [say(Slot::Value), say(Slot::Value), say(Slot::Value)];
    let schema = json!({"enum": values, "description": say(Slot::Prose), "default": values[2]});
    Made { schema, wrong: vec![(String::new(), other(&values[0]))], value: values[1].clone().into() }
}

fn constant(say: &mut Say<'_>) -> Made {
    let value = say(Slot::Value);
    Made { schema: json!({"const": value}), wrong: vec![(String::new(), other(&value))], value: value.into() }
}

fn matched(say: &mut Say<'_>) -> Made {
    let value = say(Slot::Pattern);
    let schema = json!({"type": "string", "pattern": pattern(&value)});
    Made { schema, wrong: vec![(String::new(), other(&value))], value: value.into() }
}

fn tagged(say: &mut Say<'_>) -> Made {
    let (tag, field, values) = (say(Slot::Name), say(Slot::Name), [say(Slot::Value), say(Slot::Value)]);
    let branches = values.each_ref().map(|value| {
        json!({"title": say(Slot::Prose), "type": "object", "properties": {&tag: {"const": value}, &field: {"type": "integer"}}, "required": [&tag]})
    });
    let wrong = vec![(format!("/{}", escape_pointer(&tag)), other(&values[1])), (format!("/{}", escape_pointer(&field)), json!("x"))];
    Made { schema: json!({"oneOf": branches}), wrong, value: json!({tag: values[1], field: 7}) }
}

fn tuple(say: &mut Say<'_>) -> Made {
    let values = [say(Slot::Value), say(Slot::Value), say(Slot::Value)];
    let schema = json!({"type": "array", "minItems": 2, "prefixItems": [{"const": values[0]}, {"enum": [values[1], 1, null, values[2]]}], "items": false});
    Made { schema, wrong: vec![("/0".into(), other(&values[0])), ("/1".into(), other(&values[1]))], value: json!([values[0], values[2]]) }
}

fn map(say: &mut Say<'_>) -> Made {
    let key = say(Slot::Pattern);
    let schema = json!({"type": "object", "patternProperties": {pattern(&key): {"type": "integer"}}, "additionalProperties": false});
    Made { schema, wrong: vec![(String::new(), json!({format!("{key}!"): 1}))], value: json!({key: 1}) }
}

fn object(say: &mut Say<'_>) -> Made {
    let (one, two) = (say(Slot::Name), say(Slot::Name));
    let schema = json!({"type": "object", "title": say(Slot::Prose), "description": say(Slot::Prose), "additionalProperties": false,
        "properties": {&one: {"type": "boolean", "description": say(Slot::Prose)}, &two: {"type": ["integer", "string"]}},
        "dependentRequired": {&one: [&two]}});
    let wrong = vec![(String::new(), json!({&one: true})), (format!("/{}", escape_pointer(&two)), json!([]))];
    Made { schema, wrong, value: json!({one: true, two: 1}) }
}

fn mixed(say: &mut Say<'_>) -> Made {
    let (name, values) = (say(Slot::Name), [say(Slot::Value), say(Slot::Value)]);
    let value = json!({name: [values[0]]});
    Made { schema: json!({"enum": [value, [values[1]], 3]}), wrong: vec![(String::new(), json!([values[0]]))], value }
}

fn nullable(say: &mut Say<'_>) -> Made {
    let schema = json!({"type": ["string", "null"], "x-sensitive": "pii", "description": say(Slot::Prose)});
    Made { schema, value: say(Slot::Value).into(), wrong: vec![(String::new(), json!(1))] }
}

fn replaced(document: &Value, pointer: &str, value: Value) -> Value {
    let mut document = document.clone();
    if let Some(place) = document.pointer_mut(pointer) {
        *place = value;
    }
    document
}
