//! Arrays: how many items there are, and what each holds.
//!
//! Items behind all indexes that a schema mentions are alike. A length is tried after the other, up to one where every further
//! item would only repeat what another does.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Satisfiability, Solver, count::Count, give_up};
use crate::{
    formula::{Atom, Lit, Unsupported},
    text::ValueKey,
};

/// The maximum number of items of an array that is built.
const MAX_ITEMS: u64 = 2_000;

#[derive(Debug, Default)]
struct ArrayDemands {
    count: Count,
    /// The item at an index.
    at: Vec<(u64, Lit)>,
    /// Every item from an index on.
    from: Vec<(u64, Lit)>,
    /// Some item from an index on.
    some: Vec<(u64, Lit)>,
    /// Bounds on the number of items that satisfy a formula.
    counts: Vec<(Lit, u64, Option<u64>)>,
    unique: bool,
    repeated: bool,
}

/// Returns an array that satisfies the atoms.
pub(super) fn solve(solver: &mut Solver<'_>, atoms: &[(bool, Atom)]) -> Satisfiability {
    let mut demands = ArrayDemands::default();
    for (positive, atom) in atoms {
        demands.add(atom, *positive);
    }
    if demands.count.is_empty() || (demands.unique && demands.repeated) {
        return Satisfiability::Empty;
    }
    let longest = demands.enough();
    if longest > MAX_ITEMS {
        return give_up("arrays would be longer than any that is written out");
    }
    let mut unsupported = BTreeSet::new();
    for length in demands.count.min..=demands.count.max.map_or(longest, |max| max.min(longest)) {
        let mut search = ArraySearch { solver, demands: &demands, length, unsupported: BTreeSet::new(), pair: None };
        if let Some(items) = search.run() {
            return Satisfiability::Value(Value::Array(items));
        }
        unsupported.append(&mut search.unsupported);
    }
    if unsupported.is_empty() { Satisfiability::Empty } else { Satisfiability::Unknown(unsupported) }
}

impl ArrayDemands {
    fn add(&mut self, atom: &Atom, positive: bool) {
        match atom {
            Atom::MinItems(count) => self.count.at_least(*count, positive),
            Atom::MaxItems(count) => self.count.at_most(*count, positive),
            Atom::Item(index, lit) if positive => self.at.push((*index, *lit)),
            Atom::Item(index, lit) => {
                self.count.at_least(index.saturating_add(1), true);
                self.at.push((*index, lit.not()));
            }
            Atom::Items(from, lit) if positive => self.from.push((*from, *lit)),
            Atom::Items(from, lit) => self.some.push((*from, lit.not())),
            Atom::Contains { item, min, max } => self.counts.push((*item, *min, *max)),
            Atom::Unique if positive => self.unique = true,
            Atom::Unique => self.repeated = true,
            _ => {}
        }
    }

    /// Returns the first index from which on all items are alike.
    fn alike(&self) -> u64 {
        let indexes = self.at.iter().map(|(index, _)| index + 1);
        indexes.chain(self.from.iter().chain(&self.some).map(|(from, _)| *from)).max().unwrap_or(0)
    }

    /// Returns a length that is enough, if any is: each item that exists for a reason.
    fn enough(&self) -> u64 {
        let counted: u64 = self.counts.iter().fold(0, |sum, (_, min, _)| sum.saturating_add(*min));
        let reasons = (self.some.len() as u64).saturating_add(counted).saturating_add(if self.repeated { 2 } else { 0 });
        self.count.min.max(self.alike().saturating_add(reasons))
    }

    /// Returns the formulas that an item at an index has to satisfy.
    fn every(&self, index: u64) -> Vec<Lit> {
        let at = self.at.iter().filter(|(at, _)| *at == index);
        at.chain(self.from.iter().filter(|(from, _)| *from <= index)).map(|(_, lit)| *lit).collect()
    }
}

struct ArraySearch<'a, 's> {
    solver: &'a mut Solver<'s>,
    demands: &'a ArrayDemands,
    length: u64,
    unsupported: BTreeSet<Unsupported>,
    /// Two indexes that hold the same value.
    pair: Option<(usize, usize)>,
}

/// A partial assignment: the demands that are left, and what was chosen for the items so far.
#[derive(Debug, Clone)]
struct ArrayPlan {
    items: Vec<Vec<Lit>>,
    /// Demands for some item that no item meets yet.
    open: Vec<bool>,
    /// Items that count, for each count.
    counted: Vec<u64>,
    /// The choice for the last item, so that alike items are chosen for in one order only.
    last: Vec<bool>,
}

impl ArraySearch<'_, '_> {
    fn run(&mut self) -> Option<Vec<Value>> {
        if !self.demands.repeated {
            return self.assign(&ArrayPlan::new(self.demands));
        }
        // Behind the indexes that are mentioned, any two items do as well as the first two.
        let alike = usize::try_from(self.demands.alike()).ok()?;
        let length = usize::try_from(self.length).ok()?.min(alike + 2);
        for second in 1..length {
            for first in 0..second {
                self.pair = Some((first, second));
                if let Some(items) = self.assign(&ArrayPlan::new(self.demands)) {
                    return Some(items);
                }
            }
        }
        None
    }

    /// Chooses for the next item which counts it counts for and which open demands it meets.
    fn assign(&mut self, plan: &ArrayPlan) -> Option<Vec<Value>> {
        let index = plan.items.len();
        if index as u64 == self.length {
            return self.finish(plan);
        }
        let left = self.length - index as u64;
        let short = |number: usize| self.demands.counts[number].1.saturating_sub(plan.counted[number]) > left;
        if (0..self.demands.counts.len()).any(short) || !self.solver.spend() {
            if self.solver.steps == 0 {
                self.doubt("the arrays are too intricate");
            }
            return None;
        }
        let choices = self.demands.counts.len() + self.demands.some.len();
        // What meets more comes first.
        for chosen in (0_u32..1 << choices.min(16)).rev() {
            let Some(next) = self.choose(plan, index, chosen) else { continue };
            if let Some(items) = self.assign(&next) {
                return Some(items);
            }
        }
        None
    }

    fn choose(&mut self, plan: &ArrayPlan, index: usize, chosen: u32) -> Option<ArrayPlan> {
        let flags: Vec<bool> = (0..self.demands.counts.len() + self.demands.some.len()).map(|bit| chosen & 1 << bit != 0).collect();
        let alike = index as u64 > self.demands.alike() && self.pair.is_none_or(|(_, second)| index > second + 1);
        if alike && flags > plan.last {
            return None;
        }
        let mut next = plan.clone();
        let mut lits = self.demands.every(index as u64);
        for (number, (item, _, max)) in self.demands.counts.iter().enumerate() {
            if flags[number] {
                next.counted[number] += 1;
                lits.push(*item);
            } else if max.is_some() {
                lits.push(item.not());
            }
            if max.is_some_and(|max| next.counted[number] > max) {
                return None;
            }
        }
        for (number, (from, lit)) in self.demands.some.iter().enumerate() {
            if flags[self.demands.counts.len() + number] {
                if !next.open[number] || (index as u64) < *from {
                    return None;
                }
                next.open[number] = false;
                lits.push(*lit);
            }
        }
        if let Some((first, second)) = self.pair
            && index == second
        {
            lits.extend(&plan.items[first]);
        }
        self.value(&lits)?;
        next.items.push(lits);
        next.last = flags;
        Some(next)
    }

    fn finish(&mut self, plan: &ArrayPlan) -> Option<Vec<Value>> {
        let enough = plan.counted.iter().zip(&self.demands.counts).all(|(counted, (_, min, _))| counted >= min);
        if !enough || plan.open.contains(&true) {
            return None;
        }
        if self.demands.unique {
            return self.distinct(&plan.items);
        }
        let mut items = Vec::with_capacity(plan.items.len());
        for lits in &plan.items {
            items.push(self.value(lits)?);
        }
        if let Some((first, second)) = self.pair {
            items[first] = items[second].clone();
        }
        Some(items)
    }

    fn value(&mut self, lits: &[Lit]) -> Option<Value> {
        match self.solver.solve(lits) {
            Satisfiability::Value(value) => Some(value),
            Satisfiability::Empty => None,
            Satisfiability::Unknown(unsupported) => {
                self.unsupported.extend(unsupported);
                None
            }
        }
    }

    fn doubt(&mut self, reason: &str) {
        self.unsupported.insert(Unsupported { keyword: "contains".into(), pointer: String::new(), reason: reason.into() });
    }

    /// Returns a value for each item, no two equal: each item has as many values to choose from as there are items, or all it
    /// can have.
    fn distinct(&mut self, items: &[Vec<Lit>]) -> Option<Vec<Value>> {
        let mut choices: Vec<Vec<Value>> = Vec::new();
        for lits in items {
            choices.push(self.several(lits, items.len()));
        }
        let mut owner: Vec<(ValueKey, usize, Value)> = Vec::new();
        for item in 0..items.len() {
            let mut visited = BTreeSet::new();
            if !augment(item, &choices, &mut owner, &mut visited) {
                return None;
            }
        }
        owner.sort_by_key(|(_, item, _)| *item);
        Some(owner.into_iter().map(|(.., value)| value).collect())
    }

    fn several(&mut self, lits: &[Lit], count: usize) -> Vec<Value> {
        let mut values: Vec<Value> = Vec::new();
        while values.len() < count {
            let mut keys: Vec<ValueKey> = values.iter().map(ValueKey::of).collect();
            keys.sort();
            let mut lits = lits.to_vec();
            if !keys.is_empty() {
                lits.push(self.solver.store.formulas.atom(Atom::Enum(keys.into())).not());
            }
            match self.value(&lits) {
                Some(value) => values.push(value),
                None => break,
            }
        }
        values
    }
}

impl ArrayPlan {
    fn new(demands: &ArrayDemands) -> Self {
        let flags = demands.counts.len() + demands.some.len();
        Self { items: Vec::new(), open: vec![true; demands.some.len()], counted: vec![0; demands.counts.len()], last: vec![true; flags] }
    }
}

/// Finds a value for one more item, moving others to their other values where that helps.
fn augment(item: usize, choices: &[Vec<Value>], owner: &mut Vec<(ValueKey, usize, Value)>, visited: &mut BTreeSet<ValueKey>) -> bool {
    for value in &choices[item] {
        let key = ValueKey::of(value);
        if !visited.insert(key.clone()) {
            continue;
        }
        let at = owner.iter().position(|(known, ..)| *known == key);
        match at {
            None => {
                owner.push((key, item, value.clone()));
                return true;
            }
            Some(at) => {
                let other = owner[at].1;
                if augment(other, choices, owner, visited) {
                    // The other has moved to a value of its own; this one is free now.
                    owner.retain(|(known, of, _)| !(*known == key && *of == other));
                    owner.push((key, item, value.clone()));
                    return true;
                }
            }
        }
    }
    false
}
