//! Bounds on work, memory and depth, so that hostile input ends in a diagnostic. Every one is stated here, with its default, and is a
//! key of `[limits]` in eventc.toml.

use std::{collections::HashMap, hash::Hash};

use serde::{Deserialize, Serialize};

/// Bounds on what is read, and on what is made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Largest file, in bytes. Default 33554432 (32 MiB).
    pub file_bytes: u64,
    /// Deepest nesting of arrays and objects, with what YAML aliases stand for. Default 1024.
    pub depth: usize,
    /// Most values in one file, with what YAML aliases stand for. Default 1000000.
    pub values: usize,
    /// Most schemas in one file: the root, and every schema inside another. Default 120000.
    pub schemas: usize,
    /// Longest JSON Pointer to a schema, in bytes. Default 16384.
    pub pointer_bytes: usize,
    /// Most judgements of one value by schemas that apply to the same place, each way to a schema counted. Default 100000.
    pub visits: u64,
    /// Most files and folders below the schema root that are reached through links. Default 2000.
    pub links: usize,
    /// Most judgements that the schemas of one file ask for in all, each of one value. Default 5000000.
    pub steps: u64,
    /// Most types of one file. What would be one more is any JSON value, and the contract is not generated. Default 12000.
    pub types: usize,
    /// Most states of the automaton of a pattern that engines may take very long for. Default 1000.
    pub automaton_states: usize,
    /// Most findings of one rule in one file that are told apart; the last of them says how many more there are. Default 1000.
    pub findings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 32 << 20,
            depth: 1024,
            values: 1_000_000,
            schemas: 120_000,
            pointer_bytes: 16 << 10,
            visits: 100_000,
            links: 2000,
            steps: 5_000_000,
            types: 12_000,
            automaton_states: 1000,
            findings: 1000,
        }
    }
}

/// Counts findings, of which each kind has so many that are told; the others are only counted.
#[derive(Debug, Clone)]
pub struct Tally<K> {
    most: usize,
    counts: HashMap<K, usize>,
}

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Self { most: usize::MAX, counts: HashMap::new() }
    }
}

impl<K: Copy + Eq + Hash> Tally<K> {
    /// Returns a tally with nothing in it.
    pub fn new(most: usize) -> Self {
        Self { most, counts: HashMap::new() }
    }

    /// Counts findings of a kind; returns whether the last of them is told.
    pub fn count(&mut self, kind: K, findings: usize) -> bool {
        let count = self.counts.entry(kind).or_default();
        *count += findings;
        *count <= self.most
    }

    /// Returns whether one more finding of a kind would be told.
    pub fn has_room(&self, kind: K) -> bool {
        self.counts.get(&kind).is_none_or(|count| *count < self.most)
    }

    /// Returns an empty tally with the same bound, whose findings another thread counts.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self { most: self.most, counts: HashMap::new() }
    }

    /// Adds what another tally does not tell.
    pub fn add_untold(&mut self, other: &Self) {
        for kind in other.counts.keys() {
            *self.counts.entry(*kind).or_default() += other.untold(*kind);
        }
    }

    /// Returns the kinds of which there are some that are not told, each with their number.
    pub fn all_untold(&self) -> impl Iterator<Item = (K, usize)> {
        self.counts.keys().map(|kind| (*kind, self.untold(*kind))).filter(|(_, untold)| *untold > 0)
    }

    /// Returns how many findings of a kind are not told.
    pub fn untold(&self, kind: K) -> usize {
        self.counts.get(&kind).map_or(0, |count| count.saturating_sub(self.most))
    }

    /// Has the last of the findings of each kind say how many more there are.
    pub fn sum_up<'a, D: 'a>(
        &self,
        findings: impl DoubleEndedIterator<Item = &'a mut D>,
        kind: impl Fn(&D) -> K,
        message: impl Fn(&mut D) -> &mut String,
    ) {
        sum_up(self.all_untold().collect(), findings, kind, message);
    }
}

/// Has the last of the findings of each kind say how many more there are.
pub(crate) fn sum_up<'a, D: 'a, K: Eq + Hash>(
    mut untold: HashMap<K, usize>,
    findings: impl DoubleEndedIterator<Item = &'a mut D>,
    kind: impl Fn(&D) -> K,
    message: impl Fn(&mut D) -> &mut String,
) {
    if untold.is_empty() {
        return;
    }
    for finding in findings.rev() {
        if let Some(untold) = untold.remove(&kind(finding)) {
            message(finding).push_str(&format!(" (and {untold} more)"));
        }
    }
}
