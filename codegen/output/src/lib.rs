//! The only writer: atomic, sparing with what is unchanged, and careful with what it did not make.
//!
//! Each output folder holds a manifest of the files that eventc made in it. Only those are ever overwritten or removed; any other
//! file in the way is an error that names it. Every file is written beside its place and then renamed, so that a run which stops
//! half-way leaves each file old or new.

#![allow(clippy::disallowed_methods, reason = "this crate is the one that writes")]

mod freshness;
mod manifest;
mod memo;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use eventc_model::{GeneratedFile, pool};
use rayon::prelude::*;

use self::manifest::Manifest;
pub use self::{
    freshness::{FRESHNESS, findings},
    manifest::NAME as MANIFEST,
    memo::Memo,
};

/// An error while an output folder is written or compared.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// The attempted action, as a verb.
        action: &'static str,
        /// The path of the file or folder.
        path: PathBuf,
        /// The cause of the failure.
        source: io::Error,
    },
    /// Files stand in the way that eventc did not make.
    #[error("eventc did not make {}, so it does not overwrite it; move it away, or choose another output folder", list(paths))]
    Foreign {
        /// The files, in path order.
        paths: Vec<PathBuf>,
    },
    /// Two outputs have one path, or a path would leave the folder.
    #[error("an output has the path {path:?}: another has it too, or it is no plain path below the output folder")]
    Path {
        /// The path.
        path: String,
    },
}

impl OutputError {
    fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { action, path, source }
    }
}

fn list(paths: &[PathBuf]) -> String {
    const SHOWN: usize = 5;
    let mut text = paths.iter().take(SHOWN).map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    if paths.len() > SHOWN {
        text.push_str(&format!(" and {} more", paths.len() - SHOWN));
    }
    text
}

/// The changes that a run made in an output folder.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or changed.
    pub written: usize,
    /// Files that were right already.
    pub unchanged: usize,
    /// Files of an earlier run that are gone.
    pub removed: usize,
    /// Files of an earlier run that are no longer made but were edited since, and stay.
    pub kept: Vec<PathBuf>,
}

/// The difference between a file on disk and what would be generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// A file whose content differs.
    Stale,
    /// A file that does not exist.
    Missing,
    /// A file that eventc made once and would no longer make.
    Extra,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileState {
    Same,
    Differs,
    Absent,
}

/// Brings an output folder to exactly these files, beside those that eventc did not make.
///
/// # Errors
/// Where a file of somebody else is in the way (then nothing is written), or the system refuses.
pub fn write(root: &Path, files: &[GeneratedFile]) -> Result<Written, OutputError> {
    write_beside(root, files, &BTreeSet::new())
}

/// The same, beside files of an earlier run that stay as they are, by their paths.
///
/// # Errors
/// As [`write()`].
pub fn write_beside(root: &Path, files: &[GeneratedFile], stays: &BTreeSet<String>) -> Result<Written, OutputError> {
    pool::install(|| write_here(root, files, stays))
}

/// The paths of the files that an earlier run made in a folder, and that are there.
///
/// # Errors
/// Where the folder cannot be read.
pub fn made(root: &Path) -> Result<BTreeSet<String>, OutputError> {
    let made = Manifest::read(root)?.made.into_keys();
    Ok(made.filter(|path| root.join(path).symlink_metadata().is_ok_and(|metadata| metadata.is_file())).collect())
}

fn write_here(root: &Path, files: &[GeneratedFile], stays: &BTreeSet<String>) -> Result<Written, OutputError> {
    let plan = WritePlan::new(root, files, stays)?;
    plan.refuse_foreign()?;
    let obsolete = plan.obsolete();
    let changed: Vec<_> =
        plan.files.iter().zip(&plan.states).filter(|(_, state)| **state != FileState::Same).map(|(file, _)| *file).collect();
    let last = plan.last(files);
    let mut done = Written { written: changed.len(), unchanged: files.len() - changed.len(), ..Written::default() };
    if changed.is_empty() && obsolete.is_empty() && plan.old.is(&last) && !plan.old.unfinished {
        return Ok(done);
    }
    make_folders(root, &changed)?;
    if plan.old.unfinished {
        remove_leftovers(root, &plan);
    }
    // Claims what is about to be made, so that a run that stops here leaves nothing without an owner.
    let claim = root.join(manifest::CLAIM);
    replace(&claim, last.to_text().as_bytes())?;
    changed.par_iter().try_for_each(|file| replace(&root.join(&file.path), file.text.as_bytes()))?;
    for path in obsolete {
        remove(root, path, &plan.old, &mut done)?;
    }
    replace(&root.join(MANIFEST), last.to_text().as_bytes())?;
    fs::remove_file(&claim).map_err(OutputError::io("remove", &claim))?;
    Ok(done)
}

/// Compares an output folder with what would be generated, in path order; writes nothing.
///
/// # Errors
/// Where a file cannot be read.
pub fn check(root: &Path, files: &[GeneratedFile]) -> Result<Vec<(PathBuf, Difference)>, OutputError> {
    check_beside(root, files, &BTreeSet::new())
}

/// The same, beside files of an earlier run that stay as they are.
///
/// # Errors
/// As [`check`].
pub fn check_beside(root: &Path, files: &[GeneratedFile], stays: &BTreeSet<String>) -> Result<Vec<(PathBuf, Difference)>, OutputError> {
    let plan = pool::install(|| WritePlan::new(root, files, stays))?;
    let mut differences = Vec::new();
    for (file, state) in plan.files.iter().zip(&plan.states) {
        match state {
            FileState::Same => {}
            FileState::Differs => differences.push((root.join(&file.path), Difference::Stale)),
            FileState::Absent => differences.push((root.join(&file.path), Difference::Missing)),
        }
    }
    let obsolete = plan.obsolete().into_iter().filter(|path| root.join(path).symlink_metadata().is_ok());
    differences.extend(obsolete.map(|path| (root.join(path), Difference::Extra)));
    if differences.is_empty() && !plan.old.is(&plan.last(files)) {
        let difference = if plan.old.exists { Difference::Stale } else { Difference::Missing };
        differences.push((root.join(MANIFEST), difference));
    }
    differences.sort();
    Ok(differences)
}

/// Writes a file that must not exist yet, and the folders above it.
///
/// # Errors
/// [`OutputError::Foreign`] where the path is taken, whatever by.
pub fn create(path: &Path, text: &str) -> Result<(), OutputError> {
    if path.symlink_metadata().is_ok() {
        return Err(OutputError::Foreign { paths: vec![path.to_path_buf()] });
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent).map_err(OutputError::io("create the folder", parent))?;
    }
    let staged = Staged::write(path, text.as_bytes())?;
    // A link fails where the path was taken meanwhile; some file systems know no links.
    match fs::hard_link(&staged.path, path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(OutputError::Foreign { paths: vec![path.to_path_buf()] }),
        Err(_) => staged.rename(path),
    }
}

/// Writes a file that a person named on purpose, in place of what is there.
///
/// # Errors
/// Where the system refuses; then the old file is still there.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    Staged::write(path, bytes)?.rename(path)
}

/// The state of the disk beside the wanted state.
struct WritePlan<'a> {
    root: &'a Path,
    files: Vec<&'a GeneratedFile>,
    states: Vec<FileState>,
    old: Manifest,
    /// Files of an earlier run that stay.
    stays: &'a BTreeSet<String>,
}

impl<'a> WritePlan<'a> {
    fn new(root: &'a Path, files: &'a [GeneratedFile], stays: &'a BTreeSet<String>) -> Result<Self, OutputError> {
        let mut by_path = BTreeMap::new();
        for file in files {
            let leaves = !manifest::is_below(&file.path) || [MANIFEST, manifest::CLAIM].contains(&file.path.as_str());
            if leaves || by_path.insert(file.path.as_str(), file).is_some() {
                return Err(OutputError::Path { path: file.path.clone() });
            }
        }
        let files: Vec<_> = by_path.into_values().collect();
        let old = Manifest::read(root)?;
        let states = files.par_iter().map(|file| state(&root.join(&file.path), file.text.as_bytes())).collect::<Result<_, _>>()?;
        Ok(Self { root, files, states, old, stays })
    }

    fn refuse_foreign(&self) -> Result<(), OutputError> {
        let foreign =
            |(file, state): &(&&GeneratedFile, &FileState)| **state == FileState::Differs && !self.old.made.contains_key(&file.path);
        let paths: Vec<_> = self.files.iter().zip(&self.states).filter(foreign).map(|(file, _)| self.root.join(&file.path)).collect();
        if paths.is_empty() { Ok(()) } else { Err(OutputError::Foreign { paths }) }
    }

    fn obsolete(&self) -> Vec<&str> {
        let made = |path: &&str| self.files.binary_search_by(|file| file.path.as_str().cmp(path)).is_ok();
        self.old.made.keys().map(String::as_str).filter(|path| !(made(path) || self.stays.contains(*path))).collect()
    }

    /// What the manifest says after the run.
    fn last(&self, files: &[GeneratedFile]) -> Manifest {
        let mut last = Manifest::of(files);
        let stay = self.old.made.iter().filter(|(path, _)| self.stays.contains(*path));
        last.made.extend(stay.map(|(path, hash)| (path.clone(), *hash)));
        last
    }
}

fn state(path: &Path, bytes: &[u8]) -> Result<FileState, OutputError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        // `NotADirectory`: a file stands where a folder is to be; creating the folder says so.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            // A link that leads nowhere is still somebody's.
            return Ok(if path.symlink_metadata().is_ok() { FileState::Differs } else { FileState::Absent });
        }
        Err(error) => return Err(OutputError::io("read", path)(error)),
    };
    let metadata = file.metadata().map_err(OutputError::io("read", path))?;
    if !metadata.is_file() || metadata.len() != bytes.len() as u64 {
        return Ok(FileState::Differs);
    }
    let mut found = Vec::with_capacity(bytes.len() + 1);
    file.read_to_end(&mut found).map_err(OutputError::io("read", path))?;
    Ok(if found == bytes { FileState::Same } else { FileState::Differs })
}

fn make_folders(root: &Path, files: &[&GeneratedFile]) -> Result<(), OutputError> {
    fs::create_dir_all(root).map_err(OutputError::io("create the folder", root))?;
    let folders: BTreeSet<_> = files.iter().filter_map(|file| file.path.rsplit_once('/')).map(|(folder, _)| folder).collect();
    for folder in folders {
        let folder = root.join(folder);
        fs::create_dir_all(&folder).map_err(OutputError::io("create the folder", &folder))?;
    }
    Ok(())
}

/// Removes what a run left that was stopped before it could rename.
fn remove_leftovers(root: &Path, plan: &WritePlan<'_>) {
    let known = plan.old.made.keys().map(String::as_str).chain([MANIFEST]);
    let folders: BTreeSet<_> = known.map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder)).collect();
    for folder in folders {
        let Ok(entries) = fs::read_dir(root.join(folder)) else { continue };
        for entry in entries.flatten() {
            if Staged::is_name(&entry.file_name().to_string_lossy()) {
                // What cannot be removed does no harm.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn remove(root: &Path, path: &str, old: &Manifest, done: &mut Written) -> Result<(), OutputError> {
    let full = root.join(path);
    match fs::read(&full) {
        Ok(bytes) if old.made.get(path) == Some(&manifest::hash(&bytes)) => {
            fs::remove_file(&full).map_err(OutputError::io("remove", &full))?;
            done.removed += 1;
        }
        Ok(_) => done.kept.push(full.clone()),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => done.kept.push(full.clone()),
        Err(error) => return Err(OutputError::io("read", &full)(error)),
    }
    // Folders that are empty now were made for the file.
    for folder in full.ancestors().skip(1).take_while(|folder| *folder != root) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// A file beside its place, not yet renamed; removed where that does not come to pass.
struct Staged {
    path: PathBuf,
    renamed: bool,
}

impl Staged {
    const PREFIX: &'static str = ".eventc-new-";

    fn is_name(name: &str) -> bool {
        name.starts_with(Self::PREFIX)
    }

    fn write(path: &Path, bytes: &[u8]) -> Result<Self, OutputError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("{}{}-{}", Self::PREFIX, std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let staged = Self { path: path.with_file_name(name), renamed: false };
        let mut file = File::create(&staged.path).map_err(OutputError::io("write", path))?;
        file.write_all(bytes).map_err(OutputError::io("write", path))?;
        Ok(staged)
    }

    fn rename(mut self, path: &Path) -> Result<(), OutputError> {
        fs::rename(&self.path, path).map_err(OutputError::io("write", path))?;
        self.renamed = true;
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.renamed {
            // The error that led here is the one to report.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests;
