//! Demands in terms of others, where the theories do not take them as they are.

use serde_json::Value;

use crate::{
    formula::{Atom, Lit, Names, Type, Types},
    lower::Store,
    text::Key,
};

/// What an atom means in terms of others, where the theories do not take it as it is.
pub(super) fn rewritten(store: &mut Store, atom: &Atom, negative: bool) -> Option<Lit> {
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
                    let same = self.formulas.atom(Atom::Enum([Key::of(item)].into()));
                    ways.push(self.formulas.atom(Atom::Item(index as u64, same)).not());
                }
            }
            Value::Object(members) => {
                ways.push(self.formulas.atom(Atom::Types(Types(0).with(Type::Object))).not());
                let mut names = Names::default();
                for (name, value) in members {
                    let one = Names::one(name);
                    names.add(&one);
                    ways.push(self.formulas.atom(Atom::Required(name.as_str().into())).not());
                    let same = self.formulas.atom(Atom::Enum([Key::of(value)].into()));
                    ways.push(self.formulas.atom(Atom::Values(one, same)).not());
                }
                ways.push(self.formulas.atom(Atom::Values(names.complement(), Lit::FALSE)).not());
            }
            _ => return None,
        }
        Some(self.formulas.any(ways))
    }
}
