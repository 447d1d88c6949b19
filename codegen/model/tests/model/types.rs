//! The typed view of small schemas, in a notation that fits a line a type.

use eventc_model::{
    catalog::Catalog,
    config::Config,
    source::{Limits, Tree},
    types::{Additional, Openness, Shape, TypeRef, Types},
    words,
};

/// Derives the types of some files and compares them, one a line.
fn check(files: &[(&str, &str)], expected: &str) {
    let tree = Tree::from_texts(files.iter().copied(), &Limits::default());
    let catalog = Catalog::build(tree, Config::without_conventions());
    assert!(catalog.diagnostics.is_empty(), "{:#?}", catalog.diagnostics);
    let types = Types::derive(&catalog);
    let found: Vec<String> =
        types.iter().map(|(_, ty)| format!("{}{} = {}", ty.name, if ty.recursive { "*" } else { "" }, shape(&types, &ty.shape))).collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(found, expected);
}

fn one(schema: &str, expected: &str) {
    check(&[("thing.json", schema)], expected);
}

#[test]
fn files_and_folders_that_fold_to_one_name_are_spelled_out() {
    for (paths, expected) in [
        (["Order/made.json", "order/made.json"], ["order/mixed_order_lower_made_", "order/lower_order_lower_made_"]),
        (
            ["order-x/made.json", "order_x/made.json"],
            ["order_x/lower_order_minus_x_lower_made_", "order_x/lower_order_underscore_x_lower_made_"],
        ),
    ] {
        let tree = Tree::from_texts(paths.map(|path| (path, r#"{"type": "object"}"#)), &Limits::default());
        let types = Types::derive(&Catalog::build(tree, Config::without_conventions()));
        let modules: Vec<String> = types.modules().map(|(_, module)| module.path.join("/")).collect();
        assert_eq!(modules, expected);
    }
}

fn shape(types: &Types, shape: &Shape) -> String {
    match shape {
        Shape::Object(object) => {
            let mut parts: Vec<String> = object
                .fields
                .iter()
                .map(|field| {
                    let (optional, boxed) = (if field.required { "" } else { "?" }, if field.recursive { "box " } else { "" });
                    format!("{}{optional}: {boxed}{}", field.ident, show(types, &field.ty))
                })
                .collect();
            match &object.rest {
                Additional::Closed => {}
                Additional::Open => parts.push("..".into()),
                Additional::Typed(ty) => parts.push(format!("..{}", show(types, ty))),
            }
            format!("{{{}}}", parts.join(", "))
        }
        Shape::Enum(strings) => strings.members.iter().map(|member| member.ident.clone()).collect::<Vec<_>>().join(" | "),
        Shape::Union(union) => {
            let tag = union.tag.as_ref().map(|tag| format!("by {tag}: ")).unwrap_or_default();
            let variants: Vec<_> = union
                .variants
                .iter()
                .map(|variant| format!("{}({}{})", variant.ident, if variant.recursive { "box " } else { "" }, show(types, &variant.ty)))
                .collect();
            format!("{tag}{}", variants.join(" | "))
        }
        Shape::Alias(ty) => show(types, ty),
    }
}

fn show(types: &Types, ty: &TypeRef) -> String {
    match ty {
        TypeRef::Any => "any".into(),
        TypeRef::NonObject => "no object".into(),
        TypeRef::Never => "never".into(),
        TypeRef::Null => "null".into(),
        TypeRef::Bool => "bool".into(),
        TypeRef::Integer(range) => match (range.min, range.max) {
            (None, None) => "int".into(),
            (min, max) => {
                format!("int[{}..{}]", min.map_or(String::new(), |n| n.to_string()), max.map_or(String::new(), |n| n.to_string()))
            }
        },
        TypeRef::Number => "number".into(),
        TypeRef::String(None) => "string".into(),
        TypeRef::String(Some(format)) => format!("{format:?}"),
        TypeRef::Literal(values, base) => {
            format!("{}<{}>", show(types, base), values.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"))
        }
        TypeRef::Array(item) => format!("[{}]", show(types, item)),
        TypeRef::Tuple { items, least, rest } => {
            let items: Vec<_> = items.iter().map(|item| show(types, item)).collect();
            let mark = if *least >= items.len() as u64 { String::new() } else { format!("; at least {least}") };
            format!("({}{}{mark})", items.join(", "), rest.as_ref().map_or(String::new(), |rest| format!(", ..{}", show(types, rest))))
        }
        TypeRef::Map(value) => format!("map<{}>", show(types, value)),
        TypeRef::Named(id) => types.get(*id).name.clone(),
        TypeRef::Nullable(inner) => format!("{}?", show(types, inner)),
        TypeRef::Payload => "payload".into(),
    }
}

#[test]
fn objects_and_what_they_leave_open() {
    one(
        r#"{"type": "object", "properties": {"a": {"type": "string"}, "B-c": {"type": "integer", "minimum": 0}}, "required": ["a"]}"#,
        "Thing = {a: string, b_c?: int[0..], ..}",
    );
    one(r#"{"type": "object", "properties": {"a": {}}, "additionalProperties": false}"#, "Thing = {a?: any}");
    one(r#"{"type": "object", "properties": {"a": {}}, "additionalProperties": {"type": "number"}}"#, "Thing = {a?: any, ..number}");
    one(r#"{"type": "object", "additionalProperties": {"type": "boolean"}}"#, "Thing = map<bool>");
    one(r#"{"type": "object", "patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": false}"#, "Thing = map<string>");
    one(r#"{"type": "object"}"#, "Thing = map<any>");
}

#[test]
fn null_in_every_spelling() {
    one(r#"{"type": ["string", "null"]}"#, "Thing = string?");
    one(r#"{"anyOf": [{"type": "null"}, {"type": "integer"}]}"#, "Thing = int?");
    one(r#"{"enum": ["a", null]}"#, "Thing = ThingValue?\nThingValue = A");
    one(
        r##"{"type": "object", "properties": {"x": {"oneOf": [{"$ref": "#/$defs/y"}, {"type": "null"}]}}, "required": ["x"], "$defs": {"y": {"type": "object", "properties": {"z": {"const": null}}}}}"##,
        "Thing = {x: Y?, ..}\nY = {z?: null, ..}",
    );
}

#[test]
fn enums_and_literals() {
    one(r#"{"enum": ["a-b", "a_b", "A b", "", "+1", "-1"]}"#, "Thing = AMinusB_ | AUnderscoreB_ | ASpaceB_ | Empty | Plus1 | Minus1");
    one(r#"{"const": 3}"#, "Thing = int<3>");
    one(r#"{"enum": [1, 2.5, null]}"#, "Thing = number<1|2.5>?");
    one(r#"{"enum": [true, "x", {"y": 1}]}"#, r#"Thing = any<true|"x"|{"y":1}>"#);
}

#[test]
fn all_of_is_one_type() {
    one(
        r##"{"allOf": [{"$ref": "#/$defs/base"}, {"properties": {"b": {"type": "integer"}}, "required": ["b"]}], "$defs": {"base": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}}}"##,
        "Thing = {a: string, b: int, ..}\nBase = {a: string, ..}",
    );
    one(
        r##"{"type": "object", "properties": {"a": {"$ref": "#/$defs/n", "minimum": 3}}, "$defs": {"n": {"type": "integer", "maximum": 9}}}"##,
        "Thing = {a?: int[3..9], ..}\nN = int[..9]",
    );
    one(r#"{"allOf": [{"type": "string"}, {"type": "integer"}]}"#, "Thing = never");
}

#[test]
fn what_a_closed_schema_refuses_has_no_field() {
    let closed = |properties: &str| format!(r#"{{"type": "object", "properties": {{{properties}}}, "additionalProperties": false}}"#);
    let both = |first: &str, second: &str| format!(r#"{{"allOf": [{first}, {second}]}}"#);
    let (a, ab) = (closed(r#""a": {"type": "string"}"#), closed(r#""a": {}, "b": {"type": "integer"}"#));
    one(&both(&a, &ab), "Thing = {a?: string}");
    one(&both(&ab, &a), "Thing = {a?: string}");
    one(&both(&a, r#"{"properties": {"a": {}, "c": {}}, "required": ["a"]}"#), "Thing = {a: string}");
    one(&both(&a, &closed(r#""c": {}"#)), "Thing = {}");
    // Nothing is valid, which is not for the type to say.
    one(&both(&a, r#"{"properties": {"c": {}}, "required": ["c"]}"#), "Thing = {a?: string, c: any, ..never}");
    let patterns = r#"{"type": "object", "properties": {"a": {}}, "patternProperties": {"^c": {}}, "additionalProperties": false}"#;
    one(&both(patterns, r#"{"properties": {"c": {}}}"#), "Thing = {a?: any, c?: any, ..}");
    one(
        r#"{"type": "object", "properties": {"a": {}}, "additionalProperties": false, "oneOf": [
            {"required": ["a"], "properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "integer"}}}]}"#,
        "
        Thing = ThingWithA(ThingWithA) | ThingWithB(ThingWithB)
        ThingWithA = {a: string}
        ThingWithB = {a?: any}
        ",
    );
}

#[test]
fn unions() {
    one(
        r#"{"oneOf": [
            {"type": "object", "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}, "required": ["kind"]},
            {"type": "object", "properties": {"kind": {"const": "dog"}}, "required": ["kind"]}]}"#,
        "Thing = by kind: Cat(ThingCat) | Dog(ThingDog)
         ThingCat = {kind: ThingCatKind, lives?: int, ..}
         ThingDog = {kind: ThingDogKind, ..}
         ThingCatKind = Cat
         ThingDogKind = Dog",
    );
    one(r#"{"type": ["string", "integer", "array"]}"#, "Thing = Array([any]) | Integer(int) | String(string)");
    one(
        r#"{"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}"#,
        "Thing = {a?: string, b?: string, ..}",
    );
    one(
        r#"{"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"], "oneOf": [{"properties": {"x": {"type": "number"}}, "required": ["x"]}, {"properties": {"y": {"type": "number"}}, "required": ["y"]}]}"#,
        "Thing = ThingWithX(ThingWithX) | ThingWithY(ThingWithY)
         ThingWithX = {x: number, id: string, ..}
         ThingWithY = {y: number, id: string, ..}",
    );
    one(
        r##"{"oneOf": [{"$ref": "#/$defs/only"}], "$defs": {"only": {"type": "object", "properties": {"a": {}}}}}"##,
        "Thing = Only\nOnly = {a?: any, ..}",
    );
}

#[test]
fn branches_are_called_by_what_tells_them_apart() {
    // A text of a property that all have, also as the one that a pattern matches.
    one(
        r#"{"anyOf": [
            {"type": "object", "properties": {"task": {"pattern": "^Docker\\.Build@2$"}, "tag": {}}},
            {"type": "object", "properties": {"task": {"enum": ["Shell"]}, "line": {}}},
            {"type": "object", "properties": {"task": {"pattern": "^Shell.*$"}, "tag": {}}}]}"#,
        "Thing = ThingDockerBuild2(ThingDockerBuild2) | ThingShell(ThingShell) | ThingOther(ThingOther)
         ThingDockerBuild2 = {task?: any, tag?: any, ..}
         ThingShell = {task?: ThingShellTask, line?: any, ..}
         ThingOther = {task?: any, tag?: any, ..}
         ThingShellTask = Shell",
    );
    // The first property, unless another has it too; words without a type are strings.
    one(
        r#"{"anyOf": [
            {"type": "object", "properties": {"checkout": {}, "name": {}}},
            {"type": "object", "properties": {"name": {}, "template": {}}},
            {"type": "object", "properties": {"name": {}, "upload": {}}},
            {"enum": ["a", "b"]}]}"#,
        "Thing = ThingWithCheckout(ThingWithCheckout) | ThingVariant2(ThingVariant2) | ThingVariant3(ThingVariant3) | ThingString(ThingString)
         ThingWithCheckout = {checkout?: any, name?: any, ..}
         ThingVariant2 = {name?: any, template?: any, ..}
         ThingVariant3 = {name?: any, upload?: any, ..}
         ThingString = A | B",
    );
}

#[test]
fn a_union_below_all_of_is_taken_apart_once() {
    one(
        r#"{"type": "object", "properties": {"a": {}}, "unevaluatedProperties": false, "allOf": [
            {"properties": {"b": {}}},
            {"oneOf": [{"required": ["x"], "properties": {"x": {}}}, {"required": ["y"], "properties": {"y": {}}}]}]}"#,
        "
        Thing = ThingWithX(ThingWithX) | ThingWithY(ThingWithY)
        ThingWithX = {x: any, a?: any, b?: any, ..}
        ThingWithY = {y: any, a?: any, b?: any, ..}
        ",
    );
}

#[test]
fn what_depends_on_dynamic_scope_is_open() {
    one(r##"{"$dynamicAnchor": "node", "type": "object", "properties": {"next": {"$dynamicRef": "#node"}}}"##, "Thing = {next?: any, ..}");
}

#[test]
fn what_a_condition_evaluates_is_not_closed_out() {
    one(
        r#"{"type": "object", "properties": {"a": {}}, "unevaluatedProperties": false,
            "if": {"required": ["a"]}, "then": {"properties": {"b": {}}}}"#,
        "Thing = {a?: any, b?: any, ..}",
    );
    one(
        r#"{"type": "object", "properties": {"a": {}}, "additionalProperties": true, "unevaluatedProperties": false}"#,
        "Thing = {a?: any, ..}",
    );
}

/// What another resource adds to the anchor is evaluated as well.
#[test]
fn a_dynamic_reference_leaves_an_object_open() {
    let base = r##"{"$id": "https://x.org/base", "type": "object", "properties": {"foo": {"type": "string"}}, "unevaluatedProperties": false,
        "$dynamicRef": "#more", "$defs": {"none": {"$dynamicAnchor": "more"}}}"##;
    let derived =
        r##"{"$id": "https://x.org/derived", "$ref": "base", "$defs": {"more": {"$dynamicAnchor": "more", "properties": {"bar": {}}}}}"##;
    let tree = Tree::from_texts([("base.json", base), ("derived.json", derived)], &Limits::default());
    let types = Types::derive(&Catalog::build(tree, Config::without_conventions()));
    let rests: Vec<&Additional> = types
        .iter()
        .filter_map(|(_, ty)| match &ty.shape {
            Shape::Object(object) => Some(&object.rest),
            _ => None,
        })
        .collect();
    assert!(!rests.is_empty() && rests.iter().all(|rest| **rest == Additional::Open), "{rests:?}");
}

#[test]
fn properties_without_a_type_let_other_values_pass() {
    one(r#"{"properties": {"a": {"type": "string"}}}"#, "Thing = Object(ThingObject) | Other(no object)\nThingObject = {a?: string, ..}");
}

#[test]
fn recursion_is_boxed_only_where_needed() {
    one(
        r##"{"type": "object", "properties": {"next": {"$ref": "#"}, "all": {"type": "array", "items": {"$ref": "#"}}, "other": {"$ref": "#/$defs/leaf"}}, "$defs": {"leaf": {"type": "object", "properties": {"n": {"type": "number"}}}}}"##,
        "Thing* = {next?: box Thing, all?: [Thing], other?: Leaf, ..}\nLeaf = {n?: number, ..}",
    );
    one(
        r##"{"$ref": "#/$defs/a", "$defs": {"a": {"type": "object", "properties": {"b": {"$ref": "#/$defs/b"}}}, "b": {"type": "object", "properties": {"a": {"anyOf": [{"$ref": "#/$defs/a"}, {"type": "null"}]}}}}}"##,
        "Thing = A\nA* = {b?: box B, ..}\nB* = {a?: box A?, ..}",
    );
}

#[test]
fn tuples() {
    one(
        r#"{"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false}"#,
        "Thing = (string, int; at least 0)",
    );
    one(
        r#"{"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false, "minItems": 2}"#,
        "Thing = (string, int)",
    );
    one(r#"{"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "number"}}"#, "Thing = (string, ..number; at least 0)");
    one(
        r#"{"$schema": "http://json-schema.org/draft-07/schema#", "type": "array", "items": [{"type": "string"}], "additionalItems": {"type": "boolean"}}"#,
        "Thing = (string, ..bool; at least 0)",
    );
}

#[test]
fn references_between_files_and_names_that_clash() {
    check(
        &[
            (
                "_shared.json",
                r##"{"$defs": {"id": {"type": "string", "format": "uuid"}, "order": {"title": "Order", "type": "object", "properties": {"id": {"$ref": "#/$defs/id"}}}}}"##,
            ),
            (
                "order/placed.v1.json",
                r##"{"type": "object", "properties": {"order": {"$ref": "../_shared.json#/$defs/order"}, "items": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "integer"}}}}}}"##,
            ),
            (
                "order/placed.v2.json",
                r##"{"title": "Order placed", "type": "object", "properties": {"order placed": {"type": "object", "properties": {"x": {}}}, "order": {"enum": ["x"]}}}"##,
            ),
        ],
        "OrderPlaced = {order?: Order, items?: [OrderPlacedItemsItem], ..}
         OrderPlaced = {order_placed?: OrderPlacedOrderPlaced, order?: OrderPlacedOrder, ..}
         Id = Uuid
         Order = {id?: Id, ..}
         OrderPlacedItemsItem = {a?: int, ..}
         OrderPlacedOrderPlaced = {x?: any, ..}
         OrderPlacedOrder = X",
    );
}

#[test]
fn older_dialects() {
    one(
        r##"{"$schema": "http://json-schema.org/draft-04/schema#", "id": "http://example.com/root.json", "type": "object", "properties": {"n": {"type": "integer", "minimum": 0, "exclusiveMinimum": true}, "r": {"$ref": "root.json#/definitions/r", "type": "array"}}, "definitions": {"r": {"type": "string"}}}"##,
        "Thing = {n?: int[1..], r?: R, ..}\nR = string",
    );
}

#[test]
fn unions_that_multiply_are_cut_short() {
    let mut defs = String::new();
    for index in 0..30 {
        let next = format!(r##"{{"$ref": "#/$defs/d{}", "properties": {{"p{index}": {{}}}}}}"##, index + 1);
        defs += &format!(r##""d{index}": {{"anyOf": [{next}, {next}, {{"$ref": "#/$defs/d{}"}}]}},"##, index + 1);
    }
    let schema = format!(r##"{{"$ref": "#/$defs/d0", "$defs": {{{defs} "d30": {{"type": "object", "properties": {{"end": {{}}}}}}}}}}"##);
    let tree = Tree::from_texts([("thing.json", schema.as_str())], &Limits::default());
    let types = Types::derive(&Catalog::build(tree, Config::without_conventions()));
    assert!(types.iter().count() < 5000, "{} types", types.iter().count());
}

/// Schemas whose combinations are types of their own: what is `a` at one place may be anything `count` places further.
fn combinations(count: usize) -> String {
    let refer = |index: usize| format!(r##"{{"$ref":"#/$defs/q{index}"}}"##);
    let object = |a: &str, b: &str| format!(r#"{{"type":"object","properties":{{"a":{a},"b":{b}}}}}"#);
    let start = object(&format!(r#"{{"allOf":[{},{}]}}"#, refer(0), refer(1)), &refer(0));
    let steps = (1..count).map(|index| object(&refer(index + 1), &refer(index + 1)));
    let all = std::iter::once(start).chain(steps).chain([r#"{"type":"object","required":["z"]}"#.to_owned()]);
    let definitions: Vec<String> = all.enumerate().map(|(index, schema)| format!(r#""q{index}":{schema}"#)).collect();
    format!(r##"{{"$ref":"#/$defs/q0","$defs":{{{}}}}}"##, definitions.join(","))
}

#[test]
fn combinations_end() {
    let schema = combinations(30);
    let catalog = Catalog::build(Tree::from_texts([("thing.json", schema.as_str())], &Limits::default()), Config::without_conventions());
    assert_eq!(Types::derive(&catalog).iter().count(), catalog.config.limits.types);
}

#[test]
fn no_inline_type_holds_itself() {
    one(
        r##"{"$defs":{"list":{"type":"array","items":{"$ref":"#/$defs/list","prefixItems":[true,{"type":"null"}]}}},"$ref":"#/$defs/list"}"##,
        "Thing = List
         List = [((any, never, ..any; at least 0), never, ..any; at least 0)]",
    );
}

#[test]
fn constants_and_tags_are_closed_whatever_is_tolerated() {
    let schema = r##"{
      "type": "object",
      "properties": {
        "constant": { "const": "1.0" },
        "narrowed": { "allOf": [{ "$ref": "#/$defs/size" }, { "const": "small" }] },
        "sole": { "enum": ["only"] },
        "size": { "$ref": "#/$defs/size" },
        "part": {
          "oneOf": [
            { "type": "object", "properties": { "by": { "enum": ["card", "cash"] } }, "required": ["by"] },
            { "$ref": "#/$defs/shipped" }
          ]
        }
      },
      "$defs": {
        "size": { "enum": ["small", "large"] },
        "shipped": { "type": "object", "properties": { "by": { "$ref": "#/$defs/carrier" } }, "required": ["by"] },
        "carrier": { "enum": ["ship"] }
      }
    }"##;
    for (tolerance, open) in [("none", Openness::Closed), ("open-enums", Openness::Open)] {
        let config = format!("[[namespace]]\nname = \"shop\"\nroot = \".\"\ntolerance = \"{tolerance}\"\n");
        let (config, problems) = Config::parse("eventc.toml", &config);
        assert!(problems.is_empty(), "{problems:#?}");
        let catalog = Catalog::build(Tree::from_texts([("thing.json", schema)], &Limits::default()), config);
        let types = Types::derive(&catalog);
        let enums = types.iter().filter_map(|(_, ty)| match &ty.shape {
            Shape::Enum(strings) => Some((ty.name.as_str(), strings.openness)),
            _ => None,
        });
        let found: Vec<(&str, Openness)> = enums.collect();
        let expected = [
            ("Size", open),
            ("Carrier", Openness::Closed),
            ("ThingConstant", Openness::Constant),
            ("ThingNarrowed", Openness::Constant),
            ("ThingSole", open),
            ("ThingPartObjectBy", Openness::Closed),
        ];
        assert_eq!(found, expected, "{tolerance}");
    }
}

#[test]
fn what_conditions_alone_declare() {
    let of = |rest: &str| format!(r#"{{"type": "object", "properties": {{"k": {{"type": "string"}}}}, {rest}}}"#);
    // Whatever the condition does not reach may be anything.
    one(
        &of(r#""if": {"required": ["k"]}, "then": {"properties": {"a": {"type": "string"}, "k": {"const": "x"}}, "required": ["a"]}"#),
        "Thing = {k?: string, a?: ThingA, ..}\nThingA = String(string) | Other(any)",
    );
    // Either side holds.
    one(
        &of(r#""if": {"required": ["k"]}, "then": {"properties": {"a": {"type": "string"}, "n": {"type": "integer", "minimum": 1}}},
            "else": {"properties": {"a": {"type": "null"}, "n": {"type": ["integer", "null"], "minimum": 0}}}"#),
        "Thing = {k?: string, a?: string?, n?: int[0..]?, ..}",
    );
    one(
        &of(
            r#""if": {"required": ["k"]}, "then": {"properties": {"a": {"type": "string"}}}, "else": {"properties": {"a": {"type": "integer"}}}"#,
        ),
        "Thing = {k?: string, a?: ThingA, ..}\nThingA = Integer(int) | String(string)",
    );
    // Several conditions; one that forbids says nothing, one that names alone allows anything.
    one(
        &of(
            r#""allOf": [{"if": {}, "then": {"properties": {"a": {"type": "string"}, "b": false}}}, {"if": {}, "then": {"properties": {"a": {"type": ["integer", "null"]}}}}],
            "dependentSchemas": {"k": {"properties": {"c": {}, "d": {"type": "object", "properties": {"e": {"type": "boolean"}}}}}}"#,
        ),
        "Thing = {k?: string, c?: any, d?: ThingD, a?: ThingA, ..}
         ThingD = ThingDObject(ThingDObject) | Other(any)
         ThingA = Integer(int) | String(string) | Other(any)
         ThingDObject = {e?: bool, ..}",
    );
    // A schema for all further properties is theirs as well.
    one(
        &of(r#""if": {}, "then": {"properties": {"a": {"minLength": 1}}}, "additionalProperties": {"type": "string"}"#),
        "Thing = {k?: string, ..string}",
    );
    one(&of(r#""if": {}, "then": {"properties": {"a": {}}}, "additionalProperties": false"#), "Thing = {k?: string}");
    one(
        r#"{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "dependencies": {"a": ["b"], "b": {"properties": {"c": {"type": "number"}}}}}"#,
        "Thing = {c?: ThingC, ..}\nThingC = Number(number) | Other(any)",
    );
    // `then` means nothing without `if`.
    one(&of(r#""then": {"properties": {"a": {"type": "string"}}}"#), "Thing = {k?: string, ..}");
    // A condition that leads back to its own schema ends.
    one(
        r##"{"type": "object", "properties": {"k": {"type": "string"}}, "if": {}, "then": {"allOf": [{"properties": {"a": {"$ref": "#"}}}]}}"##,
        "Thing* = {k?: string, a?: box ThingA, ..}\nThingA* = Thing(box Thing) | Other(any)",
    );
}

#[test]
fn lists_by_position() {
    let of = |rest: &str| format!(r#"{{"type": "array", "prefixItems": [{{"type": "integer"}}, {{"type": "string"}}], {rest}}}"#);
    for (rest, expected) in [
        (r#""minItems": 2, "maxItems": 2"#, "(int, string)"),
        (r#""minItems": 2, "items": false"#, "(int, string)"),
        (r#""minItems": 1, "items": false"#, "(int, string; at least 1)"),
        (r#""minItems": 2"#, "(int, string, ..any)"),
        (r#""minItems": 2, "items": {"type": "boolean"}"#, "(int, string, ..bool)"),
        (r#""minItems": 2, "maxItems": 3, "items": {"type": "boolean"}"#, "(int, string, bool; at least 2)"),
        (r#""minItems": 3, "maxItems": 3, "items": {"type": "boolean"}"#, "(int, string, bool)"),
        (r#""maxItems": 30, "items": {"type": "boolean"}"#, "(int, string, ..bool; at least 0)"),
    ] {
        one(&of(rest), &format!("Thing = {expected}"));
    }
}

#[test]
fn formats_of_integers_narrow_nothing() {
    for (rest, min, max, wide) in [
        (r#""format": "uint64""#, None, None, true),
        (r#""format": "uint64", "minimum": 0"#, Some(0), None, false),
        (r#""format": "uint128""#, None, None, true),
        (r#""format": "int32""#, None, None, false),
    ] {
        let schema = format!(r#"{{"type": "integer", {rest}}}"#);
        let tree = Tree::from_texts([("thing.json", schema.as_str())], &Limits::default());
        let types = Types::derive(&Catalog::build(tree, Config::without_conventions()));
        let Some((_, ty)) = types.iter().next() else { panic!("a type") };
        let Shape::Alias(TypeRef::Integer(range)) = &ty.shape else { panic!("an integer") };
        assert_eq!((range.min, range.max, range.wide), (min, max, wide), "{schema}");
    }
}

#[test]
fn what_stands_beside_a_union_is_called_by_it() {
    one(
        r#"{"type": "object", "properties": {"type": {"enum": ["a", "b"]}}, "oneOf": [
            {"title": "First", "properties": {"x": {"enum": ["c", "d"]}}}, {"title": "Second", "properties": {"y": {"type": "string"}}}]}"#,
        "Thing = First(First) | Second(Second)
         First = {x?: FirstX, type?: ThingType, ..}
         Second = {y?: string, type?: ThingType, ..}
         FirstX = C | D
         ThingType = A | B",
    );
}

#[test]
fn a_discriminator_is_the_tag_if_it_tells_the_branches_apart() {
    let of = |name: &str| {
        format!(
            r#"{{"discriminator": {{"propertyName": "{name}"}}, "oneOf": [
                {{"type": "object", "properties": {{"a": {{"const": "x"}}, "b": {{"const": "p"}}, "c": {{"type": "string"}}}}, "required": ["a", "b", "c"]}},
                {{"type": "object", "properties": {{"a": {{"const": "y"}}, "b": {{"const": "q"}}, "c": {{"type": "string"}}}}, "required": ["a", "b", "c"]}}]}}"#
        )
    };
    for (name, tag) in [("b", "b"), ("a", "a"), ("c", "a"), ("z", "a")] {
        let tree = Tree::from_texts([("thing.json", of(name).as_str())], &Limits::default());
        let types = Types::derive(&Catalog::build(tree, Config::without_conventions()));
        let Some(Shape::Union(union)) = types.iter().map(|(_, ty)| &ty.shape).next() else { panic!("a union") };
        assert_eq!(union.tag.as_deref(), Some(tag), "{name}");
    }
}

/// The mapping means alternatives that only it tells apart.
#[test]
fn a_discriminator_maps_values_to_references() {
    let pet = r#"{"type": "object", "properties": {"kind": {"type": "string"}}, "required": ["kind"]}"#;
    let schema = format!(
        r##"{{"discriminator": {{"propertyName": "kind", "mapping": {{"kitty": "#/$defs/Cat", "tom": "Cat", "hound": "#/$defs/Dog"}}}},
            "oneOf": [{{"$ref": "#/$defs/Cat"}}, {{"$ref": "#/$defs/Dog"}}, {{"$ref": "#/$defs/Fish"}}], "$defs": {{"Cat": {pet}, "Dog": {pet}, "Fish": {pet}}}}}"##
    );
    let tree = Tree::from_texts([("thing.json", schema.as_str())], &Limits::default());
    let types = Types::derive(&Catalog::build(tree, Config::without_conventions()));
    let Some(Shape::Union(union)) = types.iter().map(|(_, ty)| &ty.shape).next() else { panic!("a union") };
    let mapped: Vec<&[String]> = union.variants.iter().map(|variant| &variant.mapped[..]).collect();
    assert_eq!((union.tag.as_deref(), union.discriminator.as_deref()), (None, Some("kind")));
    assert_eq!(mapped, [&["kitty".to_owned(), "tom".to_owned()][..], &["hound".to_owned()], &["Fish".to_owned()]]);
}

#[test]
fn what_a_condition_says_does_not_always_hold() {
    let text = r#"{"type": "object", "properties": {"k": {"minLength": 2}},
        "if": {"required": ["k"]}, "then": {"properties": {"a": {"minLength": 3}, "k": {"maxLength": 9}}},
        "dependentSchemas": {"k": {"properties": {"d": {"minLength": 4}}}}}"#;
    let catalog = Catalog::build(Tree::from_texts([("thing.json", text)], &Limits::default()), Config::without_conventions());
    let types = Types::derive(&catalog);
    let Shape::Object(object) = &types.iter().next().expect("a type").1.shape else { panic!("an object") };
    let said = object.fields.iter().map(|field| {
        let keywords = catalog.schemas.keywords(field.node).expect("keywords");
        (field.name.as_str(), words::of_field(field, keywords, &|text| text.to_owned()).join(", "))
    });
    let conditional = "depends on other properties".to_owned();
    let expected = [("k", "at least 2 characters".to_owned()), ("a", conditional.clone()), ("d", conditional)];
    assert_eq!(said.collect::<Vec<_>>(), expected);
}
