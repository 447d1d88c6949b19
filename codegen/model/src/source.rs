//! The only reader of the schema tree.

#![allow(clippy::disallowed_methods, reason = "this module is the one that reads")]

mod around;
mod encoding;
mod walk;

use std::{
    fmt, fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

pub use self::around::{Around, RepositoryState};
pub(crate) use self::around::{BEYOND, ReferenceTarget};
use self::walk::{Met, Walk};
pub use crate::limits::Limits;
use crate::{
    diagnostic::{self, Diagnostic, Place},
    layout::Number,
    text::path_text,
};

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceFormat {
    /// JSON (RFC 8259).
    Json,
    /// YAML 1.2, core schema.
    Yaml,
    /// An Avro schema in JSON.
    Avro,
    /// TOML, for the configuration file.
    Toml,
    /// A JSON value a line, for the settings of released contracts.
    JsonLines,
}

/// Name of the file in a released contract's folder that holds its settings.
pub const SETTINGS_FILE: &str = "settings.jsonl";

/// Name of the file that lists the findings of a legacy tree; it may lie among its schemas.
pub const BASELINE_FILE: &str = "eventc-baseline.json";

/// Endings of schema files.
const ENDINGS: &[(&str, SourceFormat)] = &[
    ("json", SourceFormat::Json),
    ("jsonc", SourceFormat::Json),
    ("yaml", SourceFormat::Yaml),
    ("yml", SourceFormat::Yaml),
    ("avsc", SourceFormat::Avro),
];

impl SourceFormat {
    /// Returns the format that an ending without its dot stands for, in letters of any case.
    pub(crate) fn of_ending(ending: &str) -> Option<Self> {
        ENDINGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(ending)).map(|(_, format)| *format)
    }

    /// Returns the paths of files that a path without an ending may stand for.
    fn spellings(path: &str) -> impl Iterator<Item = String> {
        ["", ".schema"].into_iter().flat_map(move |kind| ENDINGS.iter().map(move |(ending, _)| format!("{path}{kind}.{ending}")))
    }

    /// Returns the format that a file name's ending stands for; `None` where the file is not a schema. A name that is a version and nothing else
    /// (`1-0-0`) has no ending: it is Avro in a folder called `avro`, and otherwise JSON unless its text says otherwise.
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        if name == BASELINE_FILE {
            return None;
        }
        let by_ending = name.rsplit_once('.').and_then(|(_, ending)| Self::of_ending(ending));
        by_ending.or_else(|| {
            let is_avro = path.rsplit('/').nth(1) == Some("avro");
            Number::parse(name).filter(Number::has_several).map(|_| if is_avro { Self::Avro } else { Self::Json })
        })
    }

    /// Returns the format of a file below the releases folder; `None` where it is none of a release.
    pub fn of_release(path: &str) -> Option<Self> {
        let is_settings = path.rsplit('/').next() == Some(SETTINGS_FILE);
        if is_settings { Some(Self::JsonLines) } else { Self::of(path) }
    }

    /// Returns the format of a file that was read: one without an ending is YAML unless it begins as JSON does.
    fn of_text(self, path: &str, text: &str) -> Self {
        let is_version = || path.rsplit('/').next().is_some_and(|name| Number::parse(name).is_some());
        if self == Self::Json && !text.trim_start().starts_with(['{', '[']) && is_version() { Self::Yaml } else { self }
    }
}

/// One file of the tree, as text.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path below the root with `/` between its parts.
    pub path: String,
    /// The path as a person would name it from where they stand.
    pub shown: Arc<str>,
    /// The format of its text.
    pub format: SourceFormat,
    /// Its text, without a byte order mark.
    pub text: Arc<str>,
    /// Whether the text is not all that the file holds: somebody has told why.
    pub unread: bool,
}

impl SourceFile {
    /// Returns a file of which nobody knows what it holds.
    fn unknown(path: String, shown: Arc<str>, format: SourceFormat) -> Self {
        Self { path, shown, format, text: "".into(), unread: true }
    }

    /// Returns a text as a file that is called so, whether or not there is one.
    pub fn of_text(name: &str, format: SourceFormat, text: impl Into<Arc<str>>) -> Self {
        Self { path: name.to_owned(), shown: name.into(), format, text: text.into(), unread: false }
    }

    /// Reads one file that stands outside any tree, such as eventc.toml.
    ///
    /// # Errors
    /// Where it cannot be read or is not UTF-8.
    pub fn read(path: &Path, format: SourceFormat) -> io::Result<Self> {
        let text = fs::read_to_string(path)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).into();
        let shown = path_text(path);
        Ok(Self { path: shown.clone(), shown: shown.into(), format, text, unread: false })
    }
}

/// The schema files below a root, sorted by path, and what went wrong while reading them.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Every schema file that could be read.
    pub files: Vec<SourceFile>,
    /// Every one that could not.
    pub diagnostics: Vec<Diagnostic>,
    /// Bounds that the parser of the files keeps too.
    pub limits: Limits,
    /// Files that cannot be schemas by their names: how many, and the first.
    pub others: Passed,
    /// Files that references may reach besides; nothing for a tree of texts.
    pub around: Option<Around>,
}

/// Files that are passed over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Passed {
    /// Their number.
    pub count: usize,
    /// The path of the first below the root.
    pub first: Option<String>,
}

impl Passed {
    /// Counts one more.
    pub(crate) fn add(&mut self, path: &str) {
        self.count += 1;
        self.first.get_or_insert_with(|| path.to_owned());
    }

    /// These files and others: the first of all is the first in the order of their paths.
    #[must_use]
    pub fn with(self, others: &Self) -> Self {
        let first = [self.first, others.first.clone()].into_iter().flatten().min();
        Self { count: self.count + others.count, first }
    }
}

/// `1 file passed over (readme.txt)`, `4 files passed over (a.txt and 3 more)`
impl fmt::Display for Passed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { count, first } = self;
        write!(f, "{count} file{} passed over", if *count == 1 { "" } else { "s" })?;
        match (first, count) {
            (Some(first), 1) => write!(f, " ({first})"),
            (Some(first), _) => write!(f, " ({first} and {} more)", count - 1),
            (None, _) => Ok(()),
        }
    }
}

impl Tree {
    /// Reads all `.json`, `.jsonc`, `.yaml`, `.yml` and `.avsc` files below `root`. Hidden folders and `node_modules` are passed over;
    /// links are followed as long as they stay below the root.
    ///
    /// # Errors
    /// Where `root` itself is not a readable folder. Whatever is wrong below it becomes a diagnostic.
    pub fn read(root: &Path, limits: &Limits) -> io::Result<Self> {
        Self::read_as(root, limits, SourceFormat::of)
    }

    /// Reads the files of releases below their folder; see [`Tree::read`].
    ///
    /// # Errors
    /// As [`Tree::read`].
    pub fn read_releases(root: &Path, limits: &Limits) -> io::Result<Self> {
        Self::read_as(root, limits, SourceFormat::of_release)
    }

    fn read_as(root: &Path, limits: &Limits, format: fn(&str) -> Option<SourceFormat>) -> io::Result<Self> {
        fs::read_dir(root)?;
        let real_root = root.canonicalize()?;
        let mut tree = Self { limits: limits.clone(), around: Some(Around::of(root)?), ..Self::default() };
        for met in Walk::new(root, real_root.clone(), limits.links) {
            match met {
                Met::File(entry) => tree.read_file(root, entry.path(), entry.path_is_symlink().then_some(&real_root), format),
                Met::Outside(path) => tree.outside(&path),
                Met::TooMany(path) => tree.diagnostics.push(too_many_links(&path, limits)),
                Met::Failed(error) => {
                    let path = error.path().unwrap_or(root).to_path_buf();
                    tree.unreadable(&path_text(&path).into(), &error.into(), "mend its permissions or the link, or remove it");
                }
            }
        }
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    /// Returns a tree of texts that are already at hand: pairs of path and text.
    pub fn from_texts<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>, limits: &Limits) -> Self {
        Self::from_texts_as(files, limits, SourceFormat::of)
    }

    /// Returns the releases among texts that are at hand; see [`Tree::from_texts`].
    pub fn from_release_texts<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>, limits: &Limits) -> Self {
        Self::from_texts_as(files, limits, SourceFormat::of_release)
    }

    fn from_texts_as<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
        limits: &Limits,
        format: fn(&str) -> Option<SourceFormat>,
    ) -> Self {
        let mut tree = Self { limits: limits.clone(), ..Self::default() };
        for (path, text) in files {
            if let Some(format) = format(path) {
                tree.accept(path.to_owned(), path.into(), format, text.as_bytes().to_vec());
            }
        }
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        tree
    }

    /// Reads a file; one that may lead out of the tree only where its real path is below the real root.
    fn read_file(&mut self, root: &Path, path: &Path, real_root: Option<&PathBuf>, format: fn(&str) -> Option<SourceFormat>) {
        let below = path.strip_prefix(root).unwrap_or(path);
        let name = below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        let Some(format) = format(&name) else { return self.others.add(&name) };
        if real_root.is_some_and(|real_root| self.inside(real_root, path).is_none()) {
            return;
        }
        let shown: Arc<str> = path_text(path).into();
        match read_up_to(path, self.limits.file_bytes) {
            Ok(Ok(bytes)) => self.accept(name, shown, format, bytes),
            Ok(Err(size)) => {
                self.diagnostics.push(too_large(&shown, size, &self.limits));
                self.files.push(SourceFile::unknown(name, shown, format));
            }
            Err(error) => {
                self.unreadable(&shown, &error, "mend its permissions, or remove it");
                self.files.push(SourceFile::unknown(name, shown, format));
            }
        }
    }

    fn unreadable(&mut self, shown: &Arc<str>, error: &io::Error, help: &str) {
        let message = format!("cannot read: {error}");
        self.diagnostics.push(Diagnostic::new(&diagnostic::UNREADABLE, Place::whole(shown.clone()), message).help(help));
    }

    /// Returns the real path, if it lies below the root; else a diagnostic.
    fn inside(&mut self, real_root: &Path, path: &Path) -> Option<PathBuf> {
        let real = path.canonicalize().ok().filter(|real| real.starts_with(real_root));
        if real.is_none() {
            self.outside(path);
        }
        real
    }

    fn outside(&mut self, path: &Path) {
        let message = "this link leads out of the schema root";
        self.diagnostics
            .push(Diagnostic::new(&diagnostic::OUTSIDE_ROOT, Place::whole(path_text(path)), message).help("copy the file into the tree"));
    }

    fn accept(&mut self, path: String, shown: Arc<str>, format: SourceFormat, bytes: Vec<u8>) {
        if bytes.len() as u64 > self.limits.file_bytes {
            self.diagnostics.push(too_large(&shown, bytes.len() as u64, &self.limits));
            self.files.push(SourceFile::unknown(path, shown, format));
            return;
        }
        if let Some((encoding, text)) = encoding::other(&bytes) {
            let place = Place { file: shown.clone(), line: 1, column: 1 };
            self.files.push(SourceFile { path, shown, format, text: text.into(), unread: true });
            let message = format!("the file is in {encoding}, and schemas are read as UTF-8");
            return self.diagnostics.push(Diagnostic::new(&diagnostic::NOT_UTF8, place, message).help("save the file as UTF-8"));
        }
        match String::from_utf8(bytes) {
            Ok(text) => {
                let text: Arc<str> = text.strip_prefix('\u{feff}').unwrap_or(&text).into();
                let format = format.of_text(&path, &text);
                self.files.push(SourceFile { path, shown, format, text, unread: false });
            }
            Err(error) => {
                let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let before = String::from_utf8_lossy(valid);
                let line = before.matches('\n').count() + 1;
                let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
                let text = String::from_utf8_lossy(error.as_bytes()).into();
                self.files.push(SourceFile { path, shown: shown.clone(), format, text, unread: true });
                let place = Place { file: shown, line: to_u32(line), column: to_u32(column) };
                let byte = error.as_bytes()[error.utf8_error().valid_up_to()];
                self.diagnostics.push(
                    Diagnostic::new(&diagnostic::NOT_UTF8, place, format!("byte 0x{byte:02x} is not UTF-8 here"))
                        .help("save the file as UTF-8"),
                );
            }
        }
    }
}

/// Reads the bytes of a file, or returns its size where that is beyond the limit.
fn read_up_to(path: &Path, limit: u64) -> io::Result<Result<Vec<u8>, u64>> {
    let mut file = fs::File::open(path)?;
    let size = file.metadata()?.len();
    if size > limit {
        return Ok(Err(size));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    file.read_to_end(&mut bytes)?;
    Ok(Ok(bytes))
}

/// Returns what tells whether anything below a folder has changed since it was read: every path with its size and the time of its last
/// change, in path order.
pub fn stamp(root: &Path) -> Vec<(PathBuf, u64, Option<SystemTime>)> {
    let Ok(real_root) = root.canonicalize() else { return Vec::new() };
    let stamps = Walk::new(root, real_root, Limits::default().links).filter_map(|met| {
        let Met::File(entry) = met else { return None };
        let metadata = entry.metadata().ok()?;
        Some((entry.into_path(), metadata.len(), metadata.modified().ok()))
    });
    stamps.collect()
}

fn too_many_links(path: &Path, limits: &Limits) -> Diagnostic {
    let message = format!("links lead to more than {} files and folders; from here on none is followed", limits.links);
    Diagnostic::new(&diagnostic::TOO_LARGE, Place::whole(path_text(path)), message)
        .help("remove the links, or raise `limits.links` in eventc.toml")
}

fn too_large(shown: &Arc<str>, size: u64, limits: &Limits) -> Diagnostic {
    let message = format!("the file has {size} bytes, the limit is {}", limits.file_bytes);
    Diagnostic::new(&diagnostic::TOO_LARGE, Place::whole(shown.clone()), message)
        .help("split the schema, or raise `limits.file_bytes` in eventc.toml")
}

pub(crate) fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
