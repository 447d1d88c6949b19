//! Types within types: each is described once, and pages grow with the schemas, however these refer to each other.

use eventc_model::{
    catalog::Catalog,
    config::Config,
    history::History,
    source::{Limits, Tree},
};
use serde_json::{Map, Value, json};

use crate::{
    pages::{check_links, listing},
    trees::{Pages, everything},
};

type Files = Vec<(String, String)>;

fn files(files: &Files) -> Pages {
    let tree = Tree::from_texts(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default());
    let catalog = Catalog::build(tree, Config::without_conventions());
    let pages = everything(&catalog, &History::default(), &[], None);
    assert_eq!(pages, everything(&catalog, &History::default(), &[], None), "two runs differ");
    listing(&pages);
    let mut readable = pages.clone();
    readable.remove("catalog.json");
    check_links(&readable);
    pages
}

/// Types of one file, each of which holds the next under these names and a string; the last holds strings alone.
fn nested(depth: usize, names: &[&str]) -> Files {
    let object = |index: usize| {
        let mut properties: Map<String, Value> =
            names.iter().map(|name| (format!("{name}{index}"), json!({ "$ref": format!("#/$defs/t{}", index + 1) }))).collect();
        if index == depth {
            properties.clear();
        }
        properties.insert(format!("leaf{index}"), json!({ "type": "string", "description": format!("The leaf of {index}.") }));
        json!({ "type": "object", "properties": properties })
    };
    let definitions: Map<String, Value> = (0..=depth).map(|index| (format!("t{index}"), object(index))).collect();
    let root = json!({ "type": "object", "properties": { "first": { "$ref": "#/$defs/t0" }, "again": { "$ref": "#/$defs/t0" } } });
    let mut root = root;
    root["$defs"] = Value::Object(definitions);
    vec![("nested.json".to_owned(), root.to_string())]
}

/// The same with a file for each type.
fn spread(depth: usize, names: &[&str]) -> Files {
    let object = |index: usize| {
        let next = (index + 1) % depth;
        let mut properties: Map<String, Value> =
            names.iter().map(|name| (format!("{name}{index}"), json!({ "$ref": format!("t{next}.json") }))).collect();
        properties.insert(format!("leaf{index}"), json!({ "type": "string", "description": format!("The leaf of {index}.") }));
        json!({ "type": "object", "properties": properties }).to_string()
    };
    (0..depth).map(|index| (format!("t{index}.json"), object(index))).collect()
}

/// How many bytes come of each byte.
fn growth(tree: &Files) -> f64 {
    let size = |bytes: usize| f64::from(u32::try_from(bytes).expect("a small tree"));
    size(files(tree).values().map(String::len).sum()) / size(tree.iter().map(|(_, text)| text.len()).sum())
}

#[test]
fn pages_grow_with_the_schemas() {
    for names in [&["next"][..], &["left", "right"]] {
        for (tree, most) in [(nested as fn(usize, &[&str]) -> Files, 8.0), (spread, 30.0)] {
            let (small, large) = (growth(&tree(30, names)), growth(&tree(120, names)));
            assert!(small < most && large < small, "{names:?}: {small:.1} bytes for each byte, and {large:.1} of a larger tree");
        }
    }
}

#[test]
fn every_nested_type_has_one_heading() {
    let page = &files(&nested(30, &["left", "right"]))["events/nested.md"];
    for index in 0..=30 {
        for told in [format!("\n### T{index}\n"), format!("<a id=\"type-T{index}\">"), format!("| `leaf{index}` |")] {
            assert_eq!(page.matches(&told).count(), 1, "{told} in {page}");
        }
    }
    assert_eq!(page.matches("(#type-T30)").count(), 2, "both fields lead to it");
}

#[test]
fn what_is_held_once_unfolds_three_levels_deep() {
    let page = &files(&nested(30, &["next"]))["events/nested.md"];
    for index in 0..=30 {
        assert_eq!(page.matches(&format!("leaf{index}` |")).count(), 1, "{index}");
    }
    // The first type is held twice, and so has a heading; what it holds stands below it.
    for row in ["| `next0.next1.leaf2` |", "| `next0.next1.next2` | object, [T3](#type-T3) |"] {
        assert!(page.contains(row), "{row} in {page}");
    }
    assert_eq!(page.matches("\n### T").count(), 11, "T0, T3, and so on to T30");
}

#[test]
fn a_type_of_another_file_has_one_page() {
    let address =
        json!({ "$defs": { "address": { "title": "Address", "type": "object", "properties": { "street": { "type": "string" } } } } });
    let order = |field: &str| {
        let address = json!({ "$ref": "base.json#/$defs/address" });
        json!({ "type": "object", "properties": { field: address, "by": { "type": "object", "additionalProperties": address } } })
    };
    let base = json!({
        "type": "object", "$defs": address["$defs"],
        "properties": { "one_of": { "oneOf": [{ "$ref": "#/$defs/address" }, { "type": "string" }] } },
    });
    let tree = [("base.json", base), ("order.json", order("to")), ("bill.json", order("from"))];
    let pages = files(&tree.map(|(path, schema)| (path.to_owned(), schema.to_string())).into());
    let holding: Vec<&String> = pages.iter().filter(|(_, text)| text.contains("`street`")).map(|(path, _)| path).collect();
    assert_eq!(holding, ["events/base.md"]);
    assert!(pages["events/order.md"].contains("| `to` | object, [Address](base.md#type-Address) |"), "{}", pages["events/order.md"]);
    assert!(pages["events/bill.md"].contains("| `by` | map to object, [Address](base.md#type-Address) |"));
    // An alternative has no field of its own, and leads there in a row of its own.
    assert!(pages["events/base.md"].contains("| `one_of(Address)` | object, [Address](#type-Address) |  |"), "{}", pages["events/base.md"]);
    let listed = listing(&pages);
    let order = listed["contracts"].as_array().into_iter().flatten().find(|contract| contract["schema"] == "order.json").expect("it");
    let at = "events/base.md#type-Address";
    assert_eq!(order["holds"], json!([{ "pointer": "/to", "type": at }, { "pointer": "/by/*", "type": at }]));
}

#[test]
fn recursion_links_back() {
    let tree = json!({
        "type": "object",
        "properties": { "self": { "$ref": "#" }, "list": { "type": "array", "items": { "$ref": "#/$defs/node" } } },
        "$defs": { "node": { "title": "Node", "type": "object", "properties": { "below": { "type": "array", "items": { "$ref": "#/$defs/node" } } } } },
    });
    let page = &files(&vec![("loop.json".to_owned(), tree.to_string())])["events/loop.md"];
    assert!(page.contains("| `self` | object, [Loop](loop.md) |"), "{page}");
    assert!(page.contains("| `below` | list of object, [Node](#type-Node) |") && page.matches("\n### Node\n").count() == 1, "{page}");
}
