//! Where the project of a package is, and what Cargo should watch.

use std::{
    collections::BTreeSet,
    env,
    path::{Path, PathBuf},
};

use eventc_model::locate::{Location, relative};

use crate::project::{Project, ProjectRoot};

/// A project as the build script names it.
pub(super) struct Root {
    pub(super) project: ProjectRoot,
    pub(super) schemas: PathBuf,
    /// The files that said where it is.
    pub(super) watched: BTreeSet<PathBuf>,
}

impl Root {
    /// Names files from the folder of the package where the build script runs there, so that messages and output depend on no
    /// machine.
    pub(super) fn of(package: &Path, location: &Location) -> Self {
        let inside = env::current_dir().is_ok_and(|current| current == package);
        let name = |path: &Path| if inside { relative(package, path) } else { path.to_path_buf() };
        let schemas = name(&location.schemas);
        let project = match &location.config_file {
            Some(config) => ProjectRoot::Config(name(config)),
            None => ProjectRoot::Schemas(schemas.clone()),
        };
        let mut watched: BTreeSet<PathBuf> = location.read.iter().map(|path| name(path)).collect();
        watched.insert(schemas.clone());
        Self { project, schemas, watched }
    }
}

/// Adds every file of the tree, and the folders that were listed.
pub(super) fn watch(project: &Project, schemas: &Path, watched: &mut BTreeSet<PathBuf>) {
    watched.extend(project.catalog.schemas.files.iter().map(|file| schemas.join(&file.path)));
    let releases = project.base.join(&project.catalog.config.releases);
    if project.catalog.config.document.is_some() && releases.is_dir() {
        watched.insert(releases);
    }
}
