//! Whether any value satisfies formulas together, and which.
//!
//! A *state* is a set of formulas for one place. It is decided type by type: formulas that combine others become clauses, what
//! remains are demands on a type, for which a theory ([`number`], [`string`], [`array`], [`object`]) finds a value or proves that
//! there is none. The theories ask about the parts of a value, which are states again. A state that is asked for while it is
//! being decided has no value of its own yet: a finite value cannot contain itself, so the least solution is the right one.

mod array;
mod number;
mod object;
mod string;

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::{
    formula::{Atom, Gap, Lit, Node, Type, Types},
    lower::Store,
};

/// What is known of a state.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// This value satisfies it.
    Value(Value),
    /// No value does.
    Empty,
    /// Nobody knows, because of these.
    Unknown(BTreeSet<Gap>),
}

/// Decides states.
#[derive(Debug)]
pub(super) struct Solver<'s> {
    pub(super) store: &'s mut Store,
    known: FxHashMap<Box<[Lit]>, Answer>,
    /// States that are empty if those that are being decided are; in the order in which they were found.
    assumed: Vec<Box<[Lit]>>,
    assumptions: FxHashMap<Box<[Lit]>, Depths>,
    /// States that are being decided, by their depth.
    open: FxHashMap<Box<[Lit]>, usize>,
    /// The depths of the open states that the present one relied on.
    relied: Depths,
    /// Steps that are left.
    steps: u64,
}

/// Places deeper than this are not looked at.
const DEEPEST: usize = 2_000;

impl<'s> Solver<'s> {
    pub(super) fn new(store: &'s mut Store, steps: u64) -> Self {
        Self {
            store,
            known: FxHashMap::default(),
            assumed: Vec::new(),
            assumptions: FxHashMap::default(),
            open: FxHashMap::default(),
            relied: Depths::default(),
            steps,
        }
    }

    /// A value that satisfies all formulas.
    pub(super) fn solve(&mut self, lits: &[Lit]) -> Answer {
        let Some(state) = self.state(lits) else { return Answer::Empty };
        if let Some(answer) = self.known.get(&state) {
            return answer.clone();
        }
        if let Some(depth) = self.open.get(&state) {
            self.relied.add(*depth);
            return Answer::Empty;
        }
        if let Some(relied) = self.assumptions.get(&state) {
            self.relied.merge(relied);
            return Answer::Empty;
        }
        if self.open.len() > DEEPEST {
            return give_up("the schemas nest too deep to compare within the bounds of this tool");
        }
        if !self.spend() {
            return give_up("the schemas are too intricate to compare within the bounds of this tool");
        }
        self.by_parts(&state).unwrap_or_else(|| self.decide(state))
    }

    /// What is refused by one schema alone needs no look at the others that refuse, and there are far fewer states with one than
    /// with several: where two versions of a union are compared, each branch is refused by all branches of the other.
    fn by_parts(&mut self, state: &[Lit]) -> Option<Answer> {
        let refuses = |lit: &&Lit| lit.is_negative() && !matches!(self.store.formulas.node(**lit), Node::Atom(_));
        let mut refusing: Vec<Lit> = state.iter().filter(refuses).copied().collect();
        if refusing.len() < 2 {
            return None;
        }
        let others: Vec<Lit> = state.iter().filter(|lit| !refusing.contains(lit)).copied().collect();
        // The other version of the same schema says most of the same.
        let said: BTreeSet<Lit> = others.iter().flat_map(|lit| self.store.formulas.parts(*lit)).collect();
        refusing.sort_by_cached_key(|lit| std::cmp::Reverse(self.store.formulas.parts(*lit).filter(|part| said.contains(part)).count()));
        for one in refusing {
            let part: Vec<Lit> = others.iter().copied().chain([one]).collect();
            match self.solve(&part) {
                Answer::Empty => return Some(Answer::Empty),
                Answer::Value(value) if self.satisfies(state, &value) => return Some(Answer::Value(value)),
                Answer::Value(_) | Answer::Unknown(_) => {}
            }
        }
        None
    }

    fn satisfies(&self, state: &[Lit], value: &Value) -> bool {
        state.iter().all(|lit| self.store.holds(*lit, value) == Some(true)) && self.store.is_declared(state, value)
    }

    /// The state of formulas; `None` where two of them contradict each other.
    fn state(&self, lits: &[Lit]) -> Option<Box<[Lit]>> {
        let mut state: Vec<Lit> = lits.iter().map(|lit| self.store.formulas.representative(*lit)).filter(|lit| *lit != Lit::TRUE).collect();
        state.sort_unstable();
        state.dedup();
        let clash = state.windows(2).any(|pair| pair[0].not() == pair[1]) || state.contains(&Lit::FALSE);
        (!clash).then(|| state.into())
    }

    fn decide(&mut self, state: Box<[Lit]>) -> Answer {
        let depth = self.open.len();
        let assumed = self.assumed.len();
        let outer = std::mem::take(&mut self.relied);
        self.open.insert(state.clone(), depth);
        let answer = self.search(&state);
        self.open.remove(&state);
        let relied = std::mem::replace(&mut self.relied, outer).below(depth);
        match &answer {
            Answer::Empty => self.empty(state.clone(), depth, assumed, &relied),
            // What was empty under the assumption that this state is has to be asked again.
            Answer::Value(_) | Answer::Unknown(_) => self.forget(depth, assumed),
        }
        let certain = matches!(answer, Answer::Value(_)) || relied.is_empty();
        if certain {
            self.known.insert(state, answer.clone());
        } else {
            self.relied.merge(&relied);
        }
        answer
    }

    /// Keeps that a state is empty: for good, or as long as what it relied on is. What relied on it relies on the same.
    fn empty(&mut self, state: Box<[Lit]>, depth: usize, assumed: usize, relied: &Depths) {
        for at in assumed..self.assumed.len() {
            let state = self.assumed[at].clone();
            let Some(depths) = self.assumptions.get_mut(&state) else { continue };
            if depths.remove(depth) {
                depths.merge(relied);
            }
        }
        if relied.is_empty() {
            return self.settle(assumed);
        }
        self.assumptions.insert(state.clone(), relied.clone());
        self.assumed.push(state);
    }

    /// Keeps for good what no longer relies on anything.
    fn settle(&mut self, from: usize) {
        for state in self.assumed.split_off(from) {
            if self.assumptions.get(&state).is_some_and(|depths| !depths.is_empty()) {
                self.assumed.push(state);
            } else {
                self.assumptions.remove(&state);
                self.known.insert(state, Answer::Empty);
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

    fn search(&mut self, state: &[Lit]) -> Answer {
        let mut facts = Vec::new();
        self.flatten(state, &mut facts);
        if let Some(states) = self.cases(&facts) {
            return self.any_of(&states);
        }
        let mut types = Types::EVERY;
        let mut values: Option<Vec<Value>> = None;
        for lit in &facts {
            match self.store.formulas.node(*lit) {
                Node::Atom(Atom::Types(of)) => types = types.intersect(if lit.is_negative() { of.complement() } else { *of }),
                Node::Atom(Atom::Enum(keys)) if !lit.is_negative() && values.as_ref().is_none_or(|values| values.len() > keys.len()) => {
                    values = Some(keys.iter().map(super::text::Key::value).collect());
                }
                _ => {}
            }
        }
        if let Some(values) = values {
            return self.among(&values, state, true);
        }
        let mut gaps = BTreeSet::new();
        for kind in Type::ALL.into_iter().filter(|kind| types.contains(*kind)) {
            match Branch::new(kind, &facts).search(self) {
                Answer::Empty => {}
                Answer::Unknown(more) => gaps.extend(more),
                value @ Answer::Value(_) => return value,
            }
        }
        if gaps.is_empty() { Answer::Empty } else { Answer::Unknown(gaps) }
    }

    /// The states that a union of schemas leads to, one for each branch, where other schemas refuse: as states of their own they are
    /// decided by parts, and only once.
    fn cases(&mut self, facts: &[Lit]) -> Option<Vec<Vec<Lit>>> {
        let is_schema = |lit: &Lit| matches!(self.store.formulas.node(*lit), Node::All(_) | Node::Target(_));
        if !facts.iter().any(|lit| lit.is_negative() && is_schema(lit)) {
            return None;
        }
        let union = facts.iter().position(|lit| match self.store.formulas.node(*lit) {
            Node::Any(parts) | Node::One(parts) => !lit.is_negative() && !is_decision(parts) && parts.iter().any(is_schema),
            _ => false,
        })?;
        let (exclusive, parts) = match self.store.formulas.node(facts[union]) {
            Node::One(parts) => (true, parts.to_vec()),
            Node::Any(parts) => (false, parts.to_vec()),
            _ => return None,
        };
        let rest: Vec<Lit> = facts.iter().enumerate().filter(|(at, _)| *at != union).map(|(_, lit)| *lit).collect();
        let case = |index: usize| {
            let others = parts.iter().enumerate().filter(|(other, _)| exclusive && *other != index).map(|(_, lit)| lit.not());
            rest.iter().copied().chain([parts[index]]).chain(others).collect()
        };
        Some((0..parts.len()).map(case).collect())
    }

    fn any_of(&mut self, states: &[Vec<Lit>]) -> Answer {
        let mut gaps = BTreeSet::new();
        for state in states {
            match self.solve(state) {
                Answer::Empty => {}
                Answer::Unknown(more) => gaps.extend(more),
                value @ Answer::Value(_) => return value,
            }
        }
        if gaps.is_empty() { Answer::Empty } else { Answer::Unknown(gaps) }
    }

    /// The formulas of a state without conjunctions.
    fn flatten(&self, state: &[Lit], facts: &mut Vec<Lit>) {
        for lit in state {
            match self.store.formulas.node(*lit) {
                Node::All(parts) if !lit.is_negative() => self.flatten(parts, facts),
                Node::Target(number) => {
                    let target = self.store.formulas.target(*number);
                    self.flatten(&[if lit.is_negative() { target.not() } else { target }], facts);
                }
                Node::Any(parts) if lit.is_negative() => {
                    let parts: Vec<Lit> = parts.iter().map(|part| part.not()).collect();
                    self.flatten(&parts, facts);
                }
                _ => facts.push(*lit),
            }
        }
    }

    /// One of these values, if it satisfies all formulas.
    fn among(&self, values: &[Value], state: &[Lit], closed: bool) -> Answer {
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
                Some(true) if !closed || self.store.is_declared(state, value) => return Answer::Value(value.clone()),
                Some(_) => {}
                None => unknown = true,
            }
        }
        if unknown { self.unknown(state) } else { Answer::Empty }
    }

    /// Why nothing is known: the gaps that formulas are made of.
    fn unknown(&self, lits: &[Lit]) -> Answer {
        let formulas = &self.store.formulas;
        let mut gaps = BTreeSet::new();
        for lit in lits {
            formulas.reach(*lit, |node| {
                if let Node::Atom(Atom::Gap(number)) = node {
                    gaps.insert(formulas.gaps[*number as usize].clone());
                }
            });
        }
        if gaps.is_empty() { give_up("a value of the schema cannot be judged") } else { Answer::Unknown(gaps) }
    }
}

/// A set of depths.
#[derive(Debug, Clone, Default)]
struct Depths(Vec<u64>);

impl Depths {
    fn add(&mut self, depth: usize) {
        if self.0.len() <= depth / 64 {
            self.0.resize(depth / 64 + 1, 0);
        }
        self.0[depth / 64] |= 1 << (depth % 64);
    }

    fn merge(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    fn contains(&self, depth: usize) -> bool {
        self.0.get(depth / 64).is_some_and(|word| word & 1 << (depth % 64) != 0)
    }

    fn remove(&mut self, depth: usize) -> bool {
        let had = self.contains(depth);
        if had {
            self.0[depth / 64] &= !(1 << (depth % 64));
        }
        had
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Without the depth and those under it.
    fn below(mut self, depth: usize) -> Self {
        self.0.truncate(depth / 64 + 1);
        if let Some(word) = self.0.get_mut(depth / 64) {
            *word &= (1 << (depth % 64)) - 1;
        }
        self
    }
}

fn give_up(reason: &str) -> Answer {
    Answer::Unknown([Gap { keyword: String::new(), pointer: String::new(), reason: reason.to_owned() }].into())
}

/// The search for a value of one type: demands that all hold, and clauses of which one option each has to.
#[derive(Debug, Clone)]
struct Branch {
    kind: Type,
    atoms: Vec<Lit>,
    clauses: Vec<Vec<Lit>>,
    contradiction: bool,
}

/// What a formula says about a type before anything is searched.
enum Said {
    Always,
    Never,
    Depends,
}

impl Branch {
    fn new(kind: Type, facts: &[Lit]) -> Self {
        Self { kind, atoms: Vec::new(), clauses: vec![], contradiction: false }.with(facts)
    }

    /// Remembers formulas that have to hold, to be taken apart by [`Self::settle`].
    fn with(mut self, lits: &[Lit]) -> Self {
        self.clauses.extend(lits.iter().map(|lit| vec![*lit]));
        self
    }

    fn search(mut self, solver: &mut Solver<'_>) -> Answer {
        if !solver.spend() {
            return give_up("the schemas are too intricate to compare within the bounds of this tool");
        }
        self.settle(solver);
        if self.contradiction {
            return Answer::Empty;
        }
        let answer = self.theory(solver);
        let gaps = match answer {
            Answer::Empty => return Answer::Empty,
            Answer::Value(value) => {
                let mut violated = self.violated(solver, &value);
                if violated.is_empty() && !self.is_decided() && !self.is_declared(solver, &value) {
                    violated = (0..self.clauses.len()).filter(|at| is_decision(&self.clauses[*at])).collect();
                }
                return if violated.is_empty() { self.answer(solver, value) } else { self.split(solver, violated) };
            }
            Answer::Unknown(gaps) => gaps,
        };
        // Without a value to guide the search, every clause is open; one that has no option left decides.
        let open = (0..self.clauses.len()).collect::<Vec<_>>();
        if open.is_empty() {
            return Answer::Unknown(gaps);
        }
        self.split(solver, open)
    }

    /// The value, unless something in it cannot be judged.
    fn answer(&self, solver: &mut Solver<'_>, value: Value) -> Answer {
        let all: Vec<Lit> = self.atoms.iter().copied().chain(self.clauses.iter().flatten().copied()).collect();
        let judged = self.clauses.iter().all(|clause| clause.iter().any(|lit| solver.store.holds(*lit, &value) == Some(true)));
        if judged { Answer::Value(value) } else { solver.unknown(&all) }
    }

    /// The clauses that a value does not satisfy, as far as that can be judged.
    fn violated(&self, solver: &Solver<'_>, value: &Value) -> Vec<usize> {
        let violates = |at: &usize| self.clauses[*at].iter().all(|lit| solver.store.holds(*lit, value) == Some(false));
        (0..self.clauses.len()).filter(violates).collect()
    }

    /// Whether it is known which schemas hold that declare properties.
    fn is_decided(&self) -> bool {
        !self.clauses.iter().any(|clause| is_decision(clause))
    }

    fn is_declared(&self, solver: &Solver<'_>, value: &Value) -> bool {
        let lits: Vec<Lit> = self.atoms.iter().chain(self.clauses.iter().flatten()).copied().collect();
        solver.store.is_declared(&lits, value)
    }

    /// Tries the options of the clause that has the fewest.
    fn split(self, solver: &mut Solver<'_>, open: Vec<usize>) -> Answer {
        let mut best: Option<(usize, Vec<Branch>)> = None;
        for at in open {
            let limit = best.as_ref().map_or(usize::MAX, |(_, options)| options.len());
            let options = self.options(solver, at, limit);
            let decisive = options.len() <= 1;
            if options.len() < limit {
                best = Some((at, options));
            }
            if decisive {
                break;
            }
        }
        let Some((_, options)) = best else { return Answer::Empty };
        let mut gaps = BTreeSet::new();
        for option in options {
            match option.search(solver) {
                Answer::Empty => {}
                Answer::Unknown(more) => gaps.extend(more),
                value @ Answer::Value(_) => return value,
            }
        }
        if gaps.is_empty() { Answer::Empty } else { Answer::Unknown(gaps) }
    }

    /// The branches that the options of a clause lead to, without those that are seen to be empty at once; stops at `limit`.
    fn options(&self, solver: &mut Solver<'_>, at: usize, limit: usize) -> Vec<Self> {
        let mut rest = self.clone();
        let clause = rest.clauses.swap_remove(at);
        let mut options = Vec::new();
        for lit in &clause {
            if options.len() >= limit {
                break;
            }
            let mut option = rest.clone().with(&[*lit]);
            option.settle(solver);
            if !option.contradiction && !matches!(option.theory(solver), Answer::Empty) {
                options.push(option);
            }
        }
        options
    }

    /// Takes formulas apart until only atoms and clauses with several options are left.
    fn settle(&mut self, solver: &mut Solver<'_>) {
        loop {
            let mut clauses = std::mem::take(&mut self.clauses);
            let mut changed = false;
            for clause in &mut clauses {
                let before = clause.len();
                clause.retain(|lit| !matches!(self.said(solver, *lit), Said::Never));
                changed |= clause.len() != before;
            }
            clauses.retain(|clause| !clause.iter().any(|lit| matches!(self.said(solver, *lit), Said::Always)));
            for clause in clauses {
                match clause[..] {
                    [] => {
                        self.contradiction = true;
                        return;
                    }
                    [only] => {
                        changed = true;
                        self.assert(solver, only);
                    }
                    _ => self.clauses.push(clause),
                }
                if self.contradiction {
                    return;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Takes one formula that has to hold apart.
    fn assert(&mut self, solver: &mut Solver<'_>, lit: Lit) {
        let lit = solver.store.formulas.representative(lit);
        match self.said(solver, lit) {
            Said::Always => return,
            Said::Never => {
                self.contradiction = true;
                return;
            }
            Said::Depends => {}
        }
        let negative = lit.is_negative();
        match solver.store.formulas.node(lit).clone() {
            Node::True => {}
            Node::Target(number) => {
                let target = solver.store.formulas.target(number);
                self.assert(solver, if negative { target.not() } else { target });
            }
            Node::All(parts) if !negative => self.assert_each(solver, parts.iter().copied()),
            Node::All(parts) => self.clauses.push(parts.iter().map(|part| part.not()).collect()),
            Node::Any(parts) if negative => self.assert_each(solver, parts.iter().map(|part| part.not())),
            Node::Any(parts) => self.clauses.push(parts.into()),
            Node::One(parts) => self.exactly_one(solver, &parts, negative),
            Node::Atom(atom) => match rewritten(solver.store, &atom, negative) {
                Some(lit) => self.assert(solver, lit),
                None => self.atoms.push(lit),
            },
        }
    }

    fn assert_each(&mut self, solver: &mut Solver<'_>, lits: impl Iterator<Item = Lit>) {
        for lit in lits {
            self.assert(solver, lit);
        }
    }

    /// One part and no other; or, negated, none or two.
    fn exactly_one(&mut self, solver: &mut Solver<'_>, parts: &[Lit], negative: bool) {
        let formulas = &mut solver.store.formulas;
        let mut options = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let lit = if negative {
                let later = formulas.any(parts[index + 1..].iter().copied());
                formulas.all([*part, later])
            } else {
                let others = parts.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, other)| other.not());
                formulas.all([*part].into_iter().chain(others))
            };
            options.push(lit);
        }
        if negative {
            options.push(formulas.all(parts.iter().map(|part| part.not())));
        }
        self.clauses.push(options);
    }

    fn said(&self, solver: &Solver<'_>, lit: Lit) -> Said {
        self.said_within(solver, lit, 2)
    }

    /// Looks into combinations of formulas as many levels deep as it may.
    fn said_within(&self, solver: &Solver<'_>, lit: Lit, levels: u8) -> Said {
        let lit = solver.store.formulas.representative(lit);
        let said = |positive: bool| if positive == lit.is_negative() { Said::Never } else { Said::Always };
        if self.atoms.contains(&lit) {
            return Said::Always;
        }
        if self.atoms.contains(&lit.not()) {
            return Said::Never;
        }
        match solver.store.formulas.node(lit) {
            Node::True => said(true),
            Node::Atom(atom) => match atom {
                Atom::Types(types) => said(types.contains(self.kind)),
                Atom::Declares(_) | Atom::Opens if lit.is_negative() => Said::Never,
                atom if !concerns(atom, self.kind) => said(true),
                _ => Said::Depends,
            },
            Node::All(parts) if levels > 0 => {
                let mut all = Said::Always;
                for part in parts {
                    match self.said_within(solver, *part, levels - 1) {
                        Said::Never => return said(false),
                        Said::Depends => all = Said::Depends,
                        Said::Always => {}
                    }
                }
                if matches!(all, Said::Always) { said(true) } else { Said::Depends }
            }
            Node::Any(parts) if levels > 0 => {
                let mut any = Said::Never;
                for part in parts {
                    match self.said_within(solver, *part, levels - 1) {
                        Said::Always => return said(true),
                        Said::Depends => any = Said::Depends,
                        Said::Never => {}
                    }
                }
                if matches!(any, Said::Never) { said(false) } else { Said::Depends }
            }
            _ => Said::Depends,
        }
    }

    /// A value of the type that satisfies the atoms, whatever the clauses say.
    fn theory(&self, solver: &mut Solver<'_>) -> Answer {
        let mut atoms = Vec::with_capacity(self.atoms.len());
        let mut gaps = Vec::new();
        for lit in &self.atoms {
            match solver.store.formulas.node(*lit) {
                Node::Atom(Atom::Gap(_)) => gaps.push(*lit),
                Node::Atom(Atom::Enum(_)) if !lit.is_negative() => {
                    let Node::Atom(Atom::Enum(keys)) = solver.store.formulas.node(*lit) else { continue };
                    let values: Vec<Value> =
                        keys.iter().map(super::text::Key::value).filter(|value| Type::of(value) == self.kind).collect();
                    return solver.among(&values, &self.atoms, self.is_decided());
                }
                Node::Atom(atom) => atoms.push((!lit.is_negative(), atom.clone())),
                _ => {}
            }
        }
        let answer = match self.kind {
            Type::Null => one_of(&[Value::Null], &atoms),
            Type::Boolean => one_of(&[Value::Bool(false), Value::Bool(true)], &atoms),
            Type::Number => number::solve(&atoms),
            Type::String => string::solve(solver, &atoms),
            Type::Array => array::solve(solver, &atoms),
            Type::Object => object::solve(solver, &atoms, self.is_decided()),
        };
        match answer {
            Answer::Value(_) if !gaps.is_empty() => solver.unknown(&gaps),
            answer => answer,
        }
    }
}

/// Whether a clause only asks whether something holds.
fn is_decision(clause: &[Lit]) -> bool {
    matches!(clause, [a, b] if a.not() == *b)
}

/// A value that no negated enum excludes.
fn one_of(values: &[Value], atoms: &[(bool, Atom)]) -> Answer {
    let excluded = |value: &&Value| {
        let key = super::text::Key::of(value);
        atoms.iter().any(|(positive, atom)| matches!(atom, Atom::Enum(keys) if !positive && keys.contains(&key)))
    };
    values.iter().find(|value| !excluded(value)).map_or(Answer::Empty, |value| Answer::Value(value.clone()))
}

/// Whether an atom demands anything of a type.
fn concerns(atom: &Atom, kind: Type) -> bool {
    match atom {
        Atom::Types(_) | Atom::Gap(_) | Atom::Enum(_) => true,
        Atom::Integer | Atom::Least { .. } | Atom::Most { .. } | Atom::MultipleOf(_) => kind == Type::Number,
        Atom::MinLength(_) | Atom::MaxLength(_) | Atom::Pattern(_) | Atom::Format(..) => kind == Type::String,
        Atom::MinItems(_) | Atom::MaxItems(_) | Atom::Item(..) | Atom::Items(..) | Atom::Contains { .. } | Atom::Unique => {
            kind == Type::Array
        }
        Atom::MinProperties(_)
        | Atom::MaxProperties(_)
        | Atom::Required(_)
        | Atom::Values(..)
        | Atom::PropertyNames(_)
        | Atom::Declares(_)
        | Atom::Opens => kind == Type::Object,
    }
}

/// What an atom means in terms of others, where the theories do not take it as it is.
fn rewritten(store: &mut Store, atom: &Atom, negative: bool) -> Option<Lit> {
    match atom {
        Atom::Contains { item, least, most } if negative => {
            let item = *item;
            let fewer = match least {
                0 => Lit::FALSE,
                least => store.formulas.atom(Atom::Contains { item, least: 0, most: Some(least - 1) }),
            };
            let more = match most {
                None => Lit::FALSE,
                Some(most) => store.formulas.atom(Atom::Contains { item, least: most + 1, most: None }),
            };
            Some(store.formulas.any([fewer, more]))
        }
        Atom::Pattern(number) => {
            let parts: Vec<(u32, bool)> = store.patterns.together(*number)?.to_vec();
            let lits: Vec<Lit> = parts
                .into_iter()
                .map(|(part, positive)| {
                    let lit = store.formulas.atom(Atom::Pattern(part));
                    if positive { lit } else { lit.not() }
                })
                .collect();
            let all = store.formulas.all(lits);
            Some(if negative { all.not() } else { all })
        }
        Atom::Enum(keys)
            if negative && keys.len() > 1 && keys.iter().any(|key| matches!(key.value(), Value::Array(_) | Value::Object(_))) =>
        {
            let lits: Vec<Lit> = keys.iter().map(|key| store.formulas.atom(Atom::Enum([key.clone()].into())).not()).collect();
            Some(store.formulas.all(lits))
        }
        Atom::Enum(keys) if negative && keys.len() == 1 => store.differs(&keys[0].value()),
        _ => None,
    }
}

impl Store {
    /// How an array or object can differ from a value; `None` for other values.
    fn differs(&mut self, value: &Value) -> Option<Lit> {
        let mut ways = Vec::new();
        match value {
            Value::Array(items) => {
                let other = self.formulas.atom(Atom::Types(Types(0).with(Type::Array))).not();
                let length = items.len() as u64;
                ways.extend([other, self.formulas.atom(Atom::MaxItems(length)).not(), self.formulas.atom(Atom::MinItems(length)).not()]);
                for (index, item) in items.iter().enumerate() {
                    let same = self.formulas.atom(Atom::Enum([super::text::Key::of(item)].into()));
                    ways.push(self.formulas.atom(Atom::Item(index as u64, same)).not());
                }
            }
            Value::Object(members) => {
                ways.push(self.formulas.atom(Atom::Types(Types(0).with(Type::Object))).not());
                let mut names = super::formula::Names::default();
                for (name, value) in members {
                    let one = super::formula::Names::one(name);
                    names.add(&one);
                    ways.push(self.formulas.atom(Atom::Required(name.as_str().into())).not());
                    let same = self.formulas.atom(Atom::Enum([super::text::Key::of(value)].into()));
                    ways.push(self.formulas.atom(Atom::Values(one, same)).not());
                }
                ways.push(self.formulas.atom(Atom::Values(names.complement(), Lit::FALSE)).not());
            }
            _ => return None,
        }
        Some(self.formulas.any(ways))
    }
}
