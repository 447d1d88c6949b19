#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

fn file(path: &str, text: &str) -> GeneratedFile {
    GeneratedFile { path: path.into(), text: text.into() }
}

fn names(root: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                names.push(path.strip_prefix(root).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    names.sort();
    names
}

#[test]
fn a_second_run_writes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let files = [file("b.txt", "b"), file("a/x.txt", "x")];
    assert_eq!(write(root.path(), &files).unwrap(), Written { written: 2, ..Written::default() });
    let before = fs::metadata(root.path().join("b.txt")).unwrap().modified().unwrap();
    assert_eq!(write(root.path(), &files).unwrap(), Written { unchanged: 2, ..Written::default() });
    assert_eq!(fs::metadata(root.path().join("b.txt")).unwrap().modified().unwrap(), before);
    assert_eq!(names(root.path()), [MANIFEST, "a/x.txt", "b.txt"]);
    assert_eq!(check(root.path(), "", &files, &BTreeSet::new()).unwrap(), []);
}

#[test]
fn what_is_no_longer_made_goes_and_what_others_made_stays() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), &[file("a/x.txt", "x"), file("a/y.txt", "y"), file("b/z.txt", "z")]).unwrap();
    fs::write(root.path().join("b/mine.txt"), "mine").unwrap();
    fs::write(root.path().join("a/y.txt"), "edited").unwrap();
    let done = write(root.path(), &[]).unwrap();
    assert_eq!((done.removed, done.kept), (2, vec![root.path().join("a/y.txt")]));
    assert_eq!(names(root.path()), [MANIFEST, "a/y.txt", "b/mine.txt"]);
}

#[test]
fn the_files_of_others_stop_the_run() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("mine.txt"), "mine").unwrap();
    let files = [file("a.txt", "a"), file("mine.txt", "generated")];
    let error = write(root.path(), &files).unwrap_err().to_string();
    assert!(error.contains("mine.txt") && !error.contains("a.txt"), "{error}");
    assert_eq!(names(root.path()), ["mine.txt"]);
    // With the same content it is as good as made.
    write(root.path(), &[file("mine.txt", "mine")]).unwrap();
    write(root.path(), &files).unwrap();
    assert_eq!(fs::read_to_string(root.path().join("mine.txt")).unwrap(), "generated");
}

#[test]
fn check_reports_every_difference_and_writes_nothing() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), &[file("a.txt", "a"), file("b.txt", "b"), file("c.txt", "c")]).unwrap();
    fs::remove_file(root.path().join("b.txt")).unwrap();
    let wanted = [file("a.txt", "A"), file("b.txt", "b")];
    let found: Vec<_> = check(root.path(), "", &wanted, &BTreeSet::new())
        .unwrap()
        .into_iter()
        .map(|(path, difference)| (path.file_name().unwrap().to_string_lossy().into_owned(), difference))
        .collect();
    let expected = [("a.txt", Difference::Stale), ("b.txt", Difference::Missing), ("c.txt", Difference::Extra)];
    assert_eq!(found, expected.map(|(name, difference)| (name.to_owned(), difference)));
    assert_eq!(names(root.path()), [MANIFEST, "a.txt", "c.txt"]);
    fs::remove_file(root.path().join(MANIFEST)).unwrap();
    assert_eq!(
        check(root.path(), "", &[file("a.txt", "a")], &BTreeSet::new()).unwrap(),
        [(root.path().join(MANIFEST), Difference::Missing)]
    );
}

#[test]
fn a_stopped_run_is_taken_up_again() {
    let root = tempfile::tempdir().unwrap();
    let files = [file("d/a.txt", "a")];
    write(root.path(), &files).unwrap();
    // As a run leaves it that was killed: the claim, a file under its passing name, another of newer content.
    let claim = Manifest::of(&[file("d/a.txt", "a"), file("d/b.txt", "b")]).to_text();
    fs::write(root.path().join(manifest::CLAIM), claim).unwrap();
    fs::write(root.path().join("d/.eventc-new-0123456789abcdef"), "half").unwrap();
    fs::write(root.path().join("d/b.txt"), "b").unwrap();
    write(root.path(), &[file("d/a.txt", "newer"), file("d/b.txt", "newer")]).unwrap();
    assert_eq!(names(root.path()), [MANIFEST, "d/a.txt", "d/b.txt"]);
    assert_eq!(fs::read_to_string(root.path().join("d/b.txt")).unwrap(), "newer");
}

#[test]
fn a_manifest_never_reaches_out_of_its_folder() {
    let above = tempfile::tempdir().unwrap();
    let root = above.path().join("out");
    fs::create_dir(&root).unwrap();
    fs::write(above.path().join("precious"), "x").unwrap();
    let line = format!("{:016x} ../precious\n", manifest::hash(b"x"));
    fs::write(root.join(MANIFEST), format!("<<<<<<< ours\n{line}=======\n")).unwrap();
    write(&root, &[]).unwrap();
    assert!(above.path().join("precious").exists());
    for path in ["../x", "/x", "a//b", "", MANIFEST] {
        assert!(matches!(write(&root, &[file(path, "")]), Err(OutputError::Path { .. })), "{path:?}");
    }
    assert!(matches!(write(&root, &[file("a", ""), file("a", "")]), Err(OutputError::Path { .. })));
}

#[test]
fn a_file_where_a_folder_is_to_be_is_an_error() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("a"), "mine").unwrap();
    let error = write(root.path(), &[file("a/b.txt", "b")]).unwrap_err().to_string();
    assert!(error.starts_with("cannot create the folder"), "{error}");
    assert_eq!(names(root.path()), ["a"]);
}

#[test]
fn create_never_overwrites() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("deep/er/file.json");
    create(&path, "one").unwrap();
    assert!(matches!(create(&path, "two"), Err(OutputError::Foreign { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), "one");
    assert_eq!(names(root.path()), ["deep/er/file.json"]);
    replace(&path, b"two").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "two");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_or_removed_through_a_link() {
    use std::os::unix::fs::symlink;
    let above = tempfile::tempdir().unwrap();
    let (outside, root) = (above.path().join("outside"), above.path().join("out"));
    let files = [file("a/x.txt", "new"), file("b.txt", "b")];
    let targets: [(&str, &Path); 4] =
        [("a", &outside), ("b.txt", &outside.join("x.txt")), (MANIFEST, &outside.join("x.txt")), ("a", Path::new("gone"))];
    for (place, target) in targets {
        fs::create_dir_all(&outside).unwrap();
        fs::write(outside.join("x.txt"), "theirs").unwrap();
        fs::create_dir(&root).unwrap();
        symlink(target, root.join(place)).unwrap();
        for error in [write(&root, &files).unwrap_err(), check(&root, "", &files, &BTreeSet::new()).unwrap_err()] {
            assert!(matches!(&error, OutputError::Link { paths } if *paths == [root.join(place)]), "{error}");
        }
        assert_eq!(names(&outside), ["x.txt"]);
        assert_eq!(fs::read_to_string(outside.join("x.txt")).unwrap(), "theirs");
        fs::remove_dir_all(&root).unwrap();
    }
    // The folder of a target is one below the folder that was named; a record reaches through no link either.
    fs::create_dir(&root).unwrap();
    symlink(&outside, root.join("rust")).unwrap();
    let folder = OutputFolder::take(&root, || ()).unwrap();
    assert!(matches!(folder.write("rust", &files, &BTreeSet::new()), Err(OutputError::Link { .. })));
    fs::write(root.join(MANIFEST), format!("{:016x} rust/x.txt\n", manifest::hash(b"theirs"))).unwrap();
    assert_eq!(folder.write("", &[], &BTreeSet::new()).unwrap().kept, [root.join("rust/x.txt")]);
    assert_eq!(names(&outside), ["x.txt"]);
    assert!(matches!(create_below(&root, "rust/new.txt", ""), Err(OutputError::Link { .. })));
    assert!(matches!(replace_below(&root, "rust/x.txt", b""), Err(OutputError::Link { .. })));
}

#[test]
fn a_forged_record_or_claim_changes_nothing() {
    for record in [MANIFEST, manifest::CLAIM] {
        let above = tempfile::tempdir().unwrap();
        let root = above.path().join("out");
        fs::create_dir_all(root.join("empty/folder")).unwrap();
        let mine = [root.join("mine.txt"), root.join(".eventc-new-notes"), above.path().join("precious")];
        for path in &mine {
            fs::write(path, "mine").unwrap();
        }
        let (known, guess) = (manifest::hash(b"mine"), manifest::hash(b"a guess"));
        let forged =
            format!("{known:016x} ../precious\n{known:016x} {}\n{guess:016x} mine.txt\n{guess:016x} empty/folder/x\n", mine[2].display());
        fs::write(root.join(record), &forged).unwrap();
        let error = write(&root, &[file("mine.txt", "generated")]).unwrap_err();
        assert!(matches!(&error, OutputError::Edited { paths } if *paths == mine[..1]), "{error}");
        fs::write(root.join(record), &forged).unwrap();
        assert_eq!(write(&root, &[]).unwrap().kept, mine[..1]);
        assert!(mine.iter().all(|path| fs::read_to_string(path).unwrap() == "mine"));
        assert!(root.join("empty/folder").is_dir());
    }
}

#[test]
fn a_torn_file_is_made_again() {
    let root = tempfile::tempdir().unwrap();
    let files = [file("a.txt", "a whole text"), file("b.txt", "b")];
    for torn in ["", "a who", "\0\0\0"] {
        write(root.path(), &files).unwrap();
        fs::write(root.path().join("a.txt"), torn).unwrap();
        assert_eq!(write(root.path(), &files).unwrap().written, 1);
        assert_eq!(fs::read_to_string(root.path().join("a.txt")).unwrap(), "a whole text");
    }
    // Also where something else is to be made by now, as long as it is nobody's work.
    for torn in ["", "\0\0", "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n", "a\r\n"] {
        write(root.path(), &[file("a.txt", "a\n")]).unwrap();
        fs::write(root.path().join("a.txt"), torn).unwrap();
        write(root.path(), &[file("a.txt", "newer")]).unwrap();
    }
    // So does what says of itself that it is made again.
    fs::write(root.path().join("a.txt"), "// @generated by eventc. Changes are lost when it runs again.\nedited").unwrap();
    write(root.path(), &[file("a.txt", "newer")]).unwrap();
    fs::write(root.path().join("a.txt"), "edited").unwrap();
    assert!(matches!(write(root.path(), &[file("a.txt", "newest")]), Err(OutputError::Edited { .. })));
}

#[test]
fn one_at_a_time_writes_and_the_others_wait() {
    let root = tempfile::tempdir().unwrap();
    let held = OutputFolder::take(root.path(), || panic!("nobody has it")).unwrap();
    let (said, saying) = std::sync::mpsc::channel();
    let folder = root.path().to_path_buf();
    let other = std::thread::spawn(move || {
        let folder = OutputFolder::take(&folder, || said.send(()).unwrap()).unwrap();
        folder.write("", &[file("a.txt", "second")], &BTreeSet::new()).unwrap()
    });
    saying.recv().unwrap();
    held.write("", &[file("a.txt", "first")], &BTreeSet::new()).unwrap();
    drop(held);
    assert_eq!(other.join().unwrap().written, 1);
    assert_eq!(names(root.path()), [MANIFEST, "a.txt"]);
    assert_eq!(fs::read_to_string(root.path().join("a.txt")).unwrap(), "second");
}
