//! `eventc generate` on trees as people have them: the exit status, the last line, and what stays of an earlier run.

use std::{fs, path::Path};

use crate::common::{Folder, Run};

/// A tree below `tests/trees/` of the repository, arguments, the exit status and the last line, without what was written.
const RUNS: &[(&str, &[&str], i32, &str)] = &[
    (
        "partial",
        &[],
        1,
        "1 of 5 contracts generated, 4 left out: ticket/booked.json, ticket/mended.json, ticket/taxed.yaml, ticket/torn.json",
    ),
    ("partial", &["--strict"], 1, "error: nothing was generated"),
    ("ambiguous", &[], 1, "2 of 3 contracts generated, 1 left out: measured.json"),
    ("duplicate-key", &[], 0, "2 contracts in out"),
    ("duplicate-key", &["--strict"], 1, "error: nothing was generated"),
    ("comments", &[], 0, "2 contracts in out"),
    ("not-schemas", &[], 0, "1 contract in out"),
    ("refs-from-above", &[], 0, "3 contracts in out"),
    ("refs-by-url", &[], 0, "2 contracts in out"),
    ("refs-outside/events", &[], 1, "0 of 1 contract generated, 1 left out: moved.yaml"),
    ("twins", &[], 0, "5 contracts in out"),
    ("no-dialect", &[], 0, "4 contracts in out"),
    ("no-dialect", &["--dialect", "2020-12"], 1, "1 of 4 contracts generated, 3 left out: four.yaml, seven.json, three.json"),
    ("self-by-folder", &[], 0, "1 contract in out"),
    ("avro-names", &[], 0, "1 contract in out"),
    ("avro-two-files", &[], 0, "3 contracts in out"),
    ("merge-keys", &[], 0, "1 contract in out"),
    ("yaml-flow", &[], 0, "1 contract in out"),
    ("absent-url", &[], 1, "1 contract in out"),
    ("map/events", &[], 1, "1 contract in out"),
    ("map/events", &["--map", "https://lib.example.com/v2/=tree/map/lib"], 0, "1 contract in out"),
    ("nothing", &[], 1, "error: no schema found below tree/nothing; 2 files passed over (docs/readme.txt and 1 more)"),
];

/// What every command that reads a folder says of one without schemas, and of one that is not there.
#[test]
fn a_folder_without_schemas_is_told_by_every_command() {
    let folder = trees();
    folder.write("event.json", "{}");
    for (command, further) in [("lint", &[][..]), ("check", &[]), ("list", &[]), ("show", &["made"]), ("validate", &["event.json"])] {
        let run = |schemas: &str| folder.run(&[&[command, "--schemas", schemas], further].concat());
        let nothing = run("tree/nothing");
        assert_eq!(nothing.code, Some(1), "{command}: {nothing:#?}");
        assert!(nothing.err.contains("no schema found below tree/nothing; 2 files passed over"), "{command}: {nothing:#?}");
        assert_eq!(run("tree/nowhere").code, Some(2), "{command}");
    }
    folder.run(&["list", "--schemas", "tree/avro-two-files"]).ends(0).says("made");
    folder.run(&["show", "made", "--schemas", "tree/avro-two-files"]).ends(0).says("made");
}

fn last(run: &Run) -> &str {
    // Other warnings are counted behind it.
    let lines = run.err.trim_end().lines().rev();
    lines.into_iter().find(|line| !line.ends_with("see `eventc lint`")).unwrap_or_default()
}

/// The trees, in a folder that no repository encloses.
fn trees() -> Folder {
    let folder = Folder::new(&[]);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/trees"), &folder.path("tree"));
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

fn generate(folder: &Folder, tree: &str, further: &[&str]) -> Run {
    let schemas = format!("tree/{tree}");
    folder.run(&[&["generate", "--schemas", &schemas, "--out", "out", "--target", "typescript"], further].concat())
}

#[test]
fn every_tree_ends_with_its_status_and_one_line() {
    let folder = trees();
    for (tree, further, code, line) in RUNS {
        let run = generate(&folder, tree, further);
        assert_eq!(run.code, Some(*code), "{tree} {further:?}: {run:#?}");
        assert!(last(&run).starts_with(line), "{tree} {further:?}: {run:#?}");
        let wrote = folder.path("out").exists();
        assert_eq!(wrote, !(line.starts_with("error") || line.starts_with("0 ")), "{tree} {further:?}");
        if wrote {
            fs::remove_dir_all(folder.path("out")).unwrap();
        }
    }
}

#[test]
fn a_file_around_the_tree_is_read_within_the_repository_and_never_through_a_link() {
    let folder = trees();
    fs::create_dir(folder.path("tree/.git")).unwrap();
    // The reference from the repository's root leads nowhere there, but its end is that of no file of the tree.
    generate(&folder, "refs-outside/events", &[]).ends(1).says("\"models/who.yaml\" leads nowhere");
    fs::rename(folder.path("tree/.git"), folder.path("tree/refs-outside/.git")).unwrap();
    generate(&folder, "refs-outside/events", &[]).ends(0).says("it means tree/refs-outside/models/who.yaml");
    fs::rename(folder.path("tree/refs-outside/.git"), folder.path("tree/refs-outside/events/.git")).unwrap();
    generate(&folder, "refs-outside/events", &[]).ends(1).says("leads above the schema root");
    #[cfg(unix)]
    {
        fs::rename(folder.path("tree/refs-outside/events/.git"), folder.path("tree/refs-outside/.git")).unwrap();
        fs::rename(folder.path("tree/refs-outside/models"), folder.path("elsewhere")).unwrap();
        std::os::unix::fs::symlink("../../elsewhere", folder.path("tree/refs-outside/models")).unwrap();
        generate(&folder, "refs-outside/events", &[])
            .ends(1)
            .says("0 of 1 contract generated")
            .says("tree/refs-outside/models on the way is a link, which is not followed");
    }
}

/// A project of two events whose files say what people get wrong.
fn shop(rules: &str) -> Folder {
    let config = format!(
        "[[namespace]]\nname = \"shop\"\nroot = \".\"\n\n[targets.typescript]\n[targets.python]\n[targets.rust]\n\n[rules]\nversion = \"off\"\n{rules}"
    );
    Folder::new(&[
        ("eventc.toml", &config),
        ("schemas/events/order/made.json", r#"{"title": "Order made", "type": "object", "properties": {"id": {"type": "string"}}}"#),
        (
            "schemas/events/order/paid.json",
            r#"{"title": "Order paid by card", "type": "object", "properties": {"id": {"type": "string"}}}"#,
        ),
    ])
}

/// What is wrong with a file, and the rule that says so: an error in a configured tree, a warning where somebody says that.
const SLIPS: &[(&str, &str, &str)] = &[
    ("a.json", r#"{"type": "object", "type": "object"}"#, "duplicate-key"),
    ("a.json", r#"{"type": "object",}"#, "json-comment"),
    ("a.jsonc", "// why\n{\"type\": \"object\"}", "json-comment"),
    ("a.json", r##"{"definitions": {"x": {}}, "properties": {"x": {"$ref": "./#/definitions/x"}}}"##, "loose-ref"),
    ("a.json", r#"{"properties": {"x": {"$ref": "https://example.com/order/made.json"}}}"#, "loose-ref"),
    ("a.avsc", r#"{"type": "record", "name": "A", "namespace": "a-b", "fields": []}"#, "avro-name"),
    ("a.yaml", "properties:\n  a: {\n  type: string\n  }\n", "flow-indent"),
];

#[test]
fn slips_are_errors_in_a_configured_tree_unless_it_says_otherwise() {
    for (path, text, rule) in SLIPS {
        for (rules, code) in [(String::new(), 1), (format!("{rule} = \"warning\"\n"), 0)] {
            let folder = shop(&rules);
            folder.write(&format!("schemas/events/order/{path}"), text);
            let run = folder.run(&["lint", "--format", "json"]);
            let level = if code == 1 { "error" } else { "warning" };
            let found = |found: &&serde_json::Value| found["rule"] == *rule && found["level"] == level;
            assert_eq!(run.json()["diagnostics"].as_array().unwrap().iter().filter(found).count(), 1, "{text}: {run:#?}");
            folder.run(&["generate"]).ends(code);
        }
    }
}

#[test]
fn a_map_in_the_configuration_says_where_the_files_of_a_url_are() {
    let folder = shop("");
    folder.write("schemas/events/order/a.json", r#"{"properties": {"x": {"$ref": "https://lib.example.com/v1/x.json"}}}"#);
    folder.run(&["generate"]).ends(1).says("no file here answers").says("nothing was generated");
    folder.write("lib/x.json", r#"{"type": "string"}"#);
    folder.write("eventc.toml", folder.read("eventc.toml") + "[map]\n\"https://lib.example.com/v1\" = \"lib\"\n");
    folder.run(&["generate"]).ends(0);
    folder.write("eventc.toml", folder.read("eventc.toml").replace("\"lib\"", "\"nowhere\""));
    folder.run(&["generate"]).ends(2).says("nowhere");
}

#[test]
fn a_typo_deletes_nothing_that_was_generated_and_leaves_it_listed() {
    for broken in [
        r#"{"title": "Order paid by card", "type": "object" "properties": {}}"#,
        r#"{"title": "Order paid by card", "properties": {"x": {"$ref": "gone.json"}}}"#,
        r#"{"title": "Order paid by card", "properties": {"x": {"type": "strin"}}}"#,
    ] {
        let folder = shop("");
        folder.run(&["generate"]).ends(0);
        let before = folder.files("generated");
        folder.write("schemas/events/order/paid.json", broken);
        folder.run(&["generate"]).ends(1).says("nothing was generated");
        assert_eq!(folder.files("generated"), before);
        let run = folder.run(&["generate", "--keep-going"]);
        assert_eq!(last(run.ends(1)), "1 of 2 contracts generated, 1 left out: order/paid.json");
        let after = folder.files("generated");
        assert_eq!(after, before, "{broken}");
        folder.run(&["generate", "--keep-going", "--check"]).ends(1).says("files up to date");
        // What is sound is made anew beside it, and what is new is listed.
        folder.write(
            "schemas/events/order/made.json",
            r#"{"title": "Order made", "type": "object", "properties": {"at": {"type": "string"}}}"#,
        );
        folder.write("schemas/events/order/lost.json", r#"{"title": "Order lost", "type": "object"}"#);
        folder.write("schemas/events/order/torn.json", r#"{"title": "Order torn", "type": "object", "#);
        folder.run(&["generate", "--keep-going"]).ends(1);
        let index = folder.read("generated/typescript/src/index.ts") + &folder.read("generated/typescript/src/topics.ts");
        assert!(index.contains("paid") && index.contains("lost") && !index.contains("torn"), "{index}");
        assert!(folder.read("generated/typescript/src/shop/order/made.ts").contains("at?: string"));
        assert!(folder.read("generated/rust/src/shop/order.rs").contains("pub mod paid;"));
        // Mended, everything is as if nothing had been.
        folder.write(
            "schemas/events/order/paid.json",
            r#"{"title": "Order paid by card", "type": "object", "properties": {"id": {"type": "string"}}}"#,
        );
        folder.write("schemas/events/order/torn.json", r#"{"title": "Order torn", "type": "object"}"#);
        folder.run(&["generate"]).ends(0);
        folder.run(&["generate", "--check"]).ends(0);
    }
}

#[test]
fn what_a_folder_could_not_make_the_second_time_stays_too() {
    let folder = trees();
    generate(&folder, "merge-keys", &[]).ends(0);
    let before = folder.files("out");
    folder.write("tree/merge-keys/e.yaml", "title: Merged\ntype: object\nproperties: [\n");
    folder.write("tree/merge-keys/sound.yaml", "title: Sound\ntype: object\n");
    generate(&folder, "merge-keys", &[]).ends(1);
    let after = folder.files("out");
    for (path, text) in before.iter().filter(|(path, _)| path.ends_with("src/e.ts")) {
        assert!(after.contains(&(path.clone(), text.clone())), "{path}");
    }
    assert!(folder.read("out/typescript/src/topics.ts").contains("sound"));
    assert!(folder.read("out/typescript/src/topics.ts").contains("\"e\""));
}
