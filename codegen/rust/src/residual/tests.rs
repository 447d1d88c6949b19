//! Residuals of small schemas.

use eventc_model::{
    catalog::Catalog,
    config::Config,
    source::{Limits, Tree},
    types::{Shape, Types},
};

use super::{Residual, Residuals};

/// Returns the residual of the property `a`, as one word: `nothing`, `value` or `more`; of a named type, what its schema asks.
fn of_property(schema: &str) -> &'static str {
    let definitions =
        r##""$defs":{"id":{"type":"string","minLength":1},"node":{"type":"object","properties":{"next":{"$ref":"#/$defs/node"}}}}"##;
    let catalog = catalog(&format!(r#"{{"type":"object","properties":{{"a":{schema}}},{definitions}}}"#));
    let types = Types::derive(&catalog);
    let residuals = Residuals::new(&catalog, &types);
    let (_, root) = types.iter().next().expect("the root");
    let Shape::Object(object) = &root.shape else { panic!("{:?}", root.shape) };
    let field = residuals.of_field(&object.fields[0]);
    let mut named = None;
    object.fields[0].ty.named(&mut |id| named = Some(types.get(id)));
    match named.filter(|ty| field == Residual::None && !["Id", "Node"].contains(&ty.name.as_str())) {
        Some(ty) => word(&residuals.of_type(ty)),
        None => word(&field),
    }
}

fn catalog(schema: &str) -> Catalog {
    let catalog = Catalog::build(Tree::from_texts([("thing.json", schema)], &Limits::default()), Config::without_conventions());
    assert!(catalog.diagnostics.is_empty(), "{schema}: {:#?}", catalog.diagnostics);
    catalog
}

/// Returns whether a strict reader refuses what the root's type does not name, and its schema asks no more.
fn has_unknown_alone(schema: &str) -> bool {
    let catalog = catalog(schema);
    let types = Types::derive(&catalog);
    let (_, root) = types.iter().next().expect("the root");
    let Shape::Object(object) = &root.shape else { panic!("{:?}", root.shape) };
    object.rejects_unknown && Residuals::new(&catalog, &types).of_type(root) == Residual::None
}

fn word(residual: &Residual) -> &'static str {
    match residual {
        Residual::None => "nothing",
        Residual::PerValue(_) => "value",
        Residual::WholeDocument => "more",
    }
}

#[test]
fn what_a_type_does_not_say_is_asked() {
    for (schema, expected) in [
        // Types say it all.
        (r#"true"#, "nothing"),
        (r#"{"type":"string","format":"uuid","description":"x"}"#, "nothing"),
        (r#"{"type":["integer","null"]}"#, "nothing"),
        (r##"{"$ref":"#/$defs/id"}"##, "nothing"),
        (r##"{"type":"array","items":{"$ref":"#/$defs/node"}}"##, "nothing"),
        (r##"{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}"##, "nothing"),
        (r#"{"oneOf":[{"type":"string"},{"type":"null"}]}"#, "nothing"),
        (r#"{"type":"string","enum":["x","y"]}"#, "nothing"),
        (r#"{"enum":["x",null]}"#, "nothing"),
        (r#"{"type":"object","properties":{"b":{"type":"string"}},"required":["b"],"additionalProperties":false}"#, "nothing"),
        (r#"{"type":"object","properties":{"b":{}},"additionalProperties":{"type":"string"}}"#, "nothing"),
        (r#"{"type":"object","additionalProperties":{"type":"boolean"}}"#, "nothing"),
        (r#"{"allOf":[{"type":"object","properties":{"b":{"type":"string"}}},{"required":["b"]}]}"#, "nothing"),
        // A value is asked.
        (r#"{"type":"string","maxLength":3}"#, "value"),
        (r#"{"type":["number","null"],"minimum":0}"#, "value"),
        (r#"{"const":5}"#, "value"),
        (r#"{"enum":[1,"x",null]}"#, "value"),
        (r##"{"$ref":"#/$defs/id","pattern":"^x"}"##, "value"),
        (r#"{"anyOf":[{"type":"string","minLength":1},{"type":"null"}]}"#, "value"),
        (r##"{"type":"array","items":{"$ref":"#/$defs/node"},"minItems":1}"##, "value"),
        (r#"{"type":"array","items":{"type":"string","minLength":1},"uniqueItems":true}"#, "value"),
        (r#"{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}],"items":false,"minItems":2}"#, "value"),
        (r#"{"type":"object","propertyNames":{"pattern":"^x"},"additionalProperties":{"type":"number"}}"#, "value"),
        (r#"{"minLength":1}"#, "value"),
        (r#"{"type":["string","integer"],"minLength":1}"#, "value"),
        (r#"{"oneOf":[{"type":"string"},{"type":"object","properties":{"b":{}}}]}"#, "value"),
        (r#"{"type":"string","not":{"const":"x"}}"#, "value"),
        // Null is valid under both branches, and so under none.
        (r#"{"oneOf":[{"type":["string","null"]},{"type":"null"}]}"#, "value"),
        // Only the whole can be asked.
        (r#"{"type":"object","properties":{"b":{}},"minProperties":1}"#, "more"),
        (r#"{"type":"object","properties":{"b":{}},"required":["c"]}"#, "more"),
        (r#"{"type":"object","properties":{"b":{},"c":{}},"dependentRequired":{"b":["c"]}}"#, "more"),
        (r#"{"type":"object","properties":{"b":{}},"patternProperties":{"^x":{"type":"string"}}}"#, "more"),
        (r#"{"type":"object","properties":{"b":{}},"if":{"required":["b"]},"then":{"required":["c"]}}"#, "more"),
        (r#"{"type":"object","properties":{"b":{}},"not":{"required":["b"]}}"#, "more"),
        // What one schema closes, a property breaks that another requires; one that may be missing has no field.
        (
            r#"{"allOf":[{"type":"object","properties":{"b":{}},"additionalProperties":false},{"properties":{"c":{}},"required":["c"]}]}"#,
            "more",
        ),
        (r#"{"allOf":[{"type":"object","properties":{"b":{}},"additionalProperties":false},{"properties":{"c":{}}}]}"#, "nothing"),
    ] {
        assert_eq!(of_property(schema), expected, "{schema}");
    }
}

#[test]
fn what_no_value_can_be_is_unknown() {
    assert!(has_unknown_alone(r#"{"type":"object","properties":{"b":{}},"additionalProperties":{"type":"string","enum":[true]}}"#));
}

#[test]
fn a_closed_object_has_unknown_members_where_its_type_is_open() {
    assert!(has_unknown_alone(
        r#"{"allOf":[{"type":"object","properties":{"b":{},"c":{}},"additionalProperties":false},{"properties":{"c":{"const":"x"}}}]}"#
    ));
}
