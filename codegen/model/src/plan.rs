//! The plans that generated code validates by: each schema in the words of draft 2020-12, without annotations, references by name.
//! `x-sensitive` alone is kept: what is classified must not stand in a message.
//!
//! A plan is itself a JSON Schema, but for five things: `$ref` holds the name that the emitter gave to the target, older
//! dialects are lowered (`dependencies`, draft 4's bounds, lists under `items`), and patterns are in ECMA-262's words; where `pattern` was
//! written otherwise, `$written` has that for messages. `$automata` has the automata of slow patterns, by pattern ([`Schemas::automaton`]).
//! `$dynamicRef` becomes `{"$dynamicRef": name, "anchor": anchor}`, and a schema that opens a dynamic scope within another a `$ref` to
//! it. Every target of a reference is a unit of its own, and has a named type: see [`crate::types::Types::is_unit`].

use eventc_pattern::automata::TextAutomaton;
use serde_json::{Map, Value, json};

use crate::{
    metadata::Sensitivity,
    schema::{Keywords, NodeId, Reference, Schema, Schemas},
};

/// The maximum length of a chain of references that is followed; loops have been reported and cut.
const MAX_REFERENCES: usize = 1000;

/// Returns the plan of a schema; `name` says how each target of a reference is called.
pub fn plan(schemas: &Schemas, id: NodeId, name: &mut dyn FnMut(NodeId) -> String) -> Value {
    plan_inlining(schemas, id, &|_| false, name)
}

/// Plans a schema as [`plan`] does, but that the plans of some targets of static references stand in place of a name. They must not
/// refer to themselves.
pub fn plan_inlining(schemas: &Schemas, id: NodeId, inline: &dyn Fn(NodeId) -> bool, name: &mut dyn FnMut(NodeId) -> String) -> Value {
    let keywords = match &schemas.node(id).schema {
        Schema::Bool(accepts) => return Value::Bool(*accepts),
        Schema::Keywords(keywords) => keywords,
    };
    let mut writer = PlanWriter { schemas, inline, name, out: Map::new(), inlined: None };
    writer.references(keywords);
    writer.values(keywords);
    writer.arrays(keywords);
    writer.objects(keywords);
    writer.in_place(keywords);
    writer.automata(keywords);
    writer.sensitivity(keywords);
    writer.finish()
}

/// Returns an automaton in the words of a plan.
fn automaton(table: &TextAutomaton) -> Value {
    let TextAutomaton { starts, classes, next, accepting } = table;
    json!({ "starts": starts, "classes": classes, "next": next, "accepting": accepting })
}

struct PlanWriter<'a> {
    schemas: &'a Schemas,
    inline: &'a dyn Fn(NodeId) -> bool,
    name: &'a mut dyn FnMut(NodeId) -> String,
    out: Map<String, Value>,
    /// The plan of a reference's target.
    inlined: Option<Value>,
}

impl PlanWriter<'_> {
    fn finish(mut self) -> Value {
        match self.inlined.take() {
            None | Some(Value::Bool(true)) => {}
            Some(inlined) if self.out.is_empty() => return inlined,
            Some(inlined) => {
                let mut all = self.out.remove("allOf").and_then(|all| all.as_array().cloned()).unwrap_or_default();
                all.push(inlined);
                self.out.insert("allOf".to_owned(), Value::Array(all));
            }
        }
        if self.out.is_empty() { Value::Bool(true) } else { Value::Object(self.out) }
    }

    fn set(&mut self, keyword: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.out.insert(keyword.to_owned(), value.into());
        }
    }

    /// Returns the plan of a schema within this one.
    fn inner(&mut self, id: NodeId) -> Value {
        if self.schemas.opens_scope(id) {
            json!({ "$ref": (self.name)(id) })
        } else {
            plan_inlining(self.schemas, id, self.inline, self.name)
        }
    }

    fn child(&mut self, keyword: &str, id: Option<NodeId>) {
        if let Some(id) = id {
            let plan = self.inner(id);
            self.out.insert(keyword.to_owned(), plan);
        }
    }

    fn list(&mut self, keyword: &str, ids: &[NodeId]) {
        if !ids.is_empty() {
            let plans = ids.iter().map(|id| self.inner(*id)).collect();
            self.out.insert(keyword.to_owned(), Value::Array(plans));
        }
    }

    fn map(&mut self, keyword: &str, members: &[(String, NodeId)]) {
        if !members.is_empty() {
            let plans = members.iter().map(|(key, id)| (key.clone(), self.inner(*id))).collect();
            self.out.insert(keyword.to_owned(), Value::Object(plans));
        }
    }

    fn references(&mut self, keywords: &Keywords) {
        for reference in [&keywords.reference, &keywords.dynamic_reference].into_iter().flatten() {
            match reference {
                Reference::To(target) => {
                    let target = self.schemas.target(*target);
                    if (self.inline)(target) {
                        self.inlined = Some(plan_inlining(self.schemas, target, self.inline, self.name));
                    } else {
                        let name = (self.name)(target);
                        self.set("$ref", Some(name));
                    }
                }
                Reference::Dynamic(target, anchor) => {
                    let name = (self.name)(self.schemas.target(*target));
                    self.set("$dynamicRef", Some(name));
                    self.set("anchor", Some(anchor.clone()));
                }
                Reference::Unresolved(_) => {}
            }
        }
    }

    fn values(&mut self, keywords: &Keywords) {
        let types = keywords.types.map(|kinds| {
            let words: Vec<Value> = kinds.iter().map(|kind| Value::from(kind.as_str())).collect();
            if let [word] = &words[..] { word.clone() } else { Value::Array(words) }
        });
        self.set("type", types);
        self.set("const", keywords.const_value.clone());
        self.set("enum", keywords.enum_values.clone());
        let bounds = [
            ("minimum", &keywords.minimum),
            ("maximum", &keywords.maximum),
            ("exclusiveMinimum", &keywords.exclusive_minimum),
            ("exclusiveMaximum", &keywords.exclusive_maximum),
            ("multipleOf", &keywords.multiple_of),
        ];
        for (keyword, bound) in bounds {
            self.set(keyword, bound.clone().map(Value::Number));
        }
        self.set("minLength", keywords.min_length);
        self.set("maxLength", keywords.max_length);
        self.set("pattern", keywords.pattern.clone());
        self.set("$written", keywords.written_pattern.clone());
    }

    /// Adds the automata of patterns that engines may take very long for.
    fn automata(&mut self, keywords: &Keywords) {
        let automata: Map<String, Value> =
            keywords.patterns().filter_map(|pattern| Some((pattern.to_owned(), automaton(self.schemas.automaton(pattern)?)))).collect();
        self.set("$automata", (!automata.is_empty()).then_some(automata));
    }

    fn arrays(&mut self, keywords: &Keywords) {
        self.list("prefixItems", &keywords.prefix_items);
        self.child("items", keywords.items);
        self.child("contains", keywords.contains);
        if keywords.contains.is_some() {
            self.set("minContains", keywords.min_contains);
            self.set("maxContains", keywords.max_contains);
        }
        self.set("minItems", keywords.min_items);
        self.set("maxItems", keywords.max_items);
        self.set("uniqueItems", keywords.unique_items.then_some(true));
        self.child("unevaluatedItems", keywords.unevaluated_items);
    }

    fn objects(&mut self, keywords: &Keywords) {
        self.map("properties", &keywords.properties);
        self.map("patternProperties", &keywords.pattern_properties);
        self.child("additionalProperties", keywords.additional_properties);
        self.child("propertyNames", keywords.property_names);
        self.set("required", (!keywords.required.is_empty()).then(|| keywords.required.clone()));
        self.set("minProperties", keywords.min_properties);
        self.set("maxProperties", keywords.max_properties);
        if !keywords.dependent_required.is_empty() {
            let members: Map<String, Value> = keywords.dependent_required.iter().map(|(key, names)| (key.clone(), json!(names))).collect();
            self.set("dependentRequired", Some(members));
        }
        self.map("dependentSchemas", &keywords.dependent_schemas);
        self.child("unevaluatedProperties", keywords.unevaluated_properties);
    }

    /// Notes how the value is classified: here, or by a schema that is passed over because it only refers to the next.
    fn sensitivity(&mut self, keywords: &Keywords) {
        let mut class = keywords.sensitive;
        let mut next = keywords.referred();
        for _ in 0..MAX_REFERENCES {
            let Some(passed) = next.filter(|_| class.is_none()).and_then(|id| self.schemas.keywords(id)) else { break };
            next = passed.plain_reference();
            if next.is_some() {
                class = passed.sensitive;
            }
        }
        self.set("x-sensitive", class.map(Sensitivity::as_str));
    }

    fn in_place(&mut self, keywords: &Keywords) {
        self.list("allOf", &keywords.all_of);
        self.list("anyOf", &keywords.any_of);
        self.list("oneOf", &keywords.one_of);
        self.child("not", keywords.not);
        if keywords.if_schema.is_some() {
            self.child("if", keywords.if_schema);
            self.child("then", keywords.then_schema);
            self.child("else", keywords.else_schema);
        }
    }
}
