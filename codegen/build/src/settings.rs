//! The settings of a build script, and the course of a build.

use std::{
    collections::BTreeSet,
    env,
    path::{Path, PathBuf},
};

use eventc_model::{
    GeneratedFile,
    diagnostic::Diagnostic,
    locate::{self, TreeLocation, relative},
};
use serde_json::Value;

use crate::{BuildFailure, BuildProblem, Built, Compiled, Compiler, Request, Targets};

/// The file for `include!` among those of the Rust target, under a name that no module can have.
const ENTRY: &str = "src/eventc-include.rs";

/// Compiles the schema tree of the package that is being built. Without settings it reads the tree that [`locate::locate`] finds and
/// writes the target `rust` below `$OUT_DIR/eventc`: the same files as `eventc generate --target rust`, and one more, which
/// `eventc::include_generated!()` includes. Nothing is written into the source tree unless [`Build::out_dir`] says so.
#[derive(Debug, Default, Clone)]
#[must_use = "a builder does nothing until it runs"]
pub struct Build<C> {
    package: Option<PathBuf>,
    schemas: Option<PathBuf>,
    config: Option<PathBuf>,
    out: Option<PathBuf>,
    topics: Vec<String>,
    options: Vec<(String, String, Value)>,
    compiler: C,
}

impl<C: Compiler> Build<C> {
    /// Creates a builder with nothing set.
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

    /// Returns the folder of the package, where Cargo does not say it.
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

    /// Compiles, and returns what [`Build::run`] prints.
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
        let (request, mut watched) = self.request(&package)?;
        let fail = |watched: BTreeSet<PathBuf>, problems: Vec<BuildProblem>| BuildFailure { problems, watched };
        match self.compiler.compile(&request, &mut watched) {
            Err(problems) => Err(fail(watched, problems)),
            Ok(Compiled { targets, warnings }) => match write(&out, targets) {
                Ok(files) => Ok(Built { files, warnings, watched }),
                Err(problem) => Err(fail(watched, vec![problem])),
            },
        }
    }

    /// Returns what is to be compiled, and the files that said so. Files are named from the folder of the package where the
    /// build script runs there, so that messages and output depend on no machine.
    fn request(&self, package: &Path) -> Result<(Request<'_>, BTreeSet<PathBuf>), BuildFailure> {
        let location = self.locate(package)?;
        let inside = env::current_dir().is_ok_and(|current| current == package);
        let name = |path: &Path| if inside { relative(package, path) } else { path.to_path_buf() };
        let schemas = name(&location.schemas);
        let mut watched: BTreeSet<PathBuf> = location.read.iter().map(|path| name(path)).collect();
        watched.insert(schemas.clone());
        let config_file = location.config_file.as_deref().map(name);
        Ok((Request { schemas, config_file, config: location.config, topics: &self.topics, options: &self.options }, watched))
    }

    fn locate(&self, package: &Path) -> Result<TreeLocation, BuildFailure> {
        let refuse = |diagnostics: Vec<Diagnostic>| BuildFailure {
            watched: diagnostics.iter().map(|problem| PathBuf::from(&*problem.place.file)).collect(),
            problems: diagnostics.iter().map(BuildProblem::found).collect(),
        };
        match (&self.config, &self.schemas) {
            (Some(_), Some(_)) => {
                Err(BuildFailure::of("`schemas` and `config` exclude each other: eventc.toml says where its schemas are"))
            }
            (Some(config), None) => locate::configured(&package.join(config)).map_err(refuse),
            (None, Some(schemas)) => locate::locate_folder(package, &schemas.to_string_lossy()).map_err(refuse),
            (None, None) => locate::locate(package).map_err(refuse),
        }
    }
}

impl<C: Targets> Build<C> {
    /// Makes this target too; without any, `rust` alone.
    pub fn target(mut self, name: impl Into<String>) -> Self {
        self.compiler.add(name.into());
        self
    }
}

/// Writes every target into its folder, and to that of Rust the file for `include!`. Returns how many files there are.
fn write(out: &Path, targets: Vec<(&'static str, Vec<GeneratedFile>)>) -> Result<usize, BuildProblem> {
    let mut count = 0;
    for (name, mut files) in targets {
        if let Some(root) = files.iter().find(|file| name == "rust" && file.path == "src/lib.rs") {
            let text = eventc_rust::includable(&root.text).map_err(|error| BuildProblem::plain(&format!("the Rust target: {error}")))?;
            files.push(GeneratedFile { path: ENTRY.to_owned(), text });
        }
        eventc_output::write(&out.join(name), &files).map_err(|error| BuildProblem::plain(&error.to_string()))?;
        count += files.len();
    }
    Ok(count)
}
