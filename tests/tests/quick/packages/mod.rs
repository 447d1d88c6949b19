//! Generated packages as their users have them: copied below another package, called by topic with types, sending events in envelopes
//! that are checked, and warned of what is deprecated.

use std::{fs, path::Path, process::Command};

use eventc_codegen::{
    output,
    project::{Findings, Project, Selection},
};
use eventc_tests::{
    runners::{assert_read, pyright},
    tools::{node_modules, python, run, scratch},
};

const CONFIG: &str = r#"
schemas = "events"
[[namespace]]
name = "shop"
root = "."

[namespace.envelope]
file = "_envelope.json"
payload = "/data"
id = "/id"
type = "/type"
version = "/meta/version"
time = "/time"
source = "/meta/source"
correlation = "/meta/flow"
causation = "/meta/cause"
"#;

const ENVELOPE: &str = r#"{
  "title": "Shop envelope", "type": "object",
  "properties": {
    "id": {"type": "string", "minLength": 1},
    "type": {"type": "string"},
    "time": {"type": "string"},
    "meta": {"type": "object", "properties": {"version": {"type": "string"}, "source": {"type": "string"}, "flow": {"type": "string"}, "cause": {"type": "string"}, "tenant": {"type": "string"}}},
    "data": {"type": "object"}
  },
  "required": ["id", "type", "data"]
}"#;

const PLACED: &str = r##"{
  "title": "Order placed", "type": "object", "x-event": {"version": "1.2.0"},
  "properties": {
    "order": {"type": "string", "minLength": 2},
    "lines": {"type": "array", "items": {"$ref": "../_types.json#/$defs/line"}},
    "gift": {"type": "boolean", "deprecated": true},
    "x-count": {"type": "integer"}
  },
  "patternProperties": {"^x-": {"type": ["string", "integer"]}, "_line$": {"$ref": "../_types.json#/$defs/line"}},
  "required": ["order"]
}"##;

const TYPES: &str = r#"{"$defs": {"line": {"title": "Line", "type": "object", "properties": {"count": {"type": "integer", "minimum": 1}}, "required": ["count"]}}}"#;

const PAID: &str = r#"{
  "title": "Order paid", "type": "object",
  "x-event": {"version": "1.0.0", "deprecated": {"since": "2026-01-01", "use": "order.placed"}},
  "properties": {"order": {"type": "string"}}, "required": ["order"]
}"#;

fn generate(target: &str, options: &str, folder: &Path) {
    let config = format!("{CONFIG}{options}");
    let files = [
        ("eventc.toml", config.as_str()),
        ("events/_envelope.json", ENVELOPE),
        ("events/_types.json", TYPES),
        ("events/order/placed.json", PLACED),
        ("events/order/paid.json", PAID),
    ];
    let project = Project::from_texts(&files).expect("a configuration");
    assert_read(&project);
    for target in
        project.generate(&Selection { targets: vec![target.to_owned()], topics: Vec::new() }, &Findings::default()).expect("files").targets
    {
        output::write(folder, &target.files).expect("written files");
    }
}

/// The package stands below another one, where nothing knows its name.
#[test]
fn a_copy_of_the_python_package_works_anywhere() {
    for models in ["pydantic", "msgspec"] {
        let folder = scratch(&format!("packages-{models}"));
        fs::remove_dir_all(&folder).expect("an old run can be cleared away");
        let vendored = folder.join("service/vendor");
        generate("python", &format!("[targets.python]\nmodels = \"{models}\"\n"), &folder.join("made"));
        fs::create_dir_all(&vendored).expect("a folder");
        fs::rename(folder.join("made/events"), vendored.join("contracts")).expect("a copy");
        for package in ["service", "service/vendor"] {
            fs::write(folder.join(package).join("__init__.py"), "").expect("a package");
        }
        for program in [include_str!("program.py"), &format!("MODELS: str = \"{models}\"\n")] {
            let name = if program.starts_with("MODELS:") { "models.py" } else { "program.py" };
            fs::write(folder.join(name), program).expect("a program");
        }
        run(Command::new(python()).arg("-W").arg("error").arg("program.py").current_dir(&folder).env("PYTHONDONTWRITEBYTECODE", "1"));
        let scratch = scratch(&format!("packages-{models}-checked"));
        pyright(&scratch, &[folder.join("program.py")], std::slice::from_ref(&folder));
        run(Command::new(python())
            .args(["-m", "mypy", "--strict", "--python-version", "3.11", "--cache-dir"])
            .arg(scratch.join("mypy"))
            .arg("program.py")
            .current_dir(&folder));
    }
}

#[test]
fn typescript_sends_what_the_contract_allows() {
    for (name, options) in [("ts", ""), ("bigint", "[targets.typescript]\nintegers = \"bigint\"\n")] {
        let folder = scratch(&format!("packages-{name}"));
        fs::remove_dir_all(&folder).expect("an old run can be cleared away");
        generate("typescript", options, &folder);
        fs::write(folder.join("src/program.ts"), include_str!("program.ts.txt")).expect("a program");
        run(Command::new(node_modules().join(".bin/tsc")).arg("--project").arg(folder.join("tsconfig.json")));
        run(Command::new("node").arg(folder.join("dist/program.js")));
    }
}
