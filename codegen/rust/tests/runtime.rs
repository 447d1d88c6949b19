//! The copy that `SOURCES` makes is complete.

use std::{collections::BTreeSet, fs, path::Path};

use eventc_rust::runtime::{FORMAT_CRATES, SOURCES, manifest};

fn collect(folder: &Path, below: &str, files: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let path = format!("{below}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().expect("a type").is_dir() {
            collect(&entry.path(), &path, files);
        } else {
            files.insert(path);
        }
    }
}

#[test]
fn every_file_is_copied() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../runtime");
    let mut files = BTreeSet::new();
    collect(&root.join("src"), "src", &mut files);
    files.insert("Cargo.toml".to_owned());
    // A copy is for generated types; whoever consumes events by the policy depends on the crate.
    files.retain(|path| !path.starts_with("src/delivery/"));
    let copied: BTreeSet<String> = SOURCES.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(copied, files);
    assert_eq!(copied.len(), SOURCES.len());
    for (path, text) in SOURCES {
        if path.starts_with("src/") {
            assert_eq!(fs::read_to_string(root.join(path)).expect("a file"), *text, "{path}");
        }
    }
}

/// The copy's manifest asks for what this crate asks for.
#[test]
fn manifests_agree() {
    let copy = SOURCES.iter().find(|(path, _)| *path == "Cargo.toml").expect("a manifest").1;
    let own = include_str!("../../../runtime/Cargo.toml");
    let root = include_str!("../../../Cargo.toml");
    let value = |text: &str, key: &str| {
        let line = text.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap_or_else(|| panic!("no {key}"));
        line.to_owned()
    };
    for key in ["edition", "rust-version", "license", "version"] {
        assert_eq!(value(copy, key), value(root, key));
    }
    for key in ["name", "description", "json", "serde_json", "exact"].iter().chain(FORMAT_CRATES) {
        let own = value(own, key).replace("version = \"1\", ", "");
        assert_eq!(value(copy, key).replace("version = \"1\", ", ""), own);
    }
    let regress = value(root, "regress").replace("regress = ", "");
    assert!(value(copy, "regress").contains(&regress));
}

/// A copy asks for no crate that its types do not need.
#[test]
fn a_copy_has_the_crates_that_it_is_asked_for() {
    let none = manifest(&[]);
    for name in FORMAT_CRATES {
        assert!(!none.lines().any(|line| line.starts_with(&format!("{name} = "))), "{name}");
        assert_eq!(manifest(&[name]).lines().count(), none.lines().count() + 2, "{name}: a dependency and a feature");
    }
    assert!(none.lines().any(|line| line.starts_with("regress = ")));
}
