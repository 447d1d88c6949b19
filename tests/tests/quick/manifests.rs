//! The crates as they are published: each says what it is, carries its licence and all that it includes, and none waits for another in a
//! circle; and nothing names a public package of eventc before there is one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Component, Path, PathBuf},
    process::Command,
};

use eventc_tests::tools::{run, workspace};
use serde_json::Value;
use walkdir::WalkDir;

/// The packages of the workspace, as Cargo has them.
fn packages() -> Vec<Value> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--locked", "--format-version", "1"]).current_dir(workspace());
    let metadata: Value = serde_json::from_str(&run(&mut cargo)).expect("JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

/// The packages that are published: all but those of tests.
fn published() -> Vec<Value> {
    let (published, kept): (Vec<Value>, Vec<Value>) = packages().into_iter().partition(|package| package["publish"].is_null());
    assert_eq!(kept.iter().map(name).collect::<Vec<_>>(), ["eventc-tests"], "what says `publish = false`");
    published
}

fn name(package: &Value) -> &str {
    package["name"].as_str().expect("a name")
}

fn folder(package: &Value) -> PathBuf {
    Path::new(package["manifest_path"].as_str().expect("a path")).parent().expect("a folder").to_owned()
}

fn items<'a>(package: &'a Value, key: &str) -> Vec<&'a str> {
    package[key].as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

#[test]
fn each_crate_says_what_it_is() {
    let root = fs::read_to_string(workspace().join("LICENSE")).expect("the licences");
    let mut descriptions = BTreeSet::new();
    for package in published() {
        let (name, folder) = (name(&package), folder(&package));
        assert_eq!(package["license"], "MIT OR Apache-2.0", "{name}");
        assert_eq!(fs::read_to_string(folder.join("LICENSE")).expect("a licence"), root, "{name}");
        assert_eq!(package["readme"], "README.md", "{name}");
        let readme = fs::read_to_string(folder.join("README.md")).expect("a README");
        assert!(readme.starts_with(&format!("# {name}\n")), "{name}: the README is that of another crate");
        let description = package["description"].as_str().unwrap_or_default().to_owned();
        assert!(description.len() > 40 && descriptions.insert(description), "{name} has no description of its own");
        // What the registry takes.
        let keywords = items(&package, "keywords");
        assert!((1..=5).contains(&keywords.len()) && keywords.iter().all(|word| word.len() <= 20), "{name}: {keywords:?}");
        assert!((1..=5).contains(&items(&package, "categories").len()), "{name} has no categories");
    }
}

/// Whether a dependency stands in what is published: Cargo leaves out those of tests that have no version.
fn is_kept(dependency: &Value) -> bool {
    dependency["kind"] != "dev" || dependency["req"] != "*"
}

#[test]
fn crates_can_be_published_one_after_the_other() {
    let mut waiting: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in published() {
        let all = package["dependencies"].as_array().expect("dependencies");
        let ours: Vec<&Value> = all.iter().filter(|dependency| !dependency["path"].is_null() && is_kept(dependency)).collect();
        for dependency in &ours {
            assert_ne!(dependency["req"], "*", "{} depends on {} without a version", name(&package), dependency["name"]);
        }
        waiting.insert(name(&package).to_owned(), ours.iter().map(|dependency| name(dependency).to_owned()).collect());
    }
    while !waiting.is_empty() {
        let ready: Vec<String> = waiting.iter().filter(|(_, needs)| needs.is_empty()).map(|(name, _)| name.clone()).collect();
        assert!(!ready.is_empty(), "these wait for each other, or for a crate that is not published: {waiting:?}");
        waiting.retain(|name, _| !ready.contains(name));
        for needs in waiting.values_mut() {
            needs.retain(|name| !ready.contains(name));
        }
    }
}

/// The files that sources of a crate include by a whole path, from the crate's folder.
fn included(folder: &Path) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for entry in WalkDir::new(folder.join("src")).into_iter().map(|entry| entry.expect("a readable tree")) {
        let is_source = entry.file_type().is_file() && entry.path().extension().is_some_and(|end| end == "rs");
        let Some(text) = is_source.then(|| fs::read_to_string(entry.path()).expect("a source")) else { continue };
        for rest in text.split("include_str!(\"").skip(1) {
            let path = rest.split('"').next().unwrap_or_default();
            let whole = entry.path().parent().expect("a folder").join(path);
            paths.insert(below(folder, &whole));
        }
    }
    paths
}

/// A path below a folder, with its steps up taken.
fn below(folder: &Path, path: &Path) -> String {
    let mut steps: Vec<String> = Vec::new();
    for component in path.strip_prefix(folder).expect("below the crate").components() {
        match component {
            Component::ParentDir => assert!(steps.pop().is_some(), "{} leaves its crate", path.display()),
            step => steps.push(step.as_os_str().to_string_lossy().into_owned()),
        }
    }
    steps.join("/")
}

#[test]
fn crates_carry_what_they_include() {
    for package in published() {
        let (name, folder) = (name(&package), folder(&package));
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["package", "--list", "--allow-dirty", "--locked", "--package", name]).current_dir(workspace());
        let told = run(&mut cargo);
        let carried: BTreeSet<String> = told.lines().map(|line| line.replace('\\', "/")).collect();
        let wanted = included(&folder).into_iter().chain(["LICENSE".to_owned(), "README.md".to_owned()]);
        let missing: Vec<String> = wanted.filter(|path| !carried.contains(path)).collect();
        assert!(missing.is_empty(), "{name} is published without {missing:?}");
    }
}

/// The entries of `packaging/public.toml`.
fn public() -> BTreeMap<String, String> {
    let text = fs::read_to_string(workspace().join("packaging/public.toml")).expect("the public names");
    let entries = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    entries.map(|(key, value)| (key.to_owned(), value.trim_matches('"').to_owned())).collect()
}

#[test]
fn nothing_names_a_package_that_is_not_published() {
    let public = public();
    assert_eq!(public.keys().collect::<Vec<_>>(), ["crate", "npm", "python", "repository"]);
    assert!(["", "eventc-cli"].contains(&public["crate"].as_str()), "the crate has another name");
    for package in published() {
        assert_eq!(
            package["repository"].as_str().unwrap_or_default(),
            public["repository"],
            "{}: `repository` in Cargo.toml",
            name(&package)
        );
    }
    let read = |path: &str| fs::read_to_string(workspace().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let readme = read("README.md");
    let commands = [("crate", "cargo install --locked "), ("npm", "npm install --global "), ("python", "pip install ")];
    for (channel, command) in commands {
        let line = format!("\n{command}{}\n", public[channel]);
        assert_eq!(readme.contains(&line), !public[channel].is_empty(), "README.md, on `{}` of packaging/public.toml", line.trim());
    }
    for page in ["README.md", "docs/ci.md", "action.yml", "codegen/cli/README.md"] {
        for line in read(page).lines() {
            for (channel, command) in commands {
                let package =
                    line.split_once(command).map(|(_, rest)| rest.split_whitespace().find(|word| !word.starts_with('-')).unwrap_or(""));
                let is_local = package.is_none_or(|what| what.contains('/') || what == public[channel]);
                assert!(is_local, "{page} fetches what is not eventc's: {line}");
            }
        }
    }
}
