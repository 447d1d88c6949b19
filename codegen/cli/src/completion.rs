//! What a shell is offered for an argument: topics of the project, rules, targets. Called while somebody types, so nothing here prints.

use std::{
    ffi::{OsStr, OsString},
    io,
};

use clap_complete::{
    engine::CompletionCandidate,
    env::{CompleteEnv, Shells},
};
use eventc_codegen::{
    project::{Inputs, Project, ProjectRoot},
    rules, targets,
};

/// The variable by which a shell's script asks.
const VARIABLE: &str = "EVENTC_COMPLETE";

/// Answers a shell, if one asks, and returns whether one did.
pub(crate) fn answer(args: &[OsString], grammar: fn() -> clap::Command) -> bool {
    let here = std::env::current_dir().ok();
    CompleteEnv::with_factory(grammar).var(VARIABLE).try_complete(args.to_vec(), here.as_deref()).unwrap_or_else(|error| {
        // Whoever asked reads no error.
        let _ = error.print();
        true
    })
}

/// Returns the script that has a shell ask.
pub(crate) fn script(shell: &str) -> io::Result<String> {
    let mut script = Vec::new();
    let shells = Shells::builtins();
    let shell = shells.completer(shell).ok_or_else(|| io::Error::other(format!("no shell {shell}")))?;
    shell.write_registration(VARIABLE, "eventc", "eventc", "eventc", &mut script)?;
    String::from_utf8(script).map_err(io::Error::other)
}

/// Offers the topics of the project around the working folder.
pub(crate) fn topics(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(project) = project() else { return Vec::new() };
    let title = |contract: &eventc_model::catalog::Contract| project.catalog.schemas.keywords(contract.root)?.title.clone();
    let contracts = project.catalog.contracts.iter();
    let offered = contracts.map(|contract| CompletionCandidate::new(&contract.topic).help(title(contract).map(Into::into)));
    beginning_with(current, offered)
}

/// Offers the codes of rules.
pub(crate) fn rule_codes(current: &OsStr) -> Vec<CompletionCandidate> {
    let all = rules::all();
    beginning_with(current, all.iter().map(|rule| CompletionCandidate::new(rule.code).help(Some(rule.name.into()))))
}

/// Offers the names of targets.
pub(crate) fn target_names(current: &OsStr) -> Vec<CompletionCandidate> {
    beginning_with(current, targets::TARGETS.iter().map(|target| CompletionCandidate::new(target.name())))
}

fn project() -> Option<Project> {
    let root = ProjectRoot::find(&std::env::current_dir().ok()?)?;
    Some(Inputs::read(&root).ok()?.open())
}

fn beginning_with(current: &OsStr, offered: impl Iterator<Item = CompletionCandidate>) -> Vec<CompletionCandidate> {
    let current = current.to_string_lossy();
    offered.filter(|candidate| candidate.get_value().to_string_lossy().starts_with(&*current)).collect()
}
