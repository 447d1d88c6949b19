//! Data contracts: three versions each of two specifications, in draft 7 and in 2019-09 with `unevaluatedProperties`, in files that name their
//! versions, beside documents in YAML.

use eventc_codegen::project::Project;
use eventc_model::{
    source::{Limits, SourceFile, SourceFormat},
    syntax,
};
use eventc_tests::{mutate::mutants, tools::data_contract_schemas};
use serde_json::{Value, json};

use super::{Document, hold, opened, page};
use crate::BATCH;

/// The versions of the Data Contract Specification, each with a published document.
const SPECIFICATION: [&str; 3] = ["1.1.0", "1.2.0", "1.2.1"];

/// The versions of the Open Data Contract Standard.
const STANDARD: [&str; 3] = ["3.0.2", "3.1.0", "3.2.0"];

/// Of the variants that are made from a document, one in so many is asked about.
const SAMPLE: usize = 3;

pub(super) fn open() -> Project {
    opened(data_contract_schemas(), &[])
}

#[test]
fn data_contracts_compile_in_every_language() {
    let project = BATCH.project("data-contracts");
    let specified = SPECIFICATION.iter().map(|version| (format!("datacontract-{version}"), specification(version)));
    let standard = STANDARD.iter().map(|version| (format!("odcs-{version}"), standard(version)));
    let published = SPECIFICATION.iter().map(|version| format!("datacontract-{version}")).chain(["odcs-3.2.0".to_owned()]);
    let mut documents = Vec::new();
    for (name, value) in specified.chain(standard).chain(published.map(|name| (name.clone(), init(&name)))) {
        let path = format!("{name}.schema.json");
        let root = project.catalog.find(&path).unwrap_or_else(|| panic!("{path} is no contract")).root;
        let variants = mutants(&project.catalog.schemas, root, &value).into_iter().step_by(SAMPLE);
        documents.extend([value].into_iter().chain(variants).map(|value| Document { path: path.clone(), value }));
    }
    let outcome = hold("data-contracts", &documents);
    assert!(outcome.valid > 100 && outcome.invalid > 300, "{} valid, {} invalid", outcome.valid, outcome.invalid);
    page::keep("data-contracts", &outcome);
}

/// The document with which the package begins a contract.
fn init(name: &str) -> Value {
    let path = data_contract_schemas().join(format!("{name}.init.yaml"));
    let file = SourceFile::read(&path, SourceFormat::Yaml).expect("a document of the package");
    syntax::Document::parse(file, &Limits::default()).0.expect("YAML").value
}

fn specification(version: &str) -> Value {
    json!({"dataContractSpecification": version, "id": "orders", "info": {"title": "Orders", "version": "1.0.0", "status": "active",
            "contact": {"name": "Sales", "email": "sales@example.com", "url": "https://example.com"}, "x-cost": 3},
        "servers": {"live": {"type": "kafka", "host": "b:9092", "topic": "orders", "format": "json", "environment": "prod"},
            "lake": {"type": "s3", "location": "s3://orders/*.json", "format": "json", "delimiter": "new_line"}},
        "terms": {"usage": "Any.", "policies": [{"name": "privacy", "url": "https://example.com/privacy"}], "noticePeriod": "P3M"},
        "models": {"orders": {"type": "table", "description": "One row an order.", "fields": {
            "id": {"type": "string", "required": true, "primaryKey": true, "pattern": "^[A-Z]+$", "minLength": 1},
            "total": {"type": "decimal", "precision": 10, "scale": 2, "minimum": 0, "classification": "internal"},
            "lines": {"type": "array", "items": {"type": "record", "fields": {"sku": {"type": "string", "references": "skus.id"}}}}},
            "quality": [{"type": "sql", "description": "Rows.", "query": "SELECT COUNT(*) FROM orders", "mustBeGreaterThan": 10}]}},
        "definitions": {"sku": {"name": "sku", "type": "text", "examples": ["A1"], "tags": ["id"]}},
        "servicelevels": {"availability": {"description": "Up.", "percentage": "99.9%"}, "retention": {"period": "P1Y", "unlimited": false},
            "frequency": {"type": "streaming", "cron": "0 0 * * *"}},
        "links": {"docs": "https://example.com/docs"}, "tags": ["sales"]})
}

fn standard(version: &str) -> Value {
    json!({"apiVersion": format!("v{version}"), "kind": "DataContract", "id": "orders", "name": "Orders", "version": "1.0.0",
        "status": "active", "tenant": "example", "tags": ["sales"], "domain": "sales", "dataProduct": "orders",
        "description": {"purpose": "Orders.", "usage": "Any.", "limitations": "None."},
        "servers": [{"server": "live", "type": "kafka", "host": "b:9092", "environment": "prod", "roles": [{"role": "reader", "access": "read"}]},
            {"server": "store", "type": "postgresql", "host": "db", "port": 5432, "database": "orders", "schema": "public"}],
        "schema": [{"name": "orders", "logicalType": "object", "physicalType": "table", "properties": [
            {"name": "id", "logicalType": "string", "logicalTypeOptions": {"minLength": 1, "pattern": "^[A-Z]+$"}, "required": true,
                "primaryKey": true, "primaryKeyPosition": 1, "examples": ["A1"]},
            {"name": "total", "logicalType": "number", "logicalTypeOptions": {"minimum": 0, "multipleOf": 0.01},
                "quality": [{"type": "sql", "query": "SELECT 1", "mustBeBetween": [1, 2]}]},
            {"name": "lines", "logicalType": "array", "items": {"logicalType": "object", "properties": [{"name": "sku", "logicalType": "string"}]}}],
            "quality": [{"type": "custom", "engine": "soda", "implementation": "checks", "dimension": "completeness"}]}],
        "price": {"priceAmount": 9.95, "priceCurrency": "USD", "priceUnit": "megabyte"},
        "team": [{"username": "ada", "role": "owner", "dateIn": "2026-01-02"}], "roles": [{"role": "analyst"}],
        "support": [{"channel": "#orders", "url": "https://example.com/chat", "tool": "slack"}],
        "slaProperties": [{"property": "latency", "value": 4, "unit": "d", "element": "orders.total"}, {"property": "kept", "value": null}],
        "customProperties": [{"property": "ruleset", "value": ["a", {"b": 1}]}], "contractCreatedTs": "2026-01-02T03:04:05Z"})
}
