//! A set of rules, and how people call them. Knows none of them, so that lint may be given the rules of all others.

use std::ops::Deref;

use eventc_model::{diagnostic::Rule, names::suggest};

/// Rules, in the order of their codes.
#[derive(Debug, Clone)]
pub struct RuleSet(Vec<&'static Rule>);

impl RuleSet {
    /// Creates a set, which orders the rules.
    pub fn new(rules: impl IntoIterator<Item = &'static Rule>) -> Self {
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_by_key(|rule| rule.code);
        Self(rules)
    }

    /// Returns the rule of a code, in any case, or a name.
    pub fn find(&self, code_or_name: &str) -> Option<&'static Rule> {
        self.0.iter().copied().find(|rule| rule.is_called(code_or_name))
    }

    /// Returns advice on what to write in place of a code or name that no rule has.
    pub fn suggestion(&self, wrong: &str) -> String {
        suggest(wrong, self.0.iter().flat_map(|rule| [rule.code, rule.name]))
    }
}

impl Deref for RuleSet {
    type Target = [&'static Rule];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
