//! Which files of a tree are schemas, told from other JSON and YAML by what they say.

use eventc_model::{
    catalog::Catalog,
    config::Config,
    source::{Limits, Tree},
};

/// Files, and whether each is a schema.
const FILES: &[(&str, &str, bool)] = &[
    // A published dialect, whatever else there is.
    ("a.json", r#"{"$schema": "https://json-schema.org/draft/2020-12/schema"}"#, true),
    ("a.json", r#"{"$schema": "http://json-schema.org/draft-04/schema#", "foo": 1}"#, true),
    ("a.json", r#"{"$schema": "http://json-schema.org/draft-03/schema#", "type": "any"}"#, true),
    ("a.json", r#"{"$schema": "http://json-schema.org/schema#", "name": "x"}"#, true),
    ("package.json", r#"{"$schema": "http://json-schema.org/draft-07/schema#", "title": "Package"}"#, true),
    ("examples/a.json", r#"{"$schema": "http://json-schema.org/draft-07/schema#"}"#, true),
    // Keywords that hold schemas, beside words of anybody's own.
    ("a.json", r#"{"properties": {"id": {"type": "string"}}}"#, true),
    ("a.json", r#"{"owner": "me", "topic": "x", "properties": {"id": {"type": "string"}}}"#, true),
    ("a.yaml", "owner: me\nproperties:\n  id: {type: string}\n", true),
    ("a.yml", "definitions:\n  id:\n    enum: [a, b]\nname: ids\n", true),
    ("a.json", r##"{"$defs": {"a": {"$ref": "#/$defs/b"}}, "foo": 1}"##, true),
    ("a.json", r#"{"allOf": [{"$ref": "b.json"}], "foo": 1}"#, true),
    ("a.json", r#"{"oneOf": [{"type": "null"}, {"properties": {"a": {"type": "null"}}}], "foo": 1}"#, true),
    ("a.json", r#"{"type": "array", "items": {"type": "string"}, "foo": 1}"#, true),
    ("a.json", r#"{"self": {"vendor": "x", "version": "1-0-0"}, "type": "object", "properties": {"a": {"type": "string"}}}"#, true),
    ("a.json", r#"{"$schema": "https://schemas.example.org/meta.json", "properties": {"a": {"type": "string"}}}"#, true),
    ("a.json", r#"{"type": "object", "properties": {"a": {"type": "strnig"}, "b": {"type": "string"}}, "foo": 1}"#, true),
    ("a.example.json", r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#, true),
    ("a.json", r#"{"x-event": {"owner": "me"}, "foo": 1}"#, true),
    // Keywords alone.
    ("a.json", r#"{"title": "Place", "type": "string"}"#, true),
    ("a.json", r#"{"type": ["string", "null"]}"#, true),
    ("a.json", r#"{"type": "object", "description": "Anything."}"#, true),
    ("a.json", r#"{"enum": ["a", "b"]}"#, true),
    ("a.json", r#"{"const": 3}"#, true),
    ("a.json", r#"{"minimum": 3}"#, true),
    ("a.json", r#"{"$ref": "b.json"}"#, true),
    ("a.json", r#"{"$id": "https://example.org/a"}"#, true),
    ("a.json", r#"{"required": ["a"], "x-team": "me"}"#, true),
    ("a.json", r#"{"type": "int"}"#, true),
    ("a.json", r#"{"type": "strnig", "maxLength": 3}"#, true),
    ("a.json", r#"{"type": "object", "properties": {}}"#, true),
    ("a.json", r#"{"$schema": "https://schemas.example.org/meta.json"}"#, true),
    ("a.json", "{}", true),
    ("a.json", "true", true),
    ("a.json", "{// how much\n\"type\": \"number\",}", true),
    ("a.jsonc", "{/* how much */\"type\": \"number\"}", true),
    ("a.json", r#"{"title": "Broken", "type": "object", "properties": {"a": {"type": "#, true),
    ("a.yaml", "title: Broken\ntype: object\nproperties:\n  a: [\n", true),
    ("a.json", r#"{"title": "Broken", "type":"#, true),
    ("a.json", r#"{"title": "Broken" type: "object"}"#, true),
    ("a.json", r#"{title: 'Broken', 'properties': {}}"#, true),
    ("a.yaml", "title: Broken\n\ttype: object\n", true),
    ("a.avsc", r#"{"type": "record", "name": "A", "fields": []}"#, true),
    ("a.avsc", "// Of nobody.\n{\"type\": \"record\", \"name\": \"A\", \"fields\": [],}", true),
    ("a.avsc", "record A {}", true),
    ("A.JSON", r#"{"type": "string"}"#, true),
    ("A.Yaml", "type: string\n", true),
    // Documents that schemas describe.
    ("a.json", r#"{"id": "a", "type": "image/png", "items": 3}"#, false),
    ("a.json", r#"{"id": "a", "type": "order", "title": "An order"}"#, false),
    ("a.json", r#"{"type": "order.created", "data": {"properties": {"a": 1}}}"#, false),
    ("a.json", r#"{"specversion": "1.0", "id": "1", "type": "com.example.a", "source": "/a", "data": {"type": "string"}}"#, false),
    ("a.json", r#"{"$schema": "/order/created/1.0.0", "id": "1", "properties": {"colour": "red"}}"#, false),
    ("a.json", r#"{"type": "Feature", "properties": {"name": "x"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}"#, false),
    ("a.json", r#"{"type": "object", "payload": {"a": 1}}"#, false),
    ("a.example.json", r#"{"type": "string", "title": "x"}"#, false),
    ("examples/a.json", r#"{"type": "string", "title": "x"}"#, false),
    ("samples/a.yaml", "type: string\ntitle: x\n", false),
    ("a.json", r#"{"required": [{"name": "a"}], "enum": "x"}"#, false),
    ("a.json", r#"{"items": 3, "properties": [1], "minimum": "x"}"#, false),
    // What tools and people keep beside schemas.
    ("package.json", r#"{"name": "x", "version": "1.0.0", "private": true}"#, false),
    ("package.json", r#"{"name": "x", "version": "1.0.0", "type": "object"}"#, false),
    ("sample.job.json", r#"{"$schema": "http://json-schema.org/draft-04/schema#", "type": "Full-time", "company": "x"}"#, false),
    ("sample.job.json", r#"{"$schema": "http://json-schema.org/draft-04/schema#", "properties": {"a": {"type": "null"}}, "x": 1}"#, true),
    // Words that tell a dialect of schemas tell nothing of what is none.
    ("package.json", r#"{"name": "x", "dependencies": {"ajv": "8.0.0"}, "type": "module"}"#, false),
    ("lib/package.json", r#"{"dependencies": {"ajv": "8.0.0"}}"#, false),
    ("composer.json", r#"{"dependencies": {"x/y": "^1"}, "required": true}"#, false),
    ("a.json", r#"{"dependencies": {"ajv": "8.0.0"}, "engine": 3}"#, false),
    ("a.json", r#"{"id": "a", "definitions": {"color": "red"}, "engine": 3}"#, false),
    ("a.json", r#"{"extends": "b", "items": ["a", "b"]}"#, false),
    (
        "sub/tsconfig.json",
        r#"{"$schema": "https://json.schemastore.org/tsconfig", "compilerOptions": {"strict": true}, "items": {}}"#,
        false,
    ),
    ("renovate.json", r#"{"$schema": "https://docs.renovatebot.com/renovate-schema.json", "extends": ["config:base"]}"#, false),
    ("api.json", r#"{"swagger": "2.0", "info": {"title": "x"}, "definitions": {"a": {"type": "string"}}}"#, false),
    ("api.yaml", "openapi: 3.1.0\ninfo: {title: x}\ncomponents: {schemas: {a: {type: string}}}\n", false),
    ("asyncapi.yaml", "asyncapi: 3.0.0\nid: urn:x\ninfo: {title: x}\n", false),
    ("compose.yaml", "services:\n  db: {image: postgres}\n", false),
    ("deploy.yaml", "apiVersion: v1\nkind: Service\nspec: {type: ClusterIP}\n---\nkind: Other\n", false),
    ("context.json", r#"{"@context": {"name": "https://schema.org/name"}}"#, false),
    ("list.json", r#"["a", "b"]"#, false),
    ("list.json", r#"[{"type": "string"}]"#, false),
    ("number.json", "3", false),
    ("text.json", r#""type""#, false),
    ("null.yaml", "~\n", false),
    ("empty.json", "", false),
    ("empty.yaml", "", false),
    ("a.invalid.json", r#"{"id": 3,}"#, false),
    ("broken.json", r#"{"id": 3, "name": "#, false),
    ("broken.json", "not JSON at all", false),
    ("broken.json", r#"{"id": 3, "type": "order", "name": "#, false),
    ("a.invalid.json", r#"{"type": "object", "#, false),
    ("broken.yaml", "id: [3\nname: x\n", false),
];

#[test]
fn a_schema_is_told_from_other_json() {
    assert!(FILES.len() >= 60);
    for (path, text, is_schema) in FILES {
        let catalog = Catalog::build(Tree::from_texts([(*path, *text)], &Limits::default()), Config::without_conventions());
        let found = (catalog.contracts.len(), catalog.schemas.passed.count);
        assert_eq!(found, if *is_schema { (1, 0) } else { (0, 1) }, "{path}: {text}");
        let told: Vec<_> = catalog.diagnostics.iter().map(|diagnostic| diagnostic.rule.name).collect();
        assert!(*is_schema || told == ["not-a-schema"], "{path}: {text}: {told:?}");
    }
}

#[test]
fn other_files_are_told_once() {
    let files = [("b.json", "[]"), ("a/x.yaml", "a: 1"), ("c.json", r#"{"type": "object"}"#), ("d.txt", "")];
    let catalog = Catalog::build(Tree::from_texts(files, &Limits::default()), Config::without_conventions());
    let told: Vec<_> = catalog.diagnostics.iter().map(|found| format!("{}: {}", found.place, found.message)).collect();
    assert_eq!(told, ["a/x.yaml:1:1: 2 files passed over (a/x.yaml and 1 more): no JSON Schema"]);
}

#[test]
fn a_file_holds_schemas_where_references_say_so() {
    let files = [
        ("a.json", r##"{"type": "object", "properties": {"m": {"$ref": "types.yaml#/Money"}, "x": {"$ref": "types.yaml#/nowhere"}}}"##),
        ("types.yaml", "Money: {type: integer}\nPlace: {$ref: '#/Name'}\nName: {type: string}\n"),
    ];
    let catalog = Catalog::build(Tree::from_texts(files, &Limits::default()), Config::without_conventions());
    assert_eq!((catalog.contracts.len(), catalog.schemas.passed.count), (1, 0));
    let told: Vec<_> = catalog.diagnostics.iter().map(|found| (found.rule.name, found.place.to_string())).collect();
    assert_eq!(told, [("unresolved-ref", "a.json:1:85".to_owned())]);
}
