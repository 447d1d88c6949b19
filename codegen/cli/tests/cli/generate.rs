//! What `eventc generate` writes, leaves alone and refuses.

use std::{
    fs,
    io::{BufRead, BufReader},
    time::SystemTime,
};

use eventc_codegen::{output::FolderLock, targets::TARGETS};

use crate::common::{CACHE, Folder, ORDER};

#[test]
fn two_runs_write_the_same_and_touch_nothing_twice() {
    let (folder, other) = (Folder::shop(), Folder::shop());
    folder.run(&["generate"]).ends(0).says("removed");
    other.run(&["generate"]).ends(0);
    let files = folder.files("generated");
    assert!(files.len() > 1, "{files:?}");
    assert_eq!(files, other.files("generated"));
    let manifest = folder.path("generated/catalog").join(".eventc-manifest");
    fs::File::options().write(true).open(&manifest).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    folder.run(&["generate"]).ends(0).says(": 0 written");
    assert_eq!(fs::metadata(&manifest).unwrap().modified().unwrap(), SystemTime::UNIX_EPOCH);
}

#[test]
fn a_large_tree_with_nothing_changed_is_only_compared() {
    let names: Vec<String> = (0..260).map(|number| format!("tree/order/event_{number}.json")).collect();
    let folder = Folder::new(&names.iter().map(|name| (name.as_str(), ORDER)).collect::<Vec<_>>());
    let run = |out: &str| folder.run(&["generate", "--schemas", "tree", "--out", out]);
    run("out").ends(0).says("0 unchanged");
    // A run that only compares writes nothing, into the cache neither.
    let record = |ending: &str| {
        let is_record = |(name, _): &(String, Vec<u8>)| name.ends_with(ending);
        let (file, _) = folder.files(CACHE).into_iter().find(is_record).expect("a run of many files is remembered");
        folder.path(&format!("{CACHE}/{file}"))
    };
    let (memo, parts) = (record(".json"), record(".parts"));
    fs::remove_file(&parts).unwrap();
    run("out").ends(0).says(": 0 written");
    assert!(!parts.exists());
    let whole = fs::read_to_string(&memo).unwrap();
    fs::write(&memo, whole.replace(" 0 written", " 9 written")).unwrap();
    run("out").ends(0).says(": 0 written");
    assert!(parts.exists());
    run("other").ends(0).says("0 unchanged");
    // Whatever changes is seen: an output, a lost output, an input, a file more.
    let (made, text) = folder.files("out").into_iter().find(|(name, _)| name.ends_with("event_7.md")).expect("a page");
    for broken in [Some("mine"), None] {
        match broken {
            Some(text) => folder.write(&format!("out/{made}"), text),
            None => fs::remove_file(folder.path(&format!("out/{made}"))).unwrap(),
        }
        run("out").ends(0).says(": 1 written");
        assert_eq!(folder.read(&format!("out/{made}")).as_bytes(), text);
    }
    folder.write("tree/order/event_7.json", ORDER.replace("An order.", "Another order."));
    run("out").ends(0).says(" unchanged").says(" written");
    assert!(folder.read(&format!("out/{made}")).contains("Another order."));
    folder.write("tree/order/more.json", ORDER);
    run("out").ends(0).says("261 contracts");
}

#[test]
fn a_changed_byte_fails_the_check_and_is_restored() {
    let folder = Folder::shop();
    // Many files that have one cause are one finding for a person, and each is one for programs.
    let run = folder.run(&["generate", "--check"]);
    run.ends(1).says(" generated files are stale (").says("catalog").says("run `eventc generate`");
    assert_eq!(run.err.matches("error[").count(), 1, "{}", run.err);
    folder.run(&["generate", "--check", "--verbose"]).ends(1).says("EV902").says("generated/catalog/README.md");
    assert!(!folder.path("generated").exists());
    folder.run(&["generate"]).ends(0);
    folder.run(&["generate", "--check"]).ends(0);
    for (name, before) in folder.files("generated") {
        let path = format!("generated/{name}");
        let mut after = before.clone();
        after[0] ^= 1;
        folder.write(&path, &after);
        folder.run(&["generate", "--check"]).ends(1).says(&path);
        folder.run(&["check", "--format", "json"]).ends(1).says("EV901");
        if name.ends_with(".eventc-manifest") {
            // What it no longer lists is as good as made, since it is the same.
            folder.write(&path, &before);
        }
        folder.run(&["generate"]).ends(0);
        assert_eq!(fs::read(folder.path(&path)).unwrap(), before, "{path}");
    }
    folder.run(&["check"]).ends(0);
}

/// The catalog shows findings, and never one that only the day makes.
#[test]
fn freshness_depends_on_the_tree_alone() {
    let folder = Folder::shop();
    let warned = r#"{"version": "1.0.0", "producers": ["shop"], "deprecated": {"since": "2026-01-01", "sunset": "2026-02-01"}}"#;
    folder.write("schemas/events/order/created.json", ORDER.replace(r#"{"version": "1.0.0", "producers": ["shop"]}"#, warned));
    folder.run(&["generate"]).ends(0);
    let stale = |args: &[&str]| {
        folder.run(&[args, &["--format", "json"]].concat()).findings().into_iter().filter(|one| one.starts_with("EV90")).count()
    };
    for day in ["2026-01-15", "2027-01-01"] {
        for only in [&["--only", "fresh"][..], &["--only", "lint", "--only", "fresh"], &[]] {
            assert_eq!(stale(&[&["check", "--today", day], only].concat()), 0, "{day} {only:?}");
        }
    }
    folder.write("generated/catalog/README.md", "other");
    assert_ne!(stale(&["check", "--only", "fresh"]), 0);
}

#[test]
fn what_is_gone_from_the_tree_goes_from_the_output() {
    let folder = Folder::shop();
    folder.write("schemas/events/order/paid.json", ORDER);
    folder.run(&["generate"]).ends(0);
    let before = folder.files("generated");
    folder.write("generated/catalog/notes.txt", "mine");
    fs::remove_file(folder.path("schemas/events/order/paid.json")).unwrap();
    folder.run(&["generate"]).ends(0);
    assert_ne!(folder.files("generated"), before);
    assert_eq!(folder.read("generated/catalog/notes.txt"), "mine");
}

#[test]
fn files_of_others_are_never_overwritten() {
    let folder = Folder::shop();
    folder.run(&["generate"]).ends(0);
    let (name, _) = folder.files("generated").into_iter().find(|(name, _)| !name.contains(".eventc")).unwrap();
    fs::remove_dir_all(folder.path("generated")).unwrap();
    folder.write(&format!("generated/{name}"), "mine");
    folder.run(&["generate"]).ends(2).says(&name).says("did not make");
    assert_eq!(folder.files("generated"), [(name, b"mine".to_vec())]);
}

#[test]
fn errors_in_schemas_write_nothing() {
    let folder = Folder::shop();
    folder.write("schemas/events/order/paid.json", "{\"type\": ");
    let run = folder.run(&["generate"]);
    run.ends(1).says("schemas/events/order/paid.json:1:").says("EV006").says("nothing was generated");
    assert!(!folder.path("generated").exists());
}

#[test]
fn folders_of_schemas_need_no_configuration() {
    let folder = Folder::new(&[("any/thing.json", r#"{"type": "object"}"#), ("any/deep/er.json", r#"{"type": "string"}"#)]);
    folder.run(&["generate", "--schemas", "any"]).ends(2).says("--out");
    folder.run(&["generate", "--schemas", "any", "--out", "made"]).ends(0).says("2 contracts");
    for target in TARGETS {
        assert_eq!(folder.path("made").join(target.name()).is_dir(), target.by_default(), "{}", target.name());
    }
    let run = folder.run(&["generate", "--schemas", "none", "--out", "made"]);
    assert_eq!(run.ends(2).says("cannot read none").err.matches("No such file").count(), 1, "the cause is told once");
    folder.run(&["generate", "--schemas", "any", "--out", "made", "--config", "x.toml"]).ends(2).says("--config");
}

#[test]
fn targets_and_topics_select() {
    let folder = Folder::shop();
    folder.write(
        "schemas/events/order/paid.json",
        r##"{"x-event": {"version": "1.0.0"}, "type": "object", "properties": {"by": {"$ref": "../_types.json#/$defs/by"}}}"##,
    );
    folder.write("schemas/events/_types.json", r#"{"$defs": {"by": {"type": "object", "properties": {"a": {"type": "string"}}}}}"#);
    folder.run(&["generate", "--target", "rust", "--topic", "order.c*", "--out", "made"]).ends(0);
    assert_eq!(fs::read_dir(folder.path("made")).unwrap().count(), 1);
    folder.run(&["generate", "--target", "rsut"]).ends(2).says("did you mean \"rust\"?");
    folder.run(&["generate", "--topic", "order.craeted"]).ends(2).says("did you mean \"order.created\"?");
    folder.run(&["generate", "--topic", "order.created", "--topic", "nothing.*"]).ends(2).says("nothing.*");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::shop();
    fs::create_dir(folder.path("generated")).unwrap();
    fs::set_permissions(folder.path("generated"), fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(folder.path("generated/probe"), "").is_ok() {
        // Root writes everywhere; a file in the place of the folder stops root too.
        fs::set_permissions(folder.path("generated"), fs::Permissions::from_mode(0o755)).unwrap();
        fs::remove_dir_all(folder.path("generated")).unwrap();
        folder.write("generated", "a file");
    }
    folder.run(&["generate"]).ends(2).says("error: cannot").says("generated");
    let _ = fs::set_permissions(folder.path("generated"), fs::Permissions::from_mode(0o755));
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_every_file_whole() {
    let folder = Folder::shop();
    let many: Vec<_> = (0..400).map(|n| format!("\"field_{n}\": {{\"type\": \"string\"}},")).collect();
    let many = many.concat();
    folder.write(
        "schemas/events/order/big.json",
        format!("{{\"x-event\": {{\"version\": \"1.0.0\"}}, \"properties\": {{{many} \"x\": {{}}}}}}"),
    );
    folder.run(&["generate"]).ends(0);
    let before = folder.files("generated");
    let wide = format!("{{\"x-event\": {{\"version\": \"1.0.0\"}}, \"properties\": {{{many} \"x\": {{\"type\": \"number\"}}}}}}");
    folder.write("schemas/events/order/big.json", wide);
    // Files may have 8 blocks of 1024 bytes and no more; the signal for it is ignored, as on a full disk there is none.
    folder.shell("trap '' XFSZ; ulimit -f 8; \"$EVENTC\" generate").ends(2).says("error: cannot write");
    let whole: Vec<_> = folder.files("generated").into_iter().filter(|(name, _)| !name.contains(".eventc-")).collect();
    let old: Vec<_> = before.into_iter().filter(|(name, _)| !name.contains(".eventc-")).collect();
    assert_eq!(whole, old);
    folder.run(&["generate"]).ends(0);
    folder.run(&["generate", "--check"]).ends(0);
}

#[test]
fn two_runs_at_once_both_succeed() {
    let whole = Folder::shop();
    whole.run(&["generate"]).ends(0);
    let whole = whole.files("generated");
    let folder = Folder::shop();
    for pair in 0..30 {
        // Half of the pairs begin with nothing, half with a file that both have to make again.
        if pair % 2 == 0 {
            let _ = fs::remove_dir_all(folder.path("generated"));
        } else {
            folder.write(&format!("generated/{}", whole[whole.len() - 1].0), "");
        }
        for run in folder.run_twice(&["generate"]) {
            run.ends(0);
        }
        assert_eq!(folder.files("generated"), whole, "pair {pair}");
    }
}

#[test]
fn a_run_says_for_what_it_waits_once() {
    let folder = Folder::shop();
    for (args, taken) in [(&["generate"][..], "generated"), (&["release"], ""), (&["bump", "order.created"], "")] {
        let held = FolderLock::take(&folder.path(taken), || panic!("nobody writes")).unwrap();
        let mut run = folder.start(args);
        let mut said = BufReader::new(run.stderr.take().unwrap()).lines().map(Result::unwrap);
        let waits = said.next().unwrap();
        assert!(waits.starts_with("waiting for another run of eventc"), "{waits}");
        drop(held);
        assert!(!said.any(|line| line.contains("waiting")));
        assert_eq!(run.wait().unwrap().code(), Some(0), "{args:?}");
    }
}

#[test]
fn a_run_that_was_killed_locks_nobody_out() {
    let folder = Folder::shop();
    let held = FolderLock::take(&folder.path("generated"), || panic!("nobody writes")).unwrap();
    let mut waits = folder.start(&["generate"]);
    let mut said = String::new();
    BufReader::new(waits.stderr.take().unwrap()).read_line(&mut said).unwrap();
    waits.kill().unwrap();
    waits.wait().unwrap();
    drop(held);
    let run = folder.run(&["generate"]);
    run.ends(0);
    assert!(!run.err.contains("waiting"), "{run:#?}");
}

#[test]
fn two_releases_at_once_write_each_file_once() {
    for _ in 0..10 {
        let folder = Folder::shop();
        let runs = folder.run_twice(&["release", "--today", "2026-11-21"]);
        assert_eq!(runs.iter().filter(|run| run.ends(0).err.contains("0 releases written")).count(), 1, "{runs:#?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_the_way_is_told_and_stays() {
    let folder = Folder::shop();
    folder.write("outside/README.md", "mine");
    fs::create_dir(folder.path("generated")).unwrap();
    std::os::unix::fs::symlink("../outside", folder.path("generated/catalog")).unwrap();
    for args in [&["generate"][..], &["generate", "--check"]] {
        folder.run(args).ends(2).says("generated/catalog is a link").says("remove it");
    }
    assert_eq!(folder.files("outside"), [("README.md".to_owned(), b"mine".to_vec())]);
}
