//! For build scripts that make more than Rust, or that shall stop at what lint finds.
//!
//! ```no_run
//! // build.rs
//! eventc_codegen::Builder::new().target("rust").target("typescript").run();
//! ```

use std::{collections::BTreeSet, path::PathBuf};

use eventc_build::{Build, BuildProblem, Compiled, Compiler, Request, Targets};
use eventc_model::diagnostic::{Diagnostic, Level};

use crate::project::{OpenError, Project, ProjectRoot, Selection, SelectionError, TargetFiles};

/// A build that makes any target of a project without errors, in reading and lint; without a word of targets, Rust.
pub type Builder = Build<AllTargets>;

/// Makes any target of a project.
#[derive(Debug, Default, Clone)]
pub struct AllTargets {
    names: Vec<String>,
}

impl Targets for AllTargets {
    fn add(&mut self, name: String) {
        self.names.push(name);
    }
}

impl Compiler for AllTargets {
    fn compile(&self, request: &Request<'_>, watched: &mut BTreeSet<PathBuf>) -> Result<Compiled, Vec<BuildProblem>> {
        let root = match &request.config_file {
            Some(config) => ProjectRoot::Config(config.clone()),
            None => ProjectRoot::Schemas(request.schemas.clone()),
        };
        let mut project = Project::open(&root).map_err(open_problems)?;
        watch(&project, request, watched);
        for (target, key, value) in request.options {
            project.catalog.config.overrides.entry(target.clone()).or_default().insert(key.clone(), value.clone());
        }
        let findings = project.lint(None);
        let of = |level: Level| findings.iter().filter(|finding| finding.level == level).map(BuildProblem::found).collect();
        let errors: Vec<_> = of(Level::Error);
        if !errors.is_empty() {
            return Err(errors);
        }
        let generated = project.generate(&self.selection(request), &findings).map_err(selection_problems)?;
        let targets = generated.targets.into_iter().map(|TargetFiles { name, files, .. }| (name, files)).collect();
        Ok(Compiled { targets, warnings: of(Level::Warning) })
    }
}

impl AllTargets {
    fn selection(&self, request: &Request<'_>) -> Selection {
        let targets = if self.names.is_empty() { vec!["rust".to_owned()] } else { self.names.clone() };
        Selection { targets, topics: request.topics.to_vec() }
    }
}

/// Adds every file of the tree, and the folders that were listed.
fn watch(project: &Project, request: &Request<'_>, watched: &mut BTreeSet<PathBuf>) {
    watched.extend(project.catalog.schemas.read_from(&request.schemas));
    let releases = project.base.join(&project.catalog.config.releases);
    if project.catalog.config.document.is_some() && releases.is_dir() {
        watched.insert(releases);
    }
}

fn found(diagnostics: &[Diagnostic]) -> Vec<BuildProblem> {
    diagnostics.iter().map(BuildProblem::found).collect()
}

fn open_problems(error: OpenError) -> Vec<BuildProblem> {
    match error {
        OpenError::Config { diagnostics, .. } => found(&diagnostics),
        error @ OpenError::Unreadable { .. } => {
            vec![BuildProblem::plain(&format!("{error}; put the schemas there, or say where they are with `schemas` or in eventc.toml"))]
        }
    }
}

fn selection_problems(error: SelectionError) -> Vec<BuildProblem> {
    match error {
        SelectionError::Refused(diagnostics) => found(&diagnostics),
        error => vec![BuildProblem::plain(&error.to_string())],
    }
}
