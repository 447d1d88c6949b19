//! Single files, each written beside its place and then renamed: a reader finds the old one or the new one.

use std::{
    fs::{self, File},
    hash::{BuildHasher, RandomState},
    io::{self, Write},
    path::{Path, PathBuf},
};

use walkdir::WalkDir;

use super::{OutputError, links};

/// The fate of a file when the machine stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Durability {
    /// It can be made again: the next run finds by its hash that it is torn.
    MadeAgain,
    /// It has reached the disk before it has its name, and so has the name before anything else is done.
    Lasting,
}

/// Writes a file that must not exist yet, and the folders above it. It has reached the disk when this returns.
///
/// # Errors
/// [`OutputError::Foreign`] where the path is taken, whatever by.
pub fn create(path: &Path, text: &str) -> Result<(), OutputError> {
    if path.symlink_metadata().is_ok() {
        return Err(OutputError::Foreign { paths: vec![path.to_path_buf()] });
    }
    let folder = folder_of(path);
    make_lasting_folder(folder)?;
    let staged = Staged::write(path, text.as_bytes(), Durability::Lasting)?;
    // A link fails where the path was taken meanwhile; some file systems know no links.
    match fs::hard_link(&staged.path, path) {
        Ok(()) => sync_folder(folder),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(OutputError::Foreign { paths: vec![path.to_path_buf()] }),
        Err(_) => staged.rename(path),
    }
}

/// Creates a file as [`create`] does, at a path below a folder and through no link.
///
/// # Errors
/// As [`create`], and [`OutputError::Link`].
pub fn create_below(root: &Path, path: &str, text: &str) -> Result<(), OutputError> {
    links::refuse(root, &[path])?;
    create(&root.join(path), text)
}

/// Writes a file that a person named on purpose, in place of what is there. It has reached the disk when this returns.
///
/// # Errors
/// Where the system refuses; then the old file is still there.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    let staged = Staged::write(path, bytes, Durability::Lasting)?;
    if let Ok(old) = fs::metadata(path) {
        // Who may read and run it is not for us to change.
        fs::set_permissions(&staged.path, old.permissions()).map_err(OutputError::io("write", path))?;
    }
    staged.rename(path)
}

/// Removes the files below a folder that runs left which were killed while they wrote. No other run may write there.
///
/// # Errors
/// Where a file cannot be removed. What cannot be listed is passed over: nobody wrote there.
pub fn sweep(folder: &Path) -> Result<(), OutputError> {
    let files = WalkDir::new(folder).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    for entry in files.filter(|entry| entry.file_name().to_str().is_some_and(is_staged)) {
        fs::remove_file(entry.path()).map_err(OutputError::io("remove", entry.path()))?;
    }
    Ok(())
}

/// Replaces a file at a path below a folder, through no link.
///
/// # Errors
/// As [`replace`], and [`OutputError::Link`].
pub fn replace_below(root: &Path, path: &str, bytes: &[u8]) -> Result<(), OutputError> {
    links::refuse(root, &[path])?;
    replace(&root.join(path), bytes)
}

pub(super) fn put(path: &Path, bytes: &[u8], durability: Durability) -> Result<(), OutputError> {
    Staged::write(path, bytes, durability)?.rename(path)
}

/// Returns whether a file name is one that a file has until it is renamed.
pub(super) fn is_staged(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX).unwrap_or("");
    random.len() == RANDOM && random.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

const PREFIX: &str = ".eventc-new-";

/// The number of random digits in a name.
const RANDOM: usize = 16;

/// The number of names that are tried; that one of 64 random bits is taken is no chance.
const ATTEMPTS: usize = 8;

/// A file beside its place, not yet renamed; removed where that does not come to pass.
struct Staged {
    path: PathBuf,
    durability: Durability,
    renamed: bool,
}

impl Staged {
    fn write(path: &Path, bytes: &[u8], durability: Durability) -> Result<Self, OutputError> {
        let (mut file, own) = Self::open(path).map_err(OutputError::io("write", path))?;
        let staged = Self { path: own, durability, renamed: false };
        file.write_all(bytes).map_err(OutputError::io("write", path))?;
        if durability == Durability::Lasting {
            file.sync_all().map_err(OutputError::io("write", path))?;
        }
        Ok(staged)
    }

    /// Makes a file under a name that nobody can guess, and that nobody has: what stands there already, a link too, is never opened.
    fn open(path: &Path) -> io::Result<(File, PathBuf)> {
        let mut attempts = 0;
        loop {
            // Its keys are the system's random numbers.
            let random = RandomState::new().hash_one(attempts);
            let own = path.with_file_name(format!("{PREFIX}{random:016x}"));
            attempts += 1;
            match File::create_new(&own) {
                Ok(file) => return Ok((file, own)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempts < ATTEMPTS => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn rename(mut self, path: &Path) -> Result<(), OutputError> {
        fs::rename(&self.path, path).map_err(OutputError::io("write", path))?;
        self.renamed = true;
        if self.durability == Durability::Lasting { sync_folder(folder_of(path)) } else { Ok(()) }
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

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a folder and those above it, and has their names reach the disk.
fn make_lasting_folder(folder: &Path) -> Result<(), OutputError> {
    let new: Vec<_> = folder.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists()).collect();
    fs::create_dir_all(folder).map_err(OutputError::io("create the folder", folder))?;
    new.into_iter().rev().try_for_each(|folder| sync_folder(folder_of(folder)))
}

/// Has the names in a folder reach the disk, where the system opens folders at all.
fn sync_folder(folder: &Path) -> Result<(), OutputError> {
    let Ok(open) = File::open(folder) else { return Ok(()) };
    match open.sync_all() {
        // Some file systems keep names in order by themselves, and say so like this.
        Err(error)
            if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied) =>
        {
            Ok(())
        }
        result => result.map_err(OutputError::io("write", folder)),
    }
}
