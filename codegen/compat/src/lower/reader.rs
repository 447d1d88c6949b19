//! The keywords of one schema as formulas.

use eventc_model::schema::{Dialect, Keywords, Kind, Kinds, NodeId, Reference};
use serde_json::{Number, Value};

use super::{Dropped, Lowering, PathFilter, ScopeId, Store, unevaluated};
use crate::{
    formats,
    formula::{Atom, JsonType, JsonTypes, Lit, NameSet},
    number,
    text::ValueKey,
};

/// A reader of the keywords of one schema.
pub(super) struct KeywordLowering<'r, 'a> {
    pub(super) lowering: &'r mut Lowering<'a>,
    pub(super) store: &'r mut Store,
    pub(super) id: NodeId,
    pub(super) scope: ScopeId,
    pub(super) path_filter: PathFilter,
    pub(super) keywords: &'a Keywords,
    pub(super) out: Vec<(&'static str, Lit)>,
}

impl<'a> KeywordLowering<'_, 'a> {
    /// Returns the demands of each keyword.
    pub(super) fn read(mut self) -> Vec<(&'static str, Lit)> {
        self.references();
        self.values();
        self.numbers();
        self.strings();
        self.arrays();
        self.objects();
        self.in_place();
        self.unevaluated();
        self.declarations();
        self.out
    }

    fn push(&mut self, keyword: &'static str, lit: Lit) {
        if lit != Lit::TRUE && !self.is_dropped(keyword, None) {
            self.out.push((keyword, lit));
        }
    }

    fn is_dropped(&self, keyword: &'static str, name: Option<&str>) -> bool {
        let dropped = &self.lowering.reading.dropped;
        !dropped.is_empty() && dropped.contains(&(self.id, keyword, name.map(str::to_owned)))
    }

    /// Returns the properties of which a keyword demands nothing any more.
    fn spared(&self, keyword: &'static str) -> Vec<Box<str>> {
        let of_keyword =
            |(id, known, name): &Dropped| (*id == self.id && *known == keyword).then(|| name.as_deref().map(Into::into)).flatten();
        self.lowering.reading.dropped.iter().filter_map(of_keyword).collect()
    }

    fn push_atom(&mut self, keyword: &'static str, atom: Atom) {
        let lit = self.store.formulas.atom(atom);
        self.push(keyword, lit);
    }

    fn push_all(&mut self, keyword: &'static str, lits: Vec<Lit>) {
        let lit = self.store.formulas.all(lits);
        self.push(keyword, lit);
    }

    fn unsupported(&mut self, keyword: &'static str, reason: &str) -> Lit {
        let pointer = format!("{}/{keyword}", self.lowering.schemas.pointer(self.id));
        self.store.formulas.unsupported(keyword, &pointer, reason)
    }

    /// Remembers where a pattern or format stands, for whoever cannot decide it.
    fn place(&mut self, atom: Atom, keyword: &'static str, key: &str) {
        let pointer = self.lowering.schemas.pointer(self.id);
        let below = if key.is_empty() { String::new() } else { format!("/{}", eventc_model::syntax::escape_pointer(key)) };
        self.store.places.entry(atom).or_insert_with(|| (keyword, format!("{pointer}/{keyword}{below}")));
    }

    /// Returns a schema for the same place.
    fn here(&mut self, id: NodeId) -> Lit {
        self.lowering.formula(self.store, id, self.scope, self.path_filter)
    }

    /// Returns a schema for a property.
    fn below(&mut self, id: NodeId, token: &str) -> Lit {
        let path_filter = self.lowering.below(self.path_filter, token);
        self.lowering.formula(self.store, id, self.scope, path_filter)
    }

    fn references(&mut self) {
        if let Some(url) = self.lowering.schemas.absent.get(&self.id) {
            let lit = self.absent(url);
            self.push("$ref", lit);
        }
        let references = [("$ref", &self.keywords.reference), ("$dynamicRef", &self.keywords.dynamic_reference)];
        for (keyword, reference) in references {
            let Some(reference) = reference else { continue };
            let lit = match (self.lowering.follow(reference, self.scope), reference) {
                (Some(target), _) => self.here(target),
                (None, Reference::Unresolved(url)) if url.contains("://") => self.absent(url),
                (None, _) => self.unsupported(keyword, "the reference leads nowhere"),
            };
            self.push(keyword, lit);
        }
    }

    /// Demands what nobody here knows, wherever that is the same.
    fn absent(&mut self, url: &str) -> Lit {
        let pointer = &self.lowering.schemas.pointer(self.id);
        self.store.formulas.absent(url, pointer)
    }

    fn types(&mut self, kinds: Kinds) -> Lit {
        let types = kinds.iter().fold(JsonTypes(0), |types, kind| {
            types.with(match kind {
                Kind::Null => JsonType::Null,
                Kind::Boolean => JsonType::Boolean,
                Kind::Integer | Kind::Number => JsonType::Number,
                Kind::String => JsonType::String,
                Kind::Array => JsonType::Array,
                Kind::Object => JsonType::Object,
            })
        });
        let of_types = if types == JsonTypes::EVERY { Lit::TRUE } else { self.store.formulas.atom(Atom::Types(types)) };
        let whole = kinds.contains(Kind::Integer) && !kinds.contains(Kind::Number);
        let integer = if whole { self.store.formulas.atom(Atom::Integer) } else { Lit::TRUE };
        self.store.formulas.all([of_types, integer])
    }

    /// Returns the keywords that say which values there are.
    fn stated(&self) -> &'a Keywords {
        self.lowering.reading.stamped.get(&self.id).copied().unwrap_or(self.keywords)
    }

    fn values(&mut self) {
        if let Some(kinds) = self.keywords.types {
            let lit = self.types(kinds);
            self.push("type", lit);
        }
        // Draft 4 does not know `const`; whoever writes it there means what draft 6 made of it.
        let early = || self.lowering.schemas.raw(self.id).get("const").filter(|_| self.dialect() == Dialect::Draft4);
        if let Some(value) = self.stated().const_value.as_ref().or_else(early) {
            self.push_atom("const", Atom::Enum([ValueKey::of(value)].into()));
        }
        if let Some(values) = &self.stated().enum_values {
            let lit = self.one_of(values);
            self.push("enum", lit);
        }
    }

    fn one_of(&mut self, values: &[Value]) -> Lit {
        let mut keys: Vec<ValueKey> = values.iter().map(ValueKey::of).collect();
        keys.sort();
        keys.dedup();
        let lit = self.store.formulas.atom(Atom::Enum(keys.into()));
        let open = self.lowering.reading.closed.as_ref().is_some_and(|closed| !closed.contains(&self.id));
        if !open || !values.iter().any(Value::is_string) {
            return lit;
        }
        let strings = self.store.formulas.atom(Atom::Types(JsonTypes(0).with(JsonType::String)));
        self.store.formulas.any([lit, strings])
    }

    fn numbers(&mut self) {
        let keywords = self.keywords;
        let bounds = [
            ("minimum", &keywords.minimum, NumberBound::Least(false)),
            ("exclusiveMinimum", &keywords.exclusive_minimum, NumberBound::Least(true)),
            ("maximum", &keywords.maximum, NumberBound::Most(false)),
            ("exclusiveMaximum", &keywords.exclusive_maximum, NumberBound::Most(true)),
            ("multipleOf", &keywords.multiple_of, NumberBound::Multiple),
        ];
        for (keyword, number, bound) in bounds {
            let Some(number) = number else { continue };
            let lit = self.bound(keyword, number, bound);
            self.push(keyword, lit);
        }
    }

    fn bound(&mut self, keyword: &'static str, number: &Number, bound: NumberBound) -> Lit {
        let Some(value) = number::parse(number) else { return self.unsupported(keyword, "the number has too many digits") };
        self.store.formulas.atom(match bound {
            NumberBound::Least(exclusive) => Atom::Least { bound: value, exclusive },
            NumberBound::Most(exclusive) => Atom::Most { bound: value, exclusive },
            NumberBound::Multiple => Atom::MultipleOf(value),
        })
    }

    fn strings(&mut self) {
        let keywords = self.keywords;
        if let Some(count) = keywords.min_length {
            self.push_atom("minLength", Atom::MinLength(count));
        }
        if let Some(count) = keywords.max_length {
            self.push_atom("maxLength", Atom::MaxLength(count));
        }
        if let Some(pattern) = &self.stated().pattern {
            let number = self.store.patterns.number(pattern);
            self.place(Atom::Pattern(number), "pattern", "");
            self.push_atom("pattern", Atom::Pattern(number));
        }
        if !self.lowering.reading.annotates
            && let Some(name) = &keywords.format
            && let Some(format) = formats::of(self.dialect(), name)
        {
            self.place(format.clone(), "format", "");
            self.push_atom("format", format);
        }
        let (encoding, media_type) = (keywords.content_encoding.as_deref(), keywords.content_media_type.as_deref());
        if let Some(content) = formats::of_content(self.dialect(), encoding, media_type) {
            let keyword = if media_type.is_some() { "contentMediaType" } else { "contentEncoding" };
            self.place(content.clone(), keyword, "");
            self.push_atom(keyword, content);
        }
    }

    fn dialect(&self) -> Dialect {
        self.lowering.schemas.node(self.id).dialect
    }

    fn arrays(&mut self) {
        let keywords = self.keywords;
        if let Some(count) = keywords.min_items {
            self.push_atom("minItems", Atom::MinItems(count));
        }
        if let Some(count) = keywords.max_items {
            self.push_atom("maxItems", Atom::MaxItems(count));
        }
        if keywords.unique_items {
            self.push_atom("uniqueItems", Atom::Unique);
        }
        let mut items = Vec::new();
        for (index, id) in keywords.prefix_items.iter().enumerate() {
            let item = self.below(*id, &index.to_string());
            items.push(self.demand(item, |item| Atom::Item(index as u64, item)));
        }
        self.push_all("prefixItems", items);
        if let Some(id) = keywords.items {
            let item = self.below(id, "*");
            let lit = self.demand(item, |item| Atom::Items(keywords.prefix_items.len() as u64, item));
            self.push("items", lit);
        }
        if let Some(id) = keywords.contains {
            let item = self.lowering.formula(self.store, id, self.scope, 0);
            let min = keywords.min_contains.unwrap_or(1);
            if min > 0 || keywords.max_contains.is_some() {
                self.push_atom("contains", Atom::Contains { item, min, max: keywords.max_contains });
            }
        }
    }

    /// Returns an atom about a part, unless the part may be anything.
    fn demand(&mut self, part: Lit, atom: impl FnOnce(Lit) -> Atom) -> Lit {
        if part == Lit::TRUE { Lit::TRUE } else { self.store.formulas.atom(atom(part)) }
    }

    fn objects(&mut self) {
        let keywords = self.keywords;
        let mut values = Vec::new();
        for (name, id) in &keywords.properties {
            let value = self.below(*id, name);
            values.push(self.demand(value, |value| Atom::Values(NameSet::one(name), value)));
        }
        self.push_all("properties", values);
        let mut values = Vec::new();
        for (pattern, id) in &keywords.pattern_properties {
            let number = self.store.patterns.number(pattern);
            self.place(Atom::Pattern(number), "patternProperties", pattern);
            let names = NameSet { patterns: [number].into(), ..NameSet::default() };
            let value = self.lowering.formula(self.store, *id, self.scope, 0);
            values.push(self.demand(value, |value| Atom::Values(names, value)));
        }
        self.push_all("patternProperties", values);
        if let Some(id) = keywords.additional_properties {
            let mut names = self.named();
            names.exact.extend(self.spared("additionalProperties"));
            let names = names.complement();
            let value = self.lowering.formula(self.store, id, self.scope, 0);
            let lit = self.demand(value, |value| Atom::Values(names, value));
            self.push("additionalProperties", lit);
        }
        if let Some(id) = keywords.property_names {
            let name = self.lowering.formula(self.store, id, self.scope, 0);
            let lit = self.demand(name, Atom::PropertyNames);
            self.push("propertyNames", lit);
        }
        if let Some(count) = keywords.min_properties {
            self.push_atom("minProperties", Atom::MinProperties(count));
        }
        if let Some(count) = keywords.max_properties {
            self.push_atom("maxProperties", Atom::MaxProperties(count));
        }
        self.presence();
    }

    fn presence(&mut self) {
        let keywords = self.keywords;
        let asked: Vec<String> = keywords.required.iter().filter(|name| !self.is_dropped("required", Some(name))).cloned().collect();
        let required = self.required(&asked);
        self.push("required", required);
        let object = self.store.formulas.atom(Atom::Types(JsonTypes(0).with(JsonType::Object)));
        let mut dependent = Vec::new();
        for (name, others) in &keywords.dependent_required {
            let has = self.has(name);
            let others = self.required(others);
            dependent.push(self.store.formulas.any([object.not(), has.not(), others]));
        }
        self.push_all("dependentRequired", dependent);
        let mut dependent = Vec::new();
        for (name, id) in &keywords.dependent_schemas {
            let has = self.has(name);
            let then = self.here(*id);
            let mut lit = self.store.formulas.any([object.not(), has.not(), then]);
            if self.lowering.reading.declares {
                let decided = self.store.formulas.decide(has);
                lit = self.store.formulas.all([lit, decided]);
            }
            dependent.push(lit);
        }
        self.push_all("dependentSchemas", dependent);
    }

    fn has(&mut self, name: &str) -> Lit {
        self.store.formulas.atom(Atom::Required(name.into()))
    }

    fn required(&mut self, names: &[String]) -> Lit {
        let lits: Vec<Lit> = names.iter().map(|name| self.has(name)).collect();
        self.store.formulas.all(lits)
    }

    /// Returns the names that `properties` and `patternProperties` declare.
    fn named(&mut self) -> NameSet {
        let patterns = self.keywords.pattern_properties.iter().map(|(pattern, _)| self.store.patterns.number(pattern)).collect();
        NameSet { exact: self.keywords.properties.iter().map(|(name, _)| name.as_str().into()).collect(), patterns, others: false }
    }

    fn in_place(&mut self) {
        let keywords = self.keywords;
        let all: Vec<Lit> = keywords.all_of.iter().map(|id| self.here(*id)).collect();
        self.push_all("allOf", all);
        if !keywords.any_of.is_empty() {
            let branches: Vec<Lit> = keywords.any_of.iter().map(|id| self.here(*id)).collect();
            let mut lit = self.store.formulas.any(branches.iter().copied());
            if self.lowering.reading.declares && branches.len() > 1 {
                // What is declared depends on every branch that holds, so each is decided.
                let decided: Vec<Lit> = branches.iter().map(|branch| self.store.formulas.decide(*branch)).collect();
                lit = self.store.formulas.all([lit].into_iter().chain(decided));
            }
            self.push("anyOf", lit);
        }
        if !keywords.one_of.is_empty() {
            let branches: Vec<Lit> = keywords.one_of.iter().map(|id| self.here(*id)).collect();
            let lit = self.store.formulas.one(branches);
            self.push("oneOf", lit);
        }
        if let Some(id) = keywords.not {
            let lit = self.here(id).not();
            self.push("not", lit);
        }
        self.conditional();
    }

    fn conditional(&mut self) {
        let keywords = self.keywords;
        let Some(id) = keywords.if_schema else { return };
        let condition = self.here(id);
        for (keyword, branch, guard) in [("then", keywords.then_schema, condition.not()), ("else", keywords.else_schema, condition)] {
            let Some(branch) = branch else { continue };
            let branch = self.here(branch);
            let lit = self.store.formulas.any([guard, branch]);
            self.push(keyword, lit);
        }
        if self.lowering.reading.declares {
            let decided = self.store.formulas.decide(condition);
            self.push("if", decided);
        }
    }

    fn declarations(&mut self) {
        if !self.lowering.reading.declares {
            return;
        }
        let keywords = self.keywords;
        if !keywords.properties.is_empty() || !keywords.pattern_properties.is_empty() {
            let names = self.named();
            self.push_atom("properties", Atom::Declares(names));
        }
        if keywords.additional_properties.is_some() || keywords.unevaluated_properties.is_some() {
            self.push_atom("additionalProperties", Atom::Opens);
        }
    }

    fn unevaluated(&mut self) {
        let keywords = self.keywords;
        if let Some(id) = keywords.unevaluated_properties {
            let value = self.lowering.formula(self.store, id, self.scope, 0);
            let mut sources = unevaluated::properties(self.lowering, self.store, self.id, self.scope);
            let spared = self.spared("unevaluatedProperties");
            sources.push((Lit::TRUE, NameSet { exact: spared.into_iter().collect(), ..NameSet::default() }));
            let lit = unevaluated::rest_of_object(self.store, &sources, value);
            let lit = lit.unwrap_or_else(|| self.unsupported("unevaluatedProperties", "too many schemas say what is evaluated"));
            self.push("unevaluatedProperties", lit);
        }
        if let Some(id) = keywords.unevaluated_items {
            let item = self.lowering.formula(self.store, id, self.scope, 0);
            let sources = unevaluated::items(self.lowering, self.store, self.id, self.scope);
            let lit = unevaluated::rest_of_array(self.store, &sources, item);
            let lit = lit.unwrap_or_else(|| self.unsupported("unevaluatedItems", "too many schemas say what is evaluated"));
            self.push("unevaluatedItems", lit);
        }
    }
}

#[derive(Clone, Copy)]
enum NumberBound {
    Least(bool),
    Most(bool),
    Multiple,
}
