//! Links below a folder, through which nothing is written or removed: they lead to what eventc did not make.

use std::{collections::BTreeSet, fs, path::Path};

use rayon::prelude::*;

use super::OutputError;

/// Refuses links at these paths below a folder, and on the way to them.
pub(super) fn refuse(root: &Path, paths: &[&str]) -> Result<(), OutputError> {
    let mut places = BTreeSet::new();
    for path in paths {
        places.extend(upwards(path));
    }
    let found = places.into_par_iter().filter(|place| is_link(&root.join(place))).map(|place| root.join(place));
    let paths: Vec<_> = found.collect();
    if paths.is_empty() { Ok(()) } else { Err(OutputError::Link { paths }) }
}

/// Returns whether a path below a folder is a link, or leads through one.
pub(super) fn leads_through(root: &Path, path: &str) -> bool {
    upwards(path).any(|place| is_link(&root.join(place)))
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
}

/// Yields a path and the folders above it, the nearest first.
fn upwards(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(folder, _)| folder)).filter(|path| !path.is_empty())
}
