//! Mistakes in Avro schemas, and types that several files define.

use eventc_model::{
    catalog::Catalog,
    config::Config,
    source::{Limits, Tree},
};

use super::check;

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
fn comments_and_trailing_commas_are_told_and_read() {
    check(
        &[
            ("a.avsc", "/* Of\nkinds. */ {\"type\": \"enum\", \"name\": \"n.E\", \"symbols\": [\"A\",]}"),
            ("b.avsc", "// A user.\n{\"type\": \"record\", \"name\": \"n.U\", \"fields\": [{\"name\": \"e\", \"type\": \"n.E\"}]}"),
            ("c.avsc", "// A slip.\n{\"type\": \"record\", \"name\": \"n.V\", \"fields\": [{\"name\": \"e\", \"type\": \"n.F\"}]}"),
        ],
        &[
            ("json-comment", "a.avsc:1:1", "1 comment and 1 trailing comma"),
            ("json-comment", "b.avsc:1:1", "1 comment"),
            ("json-comment", "c.avsc:1:1", "1 comment"),
            ("avro", "c.avsc:2:68", "\"n.F\" is no type of Avro"),
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
