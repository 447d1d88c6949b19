//! A memo of the last run of a command over a large tree, its request and its result, so that the next one with nothing changed only has to
//! compare.
//!
//! It is kept in a cache folder, never among the output, and is trusted only where it was asked exactly the same (the key holds every
//! input and the program itself) and every file of the output is what that run made.

use std::{
    fs,
    path::{Path, PathBuf, absolute},
};

use eventc_model::pool;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    MANIFEST, OutputError,
    manifest::{self, Manifest},
    staged::{self, Durability},
};

/// A place in a cache folder for the runs into one output folder.
#[derive(Debug)]
pub struct Memo {
    file: PathBuf,
    out: PathBuf,
    key: String,
}

/// A command whose last run is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemoOf {
    /// It fills the folder.
    Generate,
    /// It looks at the folder, and at everything else.
    Check,
}

impl MemoOf {
    /// Returns the ending of the memo's file.
    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Generate => "json",
            Self::Check => "check",
        }
    }
}

/// The content of the memo's file, below a line with its digest.
#[derive(Debug, Serialize, Deserialize)]
struct RecordedRun {
    key: String,
    /// The folders below the output folder, each with the digest of its manifest.
    folders: Vec<(String, String)>,
    said: String,
}

impl Memo {
    /// Creates the memory of a command's runs for `out`; the key is everything that decides what a run makes and says. `None` where the
    /// system does not say where the working folder is.
    pub fn new(cache: &Path, out: &Path, command: MemoOf, key: &[&[u8]]) -> Option<Self> {
        let name = name_of(out)?;
        let mut digest = Sha256::new();
        for part in key {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        Some(Self { file: cache.join(format!("{name}.{}", command.ending())), out: out.to_path_buf(), key: hex(&digest.finalize()) })
    }

    /// Returns what the last run said, where nothing has changed since: neither what it was asked nor a byte of what it made.
    pub fn recall(&self) -> Option<String> {
        let text = fs::read_to_string(&self.file).ok()?;
        let run: RecordedRun = serde_json::from_str(text.split_once('\n').filter(|(digest, run)| *digest == digest_of(run))?.1).ok()?;
        let stands = run.key == self.key && pool::run(|| run.folders.iter().all(|(folder, digest)| self.stands(folder, digest)));
        stands.then_some(run.said)
    }

    fn stands(&self, folder: &str, digest: &str) -> bool {
        let root = self.out.join(folder);
        if manifest_digest(&root).as_deref() != Some(digest) {
            return false;
        }
        let Ok(manifest) = Manifest::read(&root) else { return false };
        let made: Vec<(&String, &u64)> = manifest.made.iter().collect();
        !manifest.unfinished && made.par_iter().all(|(path, hash)| is_file_of(&root.join(path), **hash))
    }

    /// Remembers a run that filled these folders, and what the next one has to say if nothing changes.
    ///
    /// # Errors
    /// Where the cache folder cannot be written. Nothing is lost by that but time.
    pub fn keep(&self, folders: &[&str], said: String) -> Result<(), OutputError> {
        let folders = folders.iter().filter_map(|folder| Some(((*folder).to_owned(), manifest_digest(&self.out.join(folder))?)));
        let run = RecordedRun { key: self.key.clone(), folders: folders.collect(), said };
        let folder = self.file.parent().unwrap_or(Path::new(""));
        fs::create_dir_all(folder).map_err(OutputError::io("create the folder", folder))?;
        let run = serde_json::json!(run).to_string();
        staged::put(&self.file, format!("{}\n{run}", digest_of(&run)).as_bytes(), Durability::MadeAgain)
    }
}

/// Returns the name of what is kept of an output folder.
pub(super) fn name_of(out: &Path) -> Option<String> {
    Some(hex(&Sha256::digest(absolute(out).ok()?.as_os_str().as_encoded_bytes())))
}

pub(super) fn is_file_of(path: &Path, hash: u64) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file()) && fs::read(path).is_ok_and(|bytes| manifest::hash(&bytes) == hash)
}

fn manifest_digest(root: &Path) -> Option<String> {
    Some(hex(&Sha256::digest(fs::read(root.join(MANIFEST)).ok()?)))
}

fn digest_of(text: &str) -> String {
    hex(&Sha256::digest(text))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
