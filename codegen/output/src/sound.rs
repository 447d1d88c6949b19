//! The record of what was found sound in a large tree: what has the same key again need not be judged again.
//!
//! It is kept in a cache folder, as [`PartsRecord`](super::PartsRecord) is, holds keys alone, and is trusted only as a whole.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{
    OutputError,
    memo::name_of,
    staged::{self, Durability},
};

/// The first bytes of the record; another shape has others.
const HEAD: &[u8] = b"eventc sound 1\n";

const DIGEST: usize = 32;

/// The ending of the record's file.
pub(super) const ENDING: &str = "sound";

/// The record of the tree of an output folder.
#[derive(Debug)]
pub struct SoundRecord {
    file: PathBuf,
    keys: HashSet<[u8; DIGEST]>,
}

impl SoundRecord {
    /// Reads the record; an empty one where there is none that can be trusted. `None` where the system does not say where the working
    /// folder is.
    pub fn read(cache: &Path, out: &Path) -> Option<Self> {
        let file = cache.join(format!("{}.{ENDING}", name_of(out)?));
        let keys = fs::read(&file).ok().and_then(|bytes| decode(&bytes)).unwrap_or_default();
        Some(Self { file, keys })
    }

    /// Returns whether what a key stands for was found sound.
    pub fn has(&self, key: &[u8; DIGEST]) -> bool {
        self.keys.contains(key)
    }

    /// Records what is sound now, in place of what was.
    ///
    /// # Errors
    /// Where the cache folder cannot be written. Nothing is lost by that but time.
    pub fn keep(&self, mut keys: Vec<[u8; DIGEST]>) -> Result<(), OutputError> {
        if keys.len() == self.keys.len() && keys.iter().all(|key| self.has(key)) {
            return Ok(());
        }
        keys.sort_unstable();
        let body = keys.as_flattened();
        let bytes = [HEAD, Sha256::digest(body).as_slice(), body].concat();
        let folder = self.file.parent().unwrap_or(Path::new(""));
        fs::create_dir_all(folder).map_err(OutputError::io("create the folder", folder))?;
        staged::put(&self.file, &bytes, Durability::MadeAgain)
    }
}

/// Returns the keys of a record; `None` where it is not, byte for byte, what some run wrote.
fn decode(bytes: &[u8]) -> Option<HashSet<[u8; DIGEST]>> {
    let (digest, body) = bytes.strip_prefix(HEAD)?.split_first_chunk::<DIGEST>()?;
    let (keys, rest) = body.as_chunks::<DIGEST>();
    (Sha256::digest(body).as_slice() == digest && rest.is_empty()).then(|| keys.iter().copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_with_any_other_byte_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let record = || SoundRecord::read(&folder.path().join("cache"), &folder.path().join("out")).expect("a working folder");
        assert!(!record().has(&[1; DIGEST]));
        record().keep(vec![[2; DIGEST], [1; DIGEST]]).expect("a cache");
        assert!(record().has(&[1; DIGEST]) && record().has(&[2; DIGEST]) && !record().has(&[3; DIGEST]));
        let file = record().file;
        let whole = fs::read(&file).expect("a record");
        for at in 0..whole.len() {
            assert_eq!(decode(&whole[..at]), None, "cut at {at}");
            let mut other = whole.clone();
            other[at] ^= 1;
            assert_eq!(decode(&other), None, "changed at {at}");
        }
    }
}
