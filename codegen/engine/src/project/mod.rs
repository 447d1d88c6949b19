//! A project: the configuration, its tree, types, history and findings, and what is generated from them.
//!
//! The library's front door, for the command line and for build scripts. It reads; it never prints or writes.
//!
//! ```
//! use eventc_codegen::{model::source::{Limits, Tree}, project::{Project, Selection}};
//!
//! let tree = Tree::from_texts([("order/created.json", r#"{"type": "object"}"#)], &Limits::default());
//! let project = Project::from_tree(tree);
//! let findings = project.lint(None);
//! let generated = project.generate(&Selection::default(), &findings).expect("a selection of everything");
//! assert_eq!(generated.targets[0].name, "rust");
//! ```

mod changes;
mod findings;
mod inputs;
mod reuse;
pub(crate) mod select;
mod settled;
mod sound;

use std::{
    collections::{BTreeSet, HashSet},
    fmt, io,
    path::{Path, PathBuf},
};

use eventc_model::{
    GeneratedFile,
    catalog::Catalog,
    config::Config,
    diagnostic::{self, Diagnostic},
    pool,
    schema::FileId,
    source::Tree,
    text::display_path,
    types::{ModuleId, Types},
};

pub use self::findings::Findings;
pub use self::inputs::Inputs;
use self::{changes::Compared, reuse::Earlier};
pub use self::{
    select::{Selection, SelectionError},
    settled::Settled,
    sound::Sound,
};
use crate::{
    date::Date,
    emit::{Emitted, Input, Output, Target, footprint::Footprints, parts::Reuse},
    history::History,
    lint,
    output::{MadePart, PartsRecord},
    report::SourceTexts,
    rules::{self, RuleSet},
    targets::TARGETS,
};

/// Name of the configuration file.
pub const CONFIG: &str = "eventc.toml";

/// The root of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProjectRoot {
    /// Described by this configuration file; its paths are relative to the file's folder.
    Config(PathBuf),
    /// A folder of schemas without configuration or conventions.
    Schemas(PathBuf),
}

impl ProjectRoot {
    /// Returns the nearest `eventc.toml` in a folder or above it, named as from that folder (`../eventc.toml`).
    pub fn find(start: &Path) -> Option<Self> {
        let depth = start.ancestors().position(|folder| folder.join(CONFIG).is_file())?;
        let mut path: PathBuf = std::iter::repeat_n("..", depth).collect();
        path.push(CONFIG);
        Some(Self::Config(path))
    }
}

/// A reason that a project cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file or folder that everything else needs cannot be read.
    #[error("cannot read {}: {source}", display_path(path))]
    Unreadable {
        /// The path that cannot be read.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The configuration is wrong.
    #[error("the configuration is wrong")]
    Config {
        /// Every mistake in it.
        diagnostics: Vec<Diagnostic>,
        /// Its text.
        sources: SourceTexts,
    },
}

/// A schema tree with everything that is known of it.
pub struct Project {
    /// The folder that paths in the configuration are relative to; empty for the working folder.
    pub base: PathBuf,
    /// The contracts, their schemas and the configuration.
    pub catalog: Catalog,
    /// Their typed view.
    pub types: Types,
    /// The releases.
    pub history: History,
    /// Texts of all files, for excerpts.
    pub sources: SourceTexts,
    /// The outputs that there are: those of eventc, unless somebody has others.
    pub targets: &'static [&'static dyn Target],
    /// Problems of the releases.
    releases: Vec<Diagnostic>,
}

/// The files that emitters made.
#[derive(Debug, Default)]
pub struct Generated {
    /// By target, in the order of [`Project::targets`].
    pub targets: Vec<TargetFiles>,
    /// Remarks for a reader: above all, what generated code does not enforce. Sorted, each once.
    pub notes: Vec<Diagnostic>,
}

/// The files of one target.
#[derive(Debug)]
pub struct TargetFiles {
    /// The target's name, and that of its folder below the output folder.
    pub name: &'static str,
    /// The files that were made.
    pub files: Vec<GeneratedFile>,
    /// The paths of files that were not, since an earlier run made the same; see [`Run::reuse`].
    pub standing: Vec<String>,
    /// What a later run may take over.
    pub parts: Vec<MadePart>,
}

impl fmt::Debug for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Project").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Project {
    /// Reads a project: configuration, tree and releases.
    ///
    /// # Errors
    /// Where the configuration is wrong, or a folder that it names cannot be read. Whatever is wrong inside these folders becomes
    /// a finding.
    pub fn open(root: &ProjectRoot) -> Result<Self, OpenError> {
        Ok(Inputs::read(root)?.open())
    }

    /// Returns a project of schemas without configuration, conventions or history.
    pub fn from_tree(tree: Tree) -> Self {
        Self::build(PathBuf::new(), tree, Config::without_conventions(), (History::default(), Vec::new()), SourceTexts::default())
    }

    /// Returns a project of texts that are at hand, named as its files on disk would be: `eventc.toml`, and what lies in the folders that
    /// it names. Without an `eventc.toml` among them, all are schemas without conventions.
    ///
    /// ```
    /// use eventc_codegen::project::Project;
    ///
    /// let files = [("eventc.toml", "schemas = \"events\"\n"), ("events/made.json", r#"{"type": "object"}"#)];
    /// let project = Project::from_texts(&files).expect("a configuration");
    /// assert_eq!(project.catalog.schemas.file_ids().count(), 1);
    /// ```
    ///
    /// # Errors
    /// Where the configuration is wrong.
    pub fn from_texts(files: &[(&str, &str)]) -> Result<Self, OpenError> {
        Ok(Inputs::from_texts(files)?.open())
    }

    /// Builds a project. Files that could not be read as a whole are no contracts.
    pub(crate) fn build(base: PathBuf, tree: Tree, config: Config, history: (History, Vec<Diagnostic>), sources: SourceTexts) -> Self {
        let mut catalog = Catalog::build(tree, config);
        catalog.leave_broken_out();
        Self::of_catalog(base, catalog, history, sources)
    }

    fn of_catalog(base: PathBuf, mut catalog: Catalog, history: (History, Vec<Diagnostic>), mut sources: SourceTexts) -> Self {
        for file in &catalog.schemas.files {
            sources.insert(file.shown.clone(), file.text.clone());
        }
        let types = Types::derive(&catalog);
        let too_many = types.problems(&catalog);
        catalog.diagnostics.extend(too_many);
        let (history, releases) = history;
        Self { base, catalog, types, history, sources, targets: TARGETS, releases }
    }

    /// Finds everything that is wrong with the project, at the levels that the configuration sets. `today` decides what a date decides;
    /// without it no finding depends on the day.
    pub fn lint(&self, today: Option<Date>) -> Findings {
        self.lint_rest(today, HashSet::new())
    }

    /// Finds the same, given files of which [`lint::SETTLING`] is known to find nothing.
    fn lint_rest(&self, today: Option<Date>, settled: HashSet<FileId>) -> Findings {
        let context = lint::LintContext::new(&self.catalog, &self.types, today, lint::rules::LINTS, rules::all()).settling(settled);
        let mut found = self.read();
        if !self.catalog.config.unconfigured {
            found.extend(eventc_infra::findings(&self.catalog));
        }
        Findings::normalise(&self.catalog.config, lint::run(&context, found))
    }

    /// Takes the digests by which a later run knows what it need not do again; `None` where the tree depends on files around it. `asked` is
    /// everything that decides beside the tree: the program, the configuration and the request.
    pub fn footprints(&self, asked: &[&[u8]]) -> Option<Footprints> {
        let Self { catalog, types, history, .. } = self;
        let can_tell = !catalog.schemas.depends_on_surroundings();
        can_tell.then(|| pool::run(|| Footprints::of(catalog, types, history, asked)))
    }

    /// Returns what reading the tree and the releases found, at the levels that the configuration sets. Sorted. The rules were not asked,
    /// so that nothing here says that the project is sound: [`Project::lint`] does.
    pub fn problems(&self) -> Vec<Diagnostic> {
        Findings::normalise(&self.catalog.config, self.read()).into_vec()
    }

    fn read(&self) -> Vec<Diagnostic> {
        self.catalog.diagnostics.iter().chain(&self.releases).cloned().collect()
    }

    /// Returns the folder of generated files that the configuration names.
    pub fn out(&self) -> PathBuf {
        self.base.join(&self.catalog.config.out)
    }

    /// Makes the files of the selected targets, for the selected topics, all at once. Some outputs show the findings, which do not stop
    /// it; callers look at [`Findings::has_errors`] first.
    ///
    /// # Errors
    /// Where the selection names nothing that exists, or targets cannot do their work.
    pub fn generate(&self, selection: &Selection, findings: &Findings) -> Result<Generated, SelectionError> {
        let run = self.prepare(selection, findings)?;
        let mut generated = Generated::default();
        for (files, notes) in run.targets() {
            generated.targets.push(files);
            generated.notes.extend(notes);
        }
        settle_notes(&mut generated.notes);
        Ok(generated)
    }

    /// Returns the outputs that the project makes without being told, each with its target's name; those whose options are wrong are left
    /// out.
    pub(crate) fn outputs(&self) -> Vec<(&'static str, Box<dyn Output>)> {
        let config = &self.catalog.config;
        let made = self.targets.iter().filter(|target| select::is_made(config, **target));
        made.filter_map(|target| Some((target.name(), target.configure(config).ok()?))).collect()
    }

    /// Returns a run that makes the files of one target after the other, so that those of large trees need not be held all at once.
    ///
    /// # Errors
    /// Where the selection names nothing that exists, or targets cannot do their work: all of that is known before the first target
    /// is made.
    pub fn prepare<'a>(&'a self, selection: &Selection, findings: &'a Findings) -> Result<Run<'a>, SelectionError> {
        self.prepare_sound(selection, findings, &Sound::default())
    }

    /// Returns the same for what is left of a tree with errors.
    ///
    /// # Errors
    /// As [`Project::prepare`].
    pub fn prepare_sound<'a>(&'a self, selection: &Selection, findings: &'a Findings, sound: &Sound) -> Result<Run<'a>, SelectionError> {
        let modules = eventc_model::select::topics(&self.catalog, &self.types, &selection.topics).map_err(SelectionError::Topic)?;
        let (modules, left) = sound.part(&self.types, modules);
        let Configured { outputs, made, wanted, refused } = Configured::read(self, &select::targets(self, &selection.targets)?);
        let changes = Compared { catalog: &self.catalog };
        let run = Run { project: self, findings, outputs, made, wanted, modules, left, rules: rules::all(), changes, reuse: None };
        let problems = || run.wanted.iter().flat_map(|(_, index)| run.outputs[*index].problems(&run.input(&run.modules, None))).collect();
        let mut refused = if refused.is_empty() { pool::run(problems) } else { refused };
        diagnostic::sort(&mut refused);
        if refused.is_empty() { Ok(run) } else { Err(SelectionError::Refused(refused)) }
    }
}

/// Targets with their options.
#[derive(Default)]
struct Configured {
    /// First those that the project makes without being told, then what else is wanted.
    outputs: Vec<Box<dyn Output>>,
    /// The number of them that the project makes without being told.
    made: usize,
    /// The names of what is wanted, with the place of each in `outputs`, in the order in which they run.
    wanted: Vec<(&'static str, usize)>,
    /// Options of what is wanted that nobody can read.
    refused: Vec<Diagnostic>,
}

impl Configured {
    /// Reads the options of what is wanted, and of what the project makes besides: there a mistake only hides the output.
    fn read(project: &Project, wanted: &[&'static dyn Target]) -> Self {
        let config = &project.catalog.config;
        let mut all = Self::default();
        let is_wanted = |target: &dyn Target| wanted.iter().any(|other| other.name() == target.name());
        let (made, rest): (Vec<_>, Vec<_>) = project.targets.iter().copied().partition(|target| select::is_made(config, *target));
        for target in &made {
            all.add(config, *target, is_wanted(*target));
        }
        all.made = all.outputs.len();
        for target in rest.into_iter().filter(|target| is_wanted(*target)) {
            all.add(config, target, true);
        }
        let order = |name: &str| project.targets.iter().position(|target| target.name() == name);
        all.wanted.sort_by_key(|(name, _)| order(name));
        all
    }

    fn add(&mut self, config: &Config, target: &dyn Target, wanted: bool) {
        match target.configure(config) {
            Ok(output) => {
                if wanted {
                    self.wanted.push((target.name(), self.outputs.len()));
                }
                self.outputs.push(output);
            }
            Err(problems) if wanted => self.refused.extend(problems),
            Err(_) => {}
        }
    }
}

/// A run before it makes anything; see [`Project::prepare`].
pub struct Run<'a> {
    project: &'a Project,
    findings: &'a Findings,
    outputs: Vec<Box<dyn Output>>,
    made: usize,
    wanted: Vec<(&'static str, usize)>,
    modules: Vec<ModuleId>,
    /// Modules that are left out.
    left: Vec<ModuleId>,
    rules: RuleSet,
    changes: Compared<'a>,
    reuse: Option<Earlier<'a>>,
}

impl<'a> Run<'a> {
    /// Has what an earlier run made of the same stand where it is.
    #[must_use]
    pub fn reuse(self, record: &'a PartsRecord, footprints: &'a Footprints) -> Self {
        // Of what is left out, an earlier run's files stay for other reasons.
        let can_tell = self.left.is_empty();
        Self { reuse: can_tell.then_some(Earlier { footprints, record }), ..self }
    }
}

impl Run<'_> {
    fn input<'r>(&'r self, modules: &'r [ModuleId], reuse: Option<Reuse<'r>>) -> Input<'r> {
        let Project { catalog, types, history, .. } = self.project;
        let outputs = &self.outputs[..self.made];
        Input { catalog, types, modules, findings: self.findings, history, rules: &self.rules, changes: &self.changes, outputs, reuse }
    }

    /// Returns the catalog's site alone, whatever is configured: its files, with paths below its own folder.
    #[must_use]
    pub fn site(&self) -> Vec<GeneratedFile> {
        pool::run(|| eventc_catalog::site(&self.input(&self.modules, None)))
    }

    /// Makes one target after the other, each when it is asked for: its files, and what a reader should know of them.
    pub fn targets(&self) -> impl Iterator<Item = (TargetFiles, Vec<Diagnostic>)> {
        self.wanted.iter().map(|(name, index)| {
            let reuse = self.reuse.as_ref().map(|earlier| earlier.of_target(name));
            let Emitted { files, standing, parts, notes } = self.emit(*index, &self.modules, reuse);
            let parts = parts.into_iter().map(reuse::made).collect();
            (TargetFiles { name, files, standing, parts }, notes)
        })
    }

    fn emit(&self, output: usize, modules: &[ModuleId], reuse: Option<Reuse<'_>>) -> Emitted {
        pool::run(|| self.outputs[output].emit(&self.input(modules, reuse)))
    }

    /// Returns the files of a target beside an earlier output of what is left out: files that stay as they are, since `stands` says that an
    /// earlier run made them, and all others, which list what stays. `made` is what [`Run::targets`] made of the target.
    pub fn plan(&self, made: TargetFiles, stands: &dyn Fn(&str) -> bool) -> PlannedFiles {
        let output = self.wanted.iter().find(|(name, _)| *name == made.name).map(|(_, index)| *index);
        let Some(output) = output.filter(|_| !self.left.is_empty()) else {
            let stays = made.standing.iter().cloned().collect();
            return PlannedFiles { target: made, stays };
        };
        let own: BTreeSet<String> = made.files.iter().map(|file| file.path.clone()).collect();
        let with = |left: &[ModuleId]| {
            let mut modules: Vec<ModuleId> = self.modules.iter().chain(left).copied().collect();
            modules.sort_unstable();
            self.emit(output, &modules, None).files
        };
        let further = |files: &[GeneratedFile]| -> Vec<String> {
            files.iter().filter(|file| !own.contains(&file.path)).map(|file| file.path.clone()).collect()
        };
        let all = with(&self.left);
        let stays: BTreeSet<String> = further(&all).into_iter().filter(|path| stands(path)).collect();
        if stays.is_empty() {
            return PlannedFiles { target: made, stays };
        }
        // Of what was never made, or not all of it, nothing is listed.
        let whole = |left: &[ModuleId]| further(&with(left)).iter().all(|path| stays.contains(path));
        let listed: Vec<ModuleId> = if further(&all).len() == stays.len() {
            self.left.clone()
        } else {
            self.left.iter().copied().take(MAX_ASKED_MODULES).filter(|module| whole(&[*module])).collect()
        };
        let files = with(&listed).into_iter().filter(|file| own.contains(&file.path)).collect();
        PlannedFiles { target: TargetFiles { files, ..made }, stays }
    }
}

/// The maximum number of modules left out of which each is asked by itself whether an earlier run made it.
const MAX_ASKED_MODULES: usize = 64;

/// The files of a target, and what an earlier run made that stays.
#[derive(Debug)]
pub struct PlannedFiles {
    /// The files that are made now.
    pub target: TargetFiles,
    /// Paths of what was made before, and stays: what stands, and what is left out.
    pub stays: BTreeSet<String>,
}

/// Brings notes of several targets into order, each once: what one leaves to validation, others do too.
pub fn settle_notes(notes: &mut Vec<Diagnostic>) {
    diagnostic::sort(notes);
    notes.dedup_by(|a, b| a.rule == b.rule && a.place == b.place && a.message == b.message);
}
