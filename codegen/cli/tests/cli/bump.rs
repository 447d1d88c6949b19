//! `eventc bump`: the right version, and the next major where a change breaks.

use crate::common::{self, Folder, ORDER};

const FILE: &str = "schemas/events/order/created.json";

fn released() -> Folder {
    let folder = Folder::shop();
    folder.run(&["release", "--today", "2026-01-01"]).ends(0);
    folder
}

#[test]
fn what_did_not_change_keeps_its_version() {
    let folder = released();
    folder.run(&["bump", "order.created"]).ends(0).says("order.created is at 1.0.0, which is right: nothing changed");
    assert_eq!(folder.read(FILE), ORDER);
    // A version that nobody needs is taken back.
    folder.write(FILE, ORDER.replace("1.0.0", "1.4.0"));
    folder.run(&["bump", "order.created"]).ends(0).says("1.4.0 -> 1.0.0");
    assert_eq!(folder.read(FILE), ORDER);
    let new = Folder::shop();
    new.run(&["bump", "order.created"]).ends(2).says("was never released");
    new.run(&["bump", "order.craeted"]).ends(2).says("did you mean \"order.created\"?");
}

#[test]
fn what_x_event_says_may_be_worth_a_patch() {
    let folder = released();
    folder.write(FILE, ORDER.replace("\"producers\"", "\"tags\": [\"new\"], \"producers\""));
    folder.run(&["bump", "order.created"]).ends(0).says("1.0.0 -> 1.0.1");
    assert!(folder.read(FILE).contains("{\"version\": \"1.0.1\", \"tags\": [\"new\"]"));
}

#[test]
fn the_step_is_the_one_that_the_change_needs() {
    let folder = released();
    let described = ORDER.replace("An order.", "An order of goods.");
    folder.write(FILE, &described);
    folder
        .run(&["bump", "order.created", "--dry-run"])
        .ends(0)
        .says("-  \"x-event\": {\"version\": \"1.0.0\"")
        .says("+  \"x-event\": {\"version\": \"1.0.1\"");
    assert_eq!(folder.read(FILE), described);
    folder.run(&["bump", "order.created"]).ends(0).says("1.0.0 -> 1.0.1");
    assert_eq!(folder.read(FILE), described.replace("1.0.0", "1.0.1"));
    folder.write(FILE, ORDER.replace("{\"type\": \"integer\"}", "{\"type\": \"integer\"}, \"note\": {\"type\": \"string\"}"));
    folder.run(&["bump", "order/created.json"]).ends(0).says("1.0.0 -> 1.1.0");
    folder.run(&["bump", "order.created"]).ends(0).says("is at 1.1.0, which is right");
    folder.run(&["generate"]).ends(0);
    folder.run(&["check"]).ends(0);
}

#[test]
fn a_break_moves_into_the_next_major() {
    let folder = released();
    folder.shell("git init --quiet && git add -A && git -c user.email=a@b.c -c user.name=a commit --quiet -m first").ends(0);
    folder.write(FILE, ORDER.replace("[\"id\"]", "[\"id\", \"total\"]"));
    folder.run(&["check"]).ends(1).says("EV341").says("eventc bump order.created");
    folder
        .run(&["bump", "order.created", "--today", "2026-11-21"])
        .ends(0)
        .says("order.created.v2 is at 2.0.0")
        .says("the old major is deprecated");
    let next = ORDER.replace("[\"id\"]", "[\"id\", \"total\"]").replace("1.0.0", "2.0.0");
    assert_eq!(folder.read("schemas/events/order/created.v2.json"), next);
    let deprecated = "\"1.0.1\", \"deprecated\": { \"since\": \"2026-11-21\", \"sunset\": \"2027-05-20\", \"use\": \"order.created.v2\" }";
    assert_eq!(folder.read(FILE), ORDER.replace("\"1.0.0\"", deprecated));
    folder.run(&["generate"]).ends(0);
    folder.run(&["check", "--today", "2026-11-21"]).ends(0);
    folder.run(&["bump", "order.created"]).ends(0).says("which is right");
    folder.run(&["release", "--today", "2026-11-21"]).ends(0);
    // From now on the file may go after its day, and no sooner.
    folder.shell(&format!("rm {FILE}")).ends(0);
    folder.run(&["check", "--today", "2027-05-20"]).ends(1).says("EV345").says("its sunset is 2027-05-20");
    let after = folder.run(&["check", "--today", "2027-05-21"]);
    assert!(!after.out.contains("EV345"), "{after:#?}");
}

#[test]
fn many_contracts_are_bumped_at_once() {
    let folder = released();
    let shared = r#"{"$defs": {"money": {"type": "object", "properties": {"amount": {"type": "integer"}}}}}"#;
    let paid = ORDER.replace("{\"type\": \"integer\"}", "{\"$ref\": \"../_types.json#/$defs/money\"}");
    folder.write("schemas/events/_types.json", shared);
    for name in ["paid", "sent"] {
        folder.write(&format!("schemas/events/order/{name}.json"), paid.replace("\"total\": 1", "\"total\": {}"));
    }
    folder.run(&["release", "--dry-run"]).ends(0).says("order/paid/1.0.0.json").says("2 releases would be written");
    assert!(!folder.path("schemas/releases/order/paid").exists());
    folder.run(&["release", "--generate"]).ends(0).says("2 releases written").says("4 contracts in ");
    folder.run(&["bump", "--all"]).ends(0).says("0 contracts bumped");
    folder.write("schemas/events/_types.json", shared.replace("\"integer\"", "\"integer\", \"description\": \"Cents.\""));
    folder.run(&["bump", "--all", "--dry-run"]).ends(0).says("order.paid would go from 1.0.0 to 1.0.1").says("2 contracts would be bumped");
    folder.run(&["bump", "order.p*"]).ends(0).says("order.paid: 1.0.0 -> 1.0.1").says("1 contract bumped");
    folder.run(&["bump", "--all", "--generate"]).ends(0).says("order.sent: 1.0.0 -> 1.0.1").says("4 contracts in ");
    folder.run(&["check"]).ends(0);
    folder.run(&["bump", "bill.*"]).ends(2).says("no topic fits \"bill.*\"");
    folder.run(&["bump"]).ends(2);
}

#[test]
fn a_broken_schema_is_neither_bumped_nor_released() {
    let folder = released();
    let broken = ORDER.replace("{\"type\": \"integer\"}", "{\"$ref\": \"nowhere.json\"}");
    folder.write(FILE, &broken);
    folder.run(&["bump", "order.created"]).ends(1).says("nowhere.json").says("nothing was bumped");
    folder.run(&["release"]).ends(1).says("nothing was released");
    assert_eq!(folder.read(FILE), broken);
}

#[test]
fn the_released_text_is_looked_for_in_the_whole_history() {
    let folder = released();
    folder.shell("git init --quiet && git add -A && git -c user.email=a@b.c -c user.name=a commit --quiet -m first").ends(0);
    let broken = ORDER.replace("[\"id\"]", "[\"id\", \"total\"]");
    folder.write(FILE, &broken);
    folder.shell("git -c user.email=a@b.c -c user.name=a commit --quiet -am second").ends(0);
    let bumped = folder.run(&["bump", "order.created", "--today", "2026-11-21"]);
    bumped.ends(0);
    assert!(!bumped.err.contains("no commit has"), "{}", bumped.err);
    // Of what broke it speaks as of news, and not as of an error.
    bumped.says("old events may lack \"total\"");
    assert!(!bumped.err.contains("error"), "{}", bumped.err);
    let deprecated = "\"1.0.1\", \"deprecated\": { \"since\": \"2026-11-21\", \"sunset\": \"2027-05-20\", \"use\": \"order.created.v2\" }";
    assert_eq!(folder.read(FILE), ORDER.replace("\"1.0.0\"", deprecated));
}

/// What a killed run had begun is completed, and what it left is gone.
#[cfg(unix)]
#[test]
fn an_interrupted_bump_is_completed_by_the_next() {
    use std::{fs, os::unix::fs::PermissionsExt};

    let folder = released();
    let broken = ORDER.replace("[\"id\"]", "[\"id\", \"total\"]");
    folder.write(FILE, &broken);
    fs::set_permissions(folder.path(FILE), fs::Permissions::from_mode(0o640)).unwrap();
    // It had made the next major, and was writing the old one.
    folder.write("schemas/events/order/created.v2.json", broken.replace("1.0.0", "2.0.0"));
    folder.write("schemas/events/order/.eventc-new-0123456789abcdef", "{\"type\": ");
    folder.write("schemas/releases/shop/.eventc-new-fedcba9876543210", "");
    folder.run(&["bump", "order.created"]).ends(0).says("order.created.v2 is at 2.0.0");
    assert!(folder.read(FILE).contains("\"use\": \"order.created.v2\""));
    assert_eq!(fs::metadata(folder.path(FILE)).unwrap().permissions().mode() & 0o777, 0o640);
    let left = folder.files("schemas").into_iter().filter(|(name, _)| name.contains(".eventc-new-")).count();
    assert_eq!(left, 0);
}

#[test]
fn without_a_commit_the_release_itself_is_put_back() {
    let folder = released();
    folder.write(FILE, ORDER.replace("[\"id\"]", "[\"id\", \"total\"]"));
    folder.run(&["bump", "order.created"]).ends(0).says("no commit has the text that was released");
    folder.run(&["generate"]).ends(0);
    folder.run(&["check"]).ends(0);
    folder.write(FILE, ORDER.replace("[\"id\"]", "[\"total\"]"));
    folder.run(&["bump", "order.created"]).ends(2).says("order/created.v2.json exists already");
}

#[test]
fn avro_stays_avro_and_yaml_stays_yaml() {
    let avro = "{\n  \"type\": \"record\", \"name\": \"Paid\",\n  \"x-event\": { \"version\": \"1.0.0\" },\n  \"fields\": [{ \"name\": \"id\", \"type\": \"string\" }]\n}\n";
    let yaml = "# Who sent it.\nx-event:\n  version: 1.0.0\ntype: object\nproperties:\n  id: {type: string}\n";
    let folder = Folder::shop();
    folder.write("schemas/events/order/paid.v1.avsc", avro);
    folder.write("schemas/events/order/sent.v1.yaml", yaml);
    folder.write("eventc.toml", format!("{}\n[rules]\nmissing-example = \"off\"\n", common::CONFIG));
    folder.run(&["release", "--today", "2026-01-01"]).ends(0);
    let optional = avro.replace("\"string\" }]", "\"string\" }, { \"name\": \"by\", \"type\": \"string\", \"default\": \"\" }]");
    folder.write("schemas/events/order/paid.v1.avsc", &optional);
    folder.run(&["bump", "order/paid.v1"]).ends(0).says("1.0.0 -> 1.1.0");
    assert_eq!(folder.read("schemas/events/order/paid.v1.avsc"), optional.replace("1.0.0", "1.1.0"));
    let demanded = avro.replace("\"string\" }]", "\"string\" }, { \"name\": \"by\", \"type\": \"string\" }]");
    folder.write("schemas/events/order/paid.v1.avsc", &demanded);
    folder.run(&["bump", "order/paid.v1"]).ends(0).says("order.paid.v2 is at 2.0.0");
    assert_eq!(folder.read("schemas/events/order/paid.v2.avsc"), demanded.replace("1.0.0", "2.0.0"));
    let changed = yaml.replace("{type: string}", "{type: integer}");
    folder.write("schemas/events/order/sent.v1.yaml", &changed);
    folder.run(&["bump", "order/sent.v1"]).ends(0).says("order.sent.v2 is at 2.0.0");
    assert_eq!(folder.read("schemas/events/order/sent.v2.yaml"), changed.replace("1.0.0", "2.0.0"));
    folder.run(&["check", "--only", "lint", "--only", "gate"]).ends(0);
}
