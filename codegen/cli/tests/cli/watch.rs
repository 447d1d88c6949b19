//! `eventc generate --watch`: what a change does, and what is told of it.

use crate::common::{CONFIG, Folder, Lasting, ORDER};

const SCHEMA: &str = "schemas/events/order/created.json";

#[test]
fn a_change_is_generated_and_findings_come_and_go() {
    let folder = Folder::shop();
    let mut watch = Lasting::start(&folder, &["generate", "--watch"]);
    let said = watch.says("watching");
    assert!(said.contains("2 contracts in generated"), "{said}");
    let page = "generated/catalog/events/order/created.md";

    folder.write(SCHEMA, ORDER.replace("An order.", "An order, as it was placed."));
    let said = watch.says("took ");
    assert!(said.contains("schemas/events/order/created.json changed") && said.contains(" written"), "{said}");
    assert!(folder.read(page).contains("as it was placed"));

    folder.write(SCHEMA, ORDER.replace("integer", "number of things"));
    let said = watch.says("took ");
    assert!(said.contains("schemas/events/order/created.json:5") && said.contains("nothing was generated"), "{said}");
    // What was told stays told: only what is new is shown.
    folder.write("schemas/events/order/paid.json", ORDER);
    let said = watch.says("took ");
    assert!(said.contains("paid.json changed") && !said.contains("created.json:5"), "{said}");

    folder.write(SCHEMA, ORDER);
    let said = watch.says("took ");
    assert!(said.contains("gone: schemas/events/order/created.json:5") && said.contains("3 contracts in generated"), "{said}");
    assert!(folder.read(page).contains("An order."));
}

#[test]
fn a_broken_configuration_is_told_and_waited_for() {
    let folder = Folder::shop();
    let mut watch = Lasting::start(&folder, &["generate", "--watch"]);
    watch.says("watching");
    folder.write("eventc.toml", "nonsense = [");
    assert!(watch.says("eventc.toml:1").contains("eventc.toml changed"));
    // Folders that a later configuration names are watched from then on.
    folder.write("other/order/made.json", ORDER);
    folder.write("eventc.toml", format!("schemas = \"other\"\n{}", CONFIG.replace("_envelope.json", "_wrapper.json")));
    let said = watch.says("took ");
    assert!(said.contains("_wrapper.json"), "{said}");
    folder.write("other/_wrapper.json", crate::common::ENVELOPE);
    let said = watch.says("took ");
    assert!(said.contains("2 contracts in generated"), "{said}");
    assert!(folder.read("generated/catalog/events/order/made.md").contains("An order."));
}

#[test]
fn there_is_nothing_to_watch_without_a_tree() {
    Folder::new(&[]).run(&["generate", "--watch"]).ends(2).says("eventc init");
    Folder::shop().run(&["generate", "--watch", "--check"]).ends(2).says("cannot be used with");
}
