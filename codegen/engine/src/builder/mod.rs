//! For build scripts: the schema tree of a package, compiled into its `OUT_DIR`.
//!
//! ```no_run
//! // build.rs
//! eventc_codegen::Builder::new().run();
//! ```
//!
//! ```text
//! // src/lib.rs or src/main.rs
//! eventc::include_generated!();
//! ```

mod directives;
mod place;

use std::{
    collections::BTreeSet,
    env,
    path::{Path, PathBuf},
};

use eventc_model::{
    GeneratedFile,
    diagnostic::{Diagnostic, Level},
    locate::{self, Location},
};
use serde_json::Value;

pub use self::directives::{BuildFailure, Built, Problem};
use crate::{
    output,
    project::{Generated, OpenError, Project, Selection, SelectionError},
};

/// The file for `include!` among those of the Rust target, under a name that no module can have.
const ENTRY: &str = "src/eventc-include.rs";

/// Compiles the schema tree of the package that is being built. Without settings it reads the tree that [`locate::locate`] finds and
/// writes the target `rust` below `$OUT_DIR/eventc`: the same files as `eventc generate --target rust`, and one more, which
/// `eventc::include_generated!()` includes. Nothing is written into the source tree unless [`Builder::out_dir`] says so.
#[derive(Debug, Default, Clone)]
#[must_use = "a builder does nothing until it runs"]
pub struct Builder {
    package: Option<PathBuf>,
    schemas: Option<PathBuf>,
    config: Option<PathBuf>,
    out: Option<PathBuf>,
    targets: Vec<String>,
    topics: Vec<String>,
    options: Vec<(String, String, Value)>,
}

impl Builder {
    /// A builder with nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the schemas in this folder, relative to the package, without an `eventc.toml` unless one describes the folder.
    pub fn schemas(mut self, folder: impl Into<PathBuf>) -> Self {
        self.schemas = Some(folder.into());
        self
    }

    /// Reads the project that this `eventc.toml` describes; relative to the package.
    pub fn config(mut self, file: impl Into<PathBuf>) -> Self {
        self.config = Some(file.into());
        self
    }

    /// Makes this target too; without any, `rust` alone.
    pub fn target(mut self, name: impl Into<String>) -> Self {
        self.targets.push(name.into());
        self
    }

    /// Makes the events whose topics fit this glob (`*` for any run of characters), and what they refer to; without any, all.
    pub fn topics(mut self, glob: impl Into<String>) -> Self {
        self.topics.push(glob.into());
        self
    }

    /// Sets an option of a target: stronger than the same key of `[targets.NAME]` in `eventc.toml`.
    pub fn option(mut self, target: impl Into<String>, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.options.push((target.into(), key.into(), value.into()));
        self
    }

    /// Lets the Rust code stand in any module: `mod events { eventc::include_generated!(); }`. Without it the code stands at the root
    /// of the crate, as that of the command line does.
    pub fn movable(self) -> Self {
        self.option("rust", "movable", true)
    }

    /// Writes below this folder, relative to the package, instead of `$OUT_DIR/eventc`: a folder for each target.
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out = Some(folder.into());
        self
    }

    /// The folder of the package, where Cargo does not say it.
    pub fn package(mut self, folder: impl Into<PathBuf>) -> Self {
        self.package = Some(folder.into());
        self
    }

    /// Compiles, and tells Cargo what was read and what is wrong: the whole of a build script. Cargo stops the build where there is
    /// an error; warnings are shown.
    pub fn run(&self) {
        let text = self.build().map_or_else(|failure| failure.directives(), |built| built.directives());
        #[expect(clippy::print_stdout, reason = "Cargo reads what a build script prints; nothing else here prints")]
        {
            print!("{text}");
        }
    }

    /// Compiles, and returns what [`Builder::run`] prints.
    ///
    /// # Errors
    /// Everything that is wrong with the settings, the tree or the output folder; then nothing was written.
    pub fn build(&self) -> Result<Built, BuildFailure> {
        let package = self.package.clone().or_else(|| env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from));
        let package = package.ok_or_else(|| {
            BuildFailure::of(
                "CARGO_MANIFEST_DIR is not set: call the builder in a build script, or say where the package is with `package`",
            )
        })?;
        let out = self.out.as_ref().map(|out| package.join(out));
        let out = out.or_else(|| env::var_os("OUT_DIR").map(|out| Path::new(&out).join("eventc")));
        let out = out.ok_or_else(|| BuildFailure::of("OUT_DIR is not set: call the builder in a build script, or set `out_dir`"))?;
        let root = self.root(&package)?;
        let mut watched = root.watched;
        let fail = |watched: &BTreeSet<PathBuf>, problems: Vec<Problem>| BuildFailure { problems, watched: watched.clone() };
        let mut project = Project::open(&root.project).map_err(|error| fail(&watched, open_problems(error)))?;
        place::watch(&project, &root.schemas, &mut watched);
        self.set_options(&mut project);
        project.lint(None);
        let (errors, warnings) = split(&project.findings);
        if !errors.is_empty() {
            return Err(fail(&watched, errors));
        }
        let generated = project.generate(&self.selection()).map_err(|error| fail(&watched, selection_problems(error)))?;
        match write(&out, generated) {
            Ok(files) => Ok(Built { files, warnings, watched }),
            Err(problem) => Err(fail(&watched, vec![problem])),
        }
    }

    fn root(&self, package: &Path) -> Result<place::Root, BuildFailure> {
        let refuse = |diagnostics: Vec<Diagnostic>| BuildFailure {
            watched: diagnostics.iter().map(|problem| PathBuf::from(&*problem.place.file)).collect(),
            problems: diagnostics.iter().map(Problem::found).collect(),
        };
        let location: Location = match (&self.config, &self.schemas) {
            (Some(_), Some(_)) => {
                return Err(BuildFailure::of("`schemas` and `config` exclude each other: eventc.toml says where its schemas are"));
            }
            (Some(config), None) => locate::configured(&package.join(config)).map_err(refuse)?,
            (None, Some(schemas)) => locate::locate_folder(package, &schemas.to_string_lossy()).map_err(refuse)?,
            (None, None) => locate::locate(package).map_err(refuse)?,
        };
        Ok(place::Root::of(package, &location))
    }

    fn set_options(&self, project: &mut Project) {
        let overrides = &mut project.catalog.config.overrides;
        for (target, key, value) in &self.options {
            overrides.entry(target.clone()).or_default().insert(key.clone(), value.clone());
        }
    }

    fn selection(&self) -> Selection {
        let targets = if self.targets.is_empty() { vec!["rust".to_owned()] } else { self.targets.clone() };
        Selection { targets, topics: self.topics.clone() }
    }
}

/// Errors as problems, and warnings.
fn split(findings: &[Diagnostic]) -> (Vec<Problem>, Vec<Problem>) {
    let of = |level: Level| findings.iter().filter(|finding| finding.level == level).map(Problem::found).collect();
    (of(Level::Error), of(Level::Warning))
}

fn open_problems(error: OpenError) -> Vec<Problem> {
    match error {
        OpenError::Config { diagnostics, .. } => diagnostics.iter().map(Problem::found).collect(),
        error @ OpenError::Unreadable { .. } => {
            vec![Problem::plain(&format!("{error}; put the schemas there, or say where they are with `schemas` or in eventc.toml"))]
        }
    }
}

fn selection_problems(error: SelectionError) -> Vec<Problem> {
    match error {
        SelectionError::Refused(diagnostics) => diagnostics.iter().map(Problem::found).collect(),
        error => vec![Problem::plain(&error.to_string())],
    }
}

/// Writes every target into its folder, and to that of Rust the file for `include!`. Returns how many files there are.
fn write(out: &Path, generated: Generated) -> Result<usize, Problem> {
    let mut count = 0;
    for mut target in generated.targets {
        if let Some(root) = target.files.iter().find(|file| target.name == "rust" && file.path == "src/lib.rs") {
            let text = eventc_rust::includable(&root.text).map_err(|error| Problem::plain(&format!("the Rust target: {error}")))?;
            target.files.push(GeneratedFile { path: ENTRY.to_owned(), text });
        }
        output::write(&out.join(target.name), &target.files).map_err(|error| Problem::plain(&error.to_string()))?;
        count += target.files.len();
    }
    Ok(count)
}
