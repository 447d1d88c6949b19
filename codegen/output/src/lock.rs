//! The right to write in a folder, which one process has at a time.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::Path,
};

use super::{OutputError, links};

/// The file that is locked where the system locks no folders. It stays, and means nothing by itself.
const FILE: &str = ".eventc-lock";

/// The right to write in a folder, until it is dropped. It is the operating system's: a process that is killed has it no longer.
#[derive(Debug)]
pub struct FolderLock {
    _held: File,
}

impl FolderLock {
    /// Takes the lock of a folder, which is made where it does not exist. Where another process has it, calls `waits` once, then waits.
    ///
    /// # Errors
    /// Where the folder cannot be made or locked.
    pub fn take(folder: &Path, waits: impl FnOnce()) -> Result<Self, OutputError> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        fs::create_dir_all(folder).map_err(OutputError::io("create the folder", folder))?;
        let (file, taken) = match File::open(folder).and_then(attempt) {
            Ok(found) => found,
            // Windows locks no folder, and neither do some network file systems.
            Err(_) => lock_file(folder)?,
        };
        if !taken {
            waits();
            file.lock().map_err(OutputError::io("lock", folder))?;
        }
        Ok(Self { _held: file })
    }
}

fn lock_file(folder: &Path) -> Result<(File, bool), OutputError> {
    links::refuse(folder, &[FILE])?;
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(folder.join(FILE));
    file.and_then(attempt).map_err(OutputError::io("lock", folder))
}

/// Returns whether the lock was free, and is taken now.
fn attempt(file: File) -> io::Result<(File, bool)> {
    match file.try_lock() {
        Ok(()) => Ok((file, true)),
        Err(TryLockError::WouldBlock) => Ok((file, false)),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
