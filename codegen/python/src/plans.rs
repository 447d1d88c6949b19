//! The schemas that generated code validates by: plans with Python's patterns, marks of what is sensitive, and the anchors of
//! dynamic scope.

use std::collections::BTreeMap;

use eventc_emit::Input;
use eventc_model::{
    diagnostic::Diagnostic,
    plan::plan,
    schema::{Keywords, NodeId},
    types::TypeId,
};
use serde_json::{Map, Value};

use super::{
    layout::Layout,
    notes::{PYTHON_PATTERN, note},
    pattern,
};

/// The plans of units.
pub(super) struct Plans<'a> {
    input: &'a Input<'a>,
    layout: &'a Layout,
    /// Every pattern of the modules, as Python has it, or why it has none.
    patterns: BTreeMap<String, Result<String, String>>,
}

impl<'a> Plans<'a> {
    pub(super) fn new(input: &'a Input<'a>, layout: &'a Layout) -> Self {
        Self { input, layout, patterns: patterns(input) }
    }

    /// Returns the plan of a unit as JSON text.
    pub(super) fn unit(&self, id: TypeId, notes: &mut Vec<Diagnostic>) -> String {
        let node = self.input.types.get(id).node;
        let module = self.input.types.get(id).module;
        let mut name = |target: NodeId| match self.input.types.unit_of(target) {
            Some(unit) => self.layout.unit(self.input, unit, Some(module)),
            None => String::new(),
        };
        let raw = plan(&self.input.catalog.schemas, node, &mut name);
        let mut out = self.finish(node, raw, notes);
        if let Value::Object(members) = &mut out {
            self.enter(node, members);
        }
        out.to_string()
    }

    /// Says which dynamic anchors come into scope where validation enters the schema resource of a unit.
    fn enter(&self, node: NodeId, members: &mut Map<String, Value>) {
        let schemas = &self.input.catalog.schemas;
        let anchors = schemas.dynamic_anchors(schemas.resource(node));
        let units = anchors.iter().filter_map(|(anchor, node)| Some((anchor, self.input.types.unit_of(*node)?)));
        let units: Map<String, Value> =
            units.map(|(anchor, unit)| (anchor.clone(), Value::from(self.layout.unit(self.input, unit, None)))).collect();
        if !units.is_empty() {
            members.insert("$scope".into(), Value::Object(units));
        }
    }

    /// Returns a plan with what Python needs in it; its children stand in it as the schema's stand in the schema.
    fn finish(&self, node: NodeId, plan: Value, notes: &mut Vec<Diagnostic>) -> Value {
        let Some(keywords) = self.input.catalog.schemas.keywords(node) else { return plan };
        let Value::Object(mut members) = plan else { return plan };
        // A reference that leads nowhere was reported as an error while reading.
        if members.get("$ref").is_some_and(|name| name == "") {
            members.shift_remove("$ref");
        }
        self.pattern(node, &mut members, notes);
        self.pattern_properties(node, keywords, &mut members, notes);
        for (keyword, children) in
            [("prefixItems", &keywords.prefix_items), ("allOf", &keywords.all_of), ("anyOf", &keywords.any_of), ("oneOf", &keywords.one_of)]
        {
            if let Some(Value::Array(items)) = members.get_mut(keyword) {
                for (item, child) in items.iter_mut().zip(children) {
                    *item = self.finish(*child, item.take(), notes);
                }
            }
        }
        for (keyword, children) in [("properties", &keywords.properties), ("dependentSchemas", &keywords.dependent_schemas)] {
            if let Some(Value::Object(items)) = members.get_mut(keyword) {
                for (name, child) in children {
                    if let Some(item) = items.get_mut(name) {
                        *item = self.finish(*child, item.take(), notes);
                    }
                }
            }
        }
        for (keyword, child) in single_children(keywords) {
            if let (Some(item), Some(child)) = (members.get_mut(keyword), child) {
                *item = self.finish(child, item.take(), notes);
            }
        }
        Value::Object(members)
    }

    /// Takes a pattern away that Python cannot say.
    fn pattern(&self, node: NodeId, members: &mut Map<String, Value>, notes: &mut Vec<Diagnostic>) {
        let Some(text) = members.get("pattern").and_then(Value::as_str) else { return };
        if let Some(why) = self.problem(text) {
            notes.push(self.unenforced(node, "pattern", text, why));
            members.shift_remove("pattern");
            members.shift_remove("$written");
        }
    }

    fn pattern_properties(&self, node: NodeId, keywords: &Keywords, members: &mut Map<String, Value>, notes: &mut Vec<Diagnostic>) {
        let Some(Value::Object(mut plans)) = members.shift_remove("patternProperties") else { return };
        let mut complete = true;
        for (text, child) in &keywords.pattern_properties {
            let Some(plan) = plans.get_mut(text) else { continue };
            *plan = self.finish(*child, plan.take(), notes);
            if let Some(why) = self.problem(text) {
                complete = false;
                plans.shift_remove(text);
                notes.push(self.unenforced(node, "patternProperties", text, why));
            }
        }
        members.insert("patternProperties".into(), Value::Object(plans));
        if !complete {
            // Which properties are additional cannot be known without the pattern.
            members.shift_remove("additionalProperties");
            members.shift_remove("unevaluatedProperties");
        }
    }

    /// Returns the reason why Python cannot say a pattern.
    fn problem(&self, text: &str) -> Option<&str> {
        self.patterns.get(text)?.as_ref().err().map(String::as_str)
    }

    /// Returns the patterns that Python spells otherwise than ECMA-262, with Python's spelling.
    pub(super) fn translated(&self) -> impl Iterator<Item = (&str, &str)> {
        self.patterns
            .iter()
            .filter_map(|(text, python)| Some((text.as_str(), python.as_deref().ok()?)))
            .filter(|(text, python)| text != python)
    }

    fn unenforced(&self, node: NodeId, keyword: &str, text: &str, why: &str) -> Diagnostic {
        let message = format!("the generated Python does not enforce the pattern {text:?}: {why}");
        note(&PYTHON_PATTERN, &self.input.catalog.schemas, node, keyword, message)
    }
}

fn patterns(input: &Input<'_>) -> BTreeMap<String, Result<String, String>> {
    let schemas = &input.catalog.schemas;
    let files = input.modules.iter().map(|id| input.types.module(*id).file);
    let mut patterns = BTreeMap::new();
    for keywords in files.flat_map(|file| schemas.ids_in(file)).filter_map(|node| schemas.keywords(node)) {
        for text in keywords.patterns() {
            if schemas.automaton(text).is_none() {
                patterns.entry(text.to_owned()).or_insert_with(|| pattern::translate(text));
            }
        }
    }
    patterns
}

fn single_children(keywords: &Keywords) -> [(&'static str, Option<NodeId>); 10] {
    [
        ("items", keywords.items),
        ("contains", keywords.contains),
        ("unevaluatedItems", keywords.unevaluated_items),
        ("additionalProperties", keywords.additional_properties),
        ("propertyNames", keywords.property_names),
        ("unevaluatedProperties", keywords.unevaluated_properties),
        ("not", keywords.not),
        ("if", keywords.if_schema),
        ("then", keywords.then_schema),
        ("else", keywords.else_schema),
    ]
}
