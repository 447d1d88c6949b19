//! Brokers for tests: those that the environment names, or real ones that a test run starts on ports of its own and ends with itself.
//!
//! | variable | says |
//! |---|---|
//! | `EVENTC_KAFKA` | servers of a Kafka cluster to use |
//! | `EVENTC_RABBITMQ`, `EVENTC_RABBITMQ_MANAGEMENT` | addresses of a RabbitMQ to use, both |
//! | `EVENTC_SERVICES=required` | nothing is passed over: what is missing is installed, and a test fails where that cannot be (`.ci/run` sets it) |
//!
//! Without them Apache Kafka runs from Maven's jars, which are kept below `target/tools`, and RabbitMQ from the package of Debian.

mod certificates;
pub mod kafka;
mod process;
pub mod rabbitmq;

use std::{fs, io::Write as _, path::PathBuf, process::Command, sync::LazyLock};

pub use self::{kafka::Kafka, rabbitmq::Rabbitmq};
use crate::tools::{run, scratch};

static KAFKA: LazyLock<Option<Kafka>> = LazyLock::new(Kafka::named_or_started);

static RABBITMQ: LazyLock<Option<Rabbitmq>> = LazyLock::new(Rabbitmq::named_or_started);

/// Returns the Kafka that all tests of a run share; `None`, and a line that says so, where there is none.
pub fn kafka() -> Option<&'static Kafka> {
    KAFKA.as_ref()
}

/// Returns the RabbitMQ that all tests of a run share; `None`, and a line that says so, where there is none.
pub fn rabbitmq() -> Option<&'static Rabbitmq> {
    RABBITMQ.as_ref()
}

/// Returns an empty folder for a service below `target`.
fn fresh(name: &str) -> PathBuf {
    let folder = scratch("services").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// Returns whether nothing may be passed over.
fn required() -> bool {
    std::env::var_os("EVENTC_SERVICES").is_some_and(|value| value == "required")
}

/// Makes sure of what a service needs: what is missing is installed where nothing may be passed over, otherwise a line says how to have it.
///
/// # Panics
/// Where it is required and cannot be installed.
fn has(what: &str, is_there: impl Fn() -> bool, packages: &[&str]) -> bool {
    if is_there() {
        return true;
    }
    if !required() {
        // Past the harness, which keeps what a passing test prints.
        let _ = writeln!(
            std::io::stderr(),
            "passed over: tests on {what}; to have them, install {} or name one that runs (tests/src/services.rs)",
            packages.join(" and ")
        );
        return false;
    }
    run(Command::new("apt-get").args(["update", "--quiet=2"]));
    let mut install = Command::new("apt-get");
    install.args(["install", "--yes", "--quiet=2", "--no-install-recommends"]).args(packages);
    // The package starts no service of its own at this level.
    run(install.env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1"));
    assert!(is_there(), "{} did not bring {what}", packages.join(" and "));
    true
}

/// Returns whether a program is in the path.
fn is_program(name: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}
