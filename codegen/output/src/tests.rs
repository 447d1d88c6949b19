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
    assert_eq!(check(root.path(), &files).unwrap(), []);
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
    let found: Vec<_> = check(root.path(), &wanted)
        .unwrap()
        .into_iter()
        .map(|(path, difference)| (path.file_name().unwrap().to_string_lossy().into_owned(), difference))
        .collect();
    let expected = [("a.txt", Difference::Stale), ("b.txt", Difference::Missing), ("c.txt", Difference::Extra)];
    assert_eq!(found, expected.map(|(name, difference)| (name.to_owned(), difference)));
    assert_eq!(names(root.path()), [MANIFEST, "a.txt", "c.txt"]);
    fs::remove_file(root.path().join(MANIFEST)).unwrap();
    assert_eq!(check(root.path(), &[file("a.txt", "a")]).unwrap(), [(root.path().join(MANIFEST), Difference::Missing)]);
}

#[test]
fn a_stopped_run_is_taken_up_again() {
    let root = tempfile::tempdir().unwrap();
    let files = [file("d/a.txt", "a")];
    write(root.path(), &files).unwrap();
    // As a run leaves it that was killed: the claim, a file under its passing name, another of newer content.
    let claim = Manifest::of(&[file("d/a.txt", "a"), file("d/b.txt", "b")]).to_text();
    fs::write(root.path().join(manifest::CLAIM), claim).unwrap();
    fs::write(root.path().join("d/.eventc-new-1-1"), "half").unwrap();
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
