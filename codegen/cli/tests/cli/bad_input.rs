//! Bad input ends in a diagnostic with a place, and in the exit status that scripts rely on.

use crate::common::{self, Folder};

/// Lints a folder of one schema and expects its findings at error level.
#[track_caller]
fn check(text: impl AsRef<[u8]>, expected: &[&str]) {
    let folder = Folder::new(&[]);
    folder.write("s/a.json", text);
    let run = folder.run(&["lint", "--schemas", "s", "--format", "json"]);
    run.ends(i32::from(!expected.is_empty()));
    let json = run.json();
    let errors = json["diagnostics"].as_array().unwrap().iter().zip(run.findings()).filter(|(one, _)| one["level"] == "error");
    assert_eq!(errors.map(|(_, finding)| finding).collect::<Vec<_>>(), expected, "{run:#?}");
    // Generation stops where lint does, and writes nothing.
    let made = folder.run(&["generate", "--schemas", "s", "--out", "out"]);
    made.ends(i32::from(!expected.is_empty()));
    assert_eq!(folder.path("out").exists(), expected.is_empty());
}

fn nested(levels: usize) -> String {
    format!("{}{{}}{}", r#"{"properties": {"a": "#.repeat(levels / 2), "}}".repeat(levels / 2))
}

#[test]
fn syntax_is_placed() {
    check("{\n  \"type\": \"object\",\n  oops\n}", &["EV006 s/a.json:3:3"]);
    check(b"{\n \"type\": \"object\", \"title\": \"\xff\"}", &["EV005 s/a.json:2:30"]);
    check("{\"type\": \"object\" \"title\": \"A\"}", &["EV006 s/a.json:1:19"]);
}

#[test]
fn deep_schemas_work_up_to_the_bound() {
    check(nested(200), &[]);
    check(nested(2000), &["EV004 s/a.json:1:10753"]);
}

#[test]
fn large_schemas_are_refused_before_they_are_read() {
    check(format!("{{\"description\": \"{}\"}}", "x".repeat(50 << 20)), &["EV003 s/a.json:0:0"]);
}

#[test]
fn references_in_a_circle_are_found() {
    check(r##"{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}"##, &["EV010 s/a.json:1:75"]);
}

#[cfg(unix)]
#[test]
fn links_out_of_the_tree_are_refused() {
    let folder = Folder::new(&[("s/a.json", r#"{"type": "object"}"#), ("outside/secret.json", r#"{"type": "object"}"#)]);
    std::os::unix::fs::symlink(folder.path("outside/secret.json"), folder.path("s/link.json")).unwrap();
    std::os::unix::fs::symlink(folder.path("outside"), folder.path("s/folder")).unwrap();
    let run = folder.run(&["lint", "--schemas", "s", "--format", "json"]);
    run.ends(1);
    let found: Vec<_> = run.findings().into_iter().filter(|finding| finding.starts_with("EV002")).collect();
    assert!(found.contains(&"EV002 s/link.json:0:0".to_owned()) && found.iter().any(|one| one.contains("s/folder")), "{found:?}");
}

#[test]
fn limits_are_settings() {
    let folder = Folder::shop();
    folder.write("eventc.toml", format!("{}\n[limits]\nfile_bytes = 150\ndepth = 2\n", common::CONFIG));
    let run = folder.run(&["lint", "--format", "json"]);
    run.ends(1).says("EV003").says("EV004");
}

#[test]
fn configuration_is_checked_as_a_whole() {
    let folder = Folder::shop();
    let config = "out = 3\nschemata = \"x\"\n[rules]\ndupliacte-key = \"error\"\n[targets.pyhton]\n[[namespace]]\ntopics = [\"{}\", \"{a+}.{b+}\"]\n";
    folder.write("eventc.toml", config);
    let run = folder.run(&["lint", "--format", "json"]);
    run.ends(2);
    let helps: Vec<_> =
        run.json()["diagnostics"].as_array().unwrap().iter().filter_map(|one| Some(one["help"].as_str()?.to_owned())).collect();
    let places = ["1:1", "2:1", "4:1", "5:10", "7:11", "7:17"].map(|place| format!("EV013 eventc.toml:{place}"));
    assert_eq!(run.findings(), places);
    for word in ["`schemas`", "\"duplicate-key\"", "\"python\"", "{entity+}"] {
        assert!(helps.iter().any(|help| help.contains(word)), "{word} in {helps:?}");
    }
    folder.run(&["generate"]).ends(2).says("did you mean `schemas`?");
    folder.write("eventc.toml", "[[namespace]]\ntopics = [\"{}\"]\n");
    folder.run(&["lint"]).ends(2).says("eventc.toml:2:");
    folder.write("eventc.toml", "x = [");
    folder.run(&["check", "--format", "json"]).ends(2).says("EV006");
}

#[test]
fn usage_errors_are_two() {
    let folder = Folder::new(&[]);
    folder.run(&["lint"]).ends(2).says("eventc init");
    folder.run(&["lint", "--config", "no.toml"]).ends(2).says("cannot read no.toml");
    folder.run(&["frobnicate"]).ends(2);
    folder.run(&[]).ends(2);
    folder.run(&["lint", "--format", "xml"]).ends(2).says("gitlab");
    folder.run(&["check", "--today", "2026-02-30"]).ends(2).says("a day such as");
    folder.run(&["explain", "EV6"]).ends(2).says("there is no rule");
    folder.run(&["--help"]).ends(0).says("Exit status");
    folder.run(&["--version"]).ends(0);
}

#[test]
fn arguments_reach_no_terminal_as_they_are() {
    let folder = Folder::shop();
    for args in [&["--\u{1b}[31mx"][..], &["lint", "--format", "\u{1b}]0;x\u{7}"], &["explain", "\u{1b}[2J"], &["completions", "\u{1b}[2J"]]
    {
        // On a terminal, which a test has none of, colours would be kept.
        let run = folder.run(&[&["--color", "always"], args].concat());
        run.ends(2);
        let said = format!("{}{}", run.out, run.err).replace("\u{1b}[1;31m", "").replace("\u{1b}[0m", "");
        assert!(!said.contains(|sign: char| sign.is_control() && sign != '\n'), "{said:?}");
    }
    folder.run(&["explain", "nonsense"]).ends(2).says("and ").says(" more").says("`eventc explain` lists all");
}

#[cfg(unix)]
#[test]
fn names_of_files_reach_no_terminal_as_they_are() {
    let name = "a\nerror: forged\u{1b}[31m\u{202e}.json";
    let folder = Folder::shop();
    folder.write(&format!("tree/{name}"), r#"{"type": "objekt"}"#);
    folder.write("tree/b.json", r#"{"type": "object"}"#);
    let (tree, out) = (format!("tree/{name}"), format!("out{name}"));
    let runs = [
        &["lint", "--schemas", "tree"][..],
        &["lint", "--schemas", "tree", "--format", "github"],
        &["lint", "--schemas", "tree", "--format", "markdown"],
        &["list", "--schemas", "tree"],
        &["generate", "--schemas", "tree", "--out", &out],
        &["generate", "--schemas", &format!("gone{name}"), "--out", "o"],
        &["validate", &tree],
        &["show", name],
        &["catalog", "build", "--schemas", "tree", "--out", &out],
        &["compat", &tree, &format!("gone{name}")],
        &["codeowners", "--config", &format!("gone{name}")],
    ];
    for args in runs {
        let run = folder.run(args);
        for text in [&run.out, &run.err] {
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{args:?}: {run:#?}");
            assert!(!text.lines().any(|line| line.starts_with("error: forged")), "{args:?}: {run:#?}");
        }
    }
}
