//! Where references lead, and what is said of those that lead nowhere.

use eventc_model::{
    schema::{Keywords, Schemas},
    source::{Limits, Tree},
};

use super::{check, leads};

#[test]
fn references_resolve_in_every_way() {
    check(
        &[
            (
                "a.json",
                r##"{"type": "object", "properties": {
                "pointer": {"$ref": "#/$defs/x"}, "anchor": {"$ref": "#here"}, "file": {"$ref": "sub/b.yaml"}, "part": {"$ref": "sub/b.yaml#/$defs/y"},
                "id": {"$ref": "https://example.com/c"}, "escaped": {"$ref": "#/$defs/a~1b%25"}, "unknown": {"$ref": "#/components/z"}},
                "$defs": {"x": {"$anchor": "here"}, "a/b%": {}}, "components": {"z": {"type": "string", "$defs": {}}}}"##,
            ),
            (
                "sub/b.yaml",
                "type: string\n$defs:\n  y: {$ref: '../a.json#/$defs/x'}\n  nested: {$id: 'https://example.com/n', $ref: 'm'}\n",
            ),
            (
                "sub/c.json",
                r#"{"$id": "https://example.com/c", "type": "object", "properties": {"rel": {"$ref": "m"}, "disk": {"$ref": "b.yaml"}}}"#,
            ),
            ("sub/m.json", r#"{"$id": "https://example.com/m", "type": "integer"}"#),
            (
                "old.json",
                r##"{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"a": {"$ref": "#foo"}}, "definitions": {"f": {"$id": "#foo"}}}"##,
            ),
        ],
        &[],
    );
}

#[test]
fn references_that_lead_nowhere() {
    check(
        &[
            (
                "a.json",
                "{\"properties\": {\n  \"a\": {\"$ref\": \"#/$defs/adress\"},\n  \"b\": {\"$ref\": \"c.json\"},\n  \"c\": {\"$ref\": \"https://example.com/x\"},\n  \"d\": {\"$ref\": \"../../etc/passwd\"},\n  \"e\": {\"$ref\": \"#nowhere\"}},\n  \"$defs\": {\"address\": {}}}",
            ),
            ("b.json", "{\"type\": \"object\"}"),
        ],
        &[
            ("unresolved-ref", "a.json:2:17", "did you mean /$defs/address?"),
            ("unresolved-ref", "a.json:3:17", "there is no file c.json"),
            ("absent-url", "a.json:4:17", "nothing is fetched"),
            ("outside-root", "a.json:5:17", "leads above the schema root"),
            ("unresolved-ref", "a.json:6:17", "no anchor \"nowhere\""),
        ],
    );
    // A pointer without its first slash.
    check(
        &[
            ("a.json", r#"{"properties": {"a": {"$ref": "p.json#definitions/n"}, "b": {"$ref": "p.json#definitions/m"}}}"#),
            ("p.json", r#"{"type": "object", "definitions": {"n": {}}}"#),
        ],
        &[
            ("loose-ref", "a.json:1:31", "it means /definitions/n in p.json"),
            ("unresolved-ref", "a.json:1:70", "correct the anchor's name"),
        ],
    );
}

#[test]
fn the_longest_end_is_meant_whatever_its_fragment_leads_to() {
    let money = |name: &str| format!(r#"{{"definitions": {{"{name}": {{"type": "integer"}}}}}}"#);
    let (n, m) = (money("n"), money("m"));
    let refers = r##"{"$ref": "https://pay.example.org/of/q/money.json#/definitions/n"}"##;
    check(
        &[("a.json", refers), ("p/money.json", &n), ("q/money.json", &m)],
        &[
            ("unresolved-ref", "a.json:1:10", "\"q/money.json#/definitions/n\" leads nowhere"),
            ("loose-ref", "a.json:1:10", "q/money.json is the one"),
        ],
    );
    // Of two as long, the one that has what is referred to.
    check(&[("a.json", refers), ("p/q/money.json", &n), ("r/q/money.json", &m)], &[("loose-ref", "a.json:1:10", "p/q/money.json")]);
}

#[test]
fn circles_are_found_once_and_recursion_is_not_a_circle() {
    check(
        &[(
            "a.json",
            "{\"$defs\": {\"a\": {\"$ref\": \"#/$defs/b\"},\n\"b\": {\"$ref\": \"#/$defs/a\"},\n\"list\": {\"properties\": {\"next\": {\"$ref\": \"#/$defs/list\"}}}}}",
        )],
        &[("circular-ref", "a.json:2:15", "only back to itself")],
    );
    check(
        &[("a.json", "{\"allOf\": [{\"$ref\": \"#\"}]}"), ("b.json", "{\"properties\": {\"x\": {\"anyOf\": [{\"$ref\": \"#\"}]}}}")],
        &[("circular-ref", "a.json:1:21", "only back to itself")],
    );
}

#[test]
fn long_chains_of_references_are_made_short() {
    for (before, behind) in [(r#"{"$ref": ""#, r#""}"#), (r#"{"allOf": [{"$ref": ""#, r#""}]}"#)] {
        let link = |n: usize| format!(r##""d{n}": {before}#/$defs/d{}{behind}, "##, n + 1);
        let links = (0..1000).map(link).collect::<Vec<_>>().concat();
        let text = format!(r##"{{"$ref": "#/$defs/d0", "$defs": {{{links} "d1000": {{"type": "string"}}}}}}"##);
        let (schemas, problems) = Schemas::load(Tree::from_texts([("chain.json", text.as_str())], &Limits::default()));
        assert!(problems.is_empty(), "{problems:?}");
        let (first, last) = (schemas.ids().next().unwrap(), schemas.ids().last().unwrap());
        assert_eq!(schemas.keywords(first).and_then(Keywords::plain_reference), Some(last));
        assert_eq!(schemas.raw(first).get("$ref").and_then(serde_json::Value::as_str), Some("#/$defs/d1000"));
        // A short one stays as it is written.
        let late = schemas.at(schemas.node(first).file, "/$defs/d999").unwrap();
        assert!(schemas.raw(late).to_string().contains("d1000"));
    }
}

#[test]
fn a_path_means_the_file_whatever_another_calls_itself() {
    let files = [
        ("copy.json", r#"{"$id": "user.json"}"#),
        ("list.json", r#"{"items": {"$ref": "user.json"}}"#),
        ("user.json", r#"{"type": "object"}"#),
    ];
    check(&files, &[("duplicate-id", "copy.json:1:9", "the file user.json has this name by its path")]);
    let (schemas, _) = Schemas::load(Tree::from_texts(files, &Limits::default()));
    leads(&schemas, "list.json", "/items", "user.json#");
}

#[test]
fn file_urls_name_files_of_the_tree() {
    check(
        &[
            ("a.json", r##"{"properties": {"root": {"$ref": "file://b.json"}, "self": {"$ref": "file:///a.json#/properties/root"}}}"##),
            ("b.json", r#"{"type": "string"}"#),
            ("sub/c.json", r##"{"properties": {"near": {"$ref": "file://d.json#/$defs/x"}, "far": {"$ref": "file://b.json"}}}"##),
            ("sub/d.json", r#"{"$defs": {"x": {}}}"#),
        ],
        &[],
    );
}
