//! The disk is read within bounds, and so are deep documents.

use std::fs;

use eventc_model::{
    catalog::Catalog,
    config::Config,
    source::{Limits, Tree},
};

#[test]
fn the_disk_is_read_within_bounds() {
    let folder = std::env::temp_dir().join(format!("eventc-reading-{}", std::process::id()));
    let root = folder.join("root");
    fs::create_dir_all(root.join("sub")).unwrap();
    fs::write(folder.join("outside.json"), "{}").unwrap();
    fs::write(root.join("good.json"), "\u{feff}{\"type\": \"object\"}").unwrap();
    fs::write(root.join("bytes.json"), b"{\n  \"a\": \"\xff\"}").unwrap();
    let wide: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(root.join("wide.json"), wide).unwrap();
    fs::write(root.join("large.json"), " ".repeat(2000)).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../outside.json", root.join("leaving.json")).unwrap();
        std::os::unix::fs::symlink("nowhere.json", root.join("sub/broken.json")).unwrap();
        std::os::unix::fs::symlink("../good.json", root.join("sub/inside.json")).unwrap();
        std::os::unix::fs::symlink("..", root.join("sub/loop")).unwrap();
    }
    let tree = Tree::read(&root, &Limits { file_bytes: 1000, depth: 10, ..Limits::default() }).unwrap();
    let files: Vec<_> = tree.files.iter().filter(|file| !file.unread).map(|file| file.path.as_str()).collect();
    let mut found: Vec<_> = tree.diagnostics.iter().map(|d| (d.rule.name, d.place.line, d.place.column)).collect();
    found.sort_unstable();
    fs::remove_dir_all(&folder).unwrap();
    if cfg!(unix) {
        assert_eq!(files, ["good.json", "sub/inside.json"]);
        assert_eq!(
            found,
            [
                ("not-utf8", 1, 1),
                ("not-utf8", 2, 9),
                ("outside-root", 0, 0),
                ("too-large", 0, 0),
                ("unreadable-file", 0, 0),
                ("unreadable-file", 0, 0)
            ]
        );
    }
}

/// Folders of which each has two links to the one before: a path for each way through them, were all of them followed.
#[cfg(unix)]
#[test]
fn links_are_followed_within_bounds() {
    use std::os::unix::fs::symlink;

    let folder = std::env::temp_dir().join(format!("eventc-links-{}", std::process::id()));
    fs::create_dir_all(folder.join("d0")).unwrap();
    fs::write(folder.join("d0/made.json"), "{}").unwrap();
    for number in 1..40 {
        let at = folder.join(format!("d{number}"));
        fs::create_dir_all(&at).unwrap();
        symlink(format!("../d{}", number - 1), at.join("x")).unwrap();
        symlink(format!("../d{}", number - 1), at.join("y")).unwrap();
    }
    symlink("/", folder.join("away")).unwrap();
    let tree = Tree::read(&folder, &Limits { links: 50, ..Limits::default() }).unwrap();
    let stamped = eventc_model::source::stamp(&folder).len();
    fs::remove_dir_all(&folder).unwrap();
    let found: Vec<_> = tree.diagnostics.iter().map(|d| (d.rule.name, d.place.file.rsplit('/').next().unwrap_or_default())).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0], ("outside-root", "away"));
    assert_eq!(found[1].0, "too-large");
    assert!((2..=51).contains(&tree.files.len()), "{} files", tree.files.len());
    assert!(stamped <= Limits::default().links + 1, "{stamped} files");
}

/// As deep as the default limits allow, on the small stack of a test's thread.
#[test]
fn deep_documents_need_no_deep_stack_of_the_caller() {
    let objects = format!("{}true{}", r#"{"properties":{"a":"#.repeat(511), "}}".repeat(511));
    let lists = format!("{}true{}", r#"{"allOf":["#.repeat(511), "]}".repeat(511));
    let values = format!(r#"{{"const":{}1{}}}"#, "[".repeat(1022), "]".repeat(1022));
    let read = move || {
        let files = [("a.json", objects.as_str()), ("b.json", &lists), ("c.json", &values)];
        let catalog = Catalog::build(Tree::from_texts(files, &Limits::default()), Config::without_conventions());
        assert!(catalog.diagnostics.is_empty(), "{:?}", catalog.diagnostics);
        assert_eq!(catalog.contracts.len(), 3);
        let types = eventc_model::types::Types::derive(&catalog);
        assert!(types.iter().count() > 511);
    };
    // The size that Rust gives to threads, whatever the environment says.
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(read).expect("a thread");
    thread.join().expect("no panic");
}
