//! The schemas that apply to one place, taken together.
//!
//! `allOf` and a `$ref` beside other keywords only make a conjunction longer, so that what is one type in the schema is one
//! type here.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    IntegerRange, TypeRef,
    conditional::{self, ConditionalProperty},
};
use crate::schema::{Keywords, Kind, Kinds, NodeId, Schema, Schemas};

/// The maximum number of unions that are multiplied out, each beside a branch of the one before. Below them types leave the union
/// to validation, or a hostile schema would have more types than anybody can store.
const MAX_NESTED_UNIONS: usize = 3;

/// A schema of a conjunction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Part {
    /// The schema.
    pub node: NodeId,
    /// Without its `anyOf` and `oneOf`: one of their branches is in the conjunction beside it.
    pub without_union: bool,
}

/// The way in which schemas apply to a place that only conditions speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    /// One of them holds.
    One,
    /// One of them holds, or no condition does, and the place may have any value.
    OneOrNone,
}

/// Schemas that apply to the same place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Conjunction {
    /// The schemas.
    pub parts: Vec<Part>,
    /// The JSON types that are left, where the place is looked at without the others.
    pub only: Option<Kinds>,
    /// Set where not all of the schemas apply, but one that a condition chooses.
    pub choice: Option<Choice>,
}

impl Conjunction {
    /// Takes schemas as they are.
    pub fn of(nodes: &[NodeId]) -> Self {
        Self { parts: nodes.iter().map(|node| Part { node: *node, without_union: false }).collect(), only: None, choice: None }
    }

    /// Takes schemas of which conditions choose one.
    pub fn chosen(nodes: &[NodeId], choice: Choice) -> Self {
        Self { choice: Some(choice), ..Self::of(nodes) }
    }

    /// Returns the same place, looked at as one of these types.
    #[must_use]
    pub fn only(&self, kinds: Kinds) -> Self {
        let only = self.only.map_or(kinds, |known| known.intersect(kinds));
        Self { only: Some(only), ..self.clone() }
    }

    /// Returns the same place, looked at as anything but null.
    #[must_use]
    pub fn without_null(&self) -> Self {
        self.only(Kind::ALL.into_iter().filter(|kind| *kind != Kind::Null).collect())
    }

    /// Returns the schema, if it is one alone.
    pub fn single(&self) -> Option<NodeId> {
        match self.parts[..] {
            [Part { node, without_union: false }] if self.only.is_none() && self.choice.is_none() => Some(node),
            _ => None,
        }
    }
}

/// The demands of a conjunction, as far as types care.
#[derive(Debug, Default)]
pub struct MergedSchema<'a> {
    /// The JSON types that are left; `None` where no schema states any.
    pub kinds: Option<Kinds>,
    /// Values that `const` or `enum` leaves.
    pub values: Option<Vec<Value>>,
    /// Whether a schema is `false`.
    pub never: bool,
    /// The keywords of all schemas, also of those that they refer to and combine.
    pub keywords: Vec<&'a Keywords>,
    /// The schemas with these keywords.
    pub nodes: Vec<NodeId>,
    /// Whether unions are no longer looked into, since too many have been already.
    union_budget_spent: bool,
    /// The first `oneOf` or `anyOf` with more than one branch that says something, and the schema that holds it.
    pub union: Option<(NodeId, &'a [NodeId])>,
    /// The properties that only conditions declare.
    pub(super) conditional: Vec<ConditionalProperty<'a>>,
}

/// A walk through the schemas of a conjunction.
struct SchemaVisitor<'a> {
    schemas: &'a Schemas,
    /// Schemas without their `anyOf` and `oneOf`.
    resolved_unions: HashSet<NodeId>,
    seen: HashSet<NodeId>,
}

/// The type that a conjunction amounts to; a flag says whether null is allowed besides.
#[derive(Debug)]
pub enum SchemaClass {
    /// Nothing is accepted.
    Never,
    /// Anything may be accepted.
    Any,
    /// `null`
    Null,
    /// Values of one type.
    Single(Kind, bool),
    /// These strings.
    Strings(Vec<String>, bool),
    /// These values, and the type that they have in common.
    Literal(Vec<Value>, TypeRef, bool),
    /// Objects with named properties.
    Object(bool),
    /// Objects without.
    Map(bool),
    /// The alternatives of `oneOf` or `anyOf`.
    Union,
    /// Values of several types.
    Kinds(Kinds),
}

impl<'a> MergedSchema<'a> {
    /// Takes a conjunction together. Of schemas that conditions choose from nothing holds in common.
    pub fn new(schemas: &'a Schemas, conjunction: &Conjunction) -> Self {
        if conjunction.choice.is_some() {
            return Self { nodes: conjunction.parts.iter().map(|part| part.node).collect(), ..Self::default() };
        }
        let passed = conjunction.parts.iter().filter(|part| part.without_union).count();
        let mut merged = Self { kinds: conjunction.only, union_budget_spent: passed > MAX_NESTED_UNIONS, ..Self::default() };
        // A schema whose union is settled may also be reached through another's `allOf`: it stays settled.
        let resolved_unions = conjunction.parts.iter().filter(|part| part.without_union).map(|part| part.node).collect();
        let mut walk = SchemaVisitor { schemas, resolved_unions, seen: HashSet::new() };
        for part in &conjunction.parts {
            merged.gather(&mut walk, part.node);
        }
        merged.conditional = conditional::properties(schemas, &merged.keywords);
        merged
    }

    fn gather(&mut self, walk: &mut SchemaVisitor<'a>, node: NodeId) {
        if !walk.seen.insert(node) {
            return;
        }
        let keywords = match &walk.schemas.node(node).schema {
            Schema::Bool(true) => return,
            Schema::Bool(false) => {
                self.never = true;
                return;
            }
            Schema::Keywords(keywords) => keywords,
        };
        self.nodes.push(node);
        self.keywords.push(keywords);
        if let Some(kinds) = keywords.types {
            self.kinds = Some(self.kinds.map_or(kinds, |known| known.intersect(kinds)));
        }
        let symbols = || keywords.avro.as_ref().filter(|words| !words.symbols.is_empty());
        let symbols = || symbols().map(|words| words.symbols.iter().map(|symbol| Value::from(symbol.as_str())).collect());
        let values =
            keywords.const_value.as_ref().map(|value| vec![value.clone()]).or_else(|| keywords.enum_values.clone()).or_else(symbols);
        if let Some(values) = values {
            self.values = Some(match self.values.take() {
                None => values,
                Some(known) => {
                    let listed: HashSet<&Value> = values.iter().collect();
                    known.into_iter().filter(|value| listed.contains(value)).collect()
                }
            });
        }
        for id in keywords.static_reference().into_iter().chain(keywords.all_of.iter().copied()) {
            self.gather(walk, id);
        }
        if !walk.resolved_unions.contains(&node) {
            self.gather_union(walk, node, keywords);
        }
    }

    fn gather_union(&mut self, walk: &mut SchemaVisitor<'a>, holder: NodeId, keywords: &'a Keywords) {
        for branches in [&keywords.one_of, &keywords.any_of] {
            if let [only] = branches[..] {
                self.gather(walk, only);
            } else if self.union.is_none()
                && !self.union_budget_spent
                && branches.iter().any(|branch| speaks_of_shape(walk.schemas, *branch))
            {
                self.union = Some((holder, branches));
            }
        }
    }

    /// Returns what it amounts to.
    pub fn classify(&self) -> SchemaClass {
        if self.never || self.kinds.is_some_and(Kinds::is_empty) {
            return SchemaClass::Never;
        }
        if let Some(values) = &self.values {
            return classify_values(values, self.kinds);
        }
        if self.union.is_some() {
            return SchemaClass::Union;
        }
        let Some(kinds) = self.kinds else {
            // Without `type`, properties describe objects and let everything else pass.
            return if self.is_map() { SchemaClass::Any } else { SchemaClass::Kinds(Kind::ALL.into_iter().collect()) };
        };
        let nullable = kinds.contains(Kind::Null);
        let rest = kinds.without(Kind::Null);
        let rest = if rest.contains(Kind::Number) { rest.without(Kind::Integer) } else { rest };
        let says_nothing = rest.iter().count() == 5 && !self.keywords.iter().any(|keywords| keywords.constrains_objects());
        match rest.single() {
            None if rest.is_empty() => SchemaClass::Null,
            None if says_nothing => SchemaClass::Any,
            None => SchemaClass::Kinds(kinds),
            Some(Kind::Object) if self.is_map() => SchemaClass::Map(nullable),
            Some(Kind::Object) => SchemaClass::Object(nullable),
            Some(kind) => SchemaClass::Single(kind, nullable),
        }
    }

    /// Returns whether no property has a name.
    pub fn is_map(&self) -> bool {
        self.conditional.is_empty() && self.keywords.iter().all(|keywords| keywords.properties.is_empty())
    }

    /// Returns the properties that must be present.
    pub fn required(&self) -> HashSet<&'a str> {
        self.keywords.iter().flat_map(|keywords| &keywords.required).map(String::as_str).collect()
    }

    /// Returns whether a property must be present; [`Self::required`] is for those who ask of many.
    pub fn requires(&self, name: &str) -> bool {
        self.keywords.iter().any(|keywords| keywords.required.iter().any(|required| required == name))
    }
}

/// Returns whether a branch describes a shape; `anyOf: [{required: [a]}, {required: [b]}]` only constrains one that is known.
fn speaks_of_shape(schemas: &Schemas, branch: NodeId) -> bool {
    let (mut pending, mut seen) = (vec![branch], HashSet::new());
    while let Some(id) = pending.pop() {
        let Some(keywords) = schemas.keywords(id).filter(|_| seen.insert(id)) else { continue };
        let speaks = keywords.types.is_some()
            || !keywords.properties.is_empty()
            || keywords.const_value.is_some()
            || keywords.enum_values.is_some()
            || keywords.items.is_some()
            || !keywords.prefix_items.is_empty()
            || keywords.additional_properties.is_some()
            || !keywords.pattern_properties.is_empty();
        if speaks {
            return true;
        }
        pending.extend(keywords.static_reference());
        pending.extend(keywords.all_of.iter().chain(&keywords.any_of).chain(&keywords.one_of));
    }
    false
}

fn classify_values(values: &[Value], kinds: Option<Kinds>) -> SchemaClass {
    let fits = |value: &&Value| {
        kinds.is_none_or(|kinds| {
            let kind = Kind::of_value(value);
            kinds.contains(kind) || (kind == Kind::Integer && kinds.contains(Kind::Number))
        })
    };
    let values: Vec<&Value> = values.iter().filter(fits).collect();
    let nullable = values.iter().any(|value| value.is_null());
    let rest: Vec<Value> = values.into_iter().filter(|value| !value.is_null()).cloned().collect();
    if rest.is_empty() {
        return if nullable { SchemaClass::Null } else { SchemaClass::Never };
    }
    if rest.iter().all(Value::is_string) {
        let mut seen = HashSet::new();
        let strings = rest.iter().filter_map(Value::as_str).filter(|text| seen.insert(*text)).map(str::to_owned).collect();
        return SchemaClass::Strings(strings, nullable);
    }
    let kinds: Kinds = rest.iter().map(Kind::of_value).collect();
    let kinds = if kinds.contains(Kind::Number) { kinds.without(Kind::Integer) } else { kinds };
    let base = match kinds.single() {
        Some(Kind::Boolean) => TypeRef::Bool,
        Some(Kind::Integer) => TypeRef::Integer(IntegerRange::default()),
        Some(Kind::Number) => TypeRef::Number,
        _ => TypeRef::Any,
    };
    SchemaClass::Literal(rest, base, nullable)
}
