//! TypeScript under `strict`, and JavaScript with declarations that hold there.

use std::{path::PathBuf, process::Command};

use serde_json::{Map, Value, json};

use super::{Language, Package, Runtime, Style};
use crate::tools::{self, members, put, run, unless_passed};

/// Generated TypeScript, or JavaScript with declarations.
#[derive(Debug)]
pub(super) struct TypeScript;

impl Language for TypeScript {
    fn name(&self) -> &'static str {
        "TypeScript"
    }

    fn target(&self) -> &'static str {
        "typescript"
    }

    fn placed(&self, _name: &str, _runtime: Runtime) -> Map<String, Value> {
        Map::new()
    }

    fn other_style(&self) -> Option<Map<String, Value>> {
        Some(members(json!({"output": "js"})))
    }

    fn exact_numbers(&self) -> Map<String, Value> {
        members(json!({"integers": "bigint"}))
    }

    fn rounds(&self) -> bool {
        true
    }

    fn build(&self, batch: &str, packages: &[Package]) {
        let (other, own): (Vec<&Package>, Vec<&Package>) = packages.iter().partition(|package| package.style == Style::Other);
        let solution = tools::scratch(&format!("typescript/{batch}"));
        let references: Vec<Value> = own.iter().map(|package| json!({"path": project(package)})).collect();
        put(&solution.join("tsconfig.json"), &json!({"files": [], "references": references}).to_string());
        run(Command::new(tools::node_modules().join(".bin/tsc")).arg("--build").arg(&solution));
        for package in other {
            // What runs is what was generated: the compiler only looks at it.
            unless_passed(&tools::scratch("javascript").join(&package.subject), "tsc", std::slice::from_ref(&package.folder), || {
                run(Command::new(tools::node_modules().join(".bin/tsc")).arg("--project").arg(package.folder.join("tsconfig.json")));
            });
        }
    }

    fn command(&self, _batch: &str, package: &Package) -> Vec<PathBuf> {
        vec!["node".into(), tools::workspace().join("tests/runners/runner.mjs"), index(package)]
    }
}

/// Returns the compiled package.
fn index(package: &Package) -> PathBuf {
    match package.style {
        Style::Own => tools::scratch(&format!("typescript/{}", package.subject)).join("out/index.js"),
        Style::Other => package.folder.join("src/index.js"),
    }
}

/// Writes the project of a package, with the package's own settings, so that the compiler builds several at once; its folder.
fn project(package: &Package) -> PathBuf {
    let folder = tools::scratch(&format!("typescript/{}", package.subject));
    let settings = json!({
        "extends": package.folder.join("tsconfig.json"),
        "compilerOptions": {"composite": true, "rootDir": package.folder.join("src"), "outDir": "out", "tsBuildInfoFile": "out/built.json"},
        "include": [package.folder.join("src")],
    });
    put(&folder.join("tsconfig.json"), &settings.to_string());
    put(&folder.join("package.json"), "{\"type\": \"module\"}\n");
    folder
}
