//! The selection of a run: which targets, for which topics.

use eventc_emit::Target;
use eventc_model::{
    config::Config,
    diagnostic::{self, Diagnostic},
    names::suggest,
    syntax::escape_pointer,
};

use super::Project;
use crate::{rules, targets::TARGETS};

/// A selection of what is generated.
#[derive(Debug, Default, Clone)]
pub struct Selection {
    /// Names of targets; empty for those of the configuration, or the usual ones where it names none.
    pub targets: Vec<String>,
    /// Globs over topics; empty for all. What the selected contracts refer to is made too.
    pub topics: Vec<String>,
}

/// A reason that nothing was generated.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// There is no such target.
    #[error("there is no target {name:?}; {help}")]
    Target {
        /// The name.
        name: String,
        /// The advice.
        help: String,
    },
    /// No topic fits a glob: which, and what to do.
    #[error("{0}")]
    Topic(String),
    /// Targets cannot do their work.
    #[error("a target cannot do its work")]
    Refused(
        /// The causes, in order of place.
        Vec<Diagnostic>,
    ),
}

fn names(targets: &'static [&'static dyn Target]) -> impl Iterator<Item = &'static str> + Clone {
    targets.iter().map(|target| target.name())
}

/// Returns the targets of a run, in their own order.
pub(super) fn targets(project: &Project, wanted: &[String]) -> Result<Vec<&'static dyn Target>, SelectionError> {
    if let Some(name) = wanted.iter().find(|name| !names(project.targets).any(|known| known == **name)) {
        return Err(SelectionError::Target { name: name.clone(), help: suggest(name, names(project.targets)) });
    }
    let config = &project.catalog.config;
    let is_wanted = |target: &&dyn Target| {
        if wanted.is_empty() { is_made(config, *target) } else { wanted.iter().any(|name| name == target.name()) }
    };
    Ok(project.targets.iter().copied().filter(is_wanted).collect())
}

/// Returns whether a run that names no target makes this one.
pub(super) fn is_made(config: &Config, target: &dyn Target) -> bool {
    if config.targets.is_empty() { target.by_default() } else { config.targets.contains_key(target.name()) }
}

/// Finds names under `[targets]` and `[rules]` that stand for nothing.
pub(super) fn unknown_names(config: &Config) -> Vec<Diagnostic> {
    let finding = |section: &str, name: &str, what: &str, help: String| {
        let pointer = format!("/{section}/{}", escape_pointer(name));
        Diagnostic::new(&diagnostic::BAD_CONFIG, config.place(&pointer), format!("there is no {what} {name:?}")).pointer(pointer).help(help)
    };
    let targets = config.targets.keys().filter(|name| !names(TARGETS).any(|known| known == **name));
    let targets = targets.map(|name| finding("targets", name, "target", suggest(name, names(TARGETS))));
    let known_rules = rules::all();
    let rules = config.rules.keys().filter(|name| !known_rules.iter().any(|rule| rule.name == **name || rule.code == **name));
    let rules = rules.map(|name| finding("rules", name, "rule", known_rules.suggestion(name)));
    targets.chain(rules).collect()
}
