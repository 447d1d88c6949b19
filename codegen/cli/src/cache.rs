//! The cache of a user: what runs over large trees leave for the next one. It may be deleted at any time.

use std::path::{Path, PathBuf};

use eventc_codegen::{
    date::Date,
    emit::footprint::Footprints,
    output::{MadePart, Memo, MemoOf, PartsRecord, SoundRecord},
    project::{Findings, Inputs, Project, Run, Settled},
};

use crate::shared::TreeArgs;

/// From this many files on a run is remembered; one that makes fewer is done before anybody waits.
pub(crate) const LARGE: usize = 100;

/// The number of schema files that makes about as many.
const LARGE_TREE: usize = 10;

/// The cache, and what every key in it holds: the program, and how the tree is read.
pub(crate) struct Cache {
    folder: PathBuf,
    program: String,
    asked: String,
    config: String,
    /// The digest of everything that was read; `None` where nobody knows what it is.
    inputs: Option<[u8; 32]>,
}

impl Cache {
    /// Opens the cache for a run; `None` where there is none, or the system does not know the program.
    pub(crate) fn open(inputs: &Inputs, customs: &TreeArgs, asked: &str) -> Option<Self> {
        let program = std::env::current_exe().and_then(|path| path.metadata()).ok()?;
        let program = format!("{} {} {:?}", env!("CARGO_PKG_VERSION"), program.len(), program.modified().ok()?);
        let asked = format!("{customs:?} {asked}");
        Some(Self { folder: folder()?, program, asked, config: inputs.config_text().to_owned(), inputs: inputs.digest() })
    }

    /// Returns the memory of runs that are asked exactly the same.
    pub(crate) fn memo(&self, out: &Path, command: MemoOf, asked: &str) -> Option<Memo> {
        let asked = format!("{asked} {}", out.display());
        Memo::new(&self.folder, out, command, &[self.program.as_bytes(), self.asked.as_bytes(), asked.as_bytes(), &self.inputs?])
    }

    /// Returns what earlier runs made in an output folder; `None` where a file could not be read, since nobody knows then what it holds.
    pub(crate) fn parts(&self, out: &Path) -> Option<PartsRecord> {
        self.inputs?;
        PartsRecord::read(&self.folder, out)
    }

    /// Returns what earlier runs knew of a project, by what everything depends on beside the tree.
    pub(crate) fn prior(&self, project: &Project, out: &Path) -> PriorKnowledge {
        let is_large = project.catalog.schemas.files.len() >= LARGE_TREE && self.inputs.is_some();
        let asked = [self.program.as_bytes(), self.asked.as_bytes(), self.config.as_bytes()];
        let Some(footprints) = is_large.then(|| project.footprints(&asked)).flatten() else { return PriorKnowledge::default() };
        let settled = SoundRecord::read(&self.folder, out).map(|record| Settled::of(project, &footprints, record));
        PriorKnowledge { footprints: Some(footprints), settled }
    }
}

/// What earlier runs knew of a project.
#[derive(Default)]
pub(crate) struct PriorKnowledge {
    footprints: Option<Footprints>,
    settled: Option<Settled>,
}

impl PriorKnowledge {
    /// Finds what [`Project::lint`] does, and records that a tree is sound.
    pub(crate) fn lint(&self, project: &Project, today: Option<Date>) -> Findings {
        let Some(settled) = &self.settled else { return project.lint(today) };
        let findings = settled.lint(project, today);
        settled.keep(&findings);
        findings
    }

    /// Has a run leave what an earlier one made of the same.
    pub(crate) fn reuse<'a>(&'a self, run: Run<'a>, record: Option<&'a PartsRecord>) -> Run<'a> {
        match record.zip(self.footprints.as_ref()) {
            Some((record, footprints)) => run.reuse(record, footprints),
            None => run,
        }
    }
}

/// Records what outputs were made of, where they are many files.
pub(crate) fn keep(record: PartsRecord, made: Vec<(&str, Vec<MadePart>)>, files: usize) {
    if files >= LARGE {
        // A cache that cannot be written costs the next run its time, and nobody else anything.
        let _ = record.keep(made);
    }
}

/// Returns `EVENTC_CACHE_DIR`, else a folder of the user's caches. Set to nothing, it turns the cache off.
fn folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if std::env::var_os("EVENTC_CACHE_DIR").is_some() {
        return set("EVENTC_CACHE_DIR");
    }
    let home = || set("HOME").map(|home| home.join(".cache"));
    set("XDG_CACHE_HOME").or_else(|| set("LOCALAPPDATA")).or_else(home).map(|caches| caches.join("eventc"))
}
