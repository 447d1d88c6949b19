//! The snippets on the catalog's pages are code: each compiles against what was generated for its language.

use std::{fs, process::Command};

use eventc_codegen::project::{Project, ProjectRoot, Selection};
use eventc_tests::tools::{self, run};
use serde_json::{Value, json};

/// One event of each namespace, with and without a version in its path.
const EVENTS: &[&str] = &[
    "events/omninode/intelligence/event/quality_assessed.v1.html",
    "events/cauldron/aegis/security/alert/detected.v1.html",
    "events/daa/agent/created.v1.html",
];

/// The snippet of a language on a page.
fn snippet(page: &str, language: &str) -> String {
    let block = page.split(&format!("<h3>{language}</h3>")).nth(1).and_then(|rest| rest.split("<code>").nth(1)).expect("a snippet");
    let code = block.split("</code>").next().expect("its end");
    code.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

fn pages() -> Vec<String> {
    let mut project = Project::open(&ProjectRoot::Config(tools::workspace().join("eventc.toml"))).expect("this repository");
    project.catalog.config.overrides.entry("catalog".into()).or_default().insert("site".into(), Value::Bool(true));
    let selection = Selection { targets: vec!["catalog".into()], ..Selection::default() };
    let files = project.generate(&selection, &project.lint(None)).expect("a catalog").targets.remove(0).files;
    let page = |path: &str| files.iter().find(|file| file.path.strip_prefix("site/") == Some(path)).expect("the page").text.clone();
    EVENTS.iter().map(|path| page(path)).collect()
}

#[test]
fn rust_compiles() {
    let folder = tools::scratch("snippets-rust");
    let root = tools::workspace();
    let mut source = String::from("#![allow(unused, reason = \"a snippet shows more than it uses\")]\n");
    for (number, page) in pages().iter().enumerate() {
        let code = snippet(page, "Rust");
        let mut imports = code.lines().filter_map(|line| line.strip_prefix("use eventc_events::"));
        let path = imports.next_back().expect("an import").trim_end_matches(';');
        source.push_str(&format!(
            "fn snippet_{number}(id: &str, now: &str, payload: eventc_events::{path}, bytes: &[u8]) -> Result<(), Box<dyn std::error::Error>> {{\n{code}\nOk(())\n}}\n"
        ));
    }
    let manifest = format!(
        "[package]\nname = \"snippets\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[lib]\npath = \"lib.rs\"\n\n[dependencies]\neventc-events = {{ path = '{}' }}\n",
        root.join("generated/rust").display()
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("the manifest can be written");
    fs::write(folder.join("lib.rs"), source).expect("the snippets can be written");
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("the lock file");
    run(tools::cargo(&folder).args(["build", "--quiet", "--offline"]));
}

#[test]
fn typescript_compiles() {
    let folder = tools::scratch("snippets-typescript");
    let index = tools::workspace().join("generated/typescript/src/index.ts");
    for (number, page) in pages().iter().enumerate() {
        let code = snippet(page, "TypeScript");
        let text = format!("{code}\ndeclare const event: any;\ndeclare const message: string;\nexport {{ body, received }};\n");
        fs::write(folder.join(format!("snippet_{number}.ts")), text).expect("a snippet can be written");
    }
    let config = json!({
        "compilerOptions": {
            "strict": true, "noEmit": true, "target": "es2022", "module": "nodenext", "moduleResolution": "nodenext", "skipLibCheck": true,
            "types": [], "lib": ["es2022", "dom"], "paths": { "@eventc/events": [index] },
        },
        "include": ["snippet_*.ts"],
    });
    fs::write(folder.join("tsconfig.json"), config.to_string()).expect("the configuration can be written");
    fs::write(folder.join("package.json"), "{\"type\": \"module\"}\n").expect("the package can be written");
    run(Command::new(tools::node_modules().join(".bin/tsc")).arg("--project").arg(&folder));
}

#[test]
fn python_is_typed() {
    let folder = tools::scratch("snippets-python");
    let mut source = String::from("from typing import Any\n");
    for (number, page) in pages().iter().enumerate() {
        source.push_str(&format!("\n\ndef snippet_{number}(event: Any, message: bytes) -> object:\n"));
        for line in snippet(page, "Python").lines() {
            source.push_str(&format!("    {line}\n"));
        }
        source.push_str("    return topic, body, received\n");
    }
    fs::write(folder.join("snippets.py"), source).expect("the snippets can be written");
    run(Command::new(tools::python())
        .args(["-m", "mypy", "--strict", "--python-version", "3.11", "--cache-dir"])
        .arg(folder.join("mypy"))
        .arg(folder.join("snippets.py"))
        .env("MYPYPATH", tools::workspace().join("generated/python"))
        .current_dir(&folder));
}
