//! The location of the schema tree of a Rust package, for whatever runs inside its build: build scripts and macros.

use std::{
    io,
    path::{Component, Path, PathBuf},
};

use serde::Deserialize;

use crate::{
    config::Config,
    decode,
    diagnostic::{self, Diagnostic, Place},
    source::{Limits, SourceFile, SourceFormat},
    syntax::Document,
};

/// Name of the configuration file.
const CONFIG: &str = "eventc.toml";

/// The schema tree of a package, and what is known of it before it is read.
#[derive(Debug, Clone)]
pub struct TreeLocation {
    /// The root folder of the tree.
    pub schemas: PathBuf,
    /// The conventions of the tree.
    pub config: Config,
    /// The configuration file; `None` for a tree without one.
    pub config_file: Option<PathBuf>,
    /// Every file that said where the tree is or how it is read.
    pub read: Vec<PathBuf>,
}

/// The keys of `[package.metadata.eventc]` in a package's `Cargo.toml`. Paths are relative to that file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackageMetadata {
    /// The configuration file.
    config: Option<String>,
    /// The root folder of the tree.
    schemas: Option<String>,
}

/// Finds the tree of the package in a folder. In this order: what `[package.metadata.eventc]` in its `Cargo.toml` says (`config` or
/// `schemas`), an `eventc.toml` beside that file, a folder `schemas/events` beside it, an `eventc.toml` in a folder above.
///
/// # Errors
/// Everything that is wrong with the files that say it; or that nothing does.
pub fn locate(package: &Path) -> Result<TreeLocation, Vec<Diagnostic>> {
    let manifest = package.join("Cargo.toml");
    let metadata = if manifest.is_file() { metadata(&manifest)? } else { PackageMetadata::default() };
    let named = match (&metadata.config, &metadata.schemas) {
        (Some(_), Some(_)) => return Err(vec![both(&manifest)]),
        (Some(config), None) => Some(configured(&package.join(config))?),
        (None, Some(schemas)) => Some(plain(package.join(schemas))),
        (None, None) => None,
    };
    if let Some(mut location) = named {
        location.read.push(manifest);
        return Ok(location);
    }
    let own = package.join("schemas/events");
    if package.join(CONFIG).is_file() {
        configured(&package.join(CONFIG))
    } else if own.is_dir() {
        Ok(plain(own))
    } else {
        let above = package.ancestors().skip(1).map(|folder| folder.join(CONFIG)).find(|file| file.is_file());
        configured(&above.ok_or_else(|| vec![nothing(package)])?)
    }
}

/// Returns the tree in a folder of a package: with the conventions of the configuration that describes this folder, if one does.
///
/// # Errors
/// Everything that is wrong with that configuration, or with the package's `Cargo.toml`.
pub fn locate_folder(package: &Path, folder: &str) -> Result<TreeLocation, Vec<Diagnostic>> {
    let schemas = package.join(folder);
    let real = |path: &Path| path.canonicalize().ok();
    match locate(package) {
        Ok(location) if real(&location.schemas).is_some_and(|found| Some(found) == real(&schemas)) => {
            Ok(TreeLocation { schemas, ..location })
        }
        Err(problems) if problems.iter().any(|problem| problem.rule == &diagnostic::BAD_CONFIG) => Err(problems),
        _ => Ok(plain(schemas)),
    }
}

/// Returns the tree that a configuration file describes.
///
/// # Errors
/// Everything that is wrong with it.
pub fn configured(file: &Path) -> Result<TreeLocation, Vec<Diagnostic>> {
    let source = SourceFile::read(file, SourceFormat::Toml).map_err(|error| vec![unreadable(file, &error)])?;
    let (config, problems) = Config::parse(&source.shown, &source.text);
    if !problems.is_empty() {
        return Err(problems);
    }
    let schemas = file.parent().unwrap_or(Path::new("")).join(&config.schemas);
    Ok(TreeLocation { schemas, config, config_file: Some(file.to_path_buf()), read: vec![file.to_path_buf()] })
}

fn plain(schemas: PathBuf) -> TreeLocation {
    TreeLocation { schemas, config: Config::without_conventions(), config_file: None, read: Vec::new() }
}

fn metadata(manifest: &Path) -> Result<PackageMetadata, Vec<Diagnostic>> {
    let source = SourceFile::read(manifest, SourceFormat::Toml).map_err(|error| vec![unreadable(manifest, &error)])?;
    let (document, problems) = Document::parse(source, &Limits::default());
    let Some(document) = document else { return Err(problems) };
    if document.get("/package/metadata/eventc").is_none() {
        return Ok(PackageMetadata::default());
    }
    let (metadata, problems) = decode::decode(&document, "/package/metadata/eventc", &diagnostic::BAD_CONFIG);
    if problems.is_empty() { Ok(metadata) } else { Err(problems) }
}

fn unreadable(file: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(&diagnostic::UNREADABLE, Place::whole(file.display().to_string()), format!("cannot read: {error}"))
        .help("mend its permissions or its encoding")
}

fn both(manifest: &Path) -> Diagnostic {
    let message = "[package.metadata.eventc] has `config` and `schemas`, and a configuration says itself where its schemas are";
    Diagnostic::new(&diagnostic::BAD_CONFIG, Place::whole(manifest.display().to_string()), message).help("remove one of them")
}

fn nothing(package: &Path) -> Diagnostic {
    let message = "there is no schema tree: neither a folder schemas/events here, nor an eventc.toml here or above";
    Diagnostic::new(&diagnostic::UNREADABLE, Place::whole(package.display().to_string()), message)
        .help("put the schemas into schemas/events beside Cargo.toml, or say `schemas = \"…\"` under [package.metadata.eventc] there")
}

/// Returns a path as seen from a folder; as it is where the two share nothing.
///
/// ```
/// use std::path::Path;
///
/// use eventc_model::locate::relative;
///
/// for (to, expected) in [("/w/service/schemas", "schemas"), ("/w/eventc.toml", "../eventc.toml"), ("/other/events", "/other/events")] {
///     assert_eq!(relative(Path::new("/w/service"), Path::new(to)), Path::new(expected));
/// }
/// ```
pub fn relative(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if !from.components().take(shared).any(|part| matches!(part, Component::Normal(_))) {
        return to.to_path_buf();
    }
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}
/// Returns a path without `.` and `..`, by its words alone: links are not looked at.
///
/// ```
/// use eventc_model::locate::lexical;
/// use std::path::Path;
/// assert_eq!(lexical(Path::new("/a/./b/../c")), Path::new("/a/c"));
/// ```
pub fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(out.pop()),
            part => out.push(part),
        }
    }
    out
}
