//! The inputs of a project: texts that were read and not yet looked at.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use eventc_model::{
    catalog::Catalog,
    config::{Config, FormatReading},
    diagnostic, pool,
    schema::Dialect,
    source::{BASELINE_FILE, Limits, SourceFile, SourceFormat, Tree},
};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{CONFIG, OpenError, Project, ProjectRoot, select};
use crate::{history::History, report::SourceTexts};

/// The texts of a project: its configuration, its schemas and what was released.
#[derive(Debug)]
pub struct Inputs {
    base: PathBuf,
    /// What decides: the configuration, the accepted findings, and the folders.
    read_from: Vec<PathBuf>,
    config: Config,
    sources: SourceTexts,
    /// The text of the configuration; none for a folder of schemas.
    config_text: String,
    tree: Tree,
    releases: Tree,
    /// Whether files that could not be read as a whole are contracts.
    broken: bool,
}

impl Inputs {
    /// Reads a project's files.
    ///
    /// # Errors
    /// Where the configuration is wrong, or a folder that it names cannot be read. Whatever is wrong inside these folders becomes
    /// a finding.
    pub fn read(root: &ProjectRoot) -> Result<Self, OpenError> {
        match root {
            ProjectRoot::Schemas(folder) => {
                let inputs = Self::of_folder(read_tree(folder, &Limits::default())?);
                Ok(Self { read_from: Self::places(root)?, ..inputs })
            }
            ProjectRoot::Config(path) => {
                let base = path.parent().unwrap_or(Path::new("")).to_path_buf();
                let (config, sources, config_text) = read_config(path)?;
                let releases = base.join(&config.releases);
                let (tree, history) = pool::run(|| {
                    rayon::join(|| read_tree(&base.join(&config.schemas), &config.limits), || History::texts(&releases, &config.limits))
                });
                let read_from = places(path, &base, &config);
                let releases = history.map_err(|source| OpenError::Unreadable { path: releases, source })?;
                let mut inputs = Self { base, read_from, config, sources, config_text, tree: tree?, releases, broken: false };
                let stated: Vec<_> = inputs.config.map.iter().map(|(url, folder)| (url.clone(), inputs.base.join(folder))).collect();
                inputs.map(&stated)?;
                Ok(inputs)
            }
        }
    }

    /// Returns the files and folders that decide about a project, as [`Inputs::read_from`] does, and reads the configuration alone.
    ///
    /// # Errors
    /// Where the configuration cannot be read, or is wrong.
    pub fn places(root: &ProjectRoot) -> Result<Vec<PathBuf>, OpenError> {
        match root {
            ProjectRoot::Schemas(folder) => Ok(vec![folder.clone()]),
            ProjectRoot::Config(path) => Ok(places(path, path.parent().unwrap_or(Path::new("")), &read_config(path)?.0)),
        }
    }

    /// Takes texts that are at hand; see [`Project::from_texts`].
    ///
    /// # Errors
    /// Where `eventc.toml` is among the texts and cannot be used.
    pub fn from_texts(files: &[(&str, &str)]) -> Result<Self, OpenError> {
        let Some((_, text)) = files.iter().find(|(path, _)| *path == CONFIG) else {
            return Ok(Self::of_folder(Tree::from_texts(files.iter().copied(), &Limits::default())));
        };
        let (config, sources) = checked(CONFIG.into(), (*text).into())?;
        let below = |folder: &str| {
            let folder = format!("{}/", folder.trim_end_matches('/'));
            let files = files.iter().filter_map(|(path, text)| Some((path.strip_prefix(&folder)?, *text)));
            files.collect::<Vec<_>>()
        };
        let tree = Tree::from_texts(below(&config.schemas), &config.limits);
        let releases = Tree::from_texts(below(&config.releases), &config.limits);
        Ok(Self {
            base: PathBuf::new(),
            read_from: Vec::new(),
            config,
            sources,
            config_text: (*text).to_owned(),
            tree,
            releases,
            broken: false,
        })
    }

    fn of_folder(tree: Tree) -> Self {
        let (config, releases) = (Config::without_conventions(), Tree::default());
        let (base, read_from, sources, config_text) = Default::default();
        Self { base, read_from, config, sources, config_text, tree, releases, broken: false }
    }

    /// States where the files of URLs are that references name.
    ///
    /// # Errors
    /// Where there is no such folder.
    pub fn map(&mut self, stated: &[(String, PathBuf)]) -> Result<(), OpenError> {
        let around = self.tree.around.get_or_insert_default();
        stated
            .iter()
            .try_for_each(|(url, folder)| around.map(url, folder).map_err(|source| OpenError::Unreadable { path: folder.clone(), source }))
    }

    /// States the dialect of schemas that name none.
    pub fn speak(&mut self, dialect: Dialect) {
        self.config.namespace.iter_mut().for_each(|namespace| namespace.dialect = Some(dialect));
    }

    /// States what `format` is for all who judge.
    pub fn take_formats_as(&mut self, reading: FormatReading) {
        self.config.namespace.iter_mut().for_each(|namespace| namespace.formats = Some(reading));
    }

    /// Counts files that could not be read as a whole among the contracts, for whoever leaves them out knowingly; see [`super::Sound`].
    #[must_use]
    pub fn with_broken(self) -> Self {
        Self { broken: true, ..self }
    }

    /// Has every version of an event count as a contract.
    pub fn make_all_versions(&mut self) {
        self.config.all_versions = true;
    }

    /// Has mistakes in a bare folder count as they do in a configured tree.
    pub fn be_strict(&mut self) {
        self.config.unconfigured = false;
    }

    /// Returns the folder of the configuration; empty for a folder of schemas.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// Returns the folder of generated files that the configuration names.
    pub fn out(&self) -> PathBuf {
        self.base.join(&self.config.out)
    }

    /// Returns the files and folders that decide about the project: the configuration, the accepted findings, the schemas and the releases.
    /// Nothing of texts that were at hand.
    pub fn read_from(&self) -> &[PathBuf] {
        &self.read_from
    }

    /// Returns the text of the configuration; empty for a folder of schemas.
    pub fn config_text(&self) -> &str {
        &self.config_text
    }

    /// Returns a digest of everything that was read; `None` where some file could not be, since nobody knows then what it holds.
    pub fn digest(&self) -> Option<[u8; 32]> {
        if !(self.tree.diagnostics.is_empty() && self.releases.diagnostics.is_empty()) {
            return None;
        }
        let of_file = |file: &SourceFile| {
            let mut digest = Sha256::new();
            for part in [&file.path, &*file.shown, &*file.text] {
                digest.update((part.len() as u64).to_le_bytes());
                digest.update(part);
            }
            digest.finalize()
        };
        let mut all = Sha256::new_with_prefix(&self.config_text);
        for tree in [&self.tree, &self.releases] {
            let files: Vec<_> = pool::run(|| tree.files.par_iter().map(of_file).collect());
            all.update((files.len() as u64).to_le_bytes());
            for file in &files {
                all.update(file);
            }
        }
        Some(all.finalize().into())
    }

    /// Returns the project.
    pub fn open(self) -> Project {
        let Self { base, read_from: _, config, sources, config_text: _, tree, releases, broken } = self;
        let build = || {
            let history = History::from_tree(releases);
            if broken {
                Project::of_catalog(base, Catalog::build(tree, config), history, sources)
            } else {
                Project::build(base, tree, config, history, sources)
            }
        };
        pool::run(build)
    }
}

fn places(path: &Path, base: &Path, config: &Config) -> Vec<PathBuf> {
    vec![path.to_path_buf(), base.join(BASELINE_FILE), base.join(&config.schemas), base.join(&config.releases)]
}

fn read_tree(folder: &Path, limits: &Limits) -> Result<Tree, OpenError> {
    Tree::read(folder, limits).map_err(|source| OpenError::Unreadable { path: folder.to_path_buf(), source })
}

fn read_config(path: &Path) -> Result<(Config, SourceTexts, String), OpenError> {
    let file = SourceFile::read(path, SourceFormat::Toml).map_err(|source| OpenError::Unreadable { path: path.to_path_buf(), source })?;
    let text = file.text.to_string();
    checked(file.shown, file.text).map(|(config, sources)| (config, sources, text))
}

fn checked(shown: Arc<str>, text: Arc<str>) -> Result<(Config, SourceTexts), OpenError> {
    let (config, mut diagnostics) = Config::parse(&shown, &text);
    diagnostics.extend(select::unknown_names(&config));
    diagnostic::sort(&mut diagnostics);
    let mut sources = SourceTexts::default();
    sources.insert(shown, text);
    if diagnostics.is_empty() { Ok((config, sources)) } else { Err(OpenError::Config { diagnostics, sources }) }
}
