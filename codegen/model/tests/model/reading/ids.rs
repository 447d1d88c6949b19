//! Several schemas of one `$id`.

use eventc_model::{
    diagnostic::Level,
    schema::Schemas,
    source::{Limits, Tree},
};

use super::{check, leads};

#[test]
fn bundles_may_embed_equal_copies() {
    let part = r#"{"$id": "https://example.com/part", "$anchor": "here", "type": "string"}"#;
    let bundle = |id: &str| format!(r##"{{"$id": "https://example.com/{id}", "$ref": "part#here", "$defs": {{"part": {part}}}}}"##);
    let files = [("a.json", bundle("a")), ("b.json", bundle("b"))];
    let tree = Tree::from_texts(files.iter().map(|(path, text)| (*path, text.as_str())), &Limits::default());
    let (schemas, problems) = Schemas::load(tree);
    assert!(problems.is_empty(), "{problems:#?}");
    for path in ["a.json", "b.json"] {
        let root = schemas.root(schemas.file_id(path).unwrap()).unwrap();
        assert_eq!(schemas.label(schemas.target(root)), format!("{path}#/$defs/part"), "a reference means its own file's copy");
    }
    let other = r#"{"$id": "https://example.com/part", "type": "integer"}"#;
    let first = bundle("a");
    check(&[("a.json", &first), ("c.json", other)], &[("duplicate-id", "c.json:1:9", "a.json:1:81 declares \"https://example.com/part\"")]);
}

#[test]
fn files_of_one_id_keep_to_themselves() {
    let twin = |kind: &str| {
        format!(
            r##"{{"$id": "https://example.com/bill", "$defs": {{"part": {{"$anchor": "part", "type": "{kind}"}}}}, "properties": {{
        "by_fragment": {{"$ref": "#/$defs/part"}}, "by_anchor": {{"$ref": "bill#part"}}, "by_uri": {{"$ref": "https://example.com/bill#/$defs/part"}},
        "by_embedded": {{"$id": "https://example.com/inner", "$ref": "bill#/$defs/part"}}}}}}"##
        )
    };
    let files =
        [("lax.json", twin("string")), ("strict.json", twin("integer")), ("user.json", r#"{"$ref": "strict.json#/$defs/part"}"#.into())];
    let tree = Tree::from_texts(files.iter().map(|(path, text)| (*path, text.as_str())), &Limits::default());
    let (schemas, problems) = Schemas::load(tree);
    let found: Vec<_> = problems.iter().map(|problem| (problem.rule.name, problem.level, problem.place.to_string())).collect();
    assert_eq!(found, [("duplicate-id", Level::Warning, "strict.json:1:9".to_owned())]);
    for path in ["lax.json", "strict.json"] {
        for name in ["by_fragment", "by_anchor", "by_uri", "by_embedded"] {
            leads(&schemas, path, &format!("/properties/{name}"), &format!("{path}#/$defs/part"));
        }
    }
    leads(&schemas, "user.json", "", "strict.json#/$defs/part");
}

#[test]
fn a_reference_that_could_mean_either_of_two_files_is_an_error_where_it_stands() {
    let named = |kind: &str| format!(r#"{{"$id": "https://example.com/a", "type": "{kind}"}}"#);
    let user = "{\"properties\": {\n\"by_path\": {\"$ref\": \"one.json\"},\n\"by_uri\": {\"$ref\": \"https://example.com/a\"}}}";
    check(
        &[("one.json", &named("string")), ("three.json", &named("number")), ("two.json", &named("integer")), ("user.json", user)],
        &[
            ("duplicate-id", "three.json:1:9", "one.json:1:9 declares"),
            ("duplicate-id", "two.json:1:9", "give each its own"),
            (
                "ambiguous-ref",
                "user.json:3:20",
                "one.json:1:9, three.json:1:9 and two.json:1:9 declare \"https://example.com/a\", and differ",
            ),
        ],
    );
}

#[test]
fn equal_files_of_one_id_may_be_meant_by_others() {
    // The same in JSON and in YAML, with references between them; what `c` refers to differs.
    let a = (r#"{"$id": "https://x.org/a", "items": {"$ref": "b"}}"#, "$id: https://x.org/a\nitems: {$ref: b}\n");
    let b = (r#"{"$id": "https://x.org/b", "items": {"$ref": "a"}}"#, "$id: https://x.org/b\nitems: {$ref: a}\n");
    let c = (r#"{"$id": "https://x.org/c", "items": {"$ref": "d"}}"#, "$id: https://x.org/c\nitems: {$ref: d}\n");
    let d = (r#"{"$id": "https://x.org/d", "minItems": 1}"#, "$id: https://x.org/d\nminItems: 2\n");
    let user = "{\"prefixItems\": [{\"$ref\": \"https://x.org/a\"},\n{\"$ref\": \"https://x.org/c\"}]}";
    let files = [
        ("a.json", a.0),
        ("a.yaml", a.1),
        ("b.json", b.0),
        ("b.yaml", b.1),
        ("c.json", c.0),
        ("c.yaml", c.1),
        ("d.json", d.0),
        ("d.yaml", d.1),
        ("user.json", user),
    ];
    let (schemas, problems) = Schemas::load(Tree::from_texts(files, &Limits::default()));
    let errors: Vec<_> = problems.iter().filter(|problem| problem.level == Level::Error).collect();
    let places: Vec<_> = errors.iter().map(|error| (error.rule.name, error.place.to_string())).collect();
    let at = |place: &str| ("ambiguous-ref", place.to_owned());
    assert_eq!(places, [at("user.json:2:10"), at("c.yaml:2:15"), at("c.json:1:46")], "{problems:#?}");
    leads(&schemas, "user.json", "/prefixItems/0", "a.json#");
    // Either says the same.
    leads(&schemas, "a.yaml", "/items", "b.json#");
}

#[test]
fn files_mean_what_lies_beside_them_even_where_they_are_equal() {
    let twin = r#"{"$id": "https://example.com/a", "items": {"$ref": "part.json"}}"#;
    check(
        &[
            ("new/a.json", twin),
            ("new/part.json", r#"{"type": "string"}"#),
            ("old/a.json", twin),
            ("old/part.json", r#"{"type": "integer"}"#),
            ("user.json", r#"{"$ref": "https://example.com/a"}"#),
        ],
        &[("duplicate-id", "old/a.json:1:9", "keep one"), ("ambiguous-ref", "user.json:1:10", "new/a.json:1:9 and old/a.json:1:9")],
    );
}

#[test]
fn an_embedded_schema_may_repeat_an_id() {
    let text = r##"{"$id": "https://example.com/a", "$defs": {
"x": {"$id": "https://example.com/a", "type": "integer", "items": {"$ref": "a#/type"}},
"y": {"$id": "https://example.com/y", "items": {"$ref": "a"}}},
"items": {"$ref": "https://example.com/a#/$defs/x"}}"##;
    check(
        &[("a.json", text)],
        &[
            ("duplicate-id", "a.json:2:14", "a.json:1:9 declares"),
            ("unresolved-ref", "a.json:2:76", "no schema at /type"),
            ("ambiguous-ref", "a.json:3:57", "a.json:1:9 and a.json:2:14 declare"),
        ],
    );
}
