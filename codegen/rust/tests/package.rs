//! The package compiles without a warning, and documents come back from its types as they went in.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use eventc_model::{
    catalog::{Catalog, ContractKind},
    config::Config,
    source::{Limits, Tree},
    syntax::split_pointer,
    types::Types,
};
use eventc_rust::{Emitter, Runtime, RustOptions};
use serde_json::{Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace")
}

/// Writes the package of a catalog, beside a program that checks it.
fn write(name: &str, catalog: &Catalog) -> PathBuf {
    let types = Types::derive(catalog);
    let runtime = root().join("runtime").to_string_lossy().into_owned();
    let options = RustOptions { runtime: Some(Runtime { path: Some(runtime.clone()), version: None }), ..RustOptions::default() };
    let modules: Vec<_> = types.modules().map(|(id, _)| id).collect();
    let emitter = Emitter::new(catalog, &types, &modules, &options);
    let files = emitter.files();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(folder.join("src"));
    for file in files {
        put(&folder.join(file.path), &file.text);
    }
    let manifest = r#"
        [package]
        name = "roundtrip"
        edition = "2024"
        [features]
        exact = ["serde_json/arbitrary_precision", "serde_json/preserve_order"]
        [dependencies]
        events = { path = ".." }
        serde_json = "1"
        [workspace]
    "#;
    put(&folder.join("roundtrip/Cargo.toml"), manifest);
    put(&folder.join("roundtrip/src/main.rs"), include_str!("roundtrip/program.rs"));
    for lock in ["Cargo.lock", "roundtrip/Cargo.lock"] {
        fs::copy(root().join("Cargo.lock"), folder.join(lock)).expect("the workspace has a lock file");
    }
    folder
}

fn put(path: &Path, text: &str) {
    // What has not changed keeps its date, so that Cargo keeps what it built.
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return;
    }
    fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

fn cargo(folder: &Path, arguments: &[&str], program: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--quiet", "--color=never", "--"])
        .args(program)
        .current_dir(folder)
        .env("RUSTFLAGS", "-D warnings")
        // As all generated Rust is built, so that what it depends on is compiled once (`eventc_tests::tools::cargo`).
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("../scratch/rust-target"))
        .output()
        .expect("cargo runs");
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "cargo {arguments:?} in {}:\n{text}", folder.display());
}

/// Runs the examples of all contracts through the package, with plain and with exact numbers.
fn round_trip(folder: &Path, catalog: &Catalog, flags: &[&str]) {
    let mut lines = String::new();
    for contract in &catalog.contracts {
        let examples = catalog.schemas.keywords(contract.root).map(|keywords| keywords.examples.as_slice()).unwrap_or_default();
        for example in examples {
            let line = match contract.kind {
                ContractKind::Event => json!([contract.topic, false, example]),
                ContractKind::Envelope => {
                    let roles = catalog.namespace(contract).envelope.as_ref().expect("it has one");
                    let topic = roles.kind.as_deref().and_then(|pointer| example.pointer(pointer)).and_then(Value::as_str);
                    assert!(!split_pointer(&roles.payload).is_empty());
                    match topic.filter(|topic| catalog.find(topic).is_some()) {
                        Some(topic) => json!([topic, true, example]),
                        None => continue,
                    }
                }
                ContractKind::DeadLetter => continue,
            };
            lines.push_str(&format!("{line}\n"));
        }
    }
    assert!(!lines.is_empty());
    put(&folder.join("documents"), &lines);
    for features in [&[][..], &["--features", "exact"]] {
        let mut arguments = vec!["run"];
        arguments.extend(features);
        cargo(&folder.join("roundtrip"), &arguments, &[&["../documents"], flags].concat());
    }
}

#[test]
fn the_events_come_back_as_they_went_in() {
    let text = fs::read_to_string(root().join("eventc.toml")).expect("the configuration");
    let (config, _) = Config::parse("eventc.toml", &text);
    let tree = Tree::read(&root().join("schemas/events"), &Limits::default()).expect("the schema tree");
    let catalog = Catalog::build(tree, config);
    let folder = write("events", &catalog);
    round_trip(&folder, &catalog, &[]);
}

/// Names, shapes and texts that generated code has tripped over somewhere.
#[test]
fn strange_schemas_compile_and_come_back() {
    let catalog = Catalog::build(
        Tree::read(&root().join("codegen/rust/tests/strange"), &Limits::default()).expect("the schemas"),
        Config::without_conventions(),
    );
    let folder = write("strange", &catalog);
    round_trip(&folder, &catalog, &["--closed"]);
}
