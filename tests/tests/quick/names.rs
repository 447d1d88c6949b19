//! Names are stable: what is added somewhere renames nothing elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use eventc_codegen::project::{Findings, Project, Selection};
use eventc_tests::{random::Random, runners::targets};
use serde_json::{Map, Value, json};

const WORDS: &[&str] =
    &["order", "order line", "line", "price", "unit-price", "unit", "kind", "user_id", "userId", "@type", "2nd", "größe"];

/// A schema with objects, unions, enums and references to definitions of its file. Two schemas of one title in one file cannot both be
/// called by it, so what is added has none.
fn schema(random: &mut Random, depth: usize, titled: bool) -> Value {
    let mut schema = match random.below(if depth == 0 { 3 } else { 9 }) {
        0 => json!({"type": "string"}),
        1 => json!({"enum": [random.pick(WORDS), "x", random.below(9)]}),
        2 => json!({"$ref": format!("#/$defs/{}", if random.chance(50) { "line" } else { "price" })}),
        3 => json!({"type": "array", "items": schema(random, depth - 1, titled)}),
        4 => json!({"oneOf": [object(random, depth - 1, titled), object(random, depth - 1, titled), {"type": "null"}]}),
        5 => json!({"allOf": [object(random, depth - 1, titled), object(random, depth - 1, titled)]}),
        _ => object(random, depth - 1, titled),
    };
    if titled && random.chance(10) {
        schema["title"] = json!(random.pick(WORDS));
    }
    schema
}

fn object(random: &mut Random, depth: usize, titled: bool) -> Value {
    let properties: Map<String, Value> =
        (0..=random.below(3)).map(|_| ((*random.pick(WORDS)).to_owned(), schema(random, depth, titled))).collect();
    let required: Vec<&String> = properties.keys().take(random.below(3)).collect();
    json!({"type": "object", "required": required, "properties": properties})
}

fn file(random: &mut Random) -> Value {
    let mut file = object(random, 4, true);
    file["$defs"] = json!({"line": object(random, 2, true), "price": schema(random, 0, true), "order line": object(random, 1, true)});
    if file["$defs"]["price"].get("$ref").is_some() {
        file["$defs"]["price"] = json!({"type": "number"});
    }
    file
}

/// The names of the types of each schema, by its file and pointer: one that is a part of several has as many.
fn names(files: &[(String, Value)]) -> BTreeMap<(String, String), BTreeSet<String>> {
    let texts: Vec<(&str, String)> = files.iter().map(|(path, schema)| (path.as_str(), schema.to_string())).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let project = Project::from_texts(&texts).expect("no configuration is wrong");
    let schemas = &project.catalog.schemas;
    let mut names: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for (_, ty) in project.types.iter() {
        let node = schemas.node(ty.node);
        let module = project.types.module(ty.module).path.join("::");
        names.entry((schemas.file(node.file).path.clone(), schemas.pointer(ty.node))).or_default().insert(format!("{module}::{}", ty.name));
    }
    names
}

fn files(random: &mut Random) -> Vec<(String, Value)> {
    ["order/created.json", "order/line.json", "price/changed.v2.json"].map(|path| (path.to_owned(), file(random))).into()
}

/// Pointers of the objects that have properties.
fn objects(value: &Value, pointer: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if members.get("properties").is_some_and(Value::is_object) && members.contains_key("type") {
                out.push(format!("{pointer}/properties"));
            }
            for (key, value) in members {
                objects(value, &format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                objects(item, &format!("{pointer}/{index}"), out);
            }
        }
        _ => {}
    }
}

fn renamed(before: &[(String, Value)], after: &[(String, Value)]) -> Vec<String> {
    let (before, after) = (names(before), names(after));
    let changed = before.iter().filter(|(place, names)| after.get(*place).is_some_and(|now| !now.is_superset(names)));
    changed.map(|(place, names)| format!("{place:?}: {names:?} became {:?}", after[place])).collect()
}

#[test]
fn another_file_renames_no_type() {
    for seed in 0..200 {
        let mut random = Random(seed);
        let before = files(&mut random);
        let mut after = before.clone();
        let path =
            format!("{}/{}.json", random.pick(&["order", "aaa", "price", "zzz"]), random.pick(&["aaa", "zzz", "created line", "line_2"]));
        after.insert(random.below(3), (path, file(&mut random)));
        assert_eq!(renamed(&before, &after), Vec::<String>::new(), "seed {seed}");
    }
}

#[test]
fn another_property_renames_no_type() {
    let mut wrong = Vec::new();
    for seed in 0..200 {
        let mut random = Random(seed);
        let before = files(&mut random);
        let mut after = before.clone();
        let mut places = Vec::new();
        let at = random.below(after.len());
        objects(&after[at].1, "", &mut places);
        let place = random.pick(&places).clone();
        let added = schema(&mut random, 3, false);
        if let Some(Value::Object(properties)) = after[at].1.pointer_mut(&place) {
            properties.insert("added".into(), added);
        }
        wrong.extend(renamed(&before, &after).into_iter().map(|line| format!("seed {seed}, {place}: {line}")));
    }
    assert!(wrong.is_empty(), "{} of 200\n{}", wrong.len(), wrong.join("\n"));
}

/// Whatever a file holds, its root has a type in every language: called by its path where nothing else names it.
#[test]
fn every_root_has_a_type() {
    let files = [
        ("order/object.json", r#"{"type": "object"}"#, "OrderObject"),
        ("order/text.json", r#"{"type": ["string", "null"]}"#, "OrderText"),
        ("order/words.json", r#"{"enum": ["a", "b"]}"#, "OrderWords"),
        ("order/list.json", r#"{"type": "array", "items": {"type": "object", "properties": {"a": {}}}}"#, "OrderList"),
        ("order/either.json", r#"{"oneOf": [{"type": "string"}, {"type": "object", "properties": {"a": {}}}]}"#, "OrderEither"),
        ("order/again.json", r#"{"$ref": "object.json"}"#, "OrderAgain"),
        ("order/definitions.json", r##"{"$defs": {"a": {"type": "string"}}}"##, "OrderDefinitions"),
        ("order/anything.json", "true", "OrderAnything"),
        ("order/nothing.json", "false", "OrderNothing"),
        ("order/empty.json", "{}", "OrderEmpty"),
    ];
    let texts: Vec<(&str, &str)> = files.iter().map(|(path, text, _)| (*path, *text)).collect();
    let project = Project::from_texts(&texts).expect("a project");
    for models in ["pydantic", "msgspec"] {
        let config = format!("[targets.python]\nmodels = {models:?}\n");
        let below = |path: &str| format!("schemas/events/{path}");
        let owned: Vec<(String, &str)> = texts.iter().map(|(path, text)| (below(path), *text)).collect();
        let with_config: Vec<(&str, &str)> =
            owned.iter().map(|(path, text)| (path.as_str(), *text)).chain([("eventc.toml", config.as_str())]).collect();
        roots(&Project::from_texts(&with_config).expect("a project"), &["python".to_owned()], &files);
    }
    roots(&project, &targets(), &files);
}

/// Panics unless the code of each target declares the root type of each file.
fn roots(project: &Project, targets: &[String], files: &[(&str, &str, &str)]) {
    let selection = Selection { targets: targets.to_vec(), topics: Vec::new() };
    let generated = project.generate(&selection, &Findings::default()).expect("files");
    assert_eq!(generated.targets.len(), targets.len());
    for target in &generated.targets {
        let declares = |line: &str, name: &str| {
            let line = line.trim_start_matches("pub ").trim_start_matches("export ");
            let named = |rest: &str| rest.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()));
            let words = ["struct ", "enum ", "type ", "interface ", "class ", "    ", ""];
            words.iter().any(|word| line.strip_prefix(word).is_some_and(named))
        };
        for (path, _, name) in files {
            let found = target.files.iter().any(|file| file.text.lines().any(|line| declares(line, name)));
            assert!(found, "{}: {path} has no type {name}", target.name);
        }
    }
}
