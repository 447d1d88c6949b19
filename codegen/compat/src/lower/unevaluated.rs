//! `unevaluatedProperties` and `unevaluatedItems` without annotations (2020-12, section 11): what each adjacent schema evaluates,
//! and the condition under which it does.

use eventc_model::schema::{Dialect, Keywords, NodeId, Schema};

use super::{Lowering, ScopeId, Store};
use crate::formula::{Atom, JsonType, JsonTypes, Lit, NameSet};

/// The maximum number of conditions whose combinations are tried.
const MAX_CONDITIONS: usize = 10;

/// Names of properties that count as evaluated where a condition holds.
pub(super) type NameSource = (Lit, NameSet);

/// Items that count as evaluated where a condition holds.
pub(super) type ItemSource = (Lit, ItemSet);

/// Items that count as evaluated.
#[derive(Debug, Clone, Default)]
pub(super) struct ItemSet {
    /// The index below which all items count; `u64::MAX` for all items.
    before: u64,
    /// Formulas; an item that satisfies one of them counts.
    matching: Vec<Lit>,
}

/// Returns the sources that evaluate properties beside the keyword of a schema.
pub(super) fn properties(lowering: &mut Lowering<'_>, store: &mut Store, id: NodeId, scope: ScopeId) -> Vec<NameSource> {
    EvaluatedBy { lowering, store, own: &own_names }.of(id, scope, false)
}

/// Returns the sources that evaluate items beside the keyword of a schema.
pub(super) fn items(lowering: &mut Lowering<'_>, store: &mut Store, id: NodeId, scope: ScopeId) -> Vec<ItemSource> {
    EvaluatedBy { lowering, store, own: &own_items }.of(id, scope, false)
}

/// Returns the demand that each value of a property that no source evaluates satisfies a formula. `None` where there are too
/// many conditions.
pub(super) fn rest_of_object(store: &mut Store, sources: &[NameSource], value: Lit) -> Option<Lit> {
    every_combination(store, sources, NameSet::add, |store, evaluated| {
        if evaluated.is_every() || value == Lit::TRUE {
            return Lit::TRUE;
        }
        store.formulas.atom(Atom::Values(evaluated.complement(), value))
    })
}

/// Returns the demand that each item that no source evaluates satisfies a formula. `None` where there are too many conditions.
pub(super) fn rest_of_array(store: &mut Store, sources: &[ItemSource], item: Lit) -> Option<Lit> {
    let add = |all: &mut ItemSet, more: &ItemSet| {
        all.before = all.before.max(more.before);
        all.matching.extend(&more.matching);
    };
    every_combination(store, sources, add, |store, evaluated| {
        let item = store.formulas.any(evaluated.matching.into_iter().chain([item]));
        if evaluated.before == u64::MAX || item == Lit::TRUE {
            return Lit::TRUE;
        }
        store.formulas.atom(Atom::Items(evaluated.before, item))
    })
}

/// Returns a formula for all sets of conditions: one of each set holds, or what the others evaluate leaves a rest that is as
/// it should be.
fn every_combination<T: Clone + Default>(
    store: &mut Store,
    sources: &[(Lit, T)],
    add: impl Fn(&mut T, &T),
    rest: impl Fn(&mut Store, T) -> Lit,
) -> Option<Lit> {
    let mut always = T::default();
    let mut conditional: Vec<(Lit, T)> = Vec::new();
    for (condition, evaluated) in sources {
        match conditional.iter_mut().find(|(known, _)| known == condition) {
            _ if *condition == Lit::TRUE => add(&mut always, evaluated),
            Some((_, known)) => add(known, evaluated),
            None => conditional.push((*condition, evaluated.clone())),
        }
    }
    if conditional.len() > MAX_CONDITIONS {
        return None;
    }
    let mut clauses = Vec::new();
    for failing in 0_u32..1 << conditional.len() {
        let mut evaluated = always.clone();
        let mut options = Vec::new();
        for (index, (condition, more)) in conditional.iter().enumerate() {
            if failing & 1 << index == 0 {
                add(&mut evaluated, more);
            } else {
                options.push(*condition);
            }
        }
        options.push(rest(store, evaluated));
        clauses.push(store.formulas.any(options));
    }
    Some(store.formulas.all(clauses))
}

/// A reader of what the keywords of one schema evaluate themselves; the flag says whether its own `unevaluated…` counts.
type OwnEvaluated<'f, T> = &'f dyn Fn(&mut Lowering<'_>, &mut Store, NodeId, ScopeId, &Keywords, bool) -> Option<T>;

struct EvaluatedBy<'s, 'a, T> {
    lowering: &'s mut Lowering<'a>,
    store: &'s mut Store,
    own: OwnEvaluated<'s, T>,
}

impl<T> EvaluatedBy<'_, '_, T> {
    /// Returns the sources of a schema. With `inner` the schema stands below the one that asks, whose own `unevaluated…` does
    /// not count for itself.
    fn of(&mut self, id: NodeId, scope: ScopeId, inner: bool) -> Vec<(Lit, T)> {
        let scope = self.lowering.enter(scope, id);
        let schemas = self.lowering.schemas;
        let Schema::Keywords(keywords) = &schemas.node(id).schema else { return Vec::new() };
        let mut sources: Vec<(Lit, T)> = Vec::new();
        sources.extend((self.own)(self.lowering, self.store, id, scope, keywords, inner).map(|own| (Lit::TRUE, own)));
        let mut always: Vec<NodeId> = keywords.all_of.clone();
        for reference in [&keywords.reference, &keywords.dynamic_reference].into_iter().flatten() {
            always.extend(self.lowering.follow(reference, scope));
        }
        for child in always {
            sources.extend(self.of(child, scope, true));
        }
        for child in keywords.any_of.iter().chain(&keywords.one_of) {
            let condition = self.lowering.formula(self.store, *child, scope, 0);
            self.under(condition, *child, scope, &mut sources);
        }
        if let Some(condition_id) = keywords.if_schema {
            let condition = self.lowering.formula(self.store, condition_id, scope, 0);
            for (guard, child) in
                [(condition, Some(condition_id)), (condition, keywords.then_schema), (condition.not(), keywords.else_schema)]
            {
                if let Some(child) = child {
                    self.under(guard, child, scope, &mut sources);
                }
            }
        }
        for (name, child) in &keywords.dependent_schemas {
            // On a value of another type the keyword applies nothing, while `required` holds.
            let object = self.store.formulas.atom(Atom::Types(JsonTypes(0).with(JsonType::Object)));
            let has = self.store.formulas.atom(Atom::Required(name.as_str().into()));
            let has = self.store.formulas.all([object, has]);
            self.under(has, *child, scope, &mut sources);
        }
        sources
    }

    fn under(&mut self, guard: Lit, child: NodeId, scope: ScopeId, sources: &mut Vec<(Lit, T)>) {
        for (condition, evaluated) in self.of(child, scope, true) {
            let condition = self.store.formulas.all([guard, condition]);
            if condition != Lit::FALSE {
                sources.push((condition, evaluated));
            }
        }
    }
}

fn own_names(_: &mut Lowering<'_>, store: &mut Store, _: NodeId, _: ScopeId, keywords: &Keywords, inner: bool) -> Option<NameSet> {
    if keywords.additional_properties.is_some() || (inner && keywords.unevaluated_properties.is_some()) {
        return Some(NameSet::every());
    }
    let exact = keywords.properties.iter().map(|(name, _)| name.as_str().into()).collect();
    let patterns = keywords.pattern_properties.iter().map(|(pattern, _)| store.patterns.number(pattern)).collect();
    let names = NameSet { exact, patterns, others: false };
    (!names.exact.is_empty() || !names.patterns.is_empty()).then_some(names)
}

#[allow(clippy::unnecessary_wraps, reason = "the shape that `Sources` asks for")]
fn own_items(
    lowering: &mut Lowering<'_>,
    store: &mut Store,
    id: NodeId,
    scope: ScopeId,
    keywords: &Keywords,
    inner: bool,
) -> Option<ItemSet> {
    let all = keywords.items.is_some() || (inner && keywords.unevaluated_items.is_some());
    let before = if all { u64::MAX } else { keywords.prefix_items.len() as u64 };
    // Only since 2020-12 does `contains` evaluate what it finds (section 11.2).
    let contains = keywords.contains.filter(|_| lowering.schemas.node(id).dialect == Dialect::Draft2020);
    let matching = contains.map(|child| lowering.formula(store, child, scope, 0)).into_iter().collect();
    Some(ItemSet { before, matching })
}
