//! Rust, with warnings denied: a Cargo workspace with a program for each package.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde_json::{Map, Value, json};

use super::{Language, Package, Runtime};
use crate::tools::{self, members, put, run};

/// Generated Rust.
#[derive(Debug)]
pub(super) struct Rust;

/// The grouping of packages in workspaces, where Cargo gives all of them the union of their features.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum WorkspaceGroup {
    /// Numbers of the language.
    Plain,
    /// `exact` changes how numbers are read, so that no other package may stand beside these.
    Exact,
    /// One package, with the features that it asks for itself.
    Alone(String),
}

impl Language for Rust {
    fn name(&self) -> &'static str {
        "Rust"
    }

    fn target(&self) -> &'static str {
        "rust"
    }

    fn placed(&self, name: &str, runtime: Runtime) -> Map<String, Value> {
        let mut options = members(json!({"package": package(name)}));
        if runtime == Runtime::Shared {
            options.insert("runtime".into(), json!({"path": tools::workspace().join("runtime")}));
        }
        options
    }

    fn exact_numbers(&self) -> Map<String, Value> {
        members(json!({"integers": "exact", "numbers": "exact"}))
    }

    fn build(&self, batch: &str, packages: &[Package]) {
        let mut groups: BTreeMap<WorkspaceGroup, Vec<&Package>> = BTreeMap::new();
        for package in packages {
            groups.entry(group(package)).or_default().push(package);
        }
        for (group, packages) in groups {
            let folder = tools::scratch(&format!("rust/{batch}/{}", name(&group)));
            workspace(&folder, batch, &packages);
            run(tools::cargo(&folder).args(["build", "--workspace", "--quiet", "--offline"]));
        }
    }

    fn command(&self, batch: &str, package: &Package) -> Vec<PathBuf> {
        vec![tools::rust_target().join("debug").join(program(batch, package))]
    }
}

fn package(subject: &str) -> String {
    format!("eventc-{subject}")
}

fn program(batch: &str, package: &Package) -> String {
    format!("{batch}-{}", package.subject)
}

fn group(package: &Package) -> WorkspaceGroup {
    let manifest = fs::read_to_string(package.folder.join("Cargo.toml")).expect("a manifest");
    match package.runtime {
        Runtime::Copied => WorkspaceGroup::Alone(package.subject.clone()),
        Runtime::Shared if manifest.contains("\"exact\"") => WorkspaceGroup::Exact,
        Runtime::Shared => WorkspaceGroup::Plain,
    }
}

fn name(group: &WorkspaceGroup) -> &str {
    match group {
        WorkspaceGroup::Plain => "plain",
        WorkspaceGroup::Exact => "exact",
        WorkspaceGroup::Alone(subject) => subject,
    }
}

/// Writes a workspace with a program for each package, and the versions of dependencies that this repository has.
fn workspace(folder: &std::path::Path, batch: &str, packages: &[&Package]) {
    let names: Vec<String> = packages.iter().map(|package| program(batch, package)).collect();
    put(&folder.join("Cargo.toml"), &format!("[workspace]\nresolver = \"3\"\nmembers = {names:?}\n"));
    let lock = fs::read_to_string(tools::workspace().join("Cargo.lock")).expect("the lock file");
    put(&folder.join("Cargo.lock"), &lock);
    let runner = tools::workspace().join("tests/runners/runner.rs");
    for (name, package) in names.iter().zip(packages) {
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[[bin]]\nname = {name:?}\npath = '{}'\n\n[dependencies]\n\
             serde_json = \"1\"\nevents = {{ path = '{}', package = {:?} }}\n",
            runner.display(),
            package.folder.display(),
            self::package(&package.subject),
        );
        put(&folder.join(name).join("Cargo.toml"), &manifest);
    }
}
