//! Documents judged by formulas: the judge that does not share a line with the reference validator.

use serde_json::{Map, Value};

use super::{
    formats,
    formula::{Atom, FormulaNode, JsonType, Lit, NameSet},
    lower::Store,
    number,
    text::ValueKey,
};

impl Store {
    /// Returns whether a value satisfies a formula; `None` where that depends on something that cannot be judged.
    pub(super) fn holds(&self, lit: Lit, value: &Value) -> Option<bool> {
        let positive = match self.formulas.node(lit) {
            FormulaNode::True => Some(true),
            FormulaNode::All(parts) => all(parts.iter().map(|part| self.holds(*part, value))),
            FormulaNode::Any(parts) => all(parts.iter().map(|part| self.holds(part.not(), value))).map(|none| !none),
            FormulaNode::One(parts) => self.one(parts, value),
            FormulaNode::Target(number) => self.holds(self.formulas.target(*number), value),
            FormulaNode::Atom(atom) => self.atom_holds(atom, value),
        };
        positive.map(|holds| holds != lit.is_negative())
    }

    fn one(&self, parts: &[Lit], value: &Value) -> Option<bool> {
        let mut found = 0;
        for part in parts {
            found += u32::from(self.holds(*part, value)?);
        }
        Some(found == 1)
    }

    fn atom_holds(&self, atom: &Atom, value: &Value) -> Option<bool> {
        Some(match atom {
            Atom::Types(types) => types.contains(JsonType::of(value)),
            Atom::Enum(keys) => keys.binary_search(&ValueKey::of(value)).is_ok(),
            Atom::Declares(_) | Atom::Opens => true,
            Atom::Unsupported(_) => return None,
            _ => match value {
                Value::Number(number) => return number_holds(atom, number),
                Value::String(text) => return self.string_holds(atom, text),
                Value::Array(items) => return self.array_holds(atom, items),
                Value::Object(members) => return self.object_holds(atom, members),
                Value::Null | Value::Bool(_) => true,
            },
        })
    }

    fn string_holds(&self, atom: &Atom, text: &str) -> Option<bool> {
        let length = || text.chars().count() as u64;
        Some(match atom {
            Atom::MinLength(count) => length() >= *count,
            Atom::MaxLength(count) => length() <= *count,
            Atom::Pattern(pattern) => return self.patterns.finds(*pattern, text),
            Atom::Format(variant, name) => formats::accepts(*variant, name, text),
            _ => true,
        })
    }

    fn array_holds(&self, atom: &Atom, items: &[Value]) -> Option<bool> {
        let length = items.len() as u64;
        Some(match atom {
            Atom::MinItems(count) => length >= *count,
            Atom::MaxItems(count) => length <= *count,
            Atom::Item(index, lit) => {
                return usize::try_from(*index).ok().and_then(|index| items.get(index)).map_or(Some(true), |item| self.holds(*lit, item));
            }
            Atom::Items(from, lit) => {
                let from = usize::try_from(*from).unwrap_or(usize::MAX);
                return all(items.iter().skip(from).map(|item| self.holds(*lit, item)));
            }
            Atom::Contains { item, min, max } => {
                let mut found = 0;
                for value in items {
                    found += u64::from(self.holds(*item, value)?);
                }
                found >= *min && max.is_none_or(|max| found <= max)
            }
            Atom::Unique => {
                let mut keys: Vec<ValueKey> = items.iter().map(ValueKey::of).collect();
                keys.sort();
                keys.windows(2).all(|pair| pair[0] != pair[1])
            }
            _ => true,
        })
    }

    fn object_holds(&self, atom: &Atom, members: &Map<String, Value>) -> Option<bool> {
        let count = members.len() as u64;
        Some(match atom {
            Atom::MinProperties(min) => count >= *min,
            Atom::MaxProperties(max) => count <= *max,
            Atom::Required(name) => members.contains_key(&**name),
            Atom::Values(names, lit) => {
                return all(members.iter().map(|(name, value)| match self.names_contain(names, name) {
                    Some(true) => self.holds(*lit, value),
                    Some(false) => Some(true),
                    None => None,
                }));
            }
            Atom::PropertyNames(lit) => return all(members.keys().map(|name| self.holds(*lit, &Value::from(name.as_str())))),
            _ => true,
        })
    }

    /// Returns whether a name is in a set; `None` where a pattern cannot be read.
    pub(super) fn names_contain(&self, names: &NameSet, name: &str) -> Option<bool> {
        let mut inside = names.exact.contains(name);
        for pattern in &names.patterns {
            inside = inside || self.patterns.finds(*pattern, name)?;
        }
        Some(inside != names.others)
    }

    /// Returns whether a document holds only properties that a writer's schemas declare, where they are no map: see
    /// [`super::ContentModel::Declared`].
    pub(super) fn is_declared(&self, lits: &[Lit], value: &Value) -> bool {
        let mut atoms = Vec::new();
        for lit in lits {
            self.applied(*lit, value, &mut atoms);
        }
        match value {
            Value::Object(members) => {
                let allowed = |name: &str| match declared(atoms.iter().copied()) {
                    Some(names) => self.names_contain(&names, name) == Some(true),
                    None => true,
                };
                members.iter().all(|(name, value)| allowed(name) && self.is_declared(&self.below(&atoms, name), value))
            }
            Value::Array(items) => items.iter().zip(0..).all(|(item, index)| self.is_declared(&at_index(&atoms, index), item)),
            _ => true,
        }
    }

    /// Collects the atoms that hold and apply: those on every way to a value's acceptance.
    fn applied<'s>(&'s self, lit: Lit, value: &Value, atoms: &mut Vec<&'s Atom>) {
        if lit.is_negative() || self.holds(lit, value) != Some(true) {
            return;
        }
        match self.formulas.node(lit) {
            FormulaNode::True => {}
            FormulaNode::All(parts) | FormulaNode::Any(parts) | FormulaNode::One(parts) => {
                for part in parts {
                    self.applied(*part, value, atoms);
                }
            }
            FormulaNode::Target(number) => self.applied(self.formulas.target(*number), value, atoms),
            FormulaNode::Atom(atom) => atoms.push(atom),
        }
    }

    fn below(&self, atoms: &[&Atom], name: &str) -> Vec<Lit> {
        let values = atoms.iter().filter_map(|atom| match atom {
            Atom::Values(names, lit) if self.names_contain(names, name) == Some(true) => Some(*lit),
            _ => None,
        });
        values.collect()
    }
}

fn at_index(atoms: &[&Atom], at: u64) -> Vec<Lit> {
    let items = atoms.iter().filter_map(|atom| match atom {
        Atom::Item(index, lit) if *index == at => Some(*lit),
        Atom::Items(from, lit) if *from <= at => Some(*lit),
        _ => None,
    });
    items.collect()
}

/// Returns the names that schemas declare together; `None` where the place is a map.
pub(super) fn declared<'a>(atoms: impl Iterator<Item = &'a Atom>) -> Option<NameSet> {
    let mut names: Option<NameSet> = None;
    for atom in atoms {
        match atom {
            Atom::Declares(more) => names.get_or_insert_default().add(more),
            Atom::Opens => return None,
            _ => {}
        }
    }
    names
}

/// Returns whether all are true: false where one is, unknown where one is and none is false.
fn all(each: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for holds in each {
        match holds {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = None,
        }
    }
    known
}

fn number_holds(atom: &Atom, value: &serde_json::Number) -> Option<bool> {
    if !matches!(atom, Atom::Integer | Atom::Least { .. } | Atom::Most { .. } | Atom::MultipleOf(_)) {
        return Some(true);
    }
    let value = number::parse(value)?;
    Some(match atom {
        Atom::Integer => value.is_integer(),
        Atom::Least { bound, exclusive } => value > *bound || (!exclusive && value == *bound),
        Atom::Most { bound, exclusive } => value < *bound || (!exclusive && value == *bound),
        Atom::MultipleOf(divisor) => number::is_multiple(&value, divisor),
        _ => true,
    })
}
