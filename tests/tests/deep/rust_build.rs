//! Three services, each with its own way to typed events: a build script, `include_events!`, and `derive(Event)`. They run; a change
//! of their contracts breaks them with a message that helps; the right ones are built again; and they travel with their contracts.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use eventc_tests::tools;

const SERVICES: [&str; 3] = ["build-script", "include-events", "derive"];
const CONTRACT: &str = "schemas/events/shop/order/created.v1.json";

/// A copy of an example that a test may change.
struct Service {
    folder: PathBuf,
}

impl Service {
    fn copy(name: &str, test: &str) -> Self {
        let folder = tools::scratch(&format!("rust_build/{test}-{name}"));
        fs::remove_dir_all(&folder).expect("the folder can be emptied");
        Self::copy_to(name, &folder)
    }

    fn copy_to(name: &str, folder: &Path) -> Self {
        copy(&examples().join(name), folder);
        let service = Self { folder: folder.to_owned() };
        let root = tools::workspace();
        service.edit("Cargo.toml", |text| text.replace("../..", &root.display().to_string()));
        service
    }

    fn edit(&self, path: &str, change: impl Fn(&str) -> String) {
        let path = self.folder.join(path);
        let text = fs::read_to_string(&path).expect("a file");
        let changed = change(&text);
        assert_ne!(text, changed, "{} was to change", path.display());
        fs::write(path, changed).expect("the file can be written");
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        cargo(&self.folder, arguments)
    }

    /// Checks the service: what the compiler says, or nothing where it agrees.
    fn check(&self) -> Result<(), String> {
        let output = self.cargo(&["check", "--quiet"]);
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    }

    /// Whether Cargo compiles the service again.
    fn is_rebuilt(&self) -> bool {
        let output = self.cargo(&["check", "--message-format=json"]);
        let text = String::from_utf8_lossy(&output.stdout);
        let here = format!("\"manifest_path\":\"{}\"", self.folder.join("Cargo.toml").display());
        let artifact =
            text.lines().find(|line| line.contains("\"compiler-artifact\"") && line.contains(&here) && line.contains("\"kind\":[\"bin\"]"));
        // A service that no longer compiles was compiled again.
        artifact.is_none_or(|line| line.contains("\"fresh\":false"))
    }
}

fn examples() -> PathBuf {
    tools::workspace().join("examples")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let target = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() {
            copy(&entry, &target);
        } else {
            fs::copy(&entry, target).expect("the file can be copied");
        }
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("an entry").into_path()).filter(|path| path.is_file()).collect()
}

/// The target folder of all these builds.
fn target() -> PathBuf {
    tools::scratch("examples")
}

/// Runs Cargo in a folder, with a target folder that all these builds share.
fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("cargo starts")
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", target());
    // Nobody debugs these services.
    command.env("CARGO_PROFILE_DEV_DEBUG", "0");
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        // What Cargo told this test is about the test.
        if (name.starts_with("CARGO_PKG") || name.starts_with("CARGO_MANIFEST")) || name == "OUT_DIR" {
            command.env_remove(name);
        }
    }
    command
}

#[test]
fn services_run() {
    for name in SERVICES {
        let output = cargo(&examples().join(name), &["run", "--quiet", "--locked"]);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{name}: {err}");
        assert_eq!(err, "", "{name} compiles without warnings");
        assert!(out.starts_with("shop.order.created.v1 {"), "{name}: {out}");
        assert!(out.contains("/lines: must have at least 1 item, found an array of 0 items"), "{name}: {out}");
    }
}

#[test]
fn a_changed_type_breaks_each_service_where_it_is_used() {
    for (name, expected) in [
        (
            "derive",
            &[
                "`count` is `u16`, and the contract has a string",
                "contract: schemas/events/shop/order/created.v1.json:",
                "help: use `String`",
            ][..],
        ),
        ("include-events", &["count: 2", "expected `String`, found integer"]),
        ("build-script", &["count: 2", "expected `String`, found integer"]),
    ] {
        let service = Service::copy(name, "break");
        service.edit(CONTRACT, |text| {
            text.replace(r#""type": "integer", "minimum": 1, "maximum": 1000"#, r#""type": "string""#)
                .replace("\"count\": 2", "\"count\": \"2\"")
        });
        service.edit("schemas/events/shop/_envelope.v1.json", |text| text.replace("\"count\": 2", "\"count\": \"2\""));
        let message = service.check().expect_err("the service disagrees with its contract");
        for part in expected {
            assert!(message.contains(part), "{name}: {part:?} is not in\n{message}");
        }
    }
}

#[test]
fn a_broken_schema_is_told_with_its_place() {
    for name in SERVICES {
        let service = Service::copy(name, "invalid");
        service.edit(CONTRACT, |text| text.replace(r#""type": "array","#, r#""type": "arry","#));
        let message = service.check().expect_err("the contract is broken");
        assert!(message.contains("schemas/events/shop/order/created.v1.json:16:"), "{name}: {message}");
        // Three derives name the contract.
        let times = if name == "derive" { 3 } else { 1 };
        assert_eq!(message.matches("created.v1.json:16:").count(), times, "{name}: {message}");
    }
}

#[test]
fn a_tree_that_is_not_there_is_told_once_for_each_place_that_needs_it() {
    for (name, times, expected) in [
        ("derive", 4, "there is no schema tree: neither a folder schemas/events here, nor an eventc.toml here or above"),
        ("include-events", 1, "cannot read the folder schemas/events: "),
        ("build-script", 1, "there is no schema tree: neither a folder schemas/events here, nor an eventc.toml here or above"),
    ] {
        // Outside of this repository, whose own eventc.toml would be found above.
        let service = Service::copy_to(name, &std::env::temp_dir().join(format!("eventc-{}-{name}", std::process::id())));
        fs::remove_dir_all(service.folder.join("schemas")).expect("removed");
        fs::remove_file(service.folder.join("eventc.toml")).expect("removed");
        let message = service.check().expect_err("there is no tree");
        assert_eq!(message.matches(expected).count(), times, "{name}: {message}");
        assert!(!message.contains("panicked"), "{name}: {message}");
        fs::remove_dir_all(&service.folder).expect("removed");
    }
}

#[test]
fn what_depends_on_a_schema_is_built_again() {
    for name in SERVICES {
        let service = Service::copy(name, "rebuild");
        let folder = service.folder.join("schemas/events/shop/order");
        let added = folder.join("sent.v1.json");
        let text = r#"{"title": "Order sent", "description": "It left.", "type": "object", "properties": {"id": {"description": "It.", "type": "string"}}}"#;
        assert!(service.is_rebuilt() && !service.is_rebuilt(), "{name}: built once");
        fs::write(service.folder.join("NOTES.md"), "unrelated").expect("written");
        assert!(!service.is_rebuilt(), "{name}: an unrelated change rebuilds nothing");
        service.edit(CONTRACT, |text| text.replace("A customer placed an order.", "Somebody placed an order."));
        assert!(service.is_rebuilt() && !service.is_rebuilt(), "{name}: a change is noticed once");
        let shared = "schemas/events/shop/_types.v1.json";
        service.edit(shared, |text| format!("{text}\n"));
        assert!(service.is_rebuilt() && !service.is_rebuilt(), "{name}: so is one in what the contract refers to");
        service.edit("eventc.toml", |text| format!("{text}\n"));
        assert!(service.is_rebuilt() && !service.is_rebuilt(), "{name}: and one in what says how the tree is read");
        // A derive speaks of contracts by name: what others there are is not its concern.
        let wants_all = name != "derive";
        fs::write(&added, text).expect("written");
        assert_eq!(service.is_rebuilt(), wants_all, "{name}: an added schema");
        fs::rename(&added, folder.join("shipped.v1.json")).expect("renamed");
        assert_eq!(service.is_rebuilt(), wants_all, "{name}: a renamed schema");
        fs::remove_file(folder.join("shipped.v1.json")).expect("removed");
        assert_eq!(service.is_rebuilt(), wants_all, "{name}: a deleted schema");
        fs::rename(folder.join("created.v1.json"), folder.join("placed.v1.json")).expect("renamed");
        let message = service.check().expect_err("the contract is gone");
        assert!(message.contains("shop.order.created.v1") || message.contains("created"), "{name}: {message}");
    }
}

/// `include_events!` takes up what an earlier compilation made of the same texts, and only then: neither sizes nor times decide.
#[test]
fn what_was_made_of_other_texts_is_made_again() {
    let service = Service::copy("include-events", "memo");
    service.edit(CONTRACT, |text| text.replace("A customer placed an order.", "The first description."));
    let compile = || {
        service.edit("src/main.rs", |text| format!("{text}\n"));
        service.check()
    };
    let memo = || {
        let folder = target().join("debug/deps");
        let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        let memos = files.filter(|path| path.extension().is_some_and(|ending| ending == "memo"));
        let mut own = memos
            .filter_map(|path| Some((fs::read_to_string(&path).ok()?, path)).filter(|(text, _)| text.contains("The first description.")));
        own.next().expect("a file with the texts of this tree")
    };
    assert_eq!(compile(), Ok(()));
    let (made, file) = memo();
    assert_eq!(compile(), Ok(()));
    assert_eq!(memo(), (made.clone(), file.clone()), "nothing is written again");

    fs::write(&file, made.replace("pub struct OrderCreated", "pub struct OrderCreatedElsewhere")).expect("written");
    assert!(compile().is_err(), "what was made earlier is taken up");

    let contract = service.folder.join(CONTRACT);
    let changed = fs::metadata(&contract).and_then(|metadata| metadata.modified()).expect("a time");
    service.edit(CONTRACT, |text| text.replace("The first description.", "The third description."));
    fs::File::options().append(true).open(&contract).and_then(|file| file.set_modified(changed)).expect("the time is set back");
    assert_eq!(compile(), Ok(()), "the same size and time, and another text");
}

#[test]
fn expansions_are_clean_in_strict_settings() {
    for name in SERVICES {
        let service = Service::copy(name, "strict");
        let lints = "#![deny(warnings, unsafe_code, clippy::all, clippy::pedantic)]\n";
        service.edit("src/main.rs", |text| {
            let after = text.find("\n\n").expect("a doc comment") + 1;
            format!("{}{lints}{}", &text[..after], &text[after..])
        });
        let strict = || {
            let output = service.cargo(&["clippy", "--quiet"]);
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        };
        strict();
        // In a module of the service's own, what no one uses is known to be unused.
        if name == "build-script" {
            service.edit("build.rs", |text| text.replace("new()", "new().movable()"));
            service.edit("src/main.rs", |text| {
                text.replace("eventc::include_generated!();", "mod events {\n    eventc::include_generated!();\n}")
                    .replace("crate::shop", "crate::events::shop")
            });
            strict();
        }
    }
}

/// Generated code lets its user's lints be; without that, clippy knows since when each part of the standard library is there.
#[test]
fn generated_code_needs_no_newer_rust_than_is_promised() {
    let manifest = fs::read_to_string(tools::workspace().join("Cargo.toml")).expect("a file");
    let promised = manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).expect("a version").trim_matches('"');
    let package = tools::scratch("rust_build/oldest");
    fs::remove_dir_all(&package).expect("the folder can be emptied");
    eventc_codegen::Builder::new()
        .package(&package)
        .config(tools::workspace().join("eventc.toml"))
        .option("rust", "runtime", serde_json::json!({ "path": tools::workspace().join("runtime") }))
        .out_dir("out")
        .build()
        .unwrap_or_else(|failure| panic!("{}", failure.directives()));
    let own = package.join("out/rust");
    for file in files_below(&own.join("src")) {
        let text = fs::read_to_string(&file).expect("a file");
        fs::write(&file, text.replace("clippy::all,", "").replace("clippy::pedantic,", "")).expect("written");
    }
    let found = |version: &str| {
        fs::write(own.join("clippy.toml"), format!("msrv = \"{version}\"\n")).expect("written");
        let arguments = ["clippy", "--quiet", "--", "-A", "clippy::all", "-W", "clippy::incompatible_msrv"];
        let output = command(&own, &arguments).env("CLIPPY_CONF_DIR", &own).output().expect("cargo starts");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{text}");
        text.matches("current MSRV").count()
    };
    assert_eq!(found(promised), 0);
    // Generated code itself asks little of the standard library.
    let root = own.join("src/lib.rs");
    let text = fs::read_to_string(&root).expect("a file");
    fs::write(&root, text + "\n/// Needs Rust 1.82.\npub fn probe() -> bool {\n    None::<u8>.is_none_or(|_| false)\n}\n")
        .expect("written");
    assert_ne!(found("1.81.0"), 0, "the lint sees generated code");
}

#[test]
fn services_are_packaged_with_their_contracts() {
    let root = tools::workspace();
    let patch = |krate: &str, folder: &str| format!("patch.crates-io.{krate}.path='{}'", root.join(folder).display());
    let patches = [
        patch("eventc", "runtime"),
        patch("eventc-macros", "macros"),
        patch("eventc-model", "codegen/model"),
        patch("eventc-rust", "codegen/rust"),
        patch("eventc-output", "codegen/output"),
        patch("eventc-build", "codegen/build"),
    ];
    for name in SERVICES {
        let service = Service::copy(name, "package");
        let mut arguments = vec!["package", "--allow-dirty", "--quiet"];
        for patch in &patches {
            arguments.extend(["--config", patch]);
        }
        let output = service.cargo(&arguments);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let list = service.cargo(&["package", "--allow-dirty", "--list"]);
        assert!(String::from_utf8_lossy(&list.stdout).contains(CONTRACT), "{name}");
    }
}

/// Without Cargo the macros do not know whose schemas are meant.
#[cfg(unix)]
#[test]
fn a_macro_outside_a_package_says_so() {
    let service = Service::copy("derive", "outside");
    // Committed, not written here: what a process of this test still holds open cannot be run.
    let wrapper = tools::workspace().join("tests/runners/outside.sh");
    let mut command = command(&service.folder, &["check", "--quiet"]);
    let output = command.env("RUSTC_WORKSPACE_WRAPPER", &wrapper).output().expect("cargo starts");
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("there is no package around this macro: CARGO_MANIFEST_DIR, which Cargo sets, is missing"), "{message}");
    assert_eq!(
        message.matches("\nerror").count() + usize::from(message.starts_with("error")),
        5,
        "one for each derive, and the summary: {message}"
    );
}

#[test]
fn the_readme_shows_what_the_examples_hold() {
    let readme = fs::read_to_string(tools::workspace().join("README.md")).expect("a file");
    let section = readme.split("## In a Rust service").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the section");
    let mut sources = String::new();
    for name in SERVICES {
        for file in ["build.rs", "src/main.rs"] {
            sources.push_str(&fs::read_to_string(examples().join(name).join(file)).unwrap_or_default());
        }
    }
    // The README leaves indentation out.
    let plain = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let blocks: Vec<&str> = section.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(blocks.len(), 6);
    for block in blocks {
        assert!(plain(&sources).contains(plain(block).trim()), "no example holds\n{block}");
    }
}
