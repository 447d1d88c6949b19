//! What the lock file brings in, held to deny.toml: licences, sources, and two majors of one crate. `cargo deny check`, where it is installed,
//! says the same and asks for advisories; this needs nothing but Cargo.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

use eventc_tests::tools::{run, workspace};
use serde_json::Value;
use spdx::{Expression, ParseMode};

struct Locked {
    name: String,
    version: String,
    licence: String,
    source: Option<String>,
}

/// Every package of the lock file.
fn locked() -> Vec<Locked> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--locked", "--all-features", "--format-version", "1"]).current_dir(workspace());
    let metadata: Value = serde_json::from_str(&run(&mut cargo)).expect("JSON");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let locked = metadata["packages"].as_array().expect("packages").iter().map(|package| Locked {
        name: text(&package["name"]).expect("a name"),
        version: text(&package["version"]).expect("a version"),
        licence: text(&package["license"]).unwrap_or_default(),
        source: text(&package["source"]),
    });
    locked.collect()
}

fn policy() -> toml::Table {
    fs::read_to_string(workspace().join("deny.toml")).expect("deny.toml").parse().expect("TOML")
}

#[test]
fn every_licence_is_allowed() {
    let policy = policy();
    let allowed: BTreeSet<&str> = policy["licenses"]["allow"].as_array().expect("a list").iter().filter_map(toml::Value::as_str).collect();
    let is_allowed = |package: &Locked| {
        let expression = Expression::parse_mode(&package.licence, ParseMode::LAX);
        expression.is_ok_and(|expression| expression.evaluate(|requirement| allowed.contains(requirement.to_string().as_str())))
    };
    let refused: Vec<_> =
        locked().into_iter().filter(|package| !is_allowed(package)).map(|it| format!("{}: {}", it.name, it.licence)).collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn everything_comes_from_the_registry_or_from_here() {
    let strangers: Vec<_> =
        locked().into_iter().filter_map(|package| package.source).filter(|source| !source.starts_with("registry+")).collect();
    assert!(strangers.is_empty(), "{strangers:#?}");
}

#[test]
fn two_versions_of_a_crate_have_a_reason() {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in locked() {
        versions.entry(package.name).or_default().insert(package.version);
    }
    let policy = policy();
    let skipped = policy["bans"]["skip"].as_array().expect("a list");
    let stated: BTreeSet<String> = skipped
        .iter()
        .map(|skip| {
            assert!(skip["reason"].as_str().is_some_and(|reason| reason.len() > 10), "{skip:?} has no reason");
            skip["crate"].as_str().expect("a crate").to_owned()
        })
        .collect();
    // The newest of each stays; an older one is there for somebody.
    let older: BTreeSet<String> = versions
        .iter()
        .flat_map(|(name, versions)| {
            let mut ordered: Vec<semver::Version> = versions.iter().map(|version| version.parse().expect("a version")).collect();
            ordered.sort();
            ordered.pop();
            ordered.into_iter().map(move |version| format!("{name}@{version}"))
        })
        .collect();
    let of = |it: &BTreeSet<String>| it.iter().map(|it| it.split('+').next().unwrap_or(it).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(of(&older), stated, "`skip` in deny.toml names the older ones with a reason each");
}
