//! The builder of build scripts: the command line's output, exactly what Cargo should watch, and problems in lines for Cargo.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use eventc_codegen::{
    Builder, output,
    project::{Project, ProjectRoot, Selection},
};
use tempfile::TempDir;

const EVENT: &str = r#"{
  "title": "Order created",
  "x-event": { "version": "1.0.0" },
  "type": "object",
  "properties": { "order_id": { "$ref": "_types.json#/$defs/id" } },
  "required": ["order_id"]
}"#;
const TYPES: &str = r#"{ "$defs": { "id": { "type": "string", "minLength": 1 } } }"#;

/// A package in a temporary folder.
struct Package(TempDir);

impl Package {
    fn new(files: &[(&str, &str)]) -> Self {
        let package = Self(TempDir::new().expect("a temporary folder"));
        for (path, text) in files {
            package.write(path, text);
        }
        package
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn builder(&self) -> Builder {
        Builder::new().package(self.0.path()).out_dir("out")
    }

    /// The lines for Cargo, with the package's folder left out.
    fn lines(&self, text: &str) -> Vec<String> {
        let here = format!("{}/", self.0.path().display());
        text.lines().map(|line| line.replace(&here, "").replace(here.trim_end_matches('/'), "PACKAGE")).collect()
    }

    fn failure(&self, builder: &Builder) -> Vec<String> {
        self.lines(&builder.build().expect_err("something is wrong").directives())
    }
}

fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below the folder").display().to_string();
                files.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    files
}

#[test]
fn output_is_that_of_the_command_line() {
    let package = Package::new(&[
        ("eventc.toml", "[[namespace]]\nname = \"shop\"\nroot = \"shop\"\n[targets.rust]\n[targets.python]\n"),
        ("schemas/events/shop/order/created.json", &EVENT.replace("_types", "../_types")),
        ("schemas/events/shop/_types.json", TYPES),
    ]);
    package.builder().target("rust").target("python").build().expect("a build");
    let project = Project::open(&ProjectRoot::Config(package.path("eventc.toml"))).expect("a project");
    let selection = Selection { targets: vec!["rust".into(), "python".into()], topics: Vec::new() };
    let generated = project.generate(&selection, &project.lint(None)).expect("files");
    for target in &generated.targets {
        output::write(&package.path("cli").join(target.name), &target.files).expect("written");
        let mut made = files_below(&package.path("out").join(target.name));
        if target.name == "rust" {
            assert!(made.remove("src/eventc-include.rs").is_some());
            // The manifest lists it too.
            made.remove(".eventc-manifest");
        }
        let mut expected = files_below(&package.path("cli").join(target.name));
        expected.retain(|path, _| made.contains_key(path));
        assert_eq!(made, expected);
        assert_eq!(made.len(), target.files.len() + usize::from(target.name != "rust"));
    }
    assert_eq!(generated.targets.len(), 2);
}

#[test]
fn a_package_needs_no_configuration() {
    let package = Package::new(&[("schemas/events/created.json", EVENT), ("schemas/events/_types.json", TYPES)]);
    let built = package.builder().build().expect("a build");
    let lines = package.lines(&built.directives());
    let watched: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("cargo::rerun-if-changed=")).collect();
    assert_eq!(watched, ["schemas/events", "schemas/events/_types.json", "schemas/events/created.json"]);
    let entry = fs::read_to_string(package.path("out/rust/src/eventc-include.rs")).expect("a file");
    assert!(entry.contains("pub mod created;") && !entry.contains("#!["), "{entry}");
}

#[test]
fn every_file_that_says_where_the_tree_is_is_watched() {
    let manifest = "[package]\nname = \"p\"\nversion = \"0.1.0\"\n[package.metadata.eventc]\nconfig = \"conf/events.toml\"\n";
    let package = Package::new(&[
        ("Cargo.toml", manifest),
        ("conf/events.toml", "schemas = \"../tree\"\nreleases = \"../old\"\n[[namespace]]\n"),
        ("tree/created.json", EVENT),
        ("tree/_types.json", TYPES),
        ("tree/notes.md", "not a schema"),
    ]);
    let built = package.builder().build().expect("a build");
    let watched: Vec<String> = built
        .watched
        .iter()
        .map(|path| {
            path.canonicalize()
                .expect("a path")
                .strip_prefix(package.0.path().canonicalize().expect("a path"))
                .expect("below")
                .display()
                .to_string()
        })
        .collect();
    let mut sorted = watched.clone();
    sorted.sort();
    assert_eq!(sorted, ["Cargo.toml", "conf/events.toml", "tree", "tree/_types.json", "tree/created.json"]);
}

#[test]
fn every_mistake_is_an_error_for_cargo_with_its_place() {
    let package = Package::new(&[
        ("schemas/events/a.json", "{\n  \"$ref\": \"nowhere.json\"\n}"),
        ("schemas/events/b.json", "{\n  \"type\": \"object\", \"required\": 7\n}"),
    ]);
    let lines = package.failure(&package.builder());
    let errors: Vec<&String> = lines.iter().filter(|line| line.starts_with("cargo::error=")).collect();
    assert_eq!(errors.len(), 2, "{lines:#?}");
    assert!(errors[0].starts_with("cargo::error=schemas/events/a.json:2:11: error[EV009]: "), "{}", errors[0]);
    assert!(errors[1].starts_with("cargo::error=schemas/events/b.json:2:33: error[EV012]: "), "{}", errors[1]);
    assert!(lines.contains(&"cargo::rerun-if-changed=schemas/events/a.json".to_owned()));
    assert!(!package.path("out").exists(), "nothing was written");
}

#[test]
fn warnings_are_told_and_stop_nothing() {
    let package = Package::new(&[("schemas/events/a.json", "{\n  \"type\": \"string\",\n  \"type\": \"object\"\n}")]);
    let built = package.builder().build().expect("a build");
    let lines = package.lines(&built.directives());
    let warnings: Vec<&String> = lines.iter().filter(|line| line.starts_with("cargo::warning=")).collect();
    assert!(warnings.iter().any(|line| line.starts_with("cargo::warning=schemas/events/a.json:3:3: warning[EV007]: ")), "{lines:#?}");
    assert_eq!(warnings.len(), built.warnings.len());
    assert!(package.path("out/rust/src/a.rs").is_file());
}

#[test]
fn settings_that_lead_nowhere_are_explained() {
    let package = Package::new(&[("Cargo.toml", "[package]\nname = \"p\"\n")]);
    assert_eq!(
        package.failure(&package.builder()).last().map(String::as_str),
        Some(
            "cargo::error=PACKAGE: error[EV001]: there is no schema tree: neither a folder schemas/events here, nor an eventc.toml here or \
             above; put the schemas into schemas/events beside Cargo.toml, or say `schemas = \"…\"` under [package.metadata.eventc] there"
        )
    );
    let missing = package.failure(&package.builder().schemas("schema"));
    assert!(missing[0].ends_with("rerun-if-changed=schema"), "{missing:?}");
    assert!(missing[1].starts_with("cargo::error=cannot read schema: "), "{missing:?}");
    let package = Package::new(&[("schemas/events/order/created.json", r#"{"type": "object"}"#)]);
    let errors = |builder: &Builder| package.failure(builder).into_iter().filter(|line| line.contains("error=")).collect::<Vec<_>>();
    assert_eq!(
        errors(&package.builder().topics("order.craeted")),
        ["cargo::error=no topic fits \"order.craeted\"; did you mean \"order.created\"?"]
    );
    assert_eq!(errors(&package.builder().target("rsut")), ["cargo::error=there is no target \"rsut\"; did you mean \"rust\"?"]);
    let unknown = errors(&package.builder().option("rust", "moveable", true));
    assert!(unknown[0].contains("unknown field `moveable`"), "{unknown:?}");
}

#[test]
fn metadata_of_the_manifest_is_checked() {
    let manifest = "[package]\nname = \"p\"\n\n[package.metadata.eventc]\nschema = \"events\"\n";
    let package = Package::new(&[("Cargo.toml", manifest)]);
    assert_eq!(
        package.failure(&package.builder()).last().map(String::as_str),
        Some("cargo::error=Cargo.toml:5:1: error[EV013]: unknown key `schema`; did you mean `schemas`?")
    );
}

#[test]
fn some_topics_bring_what_they_refer_to() {
    let package = Package::new(&[
        ("schemas/events/a/created.json", r#"{"$ref": "../_shared.json#/$defs/x"}"#),
        ("schemas/events/_shared.json", r#"{"$defs": {"x": {"type": "object"}}}"#),
        ("schemas/events/b/created.json", r#"{"type": "object"}"#),
    ]);
    package.builder().topics("a.*").movable().build().expect("a build");
    let files = files_below(&package.path("out/rust/src"));
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["a.rs", "a/created.rs", "eventc-include.rs", "lib.rs", "shared.rs", "topics.rs"]);
    let text = String::from_utf8(files["a/created.rs"].clone()).expect("text");
    assert!(text.contains("super::super::shared::") && !text.contains("crate::"), "{text}");
}
