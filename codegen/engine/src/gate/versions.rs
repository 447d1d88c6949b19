//! The earlier versions of a contract, and what the step from one version to the next says.

use std::borrow::Cow;

use eventc_model::{
    catalog::{Catalog, Contract},
    metadata::{Metadata, Stability},
    schema::{FileId, NodeId, Schemas},
    source::{SourceFile, SourceFormat, Tree},
};
use semver::Version;
use serde_json::Value;

use super::Gate;
use crate::{
    bundle::bundle,
    compat::{Bump, Side},
    history::{self, Release},
};

/// An earlier version of a contract.
pub(super) struct PriorVersion<'a> {
    /// Its name: `1.2.0`, or that of the baseline.
    pub(super) label: String,
    /// The same, in a few words more.
    pub(super) detail: String,
    /// Its version.
    pub(super) version: Version,
    /// Its metadata at the time.
    pub(super) metadata: Metadata,
    /// Its bundled schema.
    pub(super) schema: Cow<'a, Value>,
    /// The release; none where it is the contract of a baseline.
    pub(super) release: Option<&'a Release>,
    tree: Option<(&'a Catalog, &'a Contract)>,
}

/// The tree of a release, which holds one file.
pub(super) enum Loaded<'a> {
    Alone(Box<Schemas>, NodeId),
    Tree(&'a Schemas, NodeId),
}

impl Loaded<'_> {
    pub(super) fn side(&self) -> Side<'_> {
        match self {
            Self::Alone(schemas, root) => Side { schemas, root: *root },
            Self::Tree(schemas, root) => Side { schemas, root: *root },
        }
    }
}

impl<'a> PriorVersion<'a> {
    fn of_release(release: &'a Release) -> Self {
        Self {
            label: release.version.to_string(),
            detail: format!("{} as it was released on {}", release.version, release.date),
            version: release.version.clone(),
            metadata: Metadata::of_bundle(&release.schema),
            schema: Cow::Borrowed(&release.schema),
            release: Some(release),
            tree: None,
        }
    }

    fn of_baseline(name: &str, catalog: &'a Catalog, contract: &'a Contract) -> Self {
        Self {
            label: name.to_owned(),
            detail: format!("{} in {name}", contract.version),
            version: contract.version.clone(),
            metadata: contract.metadata.clone(),
            schema: Cow::Owned(bundle(&catalog.schemas, contract.root)),
            release: None,
            tree: Some((catalog, contract)),
        }
    }

    /// Returns whether readers could rely on it.
    pub(super) fn is_stable(&self) -> bool {
        self.metadata.stability == Stability::Stable
    }

    /// Its schema with places: those of the release's file, or of the baseline's tree. `None` where it can no longer be read.
    pub(super) fn load(&self) -> Option<Loaded<'a>> {
        if let Some((catalog, contract)) = self.tree {
            return Some(Loaded::Tree(&catalog.schemas, contract.root));
        }
        let release = self.release?;
        let file = SourceFile::of_text(&release.file, SourceFormat::Json, release.text.clone());
        let tree = Tree { files: vec![file], ..Tree::default() };
        let (schemas, _) = Schemas::load(tree);
        let root = schemas.files.first().and_then(|_| schemas.root(FileId(0)))?;
        Some(Loaded::Alone(Box::new(schemas), root))
    }
}

/// Returns the releases of a contract's major, oldest first, then the contract as the baseline has it if that is another.
pub(super) fn of<'a>(gate: &Gate<'a>, contract: &Contract) -> Vec<PriorVersion<'a>> {
    let catalog = &gate.project.catalog;
    let mut versions: Vec<_> = gate.project.history.of_major(catalog, contract).map(PriorVersion::of_release).collect();
    if let Some(earlier) = gate.against.filter(|_| gate.changed.contains(&contract.file)) {
        let key = history::key(catalog, contract);
        let found = gate.in_baseline.get(&(key, contract.major)).map(|index| &earlier.catalog.contracts[*index]);
        versions.extend(found.map(|found| PriorVersion::of_baseline(&earlier.name, &earlier.catalog, found)));
    }
    versions
}

/// Returns the step from an earlier version to a later one; `None` where it is not above it.
pub(super) fn step(from: &Version, to: &Version) -> Option<Bump> {
    if to <= from {
        return None;
    }
    Some(if to.major > from.major {
        Bump::Major
    } else if to.minor > from.minor {
        Bump::Minor
    } else {
        Bump::Patch
    })
}

/// Returns the next version after one.
///
/// ```
/// use eventc_codegen::{compat::Bump, gate::next_version};
///
/// let version = semver::Version::new(1, 2, 3);
/// assert_eq!(next_version(&version, Bump::Minor).to_string(), "1.3.0");
/// ```
pub fn next_version(from: &Version, bump: Bump) -> Version {
    match bump {
        Bump::None => from.clone(),
        // A pre-release comes before the version that it names.
        Bump::Patch if !from.pre.is_empty() => Version::new(from.major, from.minor, from.patch),
        Bump::Patch => Version::new(from.major, from.minor, from.patch + 1),
        Bump::Minor => Version::new(from.major, from.minor + 1, 0),
        Bump::Major => Version::new(from.major + 1, 0, 0),
    }
}

/// Returns the word for a step.
pub(super) fn word(bump: Bump) -> &'static str {
    match bump {
        Bump::None => "none",
        Bump::Patch => "patch",
        Bump::Minor => "minor",
        Bump::Major => "major",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_told_apart() {
        let version = |text: &str| Version::parse(text).expect("a version");
        for (from, to, bump) in [
            ("1.0.0", "1.0.1", Some(Bump::Patch)),
            ("1.0.9", "1.1.0", Some(Bump::Minor)),
            ("1.9.9", "2.0.0", Some(Bump::Major)),
            ("1.1.0", "1.0.9", None),
            ("1.0.0", "1.0.0", None),
            ("1.1.0-rc.1", "1.1.0", Some(Bump::Patch)),
        ] {
            assert_eq!(step(&version(from), &version(to)), bump, "{from} {to}");
        }
        assert_eq!(next_version(&version("1.1.0-rc.1"), Bump::Patch), version("1.1.0"));
    }
}
