//! From the place of a tree to files.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use eventc_model::{
    GeneratedFile,
    catalog::Catalog,
    config::Config,
    diagnostic::{Diagnostic, Level},
    select,
    source::Tree,
    types::Types,
};
use eventc_rust::{Emitter, RustOptions};
use serde_json::Value;

use crate::BuildProblem;

const WAY_OUT: &str = "put the schemas there, or say where they are with `schemas` or in eventc.toml";

/// A build that is asked for.
#[derive(Debug)]
pub struct Request<'a> {
    /// The root folder of the tree.
    pub schemas: PathBuf,
    /// The configuration file; `None` for a tree without one.
    pub config_file: Option<PathBuf>,
    /// The conventions of the tree.
    pub config: Config,
    /// Globs over topics; empty for all.
    pub topics: &'a [String],
    /// Options of targets: target, key and value.
    pub options: &'a [(String, String, Value)],
}

/// The result of a compiler.
#[derive(Debug)]
pub struct Compiled {
    /// The files of each target, by its name.
    pub targets: Vec<(&'static str, Vec<GeneratedFile>)>,
    /// Problems that should be mended.
    pub warnings: Vec<BuildProblem>,
}

/// A compiler that makes files of a tree.
pub trait Compiler: Default {
    /// Makes the files, and adds to `watched` every file that it reads and every folder that it lists.
    ///
    /// # Errors
    /// Everything that is wrong.
    fn compile(&self, request: &Request<'_>, watched: &mut BTreeSet<PathBuf>) -> Result<Compiled, Vec<BuildProblem>>;
}

/// A compiler that makes several targets.
pub trait Targets: Compiler {
    /// Makes this target too.
    fn add(&mut self, name: String);
}

/// A compiler that makes Rust, of a tree without errors of reading.
#[derive(Debug, Default, Clone)]
pub struct RustOnly;

impl Compiler for RustOnly {
    fn compile(&self, request: &Request<'_>, watched: &mut BTreeSet<PathBuf>) -> Result<Compiled, Vec<BuildProblem>> {
        let mut config = request.config.clone();
        set_options(&mut config, request.options)?;
        let unreadable =
            |path: &Path, error: &io::Error| vec![BuildProblem::plain(&format!("cannot read {}: {error}; {WAY_OUT}", path.display()))];
        let mut tree = Tree::read(&request.schemas, &config.limits).map_err(|error| unreadable(&request.schemas, &error))?;
        let base = request.config_file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        for (url, folder) in &config.map {
            let folder = base.join(folder);
            tree.around.get_or_insert_default().map(url, &folder).map_err(|error| unreadable(&folder, &error))?;
        }
        let catalog = Catalog::build(tree, config);
        watched.extend(catalog.schemas.read_from(&request.schemas));
        let warnings = check(&catalog)?;
        let types = Types::derive(&catalog);
        let options = RustOptions::read(&catalog.config).map_err(|problems| problems_of(&problems, Level::Error))?;
        let modules = select::topics(&catalog, &types, request.topics).map_err(|problem| vec![BuildProblem::plain(&problem)])?;
        let files = Emitter::new(&catalog, &types, &modules, &options).files();
        Ok(Compiled { targets: vec![("rust", files)], warnings })
    }
}

fn set_options(config: &mut Config, options: &[(String, String, Value)]) -> Result<(), Vec<BuildProblem>> {
    let others = options.iter().filter(|(target, ..)| target != "rust").map(|(target, key, _)| {
        BuildProblem::plain(&format!(
            "`{key}` is an option of {target:?}: this builder makes Rust alone, that of eventc-codegen makes all targets"
        ))
    });
    let others: Vec<_> = others.collect();
    if !others.is_empty() {
        return Err(others);
    }
    let overrides = config.overrides.entry("rust".to_owned()).or_default();
    overrides.extend(options.iter().map(|(_, key, value)| (key.clone(), value.clone())));
    Ok(())
}

/// Returns the warnings of a tree without errors.
fn check(catalog: &Catalog) -> Result<Vec<BuildProblem>, Vec<BuildProblem>> {
    let mut findings = catalog.config.leveled(catalog.diagnostics.clone());
    eventc_model::diagnostic::sort(&mut findings);
    let errors = problems_of(&findings, Level::Error);
    if errors.is_empty() { Ok(problems_of(&findings, Level::Warning)) } else { Err(errors) }
}

fn problems_of(findings: &[Diagnostic], level: Level) -> Vec<BuildProblem> {
    findings.iter().filter(|finding| finding.level == level).map(BuildProblem::found).collect()
}
