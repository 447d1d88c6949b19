//! The search for a value of one type.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Answer, Solver, array, give_up, number, object, rewrite::rewritten, string};
use crate::{
    formula::{Atom, Lit, Node, Type},
    text::Key,
};

/// The search for a value of one type: demands that all hold, and clauses of which one option each has to.
#[derive(Debug, Clone)]
pub(super) struct Branch {
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
    pub(super) fn new(kind: Type, facts: &[Lit]) -> Self {
        Self { kind, atoms: Vec::new(), clauses: vec![], contradiction: false }.with(facts)
    }

    /// Remembers formulas that have to hold, to be taken apart by [`Self::settle`].
    fn with(mut self, lits: &[Lit]) -> Self {
        self.clauses.extend(lits.iter().map(|lit| vec![*lit]));
        self
    }

    pub(super) fn search(mut self, solver: &mut Solver<'_>) -> Answer {
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
                    let values: Vec<Value> = keys.iter().map(Key::value).filter(|value| Type::of(value) == self.kind).collect();
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
pub(super) fn is_decision(clause: &[Lit]) -> bool {
    matches!(clause, [a, b] if a.not() == *b)
}

/// A value that no negated enum excludes.
fn one_of(values: &[Value], atoms: &[(bool, Atom)]) -> Answer {
    let excluded = |value: &&Value| {
        let key = Key::of(value);
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
