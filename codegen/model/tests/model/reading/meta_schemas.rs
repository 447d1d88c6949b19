//! Meta-schemas: the published ones, those of a tree, and the vocabularies that they leave out.

use eventc_model::{
    catalog::Catalog,
    config::Config,
    schema::Schemas,
    source::{Limits, Tree},
};

use super::check;

#[test]
fn published_meta_schemas_are_known() {
    let text = r#"{"properties": {
        "seven": {"$ref": "http://json-schema.org/draft-07/schema#/definitions/nonNegativeInteger"},
        "newest": {"$ref": "https://json-schema.org/draft/2020-12/schema"},
        "typo": {"$ref": "https://json-schema.org/draft/2020-12/shcema"}}}"#;
    check(&[("form.json", text)], &[("absent-url", "form.json:4:26", "2020-12/shcema")]);
    let tree = Tree::from_texts([("form.json", text)], &Limits::default());
    let catalog = Catalog::build(tree, Config::without_conventions());
    assert_eq!(catalog.contracts.len(), 1, "a meta-schema is no contract");
    assert_eq!(catalog.schemas.files.iter().filter(|file| file.path.starts_with("json-schema.org/")).count(), 10);
}

#[test]
fn a_meta_schema_of_the_tree_goes_before_the_published_one() {
    let own =
        r#"{"$schema": "http://json-schema.org/draft-07/schema#", "$id": "http://json-schema.org/draft-07/schema#", "type": "object"}"#;
    let form = r#"{"properties": {"a": {"$ref": "http://json-schema.org/draft-07/schema"}}}"#;
    let tree = Tree::from_texts([("_own.json", own), ("form.json", form)], &Limits::default());
    let (schemas, problems) = Schemas::load(tree);
    assert!(problems.is_empty() && schemas.files.len() == 2, "{problems:#?}");
    let form = schemas.file_id("form.json").unwrap();
    let referring = schemas.at(form, "/properties/a").unwrap();
    assert_eq!(schemas.label(schemas.target(referring)), "_own.json#");
}

#[test]
fn vocabularies_that_a_meta_schema_leaves_out_demand_nothing() {
    let meta = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/shapes",
        "$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": true, "https://json-schema.org/draft/2020-12/vocab/applicator": true}}"#;
    let text = r#"{"$schema": "https://example.com/shapes", "type": "object", "properties": {"a": {"minimum": 1}, "b": false}}"#;
    let (schemas, problems) = Schemas::load(Tree::from_texts([("_meta.json", meta), ("a.json", text)], &Limits::default()));
    assert!(problems.is_empty(), "{problems:#?}");
    let root = schemas.root(schemas.file_id("a.json").unwrap()).unwrap();
    let keywords = schemas.keywords(root).unwrap();
    assert_eq!((keywords.types, keywords.properties.len()), (None, 2));
    assert!(!schemas.keywords(keywords.properties[0].1).unwrap().constrains(), "`minimum` is of the vocabulary for validation");
    assert!(schemas.is_unused(root, "type") && !schemas.is_unused(root, "properties"));
}
