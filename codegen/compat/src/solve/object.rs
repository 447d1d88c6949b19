//! Objects: which properties there are, and what each holds.
//!
//! Names that some schema mentions are looked at one by one. All other names fall into *cells* by the patterns that they match;
//! names of one cell have the same demands, so a fresh name of the cell speaks for all of them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Satisfiability, Solver, count::Count, give_up};
use crate::{
    evaluate::declared,
    formula::{Atom, JsonType, JsonTypes, Lit, NameSet, Unsupported},
    text::ValueKey,
};

/// The maximum number of patterns: more make too many cells.
const MAX_PATTERNS: usize = 8;

/// The maximum number of properties of an object that is built.
const MAX_PROPERTIES: u64 = 2_000;

#[derive(Debug, Default)]
struct ObjectDemands {
    count: Count,
    required: BTreeSet<Box<str>>,
    absent: BTreeSet<Box<str>>,
    values: Vec<(NameSet, Lit)>,
    /// Some property of these names has a value that satisfies the formula.
    some: Vec<(NameSet, Lit)>,
    names: Vec<Lit>,
    /// Some property's name satisfies the formula.
    some_name: Vec<Lit>,
}

/// Returns an object that satisfies the atoms; `closed`: it is known which properties are declared.
pub(super) fn solve(solver: &mut Solver<'_>, atoms: &[(bool, Atom)], closed: bool) -> Satisfiability {
    let mut demands = ObjectDemands::default();
    for (positive, atom) in atoms {
        demands.add(atom, *positive);
    }
    if closed && let Some(names) = declared(atoms.iter().filter(|(positive, _)| *positive).map(|(_, atom)| atom)) {
        demands.values.push((names.complement(), Lit::FALSE));
    }
    if demands.count.is_empty() || demands.required.iter().any(|name| demands.absent.contains(name)) {
        return Satisfiability::Empty;
    }
    if demands.count.min > MAX_PROPERTIES {
        return give_up("minProperties is larger than any object that is written out");
    }
    ObjectSearch::new(solver, &demands).run()
}

impl ObjectDemands {
    fn add(&mut self, atom: &Atom, positive: bool) {
        match atom {
            Atom::MinProperties(count) => self.count.at_least(*count, positive),
            Atom::MaxProperties(count) => self.count.at_most(*count, positive),
            Atom::Required(name) if positive => {
                self.required.insert(name.clone());
            }
            Atom::Required(name) => {
                self.absent.insert(name.clone());
            }
            Atom::Values(names, lit) if positive => self.values.push((names.clone(), *lit)),
            Atom::Values(names, lit) => self.some.push((names.clone(), lit.not())),
            Atom::PropertyNames(lit) if positive => self.names.push(*lit),
            Atom::PropertyNames(lit) => self.some_name.push(lit.not()),
            _ => {}
        }
    }
}

/// A property that the object will have: its name, and what it holds beyond what every property of the name has to.
#[derive(Debug, Clone)]
struct WitnessMember {
    name: String,
    extra: Vec<Lit>,
    value: Value,
}

struct ObjectSearch<'a, 's> {
    solver: &'a mut Solver<'s>,
    demands: &'a ObjectDemands,
    /// Every name that is mentioned, but those that have to be absent.
    mentioned: Vec<Box<str>>,
    /// Names that stand for no cell.
    taken: Vec<Box<str>>,
    patterns: Vec<u32>,
    unsupported: BTreeSet<Unsupported>,
}

impl<'a, 's> ObjectSearch<'a, 's> {
    fn new(solver: &'a mut Solver<'s>, demands: &'a ObjectDemands) -> Self {
        let sets = || demands.values.iter().chain(&demands.some).map(|(names, _)| names);
        let mut mentioned: BTreeSet<Box<str>> = demands.required.clone();
        mentioned.extend(sets().flat_map(|names| names.exact.iter().cloned()));
        let taken = mentioned.iter().chain(&demands.absent).cloned().collect();
        mentioned.retain(|name| !demands.absent.contains(name));
        let patterns: BTreeSet<u32> = sets().flat_map(|names| names.patterns.iter().copied()).collect();
        Self {
            solver,
            demands,
            mentioned: mentioned.into_iter().collect(),
            taken,
            patterns: patterns.into_iter().collect(),
            unsupported: BTreeSet::new(),
        }
    }

    fn run(mut self) -> Satisfiability {
        let mut members = Vec::new();
        for name in &self.demands.required {
            match self.member(name, &[]) {
                Some(member) => members.push(member),
                None => return self.failed(),
            }
        }
        match self.meet(0, members) {
            Some(members) => {
                Satisfiability::Value(Value::Object(members.into_iter().map(|member| (member.name, member.value)).collect::<Map<_, _>>()))
            }
            None => self.failed(),
        }
    }

    fn failed(self) -> Satisfiability {
        if self.unsupported.is_empty() { Satisfiability::Empty } else { Satisfiability::Unknown(self.unsupported) }
    }

    /// Returns a property of the name, whose value satisfies every demand on it and these.
    fn member(&mut self, name: &str, extra: &[Lit]) -> Option<WitnessMember> {
        if !self.is_name(name) {
            return None;
        }
        let mut lits = extra.to_vec();
        for (names, lit) in &self.demands.values {
            match self.solver.store.names_contain(names, name) {
                Some(true) => lits.push(*lit),
                Some(false) => {}
                None => {
                    self.doubt("patternProperties", "a pattern cannot be read");
                    return None;
                }
            }
        }
        let value = self.value(&lits)?;
        Some(WitnessMember { name: name.to_owned(), extra: extra.to_vec(), value })
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

    fn doubt(&mut self, keyword: &str, reason: &str) {
        self.unsupported.insert(Unsupported { keyword: keyword.into(), pointer: String::new(), reason: reason.into() });
    }

    fn is_name(&mut self, name: &str) -> bool {
        let value = Value::from(name);
        for lit in &self.demands.names {
            match self.solver.store.holds(*lit, &value) {
                Some(true) => {}
                Some(false) => return false,
                None => {
                    self.doubt("propertyNames", "a name cannot be judged");
                    return false;
                }
            }
        }
        true
    }

    /// Meets the demands from a number on, then the least count.
    fn meet(&mut self, number: usize, members: Vec<WitnessMember>) -> Option<Vec<WitnessMember>> {
        let some = self.demands.some.len();
        if number < some {
            let (names, lit) = self.demands.some[number].clone();
            return self.meet_one(number, &members, &names, &[lit], None);
        }
        if let Some(lit) = self.demands.some_name.get(number - some).copied() {
            return self.meet_one(number, &members, &NameSet::every(), &[], Some(lit));
        }
        self.fill(members)
    }

    /// Lets some property meet a demand: one that is there, another that is mentioned, or a fresh one.
    fn meet_one(
        &mut self,
        number: usize,
        members: &[WitnessMember],
        names: &NameSet,
        extra: &[Lit],
        of_name: Option<Lit>,
    ) -> Option<Vec<WitnessMember>> {
        let there = members.iter().map(|member| member.name.clone());
        let candidates: Vec<String> = there.chain(self.mentioned.iter().map(ToString::to_string)).collect();
        let mut tried = BTreeSet::new();
        for name in candidates.into_iter().filter(|name| tried.insert(name.clone())) {
            let inside = self.solver.store.names_contain(names, &name) == Some(true);
            let fits = of_name.is_none_or(|lit| self.solver.store.holds(lit, &Value::from(name.as_str())) == Some(true));
            if !inside || !fits {
                continue;
            }
            let at = members.iter().position(|member| member.name == name);
            let extra: Vec<Lit> = at.iter().flat_map(|at| &members[*at].extra).chain(extra).copied().collect();
            let Some(member) = self.member(&name, &extra) else { continue };
            let mut members = members.to_vec();
            match at {
                Some(at) => members[at] = member,
                None => members.push(member),
            }
            if self.too_many(&members) {
                continue;
            }
            if let Some(members) = self.meet(number + 1, members) {
                return Some(members);
            }
        }
        if self.demands.count.max.is_some_and(|max| members.len() as u64 >= max) {
            return None;
        }
        for cell in self.cells(names) {
            let of_name: Vec<Lit> = of_name.into_iter().collect();
            let Some(name) = self.fresh(&cell, members, &of_name) else { continue };
            let Some(member) = self.member(&name, extra) else { continue };
            let members = members.iter().cloned().chain([member]).collect();
            if let Some(members) = self.meet(number + 1, members) {
                return Some(members);
            }
        }
        None
    }

    fn too_many(&self, members: &[WitnessMember]) -> bool {
        self.demands.count.max.is_some_and(|max| members.len() as u64 > max)
    }

    /// Adds properties until there are enough.
    fn fill(&mut self, mut members: Vec<WitnessMember>) -> Option<Vec<WitnessMember>> {
        if self.too_many(&members) {
            return None;
        }
        let min = usize::try_from(self.demands.count.min).unwrap_or(usize::MAX);
        for name in self.mentioned.clone() {
            if members.len() >= min {
                return Some(members);
            }
            if !members.iter().any(|member| *member.name == *name) {
                members.extend(self.member(&name, &[]));
            }
        }
        for cell in if members.len() >= min { Vec::new() } else { self.cells(&NameSet::every()) } {
            while members.len() < min {
                let Some(member) = self.fresh(&cell, &members, &[]).and_then(|name| self.member(&name, &[])) else { break };
                members.push(member);
            }
        }
        (members.len() >= min).then_some(members)
    }

    /// Returns the cells inside a set of names: which patterns a name matches.
    fn cells(&mut self, names: &NameSet) -> Vec<Vec<(u32, bool)>> {
        if self.patterns.len() > MAX_PATTERNS {
            self.doubt("patternProperties", "there are too many patterns at one place");
            return Vec::new();
        }
        let every = 0_u32..1 << self.patterns.len();
        let cells = every.map(|signs| self.patterns.iter().enumerate().map(|(index, number)| (*number, signs & 1 << index != 0)).collect());
        let inside =
            |cell: &Vec<(u32, bool)>| cell.iter().any(|(number, matches)| *matches && names.patterns.contains(number)) != names.others;
        cells.filter(inside).collect()
    }

    /// Returns a name of a cell that nobody mentions, and no property has.
    fn fresh(&mut self, cell: &[(u32, bool)], members: &[WitnessMember], of_name: &[Lit]) -> Option<String> {
        let formulas = &mut self.solver.store.formulas;
        let mut lits = vec![formulas.atom(Atom::Types(JsonTypes(0).with(JsonType::String)))];
        lits.extend(self.demands.names.iter().chain(of_name));
        for (number, matches) in cell {
            let lit = formulas.atom(Atom::Pattern(*number));
            lits.push(if *matches { lit } else { lit.not() });
        }
        let mut keys: Vec<ValueKey> = self.taken.iter().map(|name| ValueKey::of(&Value::from(&**name))).collect();
        keys.extend(members.iter().map(|member| ValueKey::of(&Value::from(member.name.as_str()))));
        // A property needs a name that a person can see.
        keys.push(ValueKey::of(&Value::from("")));
        keys.sort();
        keys.dedup();
        let named = formulas.atom(Atom::Enum(keys.into())).not();
        lits.push(named);
        let value = self.value(&lits).or_else(|| {
            let empty = Value::from("");
            let plain = !self.taken.iter().any(|name| name.is_empty()) && !members.iter().any(|member| member.name.is_empty());
            (plain && lits.iter().all(|lit| *lit == named || self.solver.store.holds(*lit, &empty) == Some(true))).then_some(empty)
        });
        value.and_then(|value| value.as_str().map(str::to_owned))
    }
}
