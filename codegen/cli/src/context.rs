//! The context of commands: the console, the configuration, and the way to show findings.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use eventc_codegen::{
    output::{self, FolderLock, OutputError, OutputFolder, StaleTarget},
    project::{CONFIG, Inputs, Project, ProjectRoot},
    report::{Report, ReportFormat, SourceTexts},
};
use eventc_model::{diagnostic::Diagnostic, text::display_path};

use crate::{
    console::Console,
    paths,
    shared::{SharedArgs, TreeArgs},
};

#[derive(Debug)]
pub(crate) struct CommandContext {
    pub(crate) console: Console,
    config: Option<PathBuf>,
    pub(crate) customs: TreeArgs,
    format: ReportFormat,
    verbose: bool,
}

impl CommandContext {
    pub(crate) fn new(shared: &SharedArgs, format: ReportFormat) -> Self {
        Self {
            console: Console::new(shared.color),
            config: shared.config.clone(),
            customs: shared.customs.clone(),
            format,
            verbose: shared.verbose,
        }
    }

    /// Returns the project of a command: a folder without configuration, or what the configuration describes.
    pub(crate) fn project(&self, schemas: Option<&Path>) -> Result<Project> {
        Ok(self.inputs(schemas)?.open())
    }

    /// Returns the configuration file that a project without `--schemas` is read from.
    pub(crate) fn config_file(&self) -> Option<PathBuf> {
        match self.root(None).ok()? {
            ProjectRoot::Config(file) => Some(file),
            ProjectRoot::Schemas(_) => None,
        }
    }

    /// Reads the inputs of a project; see [`CommandContext::project`].
    pub(crate) fn inputs(&self, schemas: Option<&Path>) -> Result<Inputs> {
        let mut inputs = Inputs::read(&self.root(schemas)?)?;
        self.customs.state(&mut inputs)?;
        Ok(inputs)
    }

    /// Returns the files and folders that a project is read from.
    pub(crate) fn places(&self, schemas: Option<&Path>) -> Result<Vec<PathBuf>> {
        Ok(Inputs::places(&self.root(schemas)?)?)
    }

    fn root(&self, schemas: Option<&Path>) -> Result<ProjectRoot> {
        match (schemas, &self.config) {
            (Some(_), Some(_)) => Err(anyhow!("--schemas reads a folder without configuration, so --config cannot stand beside it")),
            (Some(folder), None) => Ok(ProjectRoot::Schemas(folder.to_path_buf())),
            (None, Some(file)) => Ok(ProjectRoot::Config(file.clone())),
            (None, None) => ProjectRoot::find(&std::env::current_dir()?).ok_or_else(|| {
                anyhow!(
                    "there is no {CONFIG} in this folder or above\n\
                     help: `eventc init` writes one; `--schemas DIR` works on any folder of JSON Schemas without one"
                )
            }),
        }
    }

    /// Takes an output folder, and says where it waits for another run.
    pub(crate) fn take(&self, out: &Path) -> Result<OutputFolder, OutputError> {
        OutputFolder::take(out, || self.waits(out))
    }

    /// Takes the folder of the configuration, or of the schemas that have none, before it is read, for a command that writes schemas or
    /// releases.
    pub(crate) fn take_project(&self, schemas: Option<&Path>) -> Result<FolderLock> {
        let root = self.root(schemas)?;
        let folder = match &root {
            ProjectRoot::Config(file) => file.parent().unwrap_or(file),
            ProjectRoot::Schemas(folder) => folder,
        };
        Ok(FolderLock::take(folder, || self.waits(folder))?)
    }

    fn waits(&self, folder: &Path) {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        self.console.note(&format!("waiting for another run of eventc that writes in {}\n", display_path(folder)));
    }

    /// Returns what to tell of stale files: one finding for a person, unless asked for more, and all for programs.
    pub(crate) fn stale(&self, stale: Vec<StaleTarget>) -> Vec<Diagnostic> {
        if self.format == ReportFormat::Human && !self.verbose {
            return output::summarized(stale);
        }
        stale.into_iter().flat_map(|target| target.findings).collect()
    }

    /// Prints findings in the format of the command.
    pub(crate) fn report(&self, report: &Report<'_>) -> Result<()> {
        Ok(self.console.print(&self.rendered(report)?)?)
    }

    /// Returns findings in the format of the command. Those that a code host reads have paths from the root of the repository.
    pub(crate) fn rendered(&self, report: &Report<'_>) -> Result<String> {
        if matches!(self.format, ReportFormat::Github | ReportFormat::Gitlab | ReportFormat::Sarif) {
            let diagnostics = paths::from_repository(report.diagnostics, &std::env::current_dir()?);
            let report = Report { diagnostics: &diagnostics, ..*report };
            return Ok(report.render(self.format, self.console.style()));
        }
        Ok(report.render(self.format, self.console.style()))
    }

    /// Returns what decides how findings are told.
    pub(crate) fn telling(&self) -> Result<String> {
        Ok(format!("{:?} {} {:?} {}", self.format, self.verbose, self.console.style(), std::env::current_dir()?.display()))
    }

    /// Tells which findings kept a command from its work: where programs read its output there, otherwise beside it.
    pub(crate) fn explain_failure(&self, diagnostics: &[Diagnostic], sources: &SourceTexts) {
        let report = Report { diagnostics, sources, facts: &[] };
        if self.format == ReportFormat::Human {
            self.console.show(&report.render(ReportFormat::Human, self.console.note_style()));
        } else if let Err(error) = self.report(&report) {
            self.console.error(&error.to_string());
        }
    }
}

/// Removes what runs left among schemas and releases that were killed while they wrote; the project's folder is taken.
pub(crate) fn sweep(project: &Project) -> Result<()> {
    let config = &project.catalog.config;
    [&config.schemas, &config.releases].into_iter().try_for_each(|folder| Ok(output::sweep(&project.base.join(folder))?))
}

/// Says that a folder holds no schema at all, and what it holds instead.
pub(crate) fn found_nothing(project: &Project, folder: Option<&Path>) -> Option<String> {
    let (folder, schemas) = (folder?, &project.catalog.schemas);
    let nothing = !schemas.file_ids().any(|file| schemas.root(file).is_some());
    nothing.then(|| {
        let passed = schemas.passed.clone().with(&schemas.others);
        let passed = if passed.count == 0 { "it holds no file".to_owned() } else { passed.to_string() };
        format!("no schema found below {}; {passed}", display_path(folder))
    })
}

/// Returns the numbers of a project's files and contracts, for summaries.
pub(crate) fn facts(project: &Project) -> [(&'static str, u64); 2] {
    [("contracts", project.catalog.contracts.len() as u64), ("files", project.catalog.schemas.files.len() as u64)]
}
