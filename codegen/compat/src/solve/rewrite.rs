//! Demands in terms of others, where the theories do not take them as they are.

use serde_json::Value;

use crate::{
    formula::{Atom, JsonType, JsonTypes, Lit, NameSet},
    lower::Store,
    text::ValueKey,
};

/// Returns what an atom means in terms of others, where the theories do not take it as it is.
pub(super) fn rewritten(store: &mut Store, atom: &Atom, negative: bool) -> Option<Lit> {
    match atom {
        Atom::Contains { item, min, max } if negative => {
            let item = *item;
            let fewer = match min {
                0 => Lit::FALSE,
                min => store.formulas.atom(Atom::Contains { item, min: 0, max: Some(min - 1) }),
            };
            let more = match max {
                None => Lit::FALSE,
                Some(max) => store.formulas.atom(Atom::Contains { item, min: max + 1, max: None }),
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
    /// Returns the ways in which an array or object can differ from a value; `None` for other values.
    fn differs(&mut self, value: &Value) -> Option<Lit> {
        let mut ways = Vec::new();
        match value {
            Value::Array(items) => {
                let other = self.formulas.atom(Atom::Types(JsonTypes(0).with(JsonType::Array))).not();
                let length = items.len() as u64;
                ways.extend([other, self.formulas.atom(Atom::MaxItems(length)).not(), self.formulas.atom(Atom::MinItems(length)).not()]);
                for (index, item) in items.iter().enumerate() {
                    let same = self.formulas.atom(Atom::Enum([ValueKey::of(item)].into()));
                    ways.push(self.formulas.atom(Atom::Item(index as u64, same)).not());
                }
            }
            Value::Object(members) => {
                ways.push(self.formulas.atom(Atom::Types(JsonTypes(0).with(JsonType::Object))).not());
                let mut names = NameSet::default();
                for (name, value) in members {
                    let one = NameSet::one(name);
                    names.add(&one);
                    ways.push(self.formulas.atom(Atom::Required(name.as_str().into())).not());
                    let same = self.formulas.atom(Atom::Enum([ValueKey::of(value)].into()));
                    ways.push(self.formulas.atom(Atom::Values(one, same)).not());
                }
                ways.push(self.formulas.atom(Atom::Values(names.complement(), Lit::FALSE)).not());
            }
            _ => return None,
        }
        Some(self.formulas.any(ways))
    }
}
