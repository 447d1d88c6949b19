//! The search for a value of one type.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Satisfiability, Solver, array, give_up, number, object, rewrite::rewritten, string};
use crate::{
    formula::{Atom, FormulaNode, JsonType, Lit},
    text::ValueKey,
};

/// The search for a value of one type: demands that all hold, and clauses of which one option each has to.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    kind: JsonType,
    atoms: Vec<Lit>,
    clauses: Vec<Vec<Lit>>,
    contradiction: bool,
}

/// The truth of a formula for a type, before anything is searched.
enum Truth {
    Always,
    Never,
    Depends,
}

impl Branch {
    pub(super) fn new(kind: JsonType, facts: &[Lit]) -> Self {
        Self { kind, atoms: Vec::new(), clauses: vec![], contradiction: false }.with(facts)
    }

    /// Adds formulas that have to hold, to be taken apart by [`Self::propagate`].
    fn with(mut self, lits: &[Lit]) -> Self {
        self.clauses.extend(lits.iter().map(|lit| vec![*lit]));
        self
    }

    pub(super) fn search(mut self, solver: &mut Solver<'_>) -> Satisfiability {
        if !solver.spend() {
            return give_up("the schemas are too intricate to compare within the bounds of this tool");
        }
        self.propagate(solver);
        if self.contradiction {
            return Satisfiability::Empty;
        }
        let answer = self.theory(solver);
        let unsupported = match answer {
            Satisfiability::Empty => return Satisfiability::Empty,
            Satisfiability::Value(value) => {
                let mut violated = self.violated(solver, &value);
                if violated.is_empty() && !self.is_decided() && !self.is_declared(solver, &value) {
                    violated = (0..self.clauses.len()).filter(|at| is_decision(&self.clauses[*at])).collect();
                }
                return if violated.is_empty() { self.answer(solver, value) } else { self.split(solver, violated) };
            }
            Satisfiability::Unknown(unsupported) => unsupported,
        };
        // Without a value to guide the search, every clause is open; one that has no option left decides.
        let open = (0..self.clauses.len()).collect::<Vec<_>>();
        if open.is_empty() {
            return Satisfiability::Unknown(unsupported);
        }
        self.split(solver, open)
    }

    /// Returns the value, unless something in it cannot be judged.
    fn answer(&self, solver: &mut Solver<'_>, value: Value) -> Satisfiability {
        let all: Vec<Lit> = self.atoms.iter().copied().chain(self.clauses.iter().flatten().copied()).collect();
        let judged = self.clauses.iter().all(|clause| clause.iter().any(|lit| solver.store.holds(*lit, &value) == Some(true)));
        if judged { Satisfiability::Value(value) } else { solver.unknown(&all) }
    }

    /// Returns the clauses that a value does not satisfy, as far as that can be judged.
    fn violated(&self, solver: &Solver<'_>, value: &Value) -> Vec<usize> {
        let violates = |at: &usize| self.clauses[*at].iter().all(|lit| solver.store.holds(*lit, value) == Some(false));
        (0..self.clauses.len()).filter(violates).collect()
    }

    /// Returns whether it is known which schemas hold that declare properties.
    fn is_decided(&self) -> bool {
        !self.clauses.iter().any(|clause| is_decision(clause))
    }

    fn is_declared(&self, solver: &Solver<'_>, value: &Value) -> bool {
        let lits: Vec<Lit> = self.atoms.iter().chain(self.clauses.iter().flatten()).copied().collect();
        solver.store.is_declared(&lits, value)
    }

    /// Tries the options of the clause that has the fewest.
    fn split(self, solver: &mut Solver<'_>, open: Vec<usize>) -> Satisfiability {
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
        let Some((_, options)) = best else { return Satisfiability::Empty };
        let mut unsupported = BTreeSet::new();
        for option in options {
            match option.search(solver) {
                Satisfiability::Empty => {}
                Satisfiability::Unknown(more) => unsupported.extend(more),
                value @ Satisfiability::Value(_) => return value,
            }
        }
        if unsupported.is_empty() { Satisfiability::Empty } else { Satisfiability::Unknown(unsupported) }
    }

    /// Returns the branches that the options of a clause lead to, without those that are seen to be empty at once; stops at
    /// `limit`.
    fn options(&self, solver: &mut Solver<'_>, at: usize, limit: usize) -> Vec<Self> {
        let mut rest = self.clone();
        let clause = rest.clauses.swap_remove(at);
        let mut options = Vec::new();
        for lit in &clause {
            if options.len() >= limit {
                break;
            }
            let mut option = rest.clone().with(&[*lit]);
            option.propagate(solver);
            if !option.contradiction && !matches!(option.theory(solver), Satisfiability::Empty) {
                options.push(option);
            }
        }
        options
    }

    /// Takes formulas apart until only atoms and clauses with several options are left.
    fn propagate(&mut self, solver: &mut Solver<'_>) {
        loop {
            let mut clauses = std::mem::take(&mut self.clauses);
            let mut changed = false;
            for clause in &mut clauses {
                let before = clause.len();
                clause.retain(|lit| !matches!(self.truth(solver, *lit), Truth::Never));
                changed |= clause.len() != before;
            }
            clauses.retain(|clause| !clause.iter().any(|lit| matches!(self.truth(solver, *lit), Truth::Always)));
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
        match self.truth(solver, lit) {
            Truth::Always => return,
            Truth::Never => {
                self.contradiction = true;
                return;
            }
            Truth::Depends => {}
        }
        let negative = lit.is_negative();
        match solver.store.formulas.node(lit).clone() {
            FormulaNode::True => {}
            FormulaNode::Target(number) => {
                let target = solver.store.formulas.target(number);
                self.assert(solver, if negative { target.not() } else { target });
            }
            FormulaNode::All(parts) if !negative => self.assert_each(solver, parts.iter().copied()),
            FormulaNode::All(parts) => self.clauses.push(parts.iter().map(|part| part.not()).collect()),
            FormulaNode::Any(parts) if negative => self.assert_each(solver, parts.iter().map(|part| part.not())),
            FormulaNode::Any(parts) => self.clauses.push(parts.into()),
            FormulaNode::One(parts) => self.exactly_one(solver, &parts, negative),
            FormulaNode::Atom(atom) => match rewritten(solver.store, &atom, negative) {
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

    /// Asserts that one part holds and no other; or, negated, that none holds or two do.
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

    fn truth(&self, solver: &Solver<'_>, lit: Lit) -> Truth {
        self.truth_within(solver, lit, 2)
    }

    /// Looks into combinations of formulas as many levels deep as it may.
    fn truth_within(&self, solver: &Solver<'_>, lit: Lit, levels: u8) -> Truth {
        let lit = solver.store.formulas.representative(lit);
        let truth = |positive: bool| if positive == lit.is_negative() { Truth::Never } else { Truth::Always };
        if self.atoms.contains(&lit) {
            return Truth::Always;
        }
        if self.atoms.contains(&lit.not()) {
            return Truth::Never;
        }
        match solver.store.formulas.node(lit) {
            FormulaNode::True => truth(true),
            FormulaNode::Atom(atom) => match atom {
                Atom::Types(types) => truth(types.contains(self.kind)),
                Atom::Declares(_) | Atom::Opens if lit.is_negative() => Truth::Never,
                atom if !concerns(atom, self.kind) => truth(true),
                _ => Truth::Depends,
            },
            FormulaNode::All(parts) if levels > 0 => {
                let mut all = Truth::Always;
                for part in parts {
                    match self.truth_within(solver, *part, levels - 1) {
                        Truth::Never => return truth(false),
                        Truth::Depends => all = Truth::Depends,
                        Truth::Always => {}
                    }
                }
                if matches!(all, Truth::Always) { truth(true) } else { Truth::Depends }
            }
            FormulaNode::Any(parts) if levels > 0 => {
                let mut any = Truth::Never;
                for part in parts {
                    match self.truth_within(solver, *part, levels - 1) {
                        Truth::Always => return truth(true),
                        Truth::Depends => any = Truth::Depends,
                        Truth::Never => {}
                    }
                }
                if matches!(any, Truth::Never) { truth(false) } else { Truth::Depends }
            }
            _ => Truth::Depends,
        }
    }

    /// Returns a value of the type that satisfies the atoms, whatever the clauses say.
    fn theory(&self, solver: &mut Solver<'_>) -> Satisfiability {
        let mut atoms = Vec::with_capacity(self.atoms.len());
        let mut unsupported = Vec::new();
        for lit in &self.atoms {
            match solver.store.formulas.node(*lit) {
                FormulaNode::Atom(Atom::Unsupported(_)) => unsupported.push(*lit),
                FormulaNode::Atom(Atom::Enum(_)) if !lit.is_negative() => {
                    let FormulaNode::Atom(Atom::Enum(keys)) = solver.store.formulas.node(*lit) else { continue };
                    let values: Vec<Value> = keys.iter().map(ValueKey::value).filter(|value| JsonType::of(value) == self.kind).collect();
                    return solver.among(&values, &self.atoms, self.is_decided());
                }
                FormulaNode::Atom(atom) => atoms.push((!lit.is_negative(), atom.clone())),
                _ => {}
            }
        }
        let answer = match self.kind {
            JsonType::Null => one_of(&[Value::Null], &atoms),
            JsonType::Boolean => one_of(&[Value::Bool(false), Value::Bool(true)], &atoms),
            JsonType::Number => number::solve(&atoms),
            JsonType::String => string::solve(solver, &atoms),
            JsonType::Array => array::solve(solver, &atoms),
            JsonType::Object => object::solve(solver, &atoms, self.is_decided()),
        };
        match answer {
            Satisfiability::Value(_) if !unsupported.is_empty() => solver.unknown(&unsupported),
            answer => answer,
        }
    }
}

/// Returns whether a clause only asks whether something holds.
pub(super) fn is_decision(clause: &[Lit]) -> bool {
    matches!(clause, [a, b] if a.not() == *b)
}

/// Returns a value that no negated enum excludes.
fn one_of(values: &[Value], atoms: &[(bool, Atom)]) -> Satisfiability {
    let excluded = |value: &&Value| {
        let key = ValueKey::of(value);
        atoms.iter().any(|(positive, atom)| matches!(atom, Atom::Enum(keys) if !positive && keys.contains(&key)))
    };
    values.iter().find(|value| !excluded(value)).map_or(Satisfiability::Empty, |value| Satisfiability::Value(value.clone()))
}

/// Returns whether an atom demands anything of a type.
fn concerns(atom: &Atom, kind: JsonType) -> bool {
    match atom {
        Atom::Types(_) | Atom::Unsupported(_) | Atom::Enum(_) => true,
        Atom::Integer | Atom::Least { .. } | Atom::Most { .. } | Atom::MultipleOf(_) => kind == JsonType::Number,
        Atom::MinLength(_) | Atom::MaxLength(_) | Atom::Pattern(_) | Atom::Format(..) => kind == JsonType::String,
        Atom::MinItems(_) | Atom::MaxItems(_) | Atom::Item(..) | Atom::Items(..) | Atom::Contains { .. } | Atom::Unique => {
            kind == JsonType::Array
        }
        Atom::MinProperties(_)
        | Atom::MaxProperties(_)
        | Atom::Required(_)
        | Atom::Values(..)
        | Atom::PropertyNames(_)
        | Atom::Declares(_)
        | Atom::Opens => kind == JsonType::Object,
    }
}
