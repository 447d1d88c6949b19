//! `eventc fmt` and `eventc lint --fix`: what is changed in an author's files, and what is left to the author.

use crate::common::{CONFIG, ENVELOPE, Folder, ORDER};

const FILE: &str = "schemas/events/order/created.json";

#[test]
fn files_are_laid_out_once() {
    let folder = Folder::shop();
    folder.run(&["fmt", "--check"]).ends(1).says("order/created.json is not laid out").says("run `eventc fmt`");
    assert_eq!(folder.read(FILE), ORDER);
    folder.run(&["fmt"]).ends(0).says("order/created.json laid out");
    let laid_out = folder.read(FILE);
    assert!(laid_out.contains("  \"x-event\": {\n    \"version\": \"1.0.0\",\n"), "{laid_out}");
    folder.run(&["fmt"]).ends(0).says("all laid out");
    folder.run(&["fmt", "--check"]).ends(0);
    assert_eq!(folder.read(FILE), laid_out);
}

#[test]
fn some_files_are_named_by_topic_path_or_glob() {
    for key in ["order.created", "order/created.json", "schemas/events/order/created.json", "order/*", "order.*"] {
        let folder = Folder::shop();
        folder.run(&["fmt", key]).ends(0).says("1 of 1 file laid out anew");
        assert_eq!(folder.read("schemas/events/_envelope.json"), ENVELOPE);
    }
    Folder::shop().run(&["fmt", "order.craeted"]).ends(2).says("no schema fits [\"order.craeted\"]");
}

#[test]
fn what_cannot_be_laid_out_is_told_and_left() {
    let commented = "{\"type\": /* always */ \"object\"}";
    let folder =
        Folder::new(&[("a.json", commented), ("b.json", "{\"type\": \"object\", \"title\": \"b\"}"), ("c.yaml", "type: [object\n")]);
    folder.run(&["fmt", "--schemas", "."]).ends(1).says("a.json stays as it is: a comment stands between").says("b.json laid out");
    assert_eq!(folder.read("a.json"), commented);
    assert_eq!(folder.read("c.yaml"), "type: [object\n");
    assert_eq!(folder.read("b.json"), "{\n  \"title\": \"b\",\n  \"type\": \"object\"\n}\n");
}

#[test]
fn misspelled_words_get_their_nearest_name() {
    let folder = Folder::shop();
    folder.write("eventc.toml", CONFIG.replace("[services.shop]", "[services.shop]\ndescripton = \"A shop.\""));
    folder.write(FILE, ORDER.replace("\"producers\"", "\"producer\"").replace("\"required\"", "\"requird\""));
    folder.run(&["lint"]).ends(2);
    folder.run(&["lint", "--fix"]).ends(0).says("3 findings fixed in 2 files").says("eventc.toml changed");
    assert_eq!(folder.read(FILE), ORDER);
    assert!(folder.read("eventc.toml").contains("\ndescription = \"A shop.\""));
    // What has no nearest name, and what would be there twice, is left.
    folder.write(FILE, ORDER.replace("\"required\"", "\"requird\": [], \"wibble\": 1, \"required\""));
    folder.run(&["lint", "--fix"]).says("0 findings fixed").says("wibble").says("requird");
}

#[test]
fn an_allow_that_accepts_nothing_goes() {
    let allow = |rule: &str| format!("{{\"rule\": \"{rule}\", \"at\": \"\", \"reason\": \"so\"}}");
    let folder = Folder::shop();
    let with = |allows: &str| ORDER.replace("\"producers\": [\"shop\"]", &format!("\"producers\": [\"shop\"], \"allow\": [{allows}]"));
    folder.write(FILE, with(&format!("{}, {}", allow("no-producer"), allow("unknown-producer"))));
    folder.run(&["lint", "--fix"]).says("2 findings fixed in 1 file");
    assert_eq!(folder.read(FILE), ORDER);
}

const CASED: &str = r#"{
  "description": "An order.",
  "x-event": {"version": "1.0.0", "producers": ["shop"], "key": "/theBuyer/buyerId"},
  "type": "object",
  "properties": {"theBuyer": {"$ref": "../_buyer.json"}},
  "required": ["theBuyer"],
  "examples": [{"theBuyer": {"buyerId": "a"}}]
}
"#;

const BUYER: &str =
    r#"{"type": "object", "properties": {"buyerId": {"type": "string"}}, "required": ["buyerId"], "examples": [{"buyerId": "b"}]}"#;

fn cased() -> Folder {
    let folder = Folder::shop();
    let reads = "[services.stock]\nconsumes = [{ topics = \"order.*\", reads = [\"/theBuyer/buyerId\", \"/theBuyer\"] }]\n";
    folder.write(
        "eventc.toml",
        CONFIG
            .replace("root = \".\"", "root = \".\"\nproperty_case = \"snake\"")
            .replace("[services.shop]", &format!("[services.shop]\n{reads}")),
    );
    folder.write(FILE, CASED);
    folder.write("schemas/events/_buyer.json", BUYER);
    folder
}

#[test]
fn a_property_takes_the_case_of_its_namespace_wherever_it_is_spoken_of() {
    let folder = cased();
    folder.run(&["lint"]).ends(1).says("theBuyer").says("buyerId");
    folder.run(&["lint", "--fix"]).ends(0).says("2 findings fixed in 3 files");
    assert_eq!(folder.read(FILE), CASED.replace("theBuyer", "the_buyer").replace("buyerId", "buyer_id"));
    assert_eq!(folder.read("schemas/events/_buyer.json"), BUYER.replace("buyerId", "buyer_id"));
    assert!(folder.read("eventc.toml").contains("reads = [\"/the_buyer/buyer_id\", \"/the_buyer\"]"));
}

#[test]
fn a_released_property_keeps_its_name() {
    let folder = cased();
    let lenient = folder.read("eventc.toml").replace("property_case = \"snake\"", "property_case = \"any\"");
    let strict = folder.read("eventc.toml");
    folder.write("eventc.toml", lenient);
    folder.run(&["release", "--today", "2026-01-01"]).ends(0);
    folder.write("eventc.toml", strict);
    folder.run(&["lint", "--fix"]).ends(1).says("0 findings fixed").says("theBuyer");
    assert_eq!(folder.read(FILE), CASED);
    assert_eq!(folder.read("schemas/events/_buyer.json"), BUYER);
}

#[test]
fn a_property_that_two_schemas_decide_about_is_left() {
    let folder = cased();
    folder.write(FILE, CASED.replace("\"required\"", "\"allOf\": [{\"required\": [\"theBuyer\"]}], \"required\""));
    folder.run(&["lint", "--fix"]).ends(1).says("1 finding fixed").says("theBuyer");
    assert!(folder.read(FILE).contains("\"examples\": [{\"theBuyer\": {\"buyer_id\": \"a\"}}]"));
}
