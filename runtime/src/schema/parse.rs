//! From the text of a plan to its nodes.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    fmt,
};

use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::{
    Schema,
    number::{Bound, count},
    pattern::Pattern,
    plan::{
        ArrayRules, Condition, Contains, DependentNames, InPlace, KnownProperties, NumberRules, ObjectRules, PlanNode, PlanNodeId,
        PlanReference, Property, Range, StringRules, TypeSet, Values,
    },
};
use crate::SchemaError;

type SchemaObject = Map<String, Value>;
type Result<T, E = SchemaError> = std::result::Result<T, E>;

impl Schema {
    /// Compiles this schema and all that it refers to, which is otherwise done when they are first used.
    ///
    /// # Errors
    /// With the first that is unusable, which no schema is that `eventc` made.
    pub fn compile(&'static self) -> Result<(), SchemaError> {
        let mut waiting = vec![self];
        let mut done: HashSet<*const Self> = HashSet::new();
        while let Some(schema) = waiting.pop() {
            if done.insert(schema) {
                schema.nodes().map_err(Clone::clone)?;
                waiting.extend(schema.refs.iter().map(|(_, target)| *target));
            }
        }
        Ok(())
    }

    /// Returns the nodes of the plan, read when they are first asked for.
    pub(super) fn nodes(&'static self) -> Result<&'static [PlanNode], &'static SchemaError> {
        self.nodes.get_or_init(|| parse(self.plan, self.refs)).as_deref()
    }
}

/// Reads a plan; the root is its first node.
fn parse(text: &str, refs: &'static [(&'static str, &'static Schema)]) -> Result<Vec<PlanNode>> {
    let value = value(text).map_err(|error| SchemaError::Plan { pointer: String::new(), reason: error.to_string() })?;
    let mut parser = PlanParser { refs, place: String::new(), automata: SchemaObject::new(), nodes: Vec::new(), waiting: VecDeque::new() };
    parser.node(String::new(), "schema", value);
    while let Some((id, keyword, value)) = parser.waiting.pop_front() {
        parser.place = parser.nodes[id.0].place.to_string();
        parser.read(id, keyword, value)?;
    }
    Ok(parser.nodes)
}

/// Reads the JSON of a plan. A plan that may be deep is read on a stack of its own: threads of a service may have a small one.
fn value(text: &str) -> serde_json::Result<Value> {
    let read = || {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        // `eventc` bounds the depth of the schemas that it makes plans of.
        deserializer.disable_recursion_limit();
        Value::deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value))
    };
    #[cfg(not(target_family = "wasm"))]
    if text.bytes().filter(|byte| matches!(byte, b'{' | b'[')).count() > 256 {
        let read_apart = std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(16 << 20).spawn_scoped(scope, read);
            thread.ok()?.join().ok()
        });
        if let Some(value) = read_apart {
            return value;
        }
    }
    read()
}

/// A parser that reads one node after the other, not one in the other: plans may be deeper than the stack.
struct PlanParser {
    refs: &'static [(&'static str, &'static Schema)],
    /// JSON Pointer to the node that is read.
    place: String,
    /// The automata of the patterns of the node that is read.
    automata: SchemaObject,
    nodes: Vec<PlanNode>,
    /// Nodes that are still to be read, and the keyword that each stands under.
    waiting: VecDeque<(PlanNodeId, &'static str, Value)>,
}

impl PlanParser {
    fn error<T>(&self, keyword: &str, reason: impl Into<String>) -> Result<T> {
        let pointer = if keyword.is_empty() { self.place.clone() } else { format!("{}/{keyword}", self.place) };
        Err(SchemaError::Plan { pointer, reason: reason.into() })
    }

    /// Puts a node on the list of those to be read.
    fn node(&mut self, place: String, keyword: &'static str, value: Value) -> PlanNodeId {
        let id = PlanNodeId(self.nodes.len());
        self.nodes.push(PlanNode { place: place.into(), ..PlanNode::default() });
        self.waiting.push_back((id, keyword, value));
        id
    }

    fn child(&mut self, keywords: &mut SchemaObject, keyword: &'static str) -> Option<PlanNodeId> {
        let value = keywords.remove(keyword)?;
        Some(self.node(format!("{}/{keyword}", self.place), keyword, value))
    }

    fn member(&mut self, keyword: &'static str, step: impl fmt::Display, value: Value) -> PlanNodeId {
        self.node(format!("{}/{keyword}/{step}", self.place), keyword, value)
    }

    fn list(&mut self, keywords: &mut SchemaObject, keyword: &'static str) -> Result<Vec<PlanNodeId>> {
        match keywords.remove(keyword) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => Ok(items.into_iter().enumerate().map(|(index, item)| self.member(keyword, index, item)).collect()),
            Some(_) => self.error(keyword, "it is no list"),
        }
    }

    fn map(&mut self, keywords: &mut SchemaObject, keyword: &'static str) -> Result<Vec<(Box<str>, PlanNodeId)>> {
        match keywords.remove(keyword) {
            None => Ok(Vec::new()),
            Some(Value::Object(members)) => {
                let nodes = members.into_iter().map(|(name, value)| {
                    let node = self.member(keyword, escape(&name), value);
                    (name.into(), node)
                });
                Ok(nodes.collect())
            }
            Some(_) => self.error(keyword, "it is no object"),
        }
    }

    fn read(&mut self, id: PlanNodeId, keyword: &'static str, value: Value) -> Result<()> {
        let mut keywords = match value {
            Value::Object(keywords) => keywords,
            Value::Bool(accepts) => {
                self.nodes[id.0].never = (!accepts).then_some(keyword);
                return Ok(());
            }
            _ => return self.error("", "a schema is an object or a boolean"),
        };
        self.automata = match keywords.remove("$automata") {
            None => SchemaObject::new(),
            Some(Value::Object(automata)) => automata,
            Some(_) => return self.error("$automata", "it is no object"),
        };
        let sensitive = keywords.get("x-sensitive").is_some_and(|class| !matches!(class, Value::Null | Value::Bool(false)));
        self.nodes[id.0] = PlanNode {
            place: self.place.as_str().into(),
            never: None,
            sensitive,
            kinds: self.kinds(&mut keywords)?,
            values: self.values(&mut keywords)?.map(Box::new),
            number: self.number_rules(&mut keywords)?.map(Box::new),
            string: self.string_rules(&mut keywords)?.map(Box::new),
            array: self.array_rules(&mut keywords)?.map(Box::new),
            object: self.object_rules(&mut keywords)?.map(Box::new),
            in_place: self.in_place(&mut keywords)?.map(Box::new),
        };
        Ok(())
    }

    fn kinds(&self, keywords: &mut SchemaObject) -> Result<TypeSet> {
        let words = match keywords.remove("type") {
            None => return Ok(TypeSet::ALL),
            Some(Value::Array(words)) => words,
            Some(word) => vec![word],
        };
        let mut kinds = TypeSet::NONE;
        for word in words {
            match word.as_str().and_then(TypeSet::of_word) {
                Some(kind) => kinds = kinds.with(kind),
                None => return self.error("type", format!("{word} is no type")),
            }
        }
        Ok(if kinds.contains(TypeSet::NUMBER) { kinds.with(TypeSet::INTEGER) } else { kinds })
    }

    fn values(&self, keywords: &mut SchemaObject) -> Result<Option<Values>> {
        let constant = keywords.remove("const");
        let members = match keywords.remove("enum") {
            None => None,
            Some(Value::Array(members)) => Some(members),
            Some(_) => return self.error("enum", "the members of an enum are a list"),
        };
        let strings = members.as_ref().and_then(|members| {
            let mut strings = members.iter().map(|member| member.as_str().map(Box::from)).collect::<Option<Vec<Box<str>>>>()?;
            strings.sort_unstable();
            Some(strings)
        });
        Ok((constant.is_some() || members.is_some()).then_some(Values { constant, members, strings }))
    }

    fn number_rules(&self, keywords: &mut SchemaObject) -> Result<Option<NumberRules>> {
        let rules = NumberRules {
            minimum: self.bound(keywords, "minimum")?,
            maximum: self.bound(keywords, "maximum")?,
            exclusive_minimum: self.bound(keywords, "exclusiveMinimum")?,
            exclusive_maximum: self.bound(keywords, "exclusiveMaximum")?,
            multiple_of: self.bound(keywords, "multipleOf")?,
        };
        if rules.multiple_of.as_ref().is_some_and(|divisor| !divisor.is_positive()) {
            return self.error("multipleOf", "it is not greater than zero");
        }
        let NumberRules { minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of } = &rules;
        let any = [minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of].into_iter().any(Option::is_some);
        Ok(any.then_some(rules))
    }

    fn bound(&self, keywords: &mut SchemaObject, keyword: &'static str) -> Result<Option<Bound>> {
        match keywords.remove(keyword) {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(Some(Bound::new(&number))),
            Some(_) => self.error(keyword, "it is no number"),
        }
    }

    fn range(&self, keywords: &mut SchemaObject, least: &'static str, most: &'static str) -> Result<Range> {
        Ok(Range { least: self.count(keywords, least)?.unwrap_or(0), most: self.count(keywords, most)?.unwrap_or(usize::MAX) })
    }

    fn count(&self, keywords: &mut SchemaObject, keyword: &'static str) -> Result<Option<usize>> {
        let Some(value) = keywords.remove(keyword) else { return Ok(None) };
        match value.as_number().and_then(count) {
            Some(count) => Ok(Some(count)),
            None => self.error(keyword, "it is no count"),
        }
    }

    fn string_rules(&self, keywords: &mut SchemaObject) -> Result<Option<StringRules>> {
        let length = self.range(keywords, "minLength", "maxLength")?;
        let pattern = match keywords.remove("pattern") {
            None => None,
            Some(Value::String(source)) => Some(self.pattern("pattern", &source)?),
            Some(_) => return self.error("pattern", "it is no string"),
        };
        let pattern = match (pattern, keywords.remove("$written")) {
            (Some(pattern), Some(Value::String(written))) => Some(pattern.written(&written)),
            (pattern, _) => pattern,
        };
        Ok((!length.is_any() || pattern.is_some()).then_some(StringRules { length, pattern }))
    }

    fn pattern(&self, place: &str, source: &str) -> Result<Pattern> {
        let pattern = match self.automata.get(source) {
            Some(automaton) => Pattern::with_automaton(source, automaton),
            None => Pattern::new(source),
        };
        pattern.map_err(|reason| SchemaError::Pattern { pointer: format!("{}/{place}", self.place), pattern: source.to_owned(), reason })
    }

    fn array_rules(&mut self, keywords: &mut SchemaObject) -> Result<Option<ArrayRules>> {
        let least = self.count(keywords, "minContains")?.unwrap_or(1);
        let most = self.count(keywords, "maxContains")?.unwrap_or(usize::MAX);
        let rules = ArrayRules {
            length: self.range(keywords, "minItems", "maxItems")?,
            prefix: self.list(keywords, "prefixItems")?,
            items: self.child(keywords, "items"),
            contains: self.child(keywords, "contains").map(|node| Contains { node, count: Range { least, most } }),
            unique: keywords.remove("uniqueItems") == Some(Value::Bool(true)),
            unevaluated: self.child(keywords, "unevaluatedItems"),
        };
        let any = !rules.length.is_any()
            || !rules.prefix.is_empty()
            || rules.items.is_some()
            || rules.contains.is_some()
            || rules.unique
            || rules.unevaluated.is_some();
        Ok(any.then_some(rules))
    }

    fn object_rules(&mut self, keywords: &mut SchemaObject) -> Result<Option<ObjectRules>> {
        let patterns = self.map(keywords, "patternProperties")?.into_iter();
        let patterns = patterns.map(|(source, node)| {
            let place = format!("patternProperties/{}", escape(&source));
            Ok((self.pattern(&place, &source)?, node))
        });
        let rules = ObjectRules {
            patterns: patterns.collect::<Result<_>>()?,
            size: self.range(keywords, "minProperties", "maxProperties")?,
            properties: self.properties(keywords)?,
            additional: self.child(keywords, "additionalProperties"),
            names: self.child(keywords, "propertyNames"),
            dependent_required: self.dependent_required(keywords)?,
            dependent_schemas: self.map(keywords, "dependentSchemas")?,
            unevaluated: self.child(keywords, "unevaluatedProperties"),
        };
        let any = rules.looks_at_properties()
            || rules.names.is_some()
            || !rules.size.is_any()
            || !rules.dependent_required.is_empty()
            || !rules.dependent_schemas.is_empty()
            || rules.unevaluated.is_some();
        Ok(any.then_some(rules))
    }

    fn properties(&mut self, keywords: &mut SchemaObject) -> Result<KnownProperties> {
        let declared = self.map(keywords, "properties")?;
        let mut index: HashMap<Box<str>, usize> = declared.iter().enumerate().map(|(index, (name, _))| (name.clone(), index)).collect();
        let mut list: Vec<Property> =
            declared.into_iter().map(|(name, node)| Property { name, node: Some(node), required: false }).collect();
        for name in self.names(keywords.remove("required"), "required")? {
            if let Some(index) = index.get(&name) {
                list[*index].required = true;
            } else {
                index.insert(name.clone(), list.len());
                list.push(Property { name, node: None, required: true });
            }
        }
        Ok(KnownProperties::new(list))
    }

    fn dependent_required(&self, keywords: &mut SchemaObject) -> Result<Vec<DependentNames>> {
        match keywords.remove("dependentRequired") {
            None => Ok(Vec::new()),
            Some(Value::Object(members)) => {
                let members = members.into_iter();
                members.map(|(name, names)| Ok((name.into(), self.names(Some(names), "dependentRequired")?))).collect()
            }
            Some(_) => self.error("dependentRequired", "it is no object"),
        }
    }

    fn names(&self, value: Option<Value>, keyword: &'static str) -> Result<Vec<Box<str>>> {
        let names = match value {
            None => Some(Vec::new()),
            Some(Value::Array(names)) => names.into_iter().map(|name| name.as_str().map(Box::from)).collect(),
            Some(_) => None,
        };
        names.map_or_else(|| self.error(keyword, "it is no list of names"), Ok)
    }

    fn in_place(&mut self, keywords: &mut SchemaObject) -> Result<Option<InPlace>> {
        let anchor = keywords.remove("anchor");
        let dynamic = self.reference(keywords, "$dynamicRef")?;
        let test = self.child(keywords, "if");
        let (then, otherwise) = (self.child(keywords, "then"), self.child(keywords, "else"));
        let in_place = InPlace {
            reference: self.reference(keywords, "$ref")?,
            dynamic: dynamic.map(|dynamic| (dynamic, anchor.as_ref().and_then(Value::as_str).unwrap_or("").into())),
            all_of: self.list(keywords, "allOf")?,
            any_of: self.list(keywords, "anyOf")?,
            one_of: self.list(keywords, "oneOf")?,
            not: self.child(keywords, "not"),
            condition: test.map(|test| Condition { test, then, otherwise }),
        };
        let any = in_place.reference.is_some()
            || in_place.dynamic.is_some()
            || !in_place.all_of.is_empty()
            || !in_place.any_of.is_empty()
            || !in_place.one_of.is_empty()
            || in_place.not.is_some()
            || in_place.condition.is_some();
        Ok(any.then_some(in_place))
    }

    fn reference(&self, keywords: &mut SchemaObject, keyword: &'static str) -> Result<Option<PlanReference>> {
        match keywords.remove(keyword) {
            None => Ok(None),
            Some(Value::String(name)) => match self.refs.iter().find(|(known, _)| *known == name) {
                Some((name, target)) => Ok(Some(PlanReference { name, target })),
                None => Err(SchemaError::UnknownName { pointer: format!("{}/{keyword}", self.place), name }),
            },
            Some(_) => self.error(keyword, "it is no name"),
        }
    }
}

/// Returns a step of a JSON Pointer.
fn escape(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}
