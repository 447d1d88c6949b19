//! The solver: a value that satisfies several formulas together, or proof that there is none.
//!
//! A *state* is a set of formulas for one place. It is decided type by type: formulas that combine others become clauses, what
//! remains are demands on a type, for which a theory ([`number`], [`string`], [`array`], [`object`]) finds a value or proves that
//! there is none. The theories ask about the parts of a value, which are states again. A state that is asked for while it is
//! being decided has no value of its own yet: a finite value cannot contain itself, so the least solution is the right one.

mod array;
mod branch;
mod count;
mod depths;
mod number;
mod object;
mod rewrite;
mod string;

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde_json::Value;

use self::{
    branch::{Branch, is_decision},
    depths::Depths,
};
use super::{
    formula::{Atom, FormulaNode, JsonType, JsonTypes, Lit, Unsupported},
    lower::Store,
};

/// The answer for a state.
#[derive(Debug, Clone)]
pub(super) enum Satisfiability {
    /// A value that satisfies it.
    Value(Value),
    /// Proof that no value does.
    Empty,
    /// No answer, because of these.
    Unknown(BTreeSet<Unsupported>),
}

/// A decision procedure for states.
#[derive(Debug)]
pub(super) struct Solver<'s> {
    pub(super) store: &'s mut Store,
    known: FxHashMap<Box<[Lit]>, Satisfiability>,
    /// States that are empty if those that are being decided are; in the order in which they were found.
    assumed: Vec<Box<[Lit]>>,
    assumptions: FxHashMap<Box<[Lit]>, Depths>,
    /// States that are being decided, by their depth.
    open: FxHashMap<Box<[Lit]>, usize>,
    /// The depths of the open states that the present one depends on.
    depends_on: Depths,
    /// The number of steps that are left.
    steps: u64,
}

/// The maximum depth of places that are looked at.
const MAX_DEPTH: usize = 2_000;

impl<'s> Solver<'s> {
    pub(super) fn new(store: &'s mut Store, steps: u64) -> Self {
        Self {
            store,
            known: FxHashMap::default(),
            assumed: Vec::new(),
            assumptions: FxHashMap::default(),
            open: FxHashMap::default(),
            depends_on: Depths::default(),
            steps,
        }
    }

    /// Returns a value that satisfies all formulas.
    pub(super) fn solve(&mut self, lits: &[Lit]) -> Satisfiability {
        let Some(state) = self.state(lits) else { return Satisfiability::Empty };
        if let Some(answer) = self.known.get(&state) {
            return answer.clone();
        }
        if let Some(depth) = self.open.get(&state) {
            self.depends_on.add(*depth);
            return Satisfiability::Empty;
        }
        if let Some(depends_on) = self.assumptions.get(&state) {
            self.depends_on.merge(depends_on);
            return Satisfiability::Empty;
        }
        if self.open.len() > MAX_DEPTH {
            return give_up("the schemas nest too deep to compare within the bounds of this tool");
        }
        if !self.spend() {
            return give_up("the schemas are too intricate to compare within the bounds of this tool");
        }
        self.split_negatives(&state).unwrap_or_else(|| self.decide(state))
    }

    /// Splits a state by its negated schemas: what is refused by one schema alone needs no look at the others that refuse,
    /// and there are far fewer states with one than with several: where two versions of a union are compared, each branch is
    /// refused by all branches of the other.
    fn split_negatives(&mut self, state: &[Lit]) -> Option<Satisfiability> {
        let refuses = |lit: &&Lit| lit.is_negative() && !matches!(self.store.formulas.node(**lit), FormulaNode::Atom(_));
        let mut refusing: Vec<Lit> = state.iter().filter(refuses).copied().collect();
        if refusing.len() < 2 {
            return None;
        }
        let others: Vec<Lit> = state.iter().filter(|lit| !refusing.contains(lit)).copied().collect();
        // The other version of the same schema says most of the same.
        let stated: BTreeSet<Lit> = others.iter().flat_map(|lit| self.store.formulas.parts(*lit)).collect();
        refusing.sort_by_cached_key(|lit| std::cmp::Reverse(self.store.formulas.parts(*lit).filter(|part| stated.contains(part)).count()));
        for one in refusing {
            let part: Vec<Lit> = others.iter().copied().chain([one]).collect();
            match self.solve(&part) {
                Satisfiability::Empty => return Some(Satisfiability::Empty),
                Satisfiability::Value(value) if self.satisfies(state, &value) => return Some(Satisfiability::Value(value)),
                Satisfiability::Value(_) | Satisfiability::Unknown(_) => {}
            }
        }
        None
    }

    fn satisfies(&self, state: &[Lit], value: &Value) -> bool {
        state.iter().all(|lit| self.store.holds(*lit, value) == Some(true)) && self.store.is_declared(state, value)
    }

    /// Returns the state of formulas; `None` where two of them contradict each other.
    fn state(&self, lits: &[Lit]) -> Option<Box<[Lit]>> {
        let mut state: Vec<Lit> = lits.iter().map(|lit| self.store.formulas.representative(*lit)).filter(|lit| *lit != Lit::TRUE).collect();
        state.sort_unstable();
        state.dedup();
        let clash = state.windows(2).any(|pair| pair[0].not() == pair[1]) || state.contains(&Lit::FALSE);
        (!clash).then(|| state.into())
    }

    fn decide(&mut self, state: Box<[Lit]>) -> Satisfiability {
        let depth = self.open.len();
        let assumed = self.assumed.len();
        let outer = std::mem::take(&mut self.depends_on);
        self.open.insert(state.clone(), depth);
        let answer = self.search(&state);
        self.open.remove(&state);
        let depends_on = std::mem::replace(&mut self.depends_on, outer).below(depth);
        match &answer {
            Satisfiability::Empty => self.empty(state.clone(), depth, assumed, &depends_on),
            // What was empty under the assumption that this state is has to be asked again.
            Satisfiability::Value(_) | Satisfiability::Unknown(_) => self.forget(depth, assumed),
        }
        let certain = matches!(answer, Satisfiability::Value(_)) || depends_on.is_empty();
        if certain {
            self.known.insert(state, answer.clone());
        } else {
            self.depends_on.merge(&depends_on);
        }
        answer
    }

    /// Records that a state is empty: for good, or as long as what it depends on is. What depends on it depends on the same.
    fn empty(&mut self, state: Box<[Lit]>, depth: usize, assumed: usize, depends_on: &Depths) {
        for at in assumed..self.assumed.len() {
            let state = self.assumed[at].clone();
            let Some(depths) = self.assumptions.get_mut(&state) else { continue };
            if depths.remove(depth) {
                depths.merge(depends_on);
            }
        }
        if depends_on.is_empty() {
            return self.close_assumptions(assumed);
        }
        self.assumptions.insert(state.clone(), depends_on.clone());
        self.assumed.push(state);
    }

    /// Records for good what no longer depends on anything.
    fn close_assumptions(&mut self, from: usize) {
        for state in self.assumed.split_off(from) {
            if self.assumptions.get(&state).is_some_and(|depths| !depths.is_empty()) {
                self.assumed.push(state);
            } else {
                self.assumptions.remove(&state);
                self.known.insert(state, Satisfiability::Empty);
            }
        }
    }

    fn forget(&mut self, depth: usize, from: usize) {
        for state in self.assumed.split_off(from) {
            if self.assumptions.get(&state).is_some_and(|depths| depths.contains(depth)) {
                self.assumptions.remove(&state);
            } else {
                self.assumed.push(state);
            }
        }
    }

    fn spend(&mut self) -> bool {
        self.steps = self.steps.saturating_sub(1);
        self.steps > 0
    }

    fn search(&mut self, state: &[Lit]) -> Satisfiability {
        let mut facts = Vec::new();
        self.flatten(state, &mut facts);
        if !facts.is_empty() && facts.iter().all(|lit| self.is_left_to_absent(*lit)) {
            return Satisfiability::Value(Value::from(""));
        }
        if let Some(states) = self.cases(&facts) {
            return self.any_of(&states);
        }
        let mut types = JsonTypes::EVERY;
        let mut values: Option<Vec<Value>> = None;
        for lit in &facts {
            match self.store.formulas.node(*lit) {
                FormulaNode::Atom(Atom::Types(of)) => types = types.intersect(if lit.is_negative() { of.complement() } else { *of }),
                FormulaNode::Atom(Atom::Enum(keys))
                    if !lit.is_negative() && values.as_ref().is_none_or(|values| values.len() > keys.len()) =>
                {
                    values = Some(keys.iter().map(super::text::ValueKey::value).collect());
                }
                _ => {}
            }
        }
        if let Some(values) = values {
            return self.among(&values, state, true);
        }
        let mut unsupported = BTreeSet::new();
        for kind in JsonType::ALL.into_iter().filter(|kind| types.contains(*kind)) {
            match Branch::new(kind, &facts).search(self) {
                Satisfiability::Empty => {}
                Satisfiability::Unknown(more) => unsupported.extend(more),
                value @ Satisfiability::Value(_) => return value,
            }
        }
        if unsupported.is_empty() { Satisfiability::Empty } else { Satisfiability::Unknown(unsupported) }
    }

    /// Returns whether an absent schema alone says what a value has to be: it has some value, whatever that is.
    fn is_left_to_absent(&self, lit: Lit) -> bool {
        let is_note = matches!(self.store.formulas.node(lit), FormulaNode::Atom(Atom::Declares(_) | Atom::Opens));
        !lit.is_negative() && (is_note || self.store.formulas.is_absent(lit))
    }

    /// Returns the states that a union of schemas leads to, one for each branch, where other schemas refuse: as states of
    /// their own they are decided by parts, and only once.
    fn cases(&mut self, facts: &[Lit]) -> Option<Vec<Vec<Lit>>> {
        let is_schema = |lit: &Lit| matches!(self.store.formulas.node(*lit), FormulaNode::All(_) | FormulaNode::Target(_));
        if !facts.iter().any(|lit| lit.is_negative() && is_schema(lit)) {
            return None;
        }
        let union = facts.iter().position(|lit| match self.store.formulas.node(*lit) {
            FormulaNode::Any(parts) | FormulaNode::One(parts) => !lit.is_negative() && !is_decision(parts) && parts.iter().any(is_schema),
            _ => false,
        })?;
        let (exclusive, parts) = match self.store.formulas.node(facts[union]) {
            FormulaNode::One(parts) => (true, parts.to_vec()),
            FormulaNode::Any(parts) => (false, parts.to_vec()),
            _ => return None,
        };
        let rest: Vec<Lit> = facts.iter().enumerate().filter(|(at, _)| *at != union).map(|(_, lit)| *lit).collect();
        let case = |index: usize| {
            let others = parts.iter().enumerate().filter(|(other, _)| exclusive && *other != index).map(|(_, lit)| lit.not());
            rest.iter().copied().chain([parts[index]]).chain(others).collect()
        };
        Some((0..parts.len()).map(case).collect())
    }

    fn any_of(&mut self, states: &[Vec<Lit>]) -> Satisfiability {
        let mut unsupported = BTreeSet::new();
        for state in states {
            match self.solve(state) {
                Satisfiability::Empty => {}
                Satisfiability::Unknown(more) => unsupported.extend(more),
                value @ Satisfiability::Value(_) => return value,
            }
        }
        if unsupported.is_empty() { Satisfiability::Empty } else { Satisfiability::Unknown(unsupported) }
    }

    /// Collects the formulas of a state, its conjunctions taken apart.
    fn flatten(&self, state: &[Lit], facts: &mut Vec<Lit>) {
        for lit in state {
            match self.store.formulas.node(*lit) {
                FormulaNode::All(parts) if !lit.is_negative() => self.flatten(parts, facts),
                FormulaNode::Target(number) => {
                    let target = self.store.formulas.target(*number);
                    self.flatten(&[if lit.is_negative() { target.not() } else { target }], facts);
                }
                FormulaNode::Any(parts) if lit.is_negative() => {
                    let parts: Vec<Lit> = parts.iter().map(|part| part.not()).collect();
                    self.flatten(&parts, facts);
                }
                _ => facts.push(*lit),
            }
        }
    }

    /// Returns one of these values, if it satisfies all formulas.
    fn among(&self, values: &[Value], state: &[Lit], closed: bool) -> Satisfiability {
        let mut unknown = false;
        for value in values {
            let mut holds = Some(true);
            for lit in state {
                match self.store.holds(*lit, value) {
                    Some(true) => {}
                    Some(false) => {
                        holds = Some(false);
                        break;
                    }
                    None => holds = None,
                }
            }
            match holds {
                Some(true) if !closed || self.store.is_declared(state, value) => return Satisfiability::Value(value.clone()),
                Some(_) => {}
                None => unknown = true,
            }
        }
        if unknown { self.unknown(state) } else { Satisfiability::Empty }
    }

    /// Returns that nothing is known, with the unsupported keywords that formulas are made of.
    fn unknown(&self, lits: &[Lit]) -> Satisfiability {
        let formulas = &self.store.formulas;
        let mut unsupported = BTreeSet::new();
        for lit in lits {
            formulas.reach(*lit, |node| {
                if let FormulaNode::Atom(Atom::Unsupported(number)) = node {
                    unsupported.insert(formulas.unsupported[*number as usize].clone());
                }
            });
        }
        if unsupported.is_empty() { give_up("a value of the schema cannot be judged") } else { Satisfiability::Unknown(unsupported) }
    }
}

fn give_up(reason: &str) -> Satisfiability {
    Satisfiability::Unknown([Unsupported { keyword: String::new(), pointer: String::new(), reason: reason.to_owned() }].into())
}
