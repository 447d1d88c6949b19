//! The findings about a project, once everything that finds something was asked.

use std::ops::Deref;

use eventc_model::{
    config::Config,
    diagnostic::{self, Diagnostic, Level},
};

/// Everything that is wrong with a project: what reading found and what the rules found, without what contracts accept. Sorted.
///
/// [`Project::lint`](super::Project::lint) makes it, so whoever has it knows the whole answer.
#[derive(Debug, Clone, Default)]
pub struct Findings(Vec<Diagnostic>);

impl Findings {
    /// Gives findings the levels of a configuration, and their order.
    pub(super) fn normalise(config: &Config, findings: Vec<Diagnostic>) -> Self {
        let mut findings = config.leveled(findings);
        diagnostic::sort(&mut findings);
        Self(findings)
    }

    /// Returns whether a finding stops generation and fails a check.
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// Returns those that stop generation and fail a check.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter().filter(|finding| finding.level == Level::Error)
    }

    /// Returns the findings alone.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }
}

/// Findings that somebody else gathered and vouches for.
impl From<Vec<Diagnostic>> for Findings {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self(findings)
    }
}

impl Deref for Findings {
    type Target = [Diagnostic];

    fn deref(&self) -> &[Diagnostic] {
        &self.0
    }
}
