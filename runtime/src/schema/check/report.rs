//! Reports of a check that finds something wrong: it stops, or notes it down in words.

use std::{fmt::Write as _, mem};

use serde_json::Value;

use super::{CheckContext, check};
use crate::{
    Violation,
    schema::{
        plan::{PlanNode, PlanNodeId},
        wording::found,
    },
};

/// So many violations of one value are told; the generated packages of other languages stop there too.
const MAX_VIOLATIONS: usize = 1000;

/// A report of what a check finds.
pub(in crate::schema) trait ViolationReport {
    /// Whether to go on after the first violation.
    const ALL: bool;

    /// Goes to a property.
    fn enter_property(&mut self, name: &str) -> usize;

    /// Goes to an item.
    fn enter_item(&mut self, index: usize) -> usize;

    /// Goes back from a property or item.
    fn leave(&mut self, mark: usize);

    /// Sets whether, from here on, the name of the property is judged and not its value.
    fn judge_name(&mut self, on: bool);

    /// Goes to the plan of that name; gives back the name of the one before.
    fn enter_plan(&mut self, name: &'static str) -> &'static str;

    /// Withholds the value at hand, which must not be shown.
    fn withhold(&mut self);

    /// Reports that `value` breaks a keyword of `node`.
    fn broken(&mut self, node: &PlanNode, keyword: &'static str, value: &Value, sentence: impl FnOnce() -> String);

    /// Explains why `value` fits none of the alternatives, or several.
    fn explain(&mut self, alternatives: &'static [PlanNodeId], value: &Value, context: CheckContext<'_>);
}

/// A report that takes no notice.
pub(in crate::schema) struct Quiet;

impl ViolationReport for Quiet {
    const ALL: bool = false;

    fn enter_property(&mut self, _: &str) -> usize {
        0
    }

    fn enter_item(&mut self, _: usize) -> usize {
        0
    }

    fn leave(&mut self, _: usize) {}

    fn judge_name(&mut self, _: bool) {}

    fn enter_plan(&mut self, _: &'static str) -> &'static str {
        ""
    }

    fn withhold(&mut self) {}

    fn broken(&mut self, _: &PlanNode, _: &'static str, _: &Value, _: impl FnOnce() -> String) {}

    fn explain(&mut self, _: &'static [PlanNodeId], _: &Value, _: CheckContext<'_>) {}
}

/// Notes everything down.
#[derive(Default)]
pub(in crate::schema) struct Collector {
    notes: Vec<Note>,
    pointer: String,
    plan: &'static str,
    of_name: bool,
    /// Pointers to values that must not be shown.
    withheld: Vec<String>,
}

struct Note {
    pointer: String,
    keyword: &'static str,
    schema: String,
    found: String,
    of_name: bool,
    sentence: String,
}

impl Collector {
    /// Returns the violations. Whatever is sensitive is withheld, also where another keyword than the one that says so found
    /// it wrong.
    pub(in crate::schema) fn finish(self) -> Vec<Violation> {
        let withheld = self.withheld;
        let is_withheld = |pointer: &str| {
            let below = |rest: &str| rest.is_empty() || rest.starts_with('/');
            withheld.iter().any(|prefix| pointer.strip_prefix(prefix.as_str()).is_some_and(below))
        };
        self.notes.into_iter().map(|note| if is_withheld(&note.pointer) { note.discreet() } else { note.open() }).collect()
    }

    /// Returns a collector that stands at the same place.
    fn fork(&self) -> Self {
        Self { pointer: self.pointer.clone(), plan: self.plan, of_name: self.of_name, ..Self::default() }
    }

    /// Returns whether notes say that a value was meant to be something else altogether: its type, or a value that tells its kind.
    fn is_of_another_kind(&self, notes: &[Note]) -> bool {
        notes.iter().any(|note| match note.keyword {
            "type" => note.pointer == self.pointer,
            "const" | "enum" => note.pointer.strip_prefix(self.pointer.as_str()).is_some_and(|below| below.matches('/').count() <= 1),
            _ => false,
        })
    }
}

impl Note {
    fn open(self) -> Violation {
        let found = self.found.clone();
        self.violation(found)
    }

    fn discreet(self) -> Violation {
        if self.of_name {
            return self.open();
        }
        self.violation("(withheld)".to_owned())
    }

    fn violation(self, found: String) -> Violation {
        let message = if self.of_name { format!("the name {}", self.sentence) } else { self.sentence };
        Violation { pointer: self.pointer, keyword: self.keyword, schema: self.schema, found, message }
    }
}

impl ViolationReport for Collector {
    const ALL: bool = true;

    fn enter_property(&mut self, name: &str) -> usize {
        let mark = self.pointer.len();
        self.pointer.push('/');
        for c in name.chars() {
            match c {
                '~' => self.pointer.push_str("~0"),
                '/' => self.pointer.push_str("~1"),
                c => self.pointer.push(c),
            }
        }
        mark
    }

    fn enter_item(&mut self, index: usize) -> usize {
        let mark = self.pointer.len();
        // Writing into a `String` cannot fail.
        let _ = write!(self.pointer, "/{index}");
        mark
    }

    fn leave(&mut self, mark: usize) {
        self.pointer.truncate(mark);
    }

    fn judge_name(&mut self, on: bool) {
        self.of_name = on;
    }

    fn enter_plan(&mut self, name: &'static str) -> &'static str {
        mem::replace(&mut self.plan, name)
    }

    fn withhold(&mut self) {
        self.withheld.push(self.pointer.clone());
    }

    fn broken(&mut self, node: &PlanNode, keyword: &'static str, value: &Value, sentence: impl FnOnce() -> String) {
        if self.notes.len() >= MAX_VIOLATIONS {
            return;
        }
        let schema =
            if node.never.is_some() { format!("{}#{}", self.plan, node.place) } else { format!("{}#{}/{keyword}", self.plan, node.place) };
        self.notes.push(Note {
            pointer: self.pointer.clone(),
            keyword,
            schema,
            found: found(value),
            of_name: self.of_name,
            sentence: sentence(),
        });
    }

    /// Notes what is wrong under the alternative that was meant, if only one can be meant.
    fn explain(&mut self, alternatives: &'static [PlanNodeId], value: &Value, context: CheckContext<'_>) {
        let mut meant = Vec::new();
        for node in alternatives {
            let mut fork = self.fork();
            check(*node, value, context, None, &mut fork);
            self.withheld.append(&mut fork.withheld);
            if !self.is_of_another_kind(&fork.notes) {
                meant.push(fork.notes);
            }
        }
        if let [notes] = &mut meant[..] {
            self.notes.append(notes);
            self.notes.truncate(MAX_VIOLATIONS);
        }
    }
}
