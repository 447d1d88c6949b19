//! Python, checked by mypy and pyright in their strict modes.

use std::{
    path::{Component, Path, PathBuf},
    process::Command,
    thread,
};

use serde_json::{Map, Value, json};

use super::{Case, Language, Package, Runtime, Work, language::import, said};
use crate::tools::{self, members, put, run, unless_passed};

/// Generated Python: models of pydantic, or structs of msgspec.
#[derive(Debug)]
pub(super) struct Python;

impl Language for Python {
    fn name(&self) -> &'static str {
        "Python"
    }

    fn target(&self) -> &'static str {
        "python"
    }

    fn placed(&self, name: &str, _runtime: Runtime) -> Map<String, Value> {
        members(json!({"package": import(name)}))
    }

    fn other_style(&self) -> Option<Map<String, Value>> {
        Some(members(json!({"models": "msgspec"})))
    }

    fn exact_numbers(&self) -> Map<String, Value> {
        members(json!({"numbers": "decimal"}))
    }

    // The others read whatever their package reads.
    fn exact_argument(&self) -> Option<&'static str> {
        Some("exact")
    }

    fn build(&self, batch: &str, packages: &[Package]) {
        let python = tools::python();
        let checked: Vec<&Package> = packages.iter().filter(|package| package.work == Work::Checked).collect();
        let sources: Vec<PathBuf> = checked.iter().map(|package| package.folder.join(package.import())).collect();
        let imports: Vec<PathBuf> = checked.iter().map(|package| package.folder.clone()).collect();
        let scratch = tools::scratch(&format!("python/{batch}"));
        if checked.is_empty() {
            return;
        }
        thread::scope(|scope| {
            scope.spawn(|| unless_passed(&scratch.join("pyright-passed"), "pyright", &sources, || pyright(&scratch, &sources, &imports)));
            unless_passed(&scratch.join("mypy-passed"), "mypy", &sources, || {
                let packages = checked.iter().flat_map(|package| ["-p".to_owned(), package.import()]);
                let mut mypy = mypy(&python, &scratch);
                run(mypy.args(packages).env("MYPYPATH", std::env::join_paths(&imports).expect("no colon in a path")).current_dir(&scratch));
            });
        });
    }

    fn command(&self, _batch: &str, package: &Package) -> Vec<PathBuf> {
        let program = tools::workspace().join("tests/runners/runner.py");
        vec![tools::python(), program, package.folder.clone(), package.import().into()]
    }
}

/// Returns mypy in strict mode, remembering below a folder what it saw.
pub fn mypy(python: &Path, scratch: &Path) -> Command {
    let mut mypy = Command::new(python);
    mypy.args(["-m", "mypy", "--strict", "--python-version", "3.11", "--cache-dir"]).arg(scratch.join("mypy"));
    mypy
}

/// Checks a program that uses a package under the name `events`, and runs it.
///
/// # Panics
/// Where a type checker finds anything, or the program fails.
pub fn check_program(text: &str, package: &Package) {
    let (python, imports, name) = (tools::python(), &package.folder, package.import());
    let scratch = tools::scratch(&format!("python/{}-program", package.subject));
    let program = scratch.join("program.py");
    put(
        &program,
        &text.replace("import events\n", &format!("import {name} as events\n")).replace("from events.", &format!("from {name}.")),
    );
    unless_passed(&scratch.join("passed"), "mypy and pyright", &[program.clone(), imports.clone()], || {
        pyright(&scratch, std::slice::from_ref(&program), std::slice::from_ref(imports));
        run(mypy(&python, &scratch).arg(&program).env("MYPYPATH", imports));
    });
    run(Command::new(&python).arg(&program).env("PYTHONPATH", imports).env("PYTHONDONTWRITEBYTECODE", "1"));
}

/// Checks Python files or packages by pyright in strict mode; `imports` are the folders of what they import.
pub fn pyright(scratch: &Path, checked: &[PathBuf], imports: &[PathBuf]) {
    // An absolute path here is ignored.
    let include: Vec<PathBuf> = checked.iter().map(|path| relative(scratch, path)).collect();
    let config = json!({"include": include, "extraPaths": imports, "typeCheckingMode": "strict", "pythonVersion": "3.11",
        "venvPath": tools::python().ancestors().nth(3), "venv": "venv"});
    put(&scratch.join("pyrightconfig.json"), &config.to_string());
    let said = run(Command::new(tools::node_modules().join(".bin/pyright")).arg("--stats").arg("--project").arg(scratch));
    let count = said.lines().find_map(|line| line.strip_prefix("Total files checked: ")?.parse::<usize>().ok());
    assert!(count.is_some_and(|count| count >= checked.len()), "pyright did not look at everything: {said}");
}

/// Returns the way from a folder to another path.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let [from, to] = [from, to].map(|path| path.canonicalize().expect("a path that exists"));
    let shared = from.components().zip(to.components()).take_while(|(from, to)| from == to).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

/// The numbers of texts that generated Python read, by the library's parser and by its own.
#[derive(Debug)]
pub struct Ways {
    /// Texts that it was asked about.
    pub texts: u64,
    /// Documents that these were made of.
    pub documents: u64,
    /// Documents that the library's parser read alone.
    pub alone: u64,
}

/// Asks generated Python for each document, and for many odd variants, whether the library's own parser makes the same of it.
///
/// # Panics
/// Where it does not.
pub fn two_ways(package: &Package, cases: &[Case], variants: usize) -> Ways {
    let program = tools::workspace().join("tests/runners/two_ways.py");
    let program = vec![tools::python(), program, package.folder.clone(), package.import().into(), variants.to_string().into()];
    let questions: Vec<Value> = cases.iter().map(|case| json!({"topic": case.topic, "doc": case.doc})).collect();
    let answer: Value = serde_json::from_str(&said(&program, &questions)).expect("an answer");
    let wrong: Vec<&str> = answer["wrong"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(wrong.is_empty(), "read in two ways:\n{}", wrong.join("\n"));
    let count = |name: &str| answer[name].as_u64().expect("a number");
    Ways { texts: count("texts"), documents: count("documents"), alone: count("alone") }
}
