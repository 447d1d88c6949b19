//! The quality of schemas: small trees for each rule, without conventions where those do not matter.

use super::{Case, check};

type Files = &'static [(&'static str, &'static str)];

const SHOP: &str = "[[namespace]]\nname = \"shop\"\nroot = \"shop\"\n";
const ENVELOPE: &str = "[[namespace]]\nname = \"shop\"\nroot = \"shop\"\n[namespace.envelope]\nfile = \"shop/_envelope.json\"\npayload = \"/data\"\ntype = \"/type\"\n";
const DRAFT4: &str = "http://json-schema.org/draft-04/schema#";

const fn case(rule: &'static str, files: Files) -> Case {
    Case { rule, files, config: None, today: None }
}

const fn in_shop(rule: &'static str, files: Files) -> Case {
    Case { rule, files, config: Some(SHOP), today: None }
}

pub(super) const CASES: &[Case] = &[
    case("bad-pattern", &[("a.json", r#"{"type": "string", "pattern": §"[0-9"}"#), ("b.json", r#"{"patternProperties": {"(": §{}}}"#)]),
    case("bad-pattern", &[("a.json", r#"{"type": "string", "pattern": §"(?<=a"}"#), ("b.json", r#"{"pattern": §"\\p{Foo}"}"#)]),
    case("bad-pattern", &[("a.json", r##"{"$ref": "#/$defs/a", "$defs": {"a": {"pattern": "[\\w-.]"}}}"##)]),
    case("foreign-pattern", &[("a.json", r#"{"type": "string", "pattern": §"(?s).*"}"#), ("b.json", r#"{"pattern": §"\\A[0-9]+\\Z"}"#)]),
    case("foreign-pattern", &[("a.json", r#"{"patternProperties": {"(?P<n>a)": §{}}}"#)]),
    case("foreign-pattern", &[("a.json", r#"{"type": "string", "pattern": "^a\\-[\\w-.]{x$"}"#)]),
    case("slow-pattern", &[("a.json", r#"{"type": "string", "pattern": §"(\\w+\\s?)*x"}"#), ("b.json", r#"{"pattern": §"^a*a*a*$"}"#)]),
    case("slow-pattern", &[("a.json", r#"{"patternProperties": {"^(?:a|a)*$": §{}}}"#)]),
    case("slow-pattern", &[("a.json", r#"{"type": "string", "pattern": "^\\w+(-\\w+)*$"}"#), ("b.json", r#"{"pattern": "(a+)+"}"#)]),
    case("bad-pattern", &[("a.json", r#"{"type": "string", "pattern": "^(?=x)\\p{L}+\\d$"}"#)]),
    case("meta-schema", &[("a.json", r#"{"required": §["a", "a"]}"#), ("b.json", r#"{"$anchor": §"1 2"}"#)]),
    case("meta-schema", &[("a.json", r#"{"$schema": "http://json-schema.org/draft-07/schema#", "enum": [], "$id": §5}"#)]),
    case("meta-schema", &[("a.json", r#"{"minLength": "1", "type": "strng"}"#)]), // is malformed-keyword
    case("meta-schema", &[("a.json", r#"{"type": "string", "pattern": "^(?=x)\\p{L}+\\d$", "x-anything": 5, "format": "odd"}"#)]),
    case("meta-schema", &[("a.json", r#"{"$ref": "b.json"}"#), ("b.json", r#"{"$schema": "https://example.com/own", "type": "string"}"#)]),
    case(
        "meta-schema",
        &[
            // Names that are no URI as they stand.
            (
                "a.json",
                r##"{"$schema": "http://json-schema.org/draft-07/schema#", "items": {"$ref": "#/definitions/Pair<number>"}, "definitions": {"Pair<number>": {}}}"##,
            ),
            ("b.json", r#"{"$schema": "http://json-schema.org/draft-07/schema#", "items": {"$ref": "a.json#/definitions/Pair<number>"}}"#),
        ],
    ),
    case("useless-keyword", &[("a.json", r#"{"type": "integer", §"minLength": 1, "minimum": 0}"#)]),
    case(
        "useless-keyword",
        &[("a.json", r#"{"type": ["string", "null"], §"maximum": 1, §"items": {}, §"required": ["a"], "pattern": "x"}"#)],
    ),
    case(
        "useless-keyword",
        &[
            ("a.yaml", "type: string\nenum:\n  - regular\n  - §false\n  - §null\n"),
            ("b.json", r#"{"type": ["string", "null"], "enum": ["a", null, §1]}"#),
        ],
    ),
    // Words are strings, as YAML 1.2 has them.
    case("useless-keyword", &[("a.yaml", "type: string\nenum: [on, off, NO, §false]\n")]),
    case("useless-keyword", &[("a.json", r#"{"type": "number", "enum": [1, 1.5]}"#)]),
    case("useless-keyword", &[("a.json", r#"{§"then": {}, "not": {§"if": {}}, "items": {§"minContains": 1}}"#)]),
    case(
        "useless-keyword",
        &[(
            "a.json",
            r##"{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {}}, "properties": {"x": {"$ref": "#/definitions/a", §"minLength": 1, "description": "d"}}}"##,
        )],
    ),
    case(
        "useless-keyword",
        &[("a.json", r##"{"$ref": "#/$defs/a", "minLength": 1, "$defs": {"a": {"type": "number", "maximum": 4}}, "if": {}, "then": {}}"##)],
    ),
    case("undeclared-required", &[("a.json", r#"{"properties": {"order_id": {}}, "required": ["order_id", §"orderId"]}"#)]),
    case(
        "undeclared-required",
        &[(
            "a.json",
            r##"{"properties": {"a": {}}, "allOf": [{"$ref": "#/$defs/b"}], "required": ["a", "b", "c"], "anyOf": [{"required": ["a"]}, {"properties": {"c": {}}, "required": ["c", "b"]}],
              "$defs": {"b": {"properties": {"b": {}}, "required": ["b", "a"]}}}"##,
        )],
    ),
    case(
        "undeclared-required",
        &[
            ("a.json", r#"{"required": ["a"]}"#),
            ("b.json", r#"{"properties": {"a": {}}, "additionalProperties": {"type": "string"}, "required": ["b"]}"#),
            ("c.json", r#"{"properties": {"a": {}}, "patternProperties": {"^b": {}}, "required": ["b"]}"#),
        ],
    ),
    case("unsatisfiable", &[("a.json", r#"{"const": §"a", "enum": ["b"]}"#), ("b.json", r#"{"const": "a", "enum": ["b", "a"]}"#)]),
    case("unsatisfiable", &[("a.json", r#"{"type": "string", "minLength": 10, "maxLength": §5}"#)]),
    case("unsatisfiable", &[("a.json", r#"{"properties": {"a": {"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": §2}}}"#)]),
    case("unsatisfiable", &[("a.json", r#"{"enum": §[]}"#), ("b.json", r#"{"type": "string", "enum": §[1, 2]}"#), ("c.json", "§false")]),
    case("unsatisfiable", &[("a.json", r#"§{"allOf": [{"type": "string"}, {"type": "integer"}]}"#)]),
    case("unsatisfiable", &[("a.json", r#"{"type": "object", "properties": {"a": false}, "required": §["a"]}"#)]),
    case(
        "unsatisfiable",
        &[("a.json", r#"{"type": "object", "additionalProperties": false, "properties": {"b": {}}, "required": §["a"]}"#)],
    ),
    case("unsatisfiable", &[("a.json", r#"{"type": "array", "items": false, "prefixItems": [{}], "minItems": §2}"#)]),
    case(
        "unsatisfiable",
        &[("a.json", r#"{"type": "object", "oneOf": §[{"type": "string"}, {"required": ["a"]}], "additionalProperties": false}"#)],
    ),
    case(
        "unsatisfiable",
        &[(
            "a.json",
            r##"{"type": "object", "properties": {"next": {"$ref": "#/$defs/n"}}, "$defs": {"n": §{"type": "object", "properties": {"n": {"$ref": "#/$defs/n"}}, "required": ["n"]}}}"##,
        )],
    ),
    case(
        "unsatisfiable",
        &[
            // What crosses only for some types leaves the others, and rounding proves nothing.
            ("a.json", r#"{"minLength": 10, "maxLength": 5, "minimum": 2, "maximum": 1}"#),
            ("b.json", r#"{"type": "number", "minimum": 0.1, "maximum": 0.1, "multipleOf": 0.1}"#),
            ("c.json", r#"{"type": "integer", "minimum": 9007199254740993, "maximum": 9007199254740993}"#),
            ("d.json", r#"{"type": "number", "exclusiveMinimum": 0.10000000000000000001, "maximum": 0.1000000000000000001}"#),
            ("e.json", r#"{"enum": [1.0], "type": "integer", "const": 1}"#),
            ("f.json", r#"{"properties": {"a": false, "b": {"not": {}}}}"#),
            ("g.json", r##"{"type": "object", "properties": {"n": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}, "required": ["n"]}"##),
            ("h.json", r##"{"type": ["object", "null"], "properties": {"n": {"$ref": "#"}}, "required": ["n"]}"##),
            ("i.json", r##"{"type": "array", "items": {"$ref": "#"}}"##),
            ("j.json", r#"{"allOf": [{"type": "number"}, {"type": "integer"}]}"#),
            ("k.json", r#"{"type": "object", "additionalProperties": false, "patternProperties": {"^a": {}}, "required": ["a"]}"#),
        ],
    ),
    case("unknown-keyword", &[("a.json", r#"{"type": "object", §"additionalProperty": false, "x-any": 1, "$comment": "c"}"#)]),
    case("unknown-keyword", &[("a.json", r#"{"type": "string", §"nullable": true, §"example": "a", "properties": {"nullable": {}}}"#)]),
    case(
        "unknown-keyword",
        &[(
            "a.json",
            r#"{"$schema": "http://json-schema.org/draft-04/schema#", "id": "http://a", §"const": 1, §"if": {}, "deprecated": true}"#,
        )],
    ),
    case(
        "unknown-keyword",
        &[(
            "a.json",
            r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", §"dependencies": {"a": ["b"]}, §"additionalItems": false, §"id": "a"}"#,
        )],
    ),
    case("unknown-keyword", &[("a.json", r##"{"$ref": "#/components/schemas/a", "components": {"schemas": {"a": {"type": "string"}}}}"##)]),
    case(
        "unknown-keyword",
        &[("a.json", r#"{"const": {"nullable": true}, "enum": [{"a": 1}], "examples": [{"b": 1}], "default": {"c": 1}, "tsType": "X"}"#)],
    ),
    case("unknown-format", &[("a.json", r#"{"type": "string", "format": §"datetime"}"#)]),
    case("unknown-format", &[("a.json", r#"{"format": "date-time", "items": {"format": "int64"}, "not": {"format": "uuid"}}"#)]),
    in_shop(
        "unreferenced-shared",
        &[("shop/_a.json", r#"§{"$defs": {"x": {}}}"#), ("shop/b.json", r#"{"type": "object", "$defs": {§"y": {}}}"#)],
    ),
    in_shop("unreferenced-shared", &[("shop/a.json", r#"{"$defs": {§"x": {}}}"#), ("shop/b.json", r#"{"type": "object"}"#)]),
    in_shop("unreferenced-shared", &[("shop/_a.json", r#"{"$defs": {"x": {}}}"#), ("shop/b.json", r#"{"definitions": {"y": {}}}"#)]),
    in_shop(
        "unreferenced-shared",
        &[
            (
                "shop/_a.json",
                r##"{"$defs": {"x": {"$defs": {"in": {}}, "items": {"$ref": "#/$defs/x/$defs/in"}}, §"self": {"items": {"$ref": "#/$defs/self"}}, "part": {"properties": {"p": {}}}}}"##,
            ),
            ("shop/b.json", r#"{"$ref": "_a.json#/$defs/x", "items": {"$ref": "_a.json#/$defs/part/properties/p"}}"#),
        ],
    ),
    in_shop("unreferenced-shared", &[("shop/a.json", r##"{"$ref": "#/$defs/a", "$defs": {"a": {}, "node": {"$dynamicAnchor": "n"}}}"##)]),
    in_shop("missing-example", &[("shop/a.json", r#"{"$defs": {"x": {}}}"#), ("shop/b.json", r##"§{"$ref": "a.json#/$defs/x"}"##)]),
    in_shop("missing-example", &[("shop/a.json", "§{}"), ("shop/b.json", r#"§{"type": "object", "examples": []}"#)]),
    in_shop("missing-example", &[("shop/a.json", r#"{"type": "integer", "examples": [1]}"#), ("shop/_t.json", "{}")]),
    case("missing-example", &[("a.json", "{}")]),
    case(
        "invalid-example",
        &[(
            "a.json",
            "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"integer\"}}, \"required\": [\"b\"],\n \"examples\": [§{\"a\": §\"x\"}, {\"b\": 1}]}",
        )],
    ),
    case(
        "invalid-example",
        &[("a.json", r#"{"properties": {"day": {"type": "string", "format": "date", "examples": ["2026-01-01", §"01.02.2026"]}}}"#)],
    ),
    case(
        "invalid-example",
        &[("a.json", r#"{"$ref": "b.json", "examples": [§"x"]}"#), ("b.json", r#"{"$id": "https://example.com/b", "type": "integer"}"#)],
    ),
    case(
        "invalid-example",
        &[
            ("sub/a ä.json", r#"{"$id": "https://example.com/x/a", "$ref": "b%20%C3%A4.json", "examples": [§"x", 1]}"#),
            ("sub/b ä.json", r#"{"type": "integer"}"#),
        ],
    ),
    case(
        "invalid-example",
        &[(
            "a.json",
            r#"{"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": true, "examples": [§1, 2]}"#,
        )],
    ),
    case("invalid-example", &[("a.yaml", "type: object\nexamples:\n  - a: 1\n  - §5\n")]),
    Case {
        rule: "invalid-example",
        files: &[
            (
                "shop/_envelope.json",
                r#"{"properties": {"type": {}, "data": {}}, "examples": [{"type": "a", "data": §1}, {"type": "a", "data": "x"}, {"type": "b", "data": 1}]}"#,
            ),
            ("shop/a.json", r#"{"type": "string"}"#),
        ],
        config: Some(ENVELOPE),
        today: None,
    },
    case(
        "invalid-example",
        &[("a.json", r#"{"$ref": "missing.json", "examples": [1]}"#), ("b.json", r#"{"type": "string", "examples": ["x"]}"#)],
    ),
    case("invalid-default", &[("a.json", r#"{"type": "integer", "minimum": 1, "default": §0}"#)]),
    case(
        "invalid-default",
        &[(
            "a.json",
            r##"{"properties": {"a": {"$ref": "#/$defs/a", "default": {"x": §1}}}, "$defs": {"a": {"properties": {"x": {"type": "string"}}}}}"##,
        )],
    ),
    case(
        "invalid-default",
        &[("a.json", r#"{"type": ["integer", "null"], "default": null, "properties": {"default": {"type": "integer", "default": 1}}}"#)],
    ),
    in_shop(
        "missing-description",
        &[(
            "shop/a.json",
            "§{\"properties\": {§\"a\": {}, \"b\": {\"description\": \"b\", \"items\": {\"properties\": {§\"c\": {\"description\": \" \"}}}}}}",
        )],
    ),
    in_shop(
        "missing-description",
        &[(
            "shop/a.json",
            r##"{"description": "d", "properties": {"a": {"$ref": "#/$defs/a"}, "b": {"description": "b"}, "c": false},
              "oneOf": [{"properties": {"b": {"const": 1}}}], "$defs": {"a": {"description": "a"}}}"##,
        )],
    ),
];

#[test]
fn each_case_is_found_exactly() {
    assert!(CASES.iter().flat_map(|case| case.files).any(|(_, text)| text.contains(DRAFT4)));
    CASES.iter().for_each(check);
}
