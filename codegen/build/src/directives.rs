//! Directives of a build for Cargo: lines that it reads from a build script (The Cargo Book, "Outputs of the Build Script").

use std::{
    collections::BTreeSet,
    error::Error,
    fmt,
    path::{Path, PathBuf},
};

use eventc_model::diagnostic::Diagnostic;

/// A problem, in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildProblem(String);

impl BuildProblem {
    /// Returns a finding: its place, its code, what is wrong and what to do.
    pub fn found(finding: &Diagnostic) -> Self {
        let help = finding.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        let Diagnostic { place, level, rule, message, .. } = finding;
        Self::plain(&format!("{place}: {level}[{}]: {message}{help}", rule.code))
    }

    /// Returns a text of its own.
    pub fn plain(text: &str) -> Self {
        Self(text.replace(|c: char| c.is_control(), " "))
    }
}

impl fmt::Display for BuildProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A build that worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// The number of files that there are now.
    pub files: usize,
    /// Problems that should be mended.
    pub warnings: Vec<BuildProblem>,
    /// Every file that was read and every folder that was listed.
    pub watched: BTreeSet<PathBuf>,
}

impl Built {
    /// Returns the lines for Cargo.
    pub fn directives(&self) -> String {
        lines(&self.watched, "warning", &self.warnings)
    }
}

/// A build that did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildFailure {
    /// Everything that is wrong; at least one problem.
    pub problems: Vec<BuildProblem>,
    /// Every file and folder that was looked at: when one of them changes, the build is worth another try.
    pub watched: BTreeSet<PathBuf>,
}

impl BuildFailure {
    pub(crate) fn of(problem: &str) -> Self {
        Self { problems: vec![BuildProblem::plain(problem)], watched: BTreeSet::new() }
    }

    /// Returns the lines for Cargo.
    pub fn directives(&self) -> String {
        lines(&self.watched, "error", &self.problems)
    }
}

/// A line for each problem.
impl fmt::Display for BuildFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<&str> = self.problems.iter().map(|problem| problem.0.as_str()).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl Error for BuildFailure {}

fn lines(watched: &BTreeSet<PathBuf>, kind: &str, problems: &[BuildProblem]) -> String {
    // Of a path that would be several lines, Cargo watches the folder.
    let in_a_line = |path: &&Path| !path.to_string_lossy().contains(char::is_control);
    let watched: BTreeSet<_> = watched.iter().filter_map(|path| path.ancestors().find(in_a_line)).collect();
    let watched = watched.into_iter().map(|path| format!("cargo::rerun-if-changed={}\n", path.display()));
    watched.chain(problems.iter().map(|problem| format!("cargo::{kind}={problem}\n"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_a_file_is_a_directive() {
        let watched = ["schemas/a.json", "schemas/b\ncargo::rustc-env=X=Y.json"].map(PathBuf::from).into();
        let built = Built { files: 0, warnings: vec![BuildProblem::plain("c\ncargo::rustc-env=X=Y")], watched };
        let expected = "cargo::rerun-if-changed=schemas\ncargo::rerun-if-changed=schemas/a.json\ncargo::warning=c cargo::rustc-env=X=Y\n";
        assert_eq!(built.directives(), expected);
    }
}
