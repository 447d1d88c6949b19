//! Packages as people install them: a wheel and npm packages of one binary, from their files, without a network; each then starts a project
//! in an empty folder, and passes its own gate.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::LazyLock,
};

use eventc_tests::tools::{self, run};
use serde_json::Value;

/// eventc as it was built for tests, without what debuggers read: most of its size.
static BINARY: LazyLock<PathBuf> = LazyLock::new(|| {
    let built = tools::eventc();
    let stripped = empty("installed/binary").join(built.file_name().expect("a file"));
    run(Command::new("strip").arg("-o").arg(&stripped).arg(&built));
    stripped
});

/// Returns a folder with nothing in it, which is a repository of its own: what is written at the top of one stays there.
pub(crate) fn empty(name: &str) -> PathBuf {
    let folder = tools::scratch(name);
    fs::remove_dir_all(&folder).expect("the folder can be emptied");
    fs::create_dir_all(folder.join(".git")).expect("the folder can be made");
    folder
}

/// The packages of this binary, by the names that are public.
static PACKAGES: LazyLock<Vec<PathBuf>> = LazyLock::new(|| pack("packages", &BINARY, &tools::workspace().join(PUBLIC)));

const PUBLIC: &str = "packaging/public.toml";

/// Packs a binary; the packages.
fn pack(out: &str, binary: &Path, public: &Path) -> Vec<PathBuf> {
    let out = empty(&format!("installed/{out}"));
    let mut build = Command::new(tools::workspace().join("packaging/build"));
    build.arg("--binary").arg(binary).arg("--out").arg(&out).arg("--public").arg(public);
    run(&mut build).lines().map(PathBuf::from).collect()
}

fn with_end<'a>(packages: &'a [PathBuf], end: &str) -> Vec<&'a PathBuf> {
    packages.iter().filter(|package| package.extension().is_some_and(|found| found == end)).collect()
}

/// Installs npm packages without a network into a fresh folder, and returns it.
fn npm_install(folder: &str, packages: &[PathBuf]) -> PathBuf {
    let folder = empty(folder);
    fs::write(folder.join("package.json"), "{\"private\": true}\n").expect("the folder can be written");
    let mut npm = Command::new("npm");
    npm.args(["install", "--silent", "--offline", "--no-fund", "--no-audit"]).args(with_end(packages, "tgz"));
    run(npm.current_dir(&folder));
    folder
}

/// Holds an installed command to what it has to do in an empty folder.
fn starts_a_project(command: &Path, name: &str) {
    let folder = empty(&format!("installed/project-{name}"));
    let eventc = |arguments: &[&str]| {
        let mut eventc = Command::new(command);
        eventc.args(arguments).current_dir(&folder).stdin(Stdio::null());
        eventc
    };
    assert_eq!(run(&mut eventc(&["--version"])).trim(), concat!("eventc ", env!("CARGO_PKG_VERSION")));
    run(&mut eventc(&["init"]));
    // What was not generated yet is a finding, and its exit status arrives.
    assert_eq!(eventc(&["check"]).output().expect("eventc starts").status.code(), Some(1));
    run(&mut eventc(&["generate"]));
    run(&mut eventc(&["check"]));
    for made in ["generated/rust/src/lib.rs", "generated/typescript/package.json", "generated/python/pyproject.toml"] {
        assert!(folder.join(made).is_file(), "{made} is missing");
    }
}

/// Installs the wheel, and returns the command.
pub(crate) fn from_wheel() -> PathBuf {
    static VENV: LazyLock<PathBuf> = LazyLock::new(|| {
        let venv = empty("installed/python").join("venv");
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv));
        let mut pip = Command::new(venv.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]).args(with_end(&PACKAGES, "whl"));
        run(&mut pip);
        // The folder of a person's PATH has this command alone.
        alone("wheel", &venv.join("bin/eventc"))
    });
    VENV.clone()
}

/// Installs the npm packages, and returns the command.
pub(crate) fn from_npm() -> PathBuf {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| npm_install("installed/npm", &PACKAGES));
    FOLDER.join("node_modules/.bin/eventc")
}

/// Installs the command from its sources, and returns it.
pub(crate) fn from_cargo() -> PathBuf {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let root = empty("installed/cargo");
        let mut cargo = Command::new(env!("CARGO"));
        // Built as for tests, so that nothing is compiled again.
        cargo.args(["install", "--quiet", "--debug", "--locked", "--offline", "--path", "codegen/cli", "--root"]).arg(&root);
        run(cargo.current_dir(tools::workspace()));
        root
    });
    ROOT.join("bin/eventc")
}

/// Returns a link to a command, in a folder of its own.
fn alone(name: &str, command: &Path) -> PathBuf {
    let link = empty(&format!("installed/bin-{name}")).join("eventc");
    std::os::unix::fs::symlink(command, &link).expect("a link can be made");
    link
}

#[test]
fn packages_install_from_their_files() {
    assert_eq!(PACKAGES.len(), 3, "{:?}", *PACKAGES);
    starts_a_project(&from_wheel(), "python");
    starts_a_project(&from_npm(), "npm");
    starts_a_project(&from_cargo(), "cargo");
    let npm = tools::scratch("installed/npm");
    // The licences travel along.
    for package in fs::read_dir(npm.join("node_modules")).expect("installed packages").flatten() {
        let hidden = package.file_name().to_string_lossy().starts_with('.');
        assert!(hidden || package.path().join("LICENSE").is_file(), "{} has no LICENSE", package.path().display());
    }
}

#[test]
fn npm_asks_for_other_packages_only_where_they_are_published() {
    let manifest = |folder: &Path, name: &str| {
        let text = fs::read_to_string(folder.join("node_modules").join(name).join("package.json")).expect("an installed package");
        serde_json::from_str::<Value>(&text).expect("JSON")
    };
    let local = manifest(&npm_install("installed/npm-local", &PACKAGES), "eventc");
    let names = fs::read_to_string(tools::workspace().join(PUBLIC)).expect("the public names");
    assert_eq!(local["optionalDependencies"].is_null(), names.contains("npm = \"\""), "{local}");

    let names = "repository = \"https://code.example/eventc\"\ncrate = \"eventc-cli\"\nnpm = \"event-compiler\"\npython = \"eventc\"\n";
    let public = empty("installed/public").join("public.toml");
    fs::write(&public, names).expect("the names can be written");
    // Nothing of it is asked but its version, so a smaller one does.
    let stand_in = public.with_file_name("eventc");
    fs::write(&stand_in, concat!("#!/bin/sh\necho eventc ", env!("CARGO_PKG_VERSION"), "\n")).expect("the program can be written");
    run(Command::new("chmod").arg("+x").arg(&stand_in));
    let folder = npm_install("installed/npm-public", &pack("published", &stand_in, &public));
    let published = manifest(&folder, "event-compiler");
    let platforms = tools::members(published["optionalDependencies"].clone());
    assert_eq!(platforms.len(), 6);
    assert!(platforms.values().all(|version| version == env!("CARGO_PKG_VERSION")), "{platforms:?}");
    assert!(published["private"].is_null() && published["repository"]["url"] == "git+https://code.example/eventc.git", "{published}");
    let told = run(Command::new(folder.join("node_modules/.bin/eventc")).arg("--version"));
    assert_eq!(told.trim(), concat!("eventc ", env!("CARGO_PKG_VERSION")));
}
