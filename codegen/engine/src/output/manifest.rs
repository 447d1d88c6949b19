//! The list of files that eventc made in an output folder.

use std::{collections::BTreeMap, fs, io, path::Path};

use eventc_model::GeneratedFile;
use rayon::prelude::*;

use super::OutputError;

/// Its file name.
pub const NAME: &str = ".eventc-manifest";

const FINISHED: &str = "# Made by eventc: the files in this folder that it may overwrite and remove, each after its hash.";
const UNFINISHED: &str = "# Made by eventc, in a run that did not end.";

#[derive(Debug, Default, Clone)]
pub(super) struct Manifest {
    /// Hashes by path.
    pub(super) made: BTreeMap<String, u64>,
    /// Whether the run that wrote it was stopped.
    pub(super) unfinished: bool,
    /// Whether there is one.
    pub(super) exists: bool,
    text: Option<String>,
}

impl Manifest {
    pub(super) fn of(files: &[GeneratedFile]) -> Self {
        let made = files.par_iter().map(|file| (file.path.clone(), hash(file.text.as_bytes()))).collect::<Vec<_>>();
        Self { made: made.into_iter().collect(), ..Self::default() }
    }

    pub(super) fn read(root: &Path) -> Result<Self, OutputError> {
        let path = root.join(NAME);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Self::parse(text)),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Self::default()),
            Err(error) => Err(OutputError::io("read", &path)(error)),
        }
    }

    /// Lines that are no entries (marks of a merge conflict, say) are passed over, and so are paths that leave the folder.
    fn parse(text: String) -> Self {
        let entry = |line: &str| {
            let (hash, path) = line.split_once(' ')?;
            let hash = (hash.len() == 16).then(|| u64::from_str_radix(hash, 16).ok())??;
            is_below(path).then(|| (path.to_owned(), hash))
        };
        let unfinished = text.lines().next() == Some(UNFINISHED);
        Self { made: text.lines().filter_map(entry).collect(), unfinished, exists: true, text: Some(text) }
    }

    /// Whether the file on disk is, byte for byte, what `wanted` would write.
    pub(super) fn is(&self, wanted: &Self) -> bool {
        self.text.as_deref() == Some(&wanted.to_text())
    }

    /// What is made already and what is about to be.
    pub(super) fn claiming(&self, next: &Self) -> Self {
        let mut made = next.made.clone();
        made.extend(self.made.iter().map(|(path, hash)| (path.clone(), *hash)));
        Self { made, unfinished: true, ..Self::default() }
    }

    pub(super) fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.made.len() * 64);
        text.push_str(if self.unfinished { UNFINISHED } else { FINISHED });
        text.push('\n');
        for (path, hash) in &self.made {
            text.push_str(&format!("{hash:016x} {path}\n"));
        }
        text
    }
}

/// Whether a path stays in its folder: parts with `/` between them, none of them empty, `.` or `..`.
pub(super) fn is_below(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0', '\n', '\r']))
}

/// FNV-1a over words of eight bytes: it tells edits apart, it keeps no secrets.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let step = |hash: u64, word: u64| (hash ^ word).wrapping_mul(PRIME).rotate_left(23);
    let mut words = bytes.chunks_exact(8);
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ bytes.len() as u64;
    for word in &mut words {
        hash = step(hash, word.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
    }
    hash = words.remainder().iter().fold(hash, |hash, byte| step(hash, u64::from(*byte)));
    step(hash, 0)
}
