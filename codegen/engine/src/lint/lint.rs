//! A rule with its check, and when it runs.

use eventc_model::diagnostic::{Level, Rule};

use super::{LintContext, RuleReport};

/// A rule with its check.
#[derive(Debug)]
pub struct Lint {
    /// The rule.
    pub rule: &'static Rule,
    /// Its level in a tree that has no conventions, such as somebody else's folder of schemas.
    pub elsewhere: Level,
    /// The phase: it looks at schemas, or at what became of the findings of others.
    pub phase: Phase,
    /// Finds what is wrong.
    pub check: fn(&LintContext<'_>, &mut RuleReport),
}

/// The time at which a rule runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// First: it looks at schemas and configuration.
    Schemas,
    /// With those, and only where the day is known.
    Dated,
    /// After findings were accepted: it looks at what accepted them. Its own cannot be accepted.
    Findings,
}
