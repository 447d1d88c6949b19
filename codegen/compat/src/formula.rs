//! The demands of two schemas as one graph of formulas: equal demands are one node, whichever schema they come from.
//!
//! A formula speaks of one place of a document. An [`Atom`] about a type holds for every value of another type, as JSON Schema's
//! keywords do.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::{number::Rational, text::ValueKey};

/// A formula, or its negation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Lit(u32);

impl Lit {
    pub(super) const TRUE: Self = Self(0);
    pub(super) const FALSE: Self = Self(1);

    pub(super) fn not(self) -> Self {
        Self(self.0 ^ 1)
    }

    pub(super) fn is_negative(self) -> bool {
        self.0 & 1 == 1
    }

    pub(super) fn node(self) -> usize {
        (self.0 >> 1) as usize
    }

    fn of(node: usize) -> Self {
        Self(u32::try_from(node << 1).unwrap_or(u32::MAX))
    }

    fn signed(self, like: Self) -> Self {
        Self(self.0 & !1 | like.0 & 1)
    }
}

/// A formula.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum FormulaNode {
    True,
    /// A conjunction: every one holds.
    All(Box<[Lit]>),
    /// A disjunction: at least one holds.
    Any(Box<[Lit]>),
    /// An exclusive choice: one holds and no other.
    One(Box<[Lit]>),
    /// A formula that is part of itself, by its number in [`Formulas::targets`].
    Target(u32),
    Atom(Atom),
}

/// A demand that is not made of other demands on the same place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Atom {
    Types(JsonTypes),
    /// One of these values, in the order of their keys.
    Enum(Box<[ValueKey]>),
    Integer,
    Least {
        bound: Rational,
        exclusive: bool,
    },
    Most {
        bound: Rational,
        exclusive: bool,
    },
    MultipleOf(Rational),
    MinLength(u64),
    MaxLength(u64),
    /// A pattern, by its number.
    Pattern(u32),
    /// A format that is asserted: a dialect's number, and the name.
    Format(u8, Box<str>),
    MinItems(u64),
    MaxItems(u64),
    /// The item at an index, if there is one.
    Item(u64, Lit),
    /// Every item from an index on.
    Items(u64, Lit),
    /// A bound on the number of items that satisfy a formula.
    Contains {
        item: Lit,
        min: u64,
        max: Option<u64>,
    },
    Unique,
    MinProperties(u64),
    MaxProperties(u64),
    Required(Box<str>),
    /// The value of every property whose name is in the set.
    Values(NameSet, Lit),
    /// Every property's name, as a string.
    PropertyNames(Lit),
    /// A note that demands nothing: a writer declares properties of these names.
    Declares(NameSet),
    /// A note that demands nothing: a writer opens the place to properties that it does not name.
    Opens,
    /// A demand that cannot be reasoned about, by its number in [`Formulas::unsupported`].
    Unsupported(u32),
}

/// A set of JSON's types; integers are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct JsonTypes(pub(super) u8);

/// A type of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum JsonType {
    String,
    Number,
    Object,
    Array,
    Boolean,
    Null,
}

impl JsonType {
    /// All types, in the order in which witnesses prefer them.
    pub(super) const ALL: [Self; 6] = [Self::String, Self::Number, Self::Object, Self::Array, Self::Boolean, Self::Null];

    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }
}

impl JsonTypes {
    pub(super) const EVERY: Self = Self(0b11_1111);

    pub(super) fn contains(self, kind: JsonType) -> bool {
        self.0 & 1 << kind as u8 != 0
    }

    pub(super) fn with(self, kind: JsonType) -> Self {
        Self(self.0 | 1 << kind as u8)
    }

    pub(super) fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn complement(self) -> Self {
        Self(Self::EVERY.0 & !self.0)
    }
}

/// A set of property names: those listed and those that match a pattern, or all others.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NameSet {
    pub(super) exact: BTreeSet<Box<str>>,
    /// Numbers of patterns.
    pub(super) patterns: BTreeSet<u32>,
    /// Whether the set is what is neither listed nor matched.
    pub(super) others: bool,
}

impl NameSet {
    pub(super) fn every() -> Self {
        Self { others: true, ..Self::default() }
    }

    pub(super) fn one(name: &str) -> Self {
        Self { exact: [name.into()].into(), ..Self::default() }
    }

    /// Returns the names that are not in the set.
    pub(super) fn complement(mut self) -> Self {
        self.others = !self.others;
        self
    }

    /// Adds the names of a set to this one; neither is a complement, or the set is every name.
    pub(super) fn add(&mut self, other: &Self) {
        if self.others {
            return;
        }
        if other.others {
            *self = Self::every();
        } else {
            self.exact.extend(other.exact.iter().cloned());
            self.patterns.extend(&other.patterns);
        }
    }

    pub(super) fn is_every(&self) -> bool {
        self.others && self.exact.is_empty() && self.patterns.is_empty()
    }
}

/// A keyword that cannot be decided, with its place and the reason.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Unsupported {
    pub(super) keyword: String,
    pub(super) pointer: String,
    pub(super) reason: String,
}

/// All formulas of a comparison.
#[derive(Debug)]
pub(super) struct Formulas {
    nodes: Vec<FormulaNode>,
    known: FxHashMap<FormulaNode, Lit>,
    /// The formulas that recursive ones stand for; true until they are known.
    targets: Vec<Lit>,
    pub(super) unsupported: Vec<Unsupported>,
    /// Those of them that are the demands of absent schemas.
    absent: BTreeSet<u32>,
    /// The first node that is certain to mean the same, for each node.
    same: Vec<Lit>,
}

impl Default for Formulas {
    fn default() -> Self {
        let mut formulas = Self {
            nodes: Vec::new(),
            known: FxHashMap::default(),
            targets: Vec::new(),
            unsupported: Vec::new(),
            absent: BTreeSet::new(),
            same: Vec::new(),
        };
        formulas.intern(FormulaNode::True);
        formulas
    }
}

impl Formulas {
    pub(super) fn node(&self, lit: Lit) -> &FormulaNode {
        &self.nodes[lit.node()]
    }

    pub(super) fn atom(&mut self, atom: Atom) -> Lit {
        match atom {
            Atom::MinLength(0) | Atom::MinItems(0) | Atom::MinProperties(0) => Lit::TRUE,
            atom => self.intern(FormulaNode::Atom(atom)),
        }
    }

    /// Returns the formula that a recursive one stands for.
    pub(super) fn target(&self, number: u32) -> Lit {
        self.targets[number as usize]
    }

    /// Returns a formula that will be known later.
    pub(super) fn promise(&mut self) -> (u32, Lit) {
        let number = u32::try_from(self.targets.len()).unwrap_or(u32::MAX);
        self.targets.push(Lit::TRUE);
        (number, self.intern(FormulaNode::Target(number)))
    }

    pub(super) fn keep(&mut self, number: u32, target: Lit) {
        self.targets[number as usize] = target;
    }

    pub(super) fn unsupported(&mut self, keyword: &str, pointer: &str, reason: impl Into<String>) -> Lit {
        let unsupported = Unsupported { keyword: keyword.into(), pointer: pointer.into(), reason: reason.into() };
        let number = self.unsupported.iter().position(|known| *known == unsupported).unwrap_or_else(|| {
            self.unsupported.push(unsupported);
            self.unsupported.len() - 1
        });
        self.atom(Atom::Unsupported(u32::try_from(number).unwrap_or(u32::MAX)))
    }

    /// Returns the demand of a schema that is not there: the same for the same URL, wherever it stands.
    pub(super) fn absent(&mut self, url: &str, pointer: &str) -> Lit {
        let reason = format!("no file here answers {url}");
        let known = self.absent.iter().find(|number| self.unsupported[**number as usize].reason == reason).copied();
        let number = known.unwrap_or_else(|| {
            let number = u32::try_from(self.unsupported.len()).unwrap_or(u32::MAX);
            self.unsupported.push(Unsupported { keyword: "$ref".into(), pointer: pointer.into(), reason });
            self.absent.insert(number);
            number
        });
        self.atom(Atom::Unsupported(number))
    }

    /// Returns whether a formula is made of the demand of a schema that is not there.
    pub(super) fn asks_absent(&self, lit: Lit) -> bool {
        let mut asks = false;
        self.reach(lit, |node| asks |= matches!(node, FormulaNode::Atom(Atom::Unsupported(number)) if self.absent.contains(number)));
        asks
    }

    /// Returns whether a formula is the demand of a schema that is not there.
    pub(super) fn is_absent(&self, lit: Lit) -> bool {
        matches!(self.node(lit), FormulaNode::Atom(Atom::Unsupported(number)) if self.absent.contains(number))
    }

    pub(super) fn all(&mut self, lits: impl IntoIterator<Item = Lit>) -> Lit {
        let mut parts: Vec<Lit> = Vec::new();
        for lit in lits {
            match self.node(lit) {
                FormulaNode::All(inner) if !lit.is_negative() => parts.extend(inner),
                _ => parts.push(lit),
            }
        }
        parts.sort_unstable();
        parts.dedup();
        parts.retain(|lit| *lit != Lit::TRUE);
        let clash = parts.windows(2).any(|pair| pair[0].not() == pair[1]);
        match parts[..] {
            _ if clash || parts.contains(&Lit::FALSE) => Lit::FALSE,
            [] => Lit::TRUE,
            [only] => only,
            _ => self.intern(FormulaNode::All(parts.into())),
        }
    }

    pub(super) fn any(&mut self, lits: impl IntoIterator<Item = Lit>) -> Lit {
        let negated: Vec<Lit> = lits.into_iter().map(Lit::not).collect();
        let clash_or_plain = self.all(negated.iter().copied());
        match self.node(clash_or_plain) {
            // Kept as a disjunction, which the solver takes as a clause.
            FormulaNode::All(parts) if !clash_or_plain.is_negative() => {
                let parts: Box<[Lit]> = parts.iter().map(|lit| lit.not()).collect();
                self.intern(FormulaNode::Any(parts))
            }
            _ => clash_or_plain.not(),
        }
    }

    /// Returns "`lit` or not `lit`": true, but a solver has to say which.
    pub(super) fn decide(&mut self, lit: Lit) -> Lit {
        if lit == Lit::TRUE || lit == Lit::FALSE { Lit::TRUE } else { self.intern(FormulaNode::Any([lit, lit.not()].into())) }
    }

    pub(super) fn one(&mut self, lits: Vec<Lit>) -> Lit {
        let mut parts: Vec<Lit> = lits.into_iter().filter(|lit| *lit != Lit::FALSE).collect();
        parts.sort_unstable();
        match parts[..] {
            [] => Lit::FALSE,
            [only] => only,
            _ => self.intern(FormulaNode::One(parts.into())),
        }
    }

    fn intern(&mut self, node: FormulaNode) -> Lit {
        if let Some(lit) = self.known.get(&node) {
            return *lit;
        }
        let lit = Lit::of(self.nodes.len());
        self.nodes.push(node.clone());
        self.same.push(lit);
        self.known.insert(node, lit);
        lit
    }

    /// Returns the representative of all formulas that are known to mean the same.
    pub(super) fn representative(&self, lit: Lit) -> Lit {
        let same = self.same[lit.node()];
        if lit.is_negative() { same.not() } else { same }
    }

    /// Returns every set of names that a formula, or one that it is made of, declares.
    pub(super) fn declared(&self, lit: Lit) -> BTreeSet<&NameSet> {
        let mut declared = BTreeSet::new();
        self.reach(lit, |node| {
            if let FormulaNode::Atom(Atom::Declares(names)) = node {
                declared.insert(names);
            }
        });
        declared
    }

    /// Visits every node that a formula is made of.
    pub(super) fn reach<'s>(&'s self, lit: Lit, mut see: impl FnMut(&'s FormulaNode)) {
        let mut seen = BTreeSet::new();
        let mut pending = vec![lit];
        while let Some(lit) = pending.pop().map(|lit| self.representative(lit)) {
            if !seen.insert(lit.node()) {
                continue;
            }
            let node = self.node(lit);
            see(node);
            match node {
                FormulaNode::All(parts) | FormulaNode::Any(parts) | FormulaNode::One(parts) => pending.extend(parts),
                FormulaNode::Target(number) => pending.push(self.target(*number)),
                FormulaNode::Atom(
                    Atom::Item(_, lit)
                    | Atom::Items(_, lit)
                    | Atom::Contains { item: lit, .. }
                    | Atom::Values(_, lit)
                    | Atom::PropertyNames(lit),
                ) => pending.push(*lit),
                FormulaNode::Atom(_) | FormulaNode::True => {}
            }
        }
    }

    /// Returns the outermost parts of a formula, whatever its sign.
    pub(super) fn parts(&self, lit: Lit) -> impl Iterator<Item = Lit> {
        let mut lit = lit;
        // A chain of references is as long as there are targets.
        for _ in 0..self.targets.len() {
            let FormulaNode::Target(number) = self.node(lit) else { break };
            lit = self.target(*number);
        }
        let parts: &[Lit] = match self.node(lit) {
            FormulaNode::All(parts) | FormulaNode::Any(parts) | FormulaNode::One(parts) => parts,
            _ => &[],
        };
        parts.iter().map(|part| self.representative(*part))
    }

    /// Returns whether two formulas are certain to mean the same.
    pub(super) fn alike(&self, a: Lit, b: Lit) -> bool {
        self.representative(a) == self.representative(b)
    }

    /// Finds the recursive formulas that are built alike, so that unchanged recursive definitions are seen to be unchanged:
    /// the coarsest partition of the nodes in which equal nodes have equal parts.
    pub(super) fn merge_alike(&mut self) {
        if self.targets.is_empty() {
            return;
        }
        let mut classes: Vec<u32> = vec![0; self.nodes.len()];
        let mut count = 0;
        loop {
            let mut known: FxHashMap<(u32, FormulaNode), u32> = FxHashMap::default();
            let next: Vec<u32> = (0..self.nodes.len())
                .map(|at| {
                    let fresh = u32::try_from(known.len()).unwrap_or(u32::MAX);
                    *known.entry((classes[at], self.shape(at, &classes))).or_insert(fresh)
                })
                .collect();
            let found = known.len();
            classes = next;
            if found == count {
                break;
            }
            count = found;
        }
        let mut first: FxHashMap<u32, Lit> = FxHashMap::default();
        for (at, class) in classes.iter().enumerate() {
            self.same[at] = *first.entry(*class).or_insert_with(|| Lit::of(at));
        }
    }

    /// Returns a node with its parts replaced by their classes; a target stands for the class of what it means.
    fn shape(&self, at: usize, classes: &[u32]) -> FormulaNode {
        let class = |lit: &Lit| {
            let mut lit = *lit;
            // Targets that stand for targets are followed: a chain is as long as references are.
            for _ in 0..self.targets.len() {
                let FormulaNode::Target(number) = self.node(lit) else { break };
                lit = if lit.is_negative() { self.target(*number).not() } else { self.target(*number) };
            }
            Lit(classes[lit.node()] << 1).signed(lit)
        };
        match &self.nodes[at] {
            FormulaNode::True => FormulaNode::True,
            FormulaNode::All(parts) => FormulaNode::All(sorted(parts.iter().map(class))),
            FormulaNode::Any(parts) => FormulaNode::Any(sorted(parts.iter().map(class))),
            FormulaNode::One(parts) => FormulaNode::One(sorted(parts.iter().map(class))),
            FormulaNode::Target(number) => {
                let target = class(&self.target(*number));
                FormulaNode::All([target].into())
            }
            FormulaNode::Atom(atom) => FormulaNode::Atom(match atom {
                Atom::Item(index, lit) => Atom::Item(*index, class(lit)),
                Atom::Items(index, lit) => Atom::Items(*index, class(lit)),
                Atom::Contains { item, min, max } => Atom::Contains { item: class(item), min: *min, max: *max },
                Atom::Values(names, lit) => Atom::Values(names.clone(), class(lit)),
                Atom::PropertyNames(lit) => Atom::PropertyNames(class(lit)),
                other => other.clone(),
            }),
        }
    }
}

fn sorted(lits: impl Iterator<Item = Lit>) -> Box<[Lit]> {
    let mut lits: Vec<Lit> = lits.collect();
    lits.sort_unstable();
    lits.into()
}
