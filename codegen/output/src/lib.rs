//! The only writer: atomic, sparing with what is unchanged, and careful with what it did not make.
//!
//! Each output folder holds a manifest of the files that eventc made in it. Only those are ever overwritten or removed, and only as
//! long as they are what it says by their hashes; any other file in the way is an error that names it, and so is a link. Every file is
//! written beside its place and then renamed, so that a run which stops half-way leaves each file old or new. One process at a time
//! writes in a folder.

#![allow(clippy::disallowed_methods, reason = "this crate is the one that writes")]

mod freshness;
mod links;
mod lock;
mod manifest;
mod memo;
mod parts;
mod sound;
mod staged;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use eventc_model::{GeneratedFile, pool, text::display_path};
use rayon::prelude::*;

pub use self::{
    freshness::{FRESHNESS, StaleTarget, findings, summarized},
    lock::FolderLock,
    manifest::NAME as MANIFEST,
    memo::{Memo, MemoOf},
    parts::{MadePart, PartsRecord},
    sound::SoundRecord,
    staged::{create, create_below, replace, replace_below, sweep},
};
use self::{manifest::Manifest, staged::Durability};

/// An error while an output folder is written or compared.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The system refused.
    #[error("cannot {action} {}: {source}", display_path(path))]
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
    /// Files that eventc made, and that somebody changed since.
    #[error("{} changed since eventc made it, so it does not overwrite it; remove it to have it made again, or move it away", list(paths))]
    Edited {
        /// The files, in path order.
        paths: Vec<PathBuf>,
    },
    /// Links stand where eventc is to write.
    #[error("{} is a link, and eventc writes through none; remove it, or put a folder or file in its place", list(paths))]
    Link {
        /// The links, in path order.
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
    let mut text = paths.iter().take(SHOWN).map(|path| display_path(path)).collect::<Vec<_>>().join(", ");
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

/// An output folder in which no other process writes meanwhile.
#[derive(Debug)]
pub struct OutputFolder {
    root: PathBuf,
    _lock: FolderLock,
}

impl OutputFolder {
    /// Takes the folder, which is made where it does not exist. Where another process has it, calls `waits` once, then waits.
    ///
    /// # Errors
    /// As [`FolderLock::take`].
    pub fn take(root: &Path, waits: impl FnOnce()) -> Result<Self, OutputError> {
        Ok(Self { root: root.to_path_buf(), _lock: FolderLock::take(root, waits)? })
    }

    /// Brings a folder below this one (itself, where the path is empty) to exactly these files, beside those that eventc did not make and
    /// those of an earlier run that stay as they are, by their paths.
    ///
    /// # Errors
    /// Where a file of somebody else or a link is in the way (then nothing is written), or the system refuses.
    pub fn write(&self, below: &str, files: &[GeneratedFile], stays: &BTreeSet<String>) -> Result<Written, OutputError> {
        links::refuse(&self.root, &[below])?;
        pool::run(|| write_here(&self.root.join(below), files, stays))
    }
}

/// Brings a folder to exactly these files, beside those that eventc did not make.
///
/// # Errors
/// As [`OutputFolder::write`].
pub fn write(root: &Path, files: &[GeneratedFile]) -> Result<Written, OutputError> {
    OutputFolder::take(root, || ())?.write("", files, &BTreeSet::new())
}

/// Returns the paths of the files that an earlier run made in a folder, and that are there.
///
/// # Errors
/// Where the folder cannot be read.
pub fn made(root: &Path) -> Result<BTreeSet<String>, OutputError> {
    let made = Manifest::read(root)?.made.into_keys();
    Ok(made.filter(|path| root.join(path).symlink_metadata().is_ok_and(|metadata| metadata.is_file())).collect())
}

fn write_here(root: &Path, files: &[GeneratedFile], stays: &BTreeSet<String>) -> Result<Written, OutputError> {
    let plan = WritePlan::new(root, files, stays)?;
    plan.refuse_changed()?;
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
    changed.par_iter().try_for_each(|file| staged::put(&root.join(&file.path), file.text.as_bytes(), Durability::MadeAgain))?;
    for path in obsolete {
        remove(root, path, &plan.old, &mut done)?;
    }
    replace(&root.join(MANIFEST), last.to_text().as_bytes())?;
    fs::remove_file(&claim).map_err(OutputError::io("remove", &claim))?;
    Ok(done)
}

/// Compares a folder below an output folder (itself, where the path is empty) with what would be generated beside files of an earlier
/// run that stay, in path order; writes nothing.
///
/// # Errors
/// Where a file cannot be read, or a link is in the way.
pub fn check(
    root: &Path,
    below: &str,
    files: &[GeneratedFile],
    stays: &BTreeSet<String>,
) -> Result<Vec<(PathBuf, Difference)>, OutputError> {
    links::refuse(root, &[below])?;
    let root = &root.join(below);
    let plan = pool::run(|| WritePlan::new(root, files, stays))?;
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
        let paths: Vec<_> = by_path.keys().copied().chain([MANIFEST, manifest::CLAIM]).collect();
        links::refuse(root, &paths)?;
        let files: Vec<_> = by_path.into_values().collect();
        let old = Manifest::read(root)?;
        let states = files.par_iter().map(|file| state(&root.join(&file.path), file.text.as_bytes())).collect::<Result<_, _>>()?;
        Ok(Self { root, files, states, old, stays })
    }

    /// Refuses to overwrite what eventc did not make, and what is not as it was made.
    fn refuse_changed(&self) -> Result<(), OutputError> {
        let differing = self.files.par_iter().zip(&self.states).filter(|(_, state)| **state == FileState::Differs);
        let kept: Vec<_> = differing.map(|(file, _)| *file).filter(|file| !self.may_replace(file)).collect();
        let (edited, foreign): (Vec<_>, Vec<_>) = kept.iter().partition(|file| self.old.made.contains_key(&file.path));
        let paths = |files: &[&&GeneratedFile]| files.iter().map(|file| self.root.join(&file.path)).collect();
        match (foreign.is_empty(), edited.is_empty()) {
            (true, true) => Ok(()),
            (false, _) => Err(OutputError::Foreign { paths: paths(&foreign) }),
            (true, false) => Err(OutputError::Edited { paths: paths(&edited) }),
        }
    }

    /// Returns whether the record says that eventc made what stands in the place of a file, or that it made there what it makes now.
    fn may_replace(&self, file: &GeneratedFile) -> bool {
        let Ok(found) = fs::read(self.root.join(&file.path)) else { return false };
        self.old.has_made(&file.path, &found)
            || self.old.has_made(&file.path, file.text.as_bytes())
            || (self.old.made.contains_key(&file.path) && (is_nobodys(&found) || says_changes_are_lost(&found)))
    }

    fn obsolete(&self) -> Vec<&str> {
        let made = |path: &&str| self.files.binary_search_by(|file| file.path.as_str().cmp(path)).is_ok();
        self.old.made.keys().map(String::as_str).filter(|path| !(made(path) || self.stays.contains(*path))).collect()
    }

    /// Returns the manifest after the run.
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

/// Returns whether a text says in its head that eventc makes it: whoever edits or formats it knows that changes are lost.
fn says_changes_are_lost(bytes: &[u8]) -> bool {
    const HEAD: usize = 1024;
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_lowercase();
    head.contains("generated by eventc") && (head.contains("changes are lost") || head.contains("do not edit"))
}

/// Returns whether a text is nobody's work: nothing but zeros, as a machine leaves it that stopped, or both sides of a merge.
fn is_nobodys(bytes: &[u8]) -> bool {
    let has_line = |mark: &[u8]| bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(mark));
    bytes.iter().all(|byte| *byte == 0) || (has_line(b"<<<<<<< ") && has_line(b">>>>>>> "))
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
    for folder in folders.into_iter().filter(|folder| !links::leads_through(root, folder)) {
        let Ok(entries) = fs::read_dir(root.join(folder)) else { continue };
        for entry in entries.flatten() {
            if staged::is_staged(&entry.file_name().to_string_lossy()) {
                // What cannot be removed does no harm.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn remove(root: &Path, path: &str, old: &Manifest, done: &mut Written) -> Result<(), OutputError> {
    let full = root.join(path);
    if links::leads_through(root, path) {
        done.kept.push(full);
        return Ok(());
    }
    match fs::read(&full) {
        Ok(bytes) if old.has_made(path, &bytes) => fs::remove_file(&full).map_err(OutputError::io("remove", &full))?,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(()),
        Err(error) if error.kind() != io::ErrorKind::IsADirectory => return Err(OutputError::io("read", &full)(error)),
        _ => {
            done.kept.push(full);
            return Ok(());
        }
    }
    done.removed += 1;
    // Folders that are empty now were made for the file.
    for folder in full.ancestors().skip(1).take_while(|folder| *folder != root) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
