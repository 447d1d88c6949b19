//! What is wrong with a tree is found all at once, each at its exact place.

use std::fs;

use eventc_model::{
    catalog::Catalog,
    config::Config,
    diagnostic::{Diagnostic, Level},
    schema::{Keywords, Schemas},
    source::{Limits, Tree},
};

/// Reads some files and compares the findings: rule, place, and a part of the message or help.
fn check(files: &[(&str, &str)], expected: &[(&str, &str, &str)]) {
    let catalog = Catalog::build(Tree::from_texts(files.iter().copied(), &Limits::default()), Config::without_conventions());
    let found: Vec<_> = catalog
        .diagnostics
        .iter()
        .map(|d| (d.rule.name, d.place.to_string(), format!("{} ({})", d.message, d.help.as_deref().unwrap_or(""))))
        .collect();
    let matches = found.len() == expected.len()
        && found
            .iter()
            .zip(expected)
            .all(|(found, expected)| found.0 == expected.0 && found.1 == expected.1 && found.2.contains(expected.2));
    assert!(matches, "found {found:#?}\nexpected {expected:#?}");
}

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
            ("unresolved-ref", "a.json:1:31", "did you mean \"p.json#/definitions/n\"?"),
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
fn malformed_keywords_are_all_found() {
    check(
        &[(
            "a.json",
            "{\"type\": \"strnig\",\n\"minLength\": -1,\n\"required\": \"a\",\n\"properties\": {\"x\": 3},\n\"items\": [1],\n\"pattern\": null,\n\"examples\": \"a\"}",
        )],
        &[
            ("told-dialect", "a.json:1:1", "a.json as draft-07"),
            ("malformed-keyword", "a.json:1:10", "`type` must be a type name"),
            ("malformed-keyword", "a.json:2:14", "`minLength` must be a count"),
            ("malformed-keyword", "a.json:3:13", "`required` must be a list of strings"),
            ("malformed-keyword", "a.json:4:21", "a schema is an object or a boolean"),
            ("malformed-keyword", "a.json:5:11", "a schema is an object or a boolean"),
            ("malformed-keyword", "a.json:6:12", "`pattern` must be a string"),
            ("malformed-annotation", "a.json:7:13", "`examples` must be a list"),
        ],
    );
}

#[test]
fn syntax_dialects_and_ids() {
    check(
        &[
            ("a.json", "{\"type\": \"object\",\n}"),
            ("b.json", "{\"type\": \"object\", \"type\": \"string\"}"),
            ("c.json", "{\"$schema\": \"https://example.com/mine\"}"),
            ("d.json", "{\"$id\": \"https://example.com/same\"}"),
            ("e.json", "{\"$id\": \"https://example.com/same\"}"),
            ("f.json", "[1]"),
            ("g.yaml", "a: [\n"),
            ("h.avsc", "{\"type\": \"record\", \"name\": \"A\"}"),
        ],
        &[
            ("json-comment", "a.json:1:18", "1 trailing comma"),
            ("duplicate-key", "b.json:1:20", "\"type\""),
            ("unknown-dialect", "c.json:1:13", "read as https://json-schema.org/draft/2020-12/schema"),
            ("duplicate-id", "e.json:1:9", "d.json:1:9 declares \"https://example.com/same\" too"),
            ("not-a-schema", "f.json:1:1", "2 files passed over (f.json and 1 more)"),
            ("avro", "h.avsc:1:1", ""),
        ],
    );
}

#[test]
fn avro_mistakes_stand_at_their_own_lines_and_name_the_type() {
    check(
        &[
            (
                "a.avsc",
                "{\"type\": \"record\", \"name\": \"Order\", \"namespace\": \"n\", \"fields\": [\n{\"name\": \"id\", \"type\": \"strin\"},\n{\"name\": \"kind\", \
                 \"type\": \"com.acme.Category\"},\n{\"name\": \"f\", \"type\": {\"type\": \"fixed\", \"name\": \"F\"}},\n{\"name\": \"e\", \"type\": {\"type\": \"enum\", \
                 \"name\": \"E\", \"symbols\": [\"A\",\n\"A\"]}},\n{\"name\": \"u\", \"type\": [\"null\", \"null\"]},\n{\"name\": \"d\", \"type\": \"int\", \"default\": \"x\"}]}",
            ),
            ("b.avsc", "{\"type\": \"recrod\", \"name\": \"B\", \"fields\": []}"),
            (
                "c.avsc",
                "{\"type\": \"record\", \"name\": \"C\", \"fields\": [\n{\"name\": \"a\", \"type\": \"int\"},\n{\"name\": \"a\", \"type\": \"int\"},\n\
                 {\"name\": \"b\", \"type\": \"int\", \"default\": \"x\"},\n{\"name\": \"d\", \"type\": {\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 2, \"scale\": 5}}]}",
            ),
        ],
        &[
            ("avro", "a.avsc:2:24", "\"strin\" is no type of Avro"),
            ("avro", "a.avsc:3:26", "\"com.acme.Category\" is no type of Avro"),
            ("avro", "a.avsc:4:23", "n.F is not valid Avro"),
            ("avro", "a.avsc:6:1", "n.E is not valid Avro: Duplicate enum symbol A"),
            ("avro", "a.avsc:7:23", "the field \"u\" of n.Order is not valid Avro: Unions cannot contain duplicate types"),
            ("avro", "a.avsc:8:1", "the field \"d\" of n.Order is not valid Avro"),
            ("avro", "b.avsc:1:10", "\"recrod\" is no type of Avro"),
            ("avro", "c.avsc:3:10", "C is not valid Avro: Duplicate field name a"),
            ("avro", "c.avsc:4:1", "the field \"b\" of C is not valid Avro: its default is \"x\", which is not of the type \"int\""),
            ("avro", "c.avsc:5:92", "its scale 5 is above its precision 2"),
        ],
    );
}

#[test]
fn a_type_that_files_define_differently_is_that_of_the_nearest_or_an_error() {
    let kind = |symbols: &str| format!(r#"{{"type": "enum", "name": "n.E", "symbols": {symbols}}}"#);
    let user = r#"{"type": "record", "name": "n.U", "fields": [
{"name": "e", "type": "n.E"}]}"#;
    let (one, other, documented) =
        (kind(r#"["A"]"#), kind(r#"["B"]"#), r#"{"type": "enum", "name": "n.E", "doc": "Of kinds.", "symbols": ["A"]}"#);
    let holder = format!(r#"{{"type": "record", "name": "n.H", "fields": [{{"name": "e", "type": {other}}}]}}"#);
    let told = [("avro", "u.avsc:2:23", "the type n.E may be that of a.avsc or of b.avsc, which differ")];
    check(&[("a.avsc", &one), ("b.avsc", &other), ("u.avsc", user)], &told);
    check(&[("a.avsc", &one), ("b.avsc", &holder), ("u.avsc", user)], &told);
    check(&[("a.avsc", &one), ("b.avsc", documented), ("u.avsc", user)], &[]);
    check(&[("v1/e.avsc", &one), ("v2/e.avsc", &other), ("v2/u.avsc", user)], &[]);
    check(&[("a.avsc", &one), ("b.avsc", &other)], &[]);
}

#[test]
fn a_vendors_version_in_a_folder_of_avro_has_no_ending() {
    let record = r#"{"type": "record", "name": "n.U", "fields": [{"name": "e", "type": "int"}]}"#;
    let files = [("com.acme/click/avro/1-0-0", record), ("com.acme/view/jsonschema/1-0-0", r#"{"type": "object", "properties": {}}"#)];
    check(&files, &[]);
    let catalog = Catalog::build(Tree::from_texts(files, &Limits::default()), Config::without_conventions());
    let topics: Vec<&str> = catalog.events().map(|contract| contract.topic.as_str()).collect();
    assert_eq!(topics, ["com.acme.click", "com.acme.view"]);
}

#[test]
fn metadata_mistakes_are_all_found() {
    check(
        &[(
            "a.json",
            "{\"type\": \"object\", \"x-event\": {\n\"ownr\": \"x\",\n\"stability\": \"stabel\",\n\"topic\": {\"partitions\": \"six\"},\n\"version\": \"1.0.0\"}}",
        )],
        &[
            ("bad-x-event", "a.json:2:1", "did you mean `owner`?"),
            ("bad-x-event", "a.json:3:1", "did you mean `stable`?"),
            ("bad-x-event", "a.json:4:11", "invalid type: string \"six\""),
        ],
    );
}

#[test]
fn configuration_mistakes_are_all_found() {
    let text = "schema = \"x\"\n\n[[namespace]]\nname = \"a\"\nproperty_case = \"snak\"\n\n[[namespace]]\nname = \"a\"\nroot = \"b\"\n\n[services.x]\nconsumes = [{ topic = \"a\" }]\n";
    let (_, diagnostics) = Config::parse("eventc.toml", text);
    let found: Vec<_> = diagnostics.iter().map(|d| (d.place.to_string(), d.help.clone().unwrap_or_default())).collect();
    let expected = [
        ("eventc.toml:1:1", "did you mean `schemas`?"),
        ("eventc.toml:5:1", "did you mean `snake`?"),
        ("eventc.toml:8:8", "give each namespace its own"),
        ("eventc.toml:12:15", "did you mean `topics`?"),
    ];
    assert_eq!(found.iter().map(|(place, help)| (place.as_str(), help.as_str())).collect::<Vec<_>>(), expected);
}

#[test]
fn the_disk_is_read_within_bounds() {
    let folder = std::env::temp_dir().join(format!("eventc-reading-{}", std::process::id()));
    let root = folder.join("root");
    fs::create_dir_all(root.join("sub")).unwrap();
    fs::write(folder.join("outside.json"), "{}").unwrap();
    fs::write(root.join("good.json"), "\u{feff}{\"type\": \"object\"}").unwrap();
    fs::write(root.join("bytes.json"), b"{\n  \"a\": \"\xff\"}").unwrap();
    let wide: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(root.join("wide.json"), wide).unwrap();
    fs::write(root.join("large.json"), " ".repeat(2000)).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../outside.json", root.join("leaving.json")).unwrap();
        std::os::unix::fs::symlink("nowhere.json", root.join("sub/broken.json")).unwrap();
        std::os::unix::fs::symlink("../good.json", root.join("sub/inside.json")).unwrap();
        std::os::unix::fs::symlink("..", root.join("sub/loop")).unwrap();
    }
    let tree = Tree::read(&root, &Limits { file_bytes: 1000, depth: 10, ..Limits::default() }).unwrap();
    let files: Vec<_> = tree.files.iter().filter(|file| !file.unread).map(|file| file.path.as_str()).collect();
    let mut found: Vec<_> = tree.diagnostics.iter().map(|d| (d.rule.name, d.place.line, d.place.column)).collect();
    found.sort_unstable();
    fs::remove_dir_all(&folder).unwrap();
    if cfg!(unix) {
        assert_eq!(files, ["good.json", "sub/inside.json"]);
        assert_eq!(
            found,
            [
                ("not-utf8", 1, 1),
                ("not-utf8", 2, 9),
                ("outside-root", 0, 0),
                ("too-large", 0, 0),
                ("unreadable-file", 0, 0),
                ("unreadable-file", 0, 0)
            ]
        );
    }
}

/// Folders of which each has two links to the one before: a path for each way through them, were all of them followed.
#[cfg(unix)]
#[test]
fn links_are_followed_within_bounds() {
    use std::os::unix::fs::symlink;

    let folder = std::env::temp_dir().join(format!("eventc-links-{}", std::process::id()));
    fs::create_dir_all(folder.join("d0")).unwrap();
    fs::write(folder.join("d0/made.json"), "{}").unwrap();
    for number in 1..40 {
        let at = folder.join(format!("d{number}"));
        fs::create_dir_all(&at).unwrap();
        symlink(format!("../d{}", number - 1), at.join("x")).unwrap();
        symlink(format!("../d{}", number - 1), at.join("y")).unwrap();
    }
    symlink("/", folder.join("away")).unwrap();
    let tree = Tree::read(&folder, &Limits { links: 50, ..Limits::default() }).unwrap();
    let stamped = eventc_model::source::stamp(&folder).len();
    fs::remove_dir_all(&folder).unwrap();
    let found: Vec<_> = tree.diagnostics.iter().map(|d| (d.rule.name, d.place.file.rsplit('/').next().unwrap_or_default())).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0], ("outside-root", "away"));
    assert_eq!(found[1].0, "too-large");
    assert!((2..=51).contains(&tree.files.len()), "{} files", tree.files.len());
    assert!(stamped <= Limits::default().links + 1, "{stamped} files");
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

/// As deep as the default limits allow, on the small stack of a test's thread.
#[test]
fn deep_documents_need_no_deep_stack_of_the_caller() {
    let objects = format!("{}true{}", r#"{"properties":{"a":"#.repeat(511), "}}".repeat(511));
    let lists = format!("{}true{}", r#"{"allOf":["#.repeat(511), "]}".repeat(511));
    let values = format!(r#"{{"const":{}1{}}}"#, "[".repeat(1022), "]".repeat(1022));
    let read = move || {
        let files = [("a.json", objects.as_str()), ("b.json", &lists), ("c.json", &values)];
        let catalog = Catalog::build(Tree::from_texts(files, &Limits::default()), Config::without_conventions());
        assert!(catalog.diagnostics.is_empty(), "{:?}", catalog.diagnostics);
        assert_eq!(catalog.contracts.len(), 3);
        let types = eventc_model::types::Types::derive(&catalog);
        assert!(types.iter().count() > 511);
    };
    // The size that Rust gives to threads, whatever the environment says.
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(read).expect("a thread");
    thread.join().expect("no panic");
}

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

/// What the reference at a place of a file leads to.
#[track_caller]
fn leads(schemas: &Schemas, path: &str, pointer: &str, expected: &str) {
    let at = schemas.at(schemas.file_id(path).expect(path), pointer).expect(pointer);
    assert_eq!(schemas.label(schemas.target(at)), expected, "from {path}#{pointer}");
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

#[test]
fn numbers_that_no_broker_takes_are_told_at_their_places() {
    let text = "{\"x-event\": {\"topic\": {\n\"partitions\": 0,\n\"replication\": 16}}, \"type\": \"object\"}";
    let config = "[owners.a]\nhandles = [\"@a\", \"@b\\n*\"]\n[[namespace]]\nname = \"n\"\nroot = \".\"\n[namespace.topic]\nreplication = 0\n[namespace.domain.x]\npartitions = 0\n";
    let (config, problems) = Config::parse("eventc.toml", config);
    let told = |found: &[Diagnostic]| -> Vec<String> {
        found.iter().map(|found| format!("{} {}: {}", found.rule.code, found.place, found.message)).collect()
    };
    assert_eq!(
        told(&problems),
        [
            "EV013 eventc.toml:2:18: \"@b\\n*\" is no handle",
            "EV013 eventc.toml:7:15: 0 is no replication factor: a partition has 1 to 15 copies",
            "EV013 eventc.toml:9:14: a topic has at least one partition",
        ]
    );
    let catalog = Catalog::build(Tree::from_texts([("x/made.json", text)], &Limits::default()), config);
    assert_eq!(
        told(&catalog.diagnostics),
        [
            "EV014 x/made.json:2:15: a topic has at least one partition",
            "EV014 x/made.json:3:16: 16 is no replication factor: a partition has 1 to 15 copies",
        ]
    );
}

/// What a text says is read once, and told at its own place: of a list each item, and of an object only what is wrong in it.
#[test]
fn texts_that_say_nothing_are_told_at_their_places() {
    let text = r#"{"x-event": {
"version": "1.0",
"topic": {"retention": "7 days", "ttl": "forever", "dead_letter": {"topic": "x",
"backoff": ["1s",
"2",
"3 s",
"4s"], "retention": "1y"}},
"deprecated": {"use": "x",
"since": "tomorrow"},
"allow": [{"rule": "version",
"until": "2026-02-29"}]}}"#;
    let config = "[owners.a]\nhandles = [\"@a\",\n\"\",\n\"@b\", \"@c d\"]\n[[namespace]]\nname = \"n\"\n[namespace.topic]\nretention = \"soon\"\n[namespace.domain.x]\nttl = \"1.5h\"\n";
    let (config, problems) = Config::parse("eventc.toml", config);
    let told = |found: &[Diagnostic]| -> Vec<String> {
        let line = |found: &Diagnostic| {
            let help = found.help.as_deref().unwrap_or_else(|| panic!("{found:?} says what to do"));
            format!(
                "{} {} {}: {} ({})",
                found.rule.code,
                found.place,
                found.pointer,
                found.message,
                help.split(' ').next().unwrap_or_default()
            )
        };
        found.iter().map(line).collect()
    };
    assert_eq!(
        told(&problems),
        [
            r#"EV013 eventc.toml:3:1 /owners/a/handles/1: "" is no handle (a)"#,
            r#"EV013 eventc.toml:4:7 /owners/a/handles/3: "@c d" is no handle (a)"#,
            r#"EV013 eventc.toml:8:1 /namespace/0/topic/retention: "soon" is no duration (write)"#,
            r#"EV013 eventc.toml:10:1 /namespace/0/domain/x/ttl: "1.5h" is no duration (write)"#,
        ]
    );
    assert_eq!(config.owners["a"].handles.iter().map(ToString::to_string).collect::<Vec<_>>(), ["@a", "@b"]);
    let shared = r#"{"x-event": {"allow": [{"rule": "version", "until": "soon"}]}}"#;
    let tree = Tree::from_texts([("x/made.json", text), ("_shared.json", shared)], &Limits::default());
    let catalog = Catalog::build(tree, Config::without_conventions());
    assert_eq!(
        told(&catalog.diagnostics),
        [
            r#"EV014 _shared.json:1:44 /x-event/allow/0/until: "soon" is no day (write)"#,
            r#"EV014 x/made.json:2:1 /x-event/version: the version "1.0" is not semver: unexpected end of input while parsing minor version number (write)"#,
            r#"EV014 x/made.json:3:11 /x-event/topic/retention: "7 days" is no duration (write)"#,
            r#"EV014 x/made.json:3:34 /x-event/topic/ttl: "forever" is no duration (write)"#,
            r#"EV014 x/made.json:5:1 /x-event/topic/dead_letter/backoff/1: "2" is no duration (write)"#,
            r#"EV014 x/made.json:6:1 /x-event/topic/dead_letter/backoff/2: "3 s" is no duration (write)"#,
            r#"EV014 x/made.json:7:8 /x-event/topic/dead_letter/retention: "1y" is no duration (write)"#,
            r#"EV014 x/made.json:9:1 /x-event/deprecated/since: "tomorrow" is no day (write)"#,
            r#"EV014 x/made.json:11:1 /x-event/allow/0/until: "2026-02-29" is no day (write)"#,
        ]
    );
    let [contract] = &catalog.contracts[..] else { panic!("one contract") };
    let waits = contract.settings.dead_letter.as_ref().map(|letters| letters.backoff.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(waits, Some(vec!["1s".to_owned(), "4s".to_owned()]));
    assert!(catalog.is_version_unread(contract) && contract.metadata.deprecated.is_none());
}
