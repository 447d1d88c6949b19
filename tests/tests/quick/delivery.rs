//! The policy of deliveries in TypeScript and Python: strictly typed, and held to the vectors that Rust's is held to as well.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use eventc_tests::{
    runners::{mypy, pyright},
    tools::{node_modules, put, python, run, scratch, unless_passed, workspace},
};
use walkdir::WalkDir;

/// Copies what people wrote, not what tools left beside it, and returns the copies.
fn copy(from: &Path, to: &Path) -> Vec<PathBuf> {
    let is_made = |name: &str| ["dist", "node_modules", "__pycache__"].contains(&name);
    let entries = WalkDir::new(from).sort_by_file_name().into_iter().filter_entry(|entry| !entry.file_name().to_str().is_some_and(is_made));
    let files = entries.map(|entry| entry.expect("a file of the repository")).filter(|entry| entry.file_type().is_file());
    let copied = files.map(|entry| {
        let file = to.join(entry.path().strip_prefix(from).expect("a file below the folder"));
        put(&file, &fs::read_to_string(entry.path()).expect("text"));
        file
    });
    copied.collect()
}

/// Returns the example of a package's page.
fn example(package: &Path, language: &str) -> String {
    let page = fs::read_to_string(package.join("README.md")).expect("a page");
    let (_, rest) = page.split_once(&format!("```{language}\n")).expect("an example");
    rest.split_once("```").expect("its end").0.to_owned()
}

#[test]
fn typescript_compiles_strictly_and_obeys_the_policy() {
    let scratch = scratch("delivery/typescript");
    copy(&workspace().join("runtime/vectors"), &scratch.join("vectors"));
    let package = scratch.join("client");
    copy(&workspace().join("runtime/typescript"), &package);
    run(Command::new(node_modules().join(".bin/tsc")).arg("--project").arg(&package));
    let said = run(Command::new("node").args(["--test", "tests/"]).current_dir(&package));
    assert!(said.contains("# fail 0") && !said.contains("# pass 0"), "{said}");
    put(&package.join("example/main.ts"), &example(&package, "ts"));
    let config = r#"{"extends": "../tsconfig.json", "compilerOptions": {"rootDir": ".", "outDir": "out"}, "include": ["main.ts"]}"#;
    put(&package.join("example/tsconfig.json"), config);
    run(Command::new(node_modules().join(".bin/tsc")).args(["--project", "example"]).current_dir(&package));
    assert!(run(Command::new("node").arg("example/out/main.js").current_dir(&package)).contains("handled: 1"));
}

#[test]
fn python_is_strictly_typed_and_obeys_the_policy() {
    let scratch = scratch("delivery/python");
    copy(&workspace().join("runtime/vectors"), &scratch.join("vectors"));
    let package = scratch.join("client");
    let files = copy(&workspace().join("runtime/python"), &package);
    let module = package.join("eventc_client");
    let program = package.join("example.py");
    put(&program, &example(&package, "python"));
    unless_passed(&scratch.join("passed"), "mypy and pyright", &files, || {
        run(mypy(&python(), &scratch).args([&module, &program]).env("MYPYPATH", &package));
        pyright(&scratch, &[module, program.clone()], std::slice::from_ref(&package));
    });
    run(Command::new(python())
        .args(["-m", "unittest", "discover", "--start-directory", "tests", "--top-level-directory", "."])
        .current_dir(&package));
}
