//! Plans: the text of a schema, read into a tree of nodes that can be asked quickly.

use std::fmt::Write as _;

use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::{Schema, number::Bound, pattern::Pattern};
use crate::SchemaError;

/// A schema: what is asked of values of each type, and what of all.
#[derive(Debug)]
pub(super) struct Node {
    /// JSON Pointer into the plan.
    pub(super) place: Box<str>,
    /// Accepts nothing: the keyword whose value is `false`.
    pub(super) never: Option<&'static str>,
    /// Values are not shown in messages.
    pub(super) sensitive: bool,
    pub(super) kinds: Kinds,
    pub(super) values: Option<Box<Values>>,
    pub(super) number: Option<Box<NumberRules>>,
    pub(super) string: Option<Box<StringRules>>,
    pub(super) array: Option<Box<ArrayRules>>,
    pub(super) object: Option<Box<ObjectRules>>,
    pub(super) in_place: Option<Box<InPlace>>,
}

impl Node {
    /// What is asked of the properties or items of `value` that no other keyword judges.
    pub(super) fn unevaluated(&self, value: &Value) -> Option<&Self> {
        match value {
            Value::Array(_) => self.array.as_ref()?.unevaluated.as_ref(),
            Value::Object(_) => self.object.as_ref()?.unevaluated.as_ref(),
            _ => None,
        }
    }
}

/// JSON types, as a set; a number includes integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const ALL: Self = Self(0x7f);
    pub(super) const INTEGER: Self = Self(1 << 2);
    pub(super) const NUMBER: Self = Self(1 << 3);
    const WORDS: [(&'static str, &'static str); 7] = [
        ("null", "null"),
        ("boolean", "a boolean"),
        ("integer", "an integer"),
        ("number", "a number"),
        ("string", "a string"),
        ("array", "a list"),
        ("object", "an object"),
    ];

    fn of_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().position(|(name, _)| *name == word).map(|index| Self(1 << index))
    }

    /// The type of a value; for a number the wider one.
    pub(super) fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self(1),
            Value::Bool(_) => Self(1 << 1),
            Value::Number(_) => Self::NUMBER,
            Value::String(_) => Self(1 << 4),
            Value::Array(_) => Self(1 << 5),
            Value::Object(_) => Self(1 << 6),
        }
    }

    pub(super) fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// What people call them.
    pub(super) fn names(self) -> impl Iterator<Item = &'static str> {
        Self::WORDS.iter().enumerate().filter(move |(index, _)| self.0 & (1 << index) != 0).map(|(_, (_, name))| *name)
    }
}

#[derive(Debug)]
pub(super) struct Values {
    pub(super) constant: Option<Value>,
    pub(super) members: Option<Vec<Value>>,
    /// The members again, sorted, where all are strings.
    pub(super) strings: Option<Vec<Box<str>>>,
}

#[derive(Debug)]
pub(super) struct NumberRules {
    pub(super) minimum: Option<Bound>,
    pub(super) maximum: Option<Bound>,
    pub(super) exclusive_minimum: Option<Bound>,
    pub(super) exclusive_maximum: Option<Bound>,
    pub(super) multiple_of: Option<Bound>,
}

#[derive(Debug)]
pub(super) struct StringRules {
    pub(super) length: Range,
    pub(super) pattern: Option<Pattern>,
}

#[derive(Debug)]
pub(super) struct ArrayRules {
    pub(super) length: Range,
    pub(super) prefix: Vec<Node>,
    pub(super) items: Option<Node>,
    pub(super) contains: Option<Contains>,
    pub(super) unique: bool,
    pub(super) unevaluated: Option<Node>,
}

#[derive(Debug)]
pub(super) struct Contains {
    pub(super) node: Node,
    pub(super) count: Range,
}

#[derive(Debug)]
pub(super) struct ObjectRules {
    pub(super) size: Range,
    pub(super) properties: Properties,
    pub(super) patterns: Vec<(Pattern, Node)>,
    pub(super) additional: Option<Node>,
    pub(super) names: Option<Node>,
    pub(super) dependent_required: Vec<(Box<str>, Vec<Box<str>>)>,
    pub(super) dependent_schemas: Vec<(Box<str>, Node)>,
    pub(super) unevaluated: Option<Node>,
}

impl ObjectRules {
    /// Whether each property has to be looked at.
    pub(super) fn looks_at_properties(&self) -> bool {
        !self.properties.list.is_empty() || !self.patterns.is_empty() || self.additional.is_some() || self.names.is_some()
    }
}

/// The properties that `properties` and `required` name.
#[derive(Debug)]
pub(super) struct Properties {
    /// In the order of the schema.
    pub(super) list: Vec<Property>,
    /// How many of them are required.
    pub(super) required: usize,
    /// Indices into the list, in the order of names.
    sorted: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct Property {
    pub(super) name: Box<str>,
    /// `None` where it is only required.
    pub(super) node: Option<Node>,
    pub(super) required: bool,
}

impl Properties {
    fn new(list: Vec<Property>) -> Self {
        let mut sorted: Vec<usize> = (0..list.len()).collect();
        sorted.sort_by(|left, right| list[*left].name.cmp(&list[*right].name));
        Self { required: list.iter().filter(|property| property.required).count(), list, sorted }
    }

    /// The property of that name. `next` is where to look first: documents mostly keep the order of their schema.
    pub(super) fn find(&self, name: &str, next: &mut usize) -> Option<&Property> {
        let index = match self.list.get(*next) {
            Some(property) if *property.name == *name => *next,
            _ => self.sorted[self.sorted.binary_search_by(|index| (*self.list[*index].name).cmp(name)).ok()?],
        };
        *next = index + 1;
        Some(&self.list[index])
    }
}

#[derive(Debug)]
pub(super) struct InPlace {
    pub(super) reference: Option<Reference>,
    pub(super) dynamic: Option<(Reference, Box<str>)>,
    pub(super) all_of: Vec<Node>,
    pub(super) any_of: Vec<Node>,
    pub(super) one_of: Vec<Node>,
    pub(super) not: Option<Node>,
    pub(super) condition: Option<Condition>,
}

#[derive(Debug)]
pub(super) struct Condition {
    pub(super) test: Node,
    pub(super) then: Option<Node>,
    pub(super) otherwise: Option<Node>,
}

/// A name, and the schema that it stands for.
pub(super) struct Reference {
    pub(super) name: &'static str,
    pub(super) target: &'static Schema,
}

/// Without the target: references go in circles.
impl std::fmt::Debug for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reference({:?})", self.name)
    }
}

/// How many there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    pub(super) least: usize,
    pub(super) most: usize,
}

impl Range {
    fn is_any(self) -> bool {
        self.least == 0 && self.most == usize::MAX
    }
}

/// Reads a plan.
pub(super) fn parse(text: &str, refs: &'static [(&'static str, &'static Schema)]) -> Result<Node, SchemaError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // `eventc` bounds the depth of the schemas that it makes plans of.
    deserializer.disable_recursion_limit();
    let value = Value::deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| SchemaError::Plan { pointer: String::new(), reason: error.to_string() })?;
    Parser { refs, place: String::new() }.node(value, "schema")
}

struct Parser {
    refs: &'static [(&'static str, &'static Schema)],
    /// JSON Pointer to where the parser stands.
    place: String,
}

type Result<T, E = SchemaError> = std::result::Result<T, E>;

impl Parser {
    fn error<T>(&self, reason: impl Into<String>) -> Result<T> {
        Err(SchemaError::Plan { pointer: self.place.clone(), reason: reason.into() })
    }

    /// Goes to a member of the value and back.
    fn at<T>(&mut self, step: impl std::fmt::Display, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let length = self.place.len();
        let step = step.to_string();
        // Writing into a `String` cannot fail.
        let _ = write!(self.place, "/{}", step.replace('~', "~0").replace('/', "~1"));
        let result = read(self);
        self.place.truncate(length);
        result
    }

    fn node(&mut self, value: Value, keyword: &'static str) -> Result<Node> {
        let mut node = Node {
            place: self.place.as_str().into(),
            never: None,
            sensitive: false,
            kinds: Kinds::ALL,
            values: None,
            number: None,
            string: None,
            array: None,
            object: None,
            in_place: None,
        };
        match value {
            Value::Bool(accepts) => node.never = (!accepts).then_some(keyword),
            Value::Object(mut keywords) => {
                node.sensitive = keywords.get("x-sensitive").is_some_and(|class| !matches!(class, Value::Null | Value::Bool(false)));
                node.kinds = self.kinds(&mut keywords)?;
                node.values = self.values(&mut keywords)?.map(Box::new);
                node.number = self.number_rules(&mut keywords)?.map(Box::new);
                node.string = self.string_rules(&mut keywords)?.map(Box::new);
                node.array = self.array_rules(&mut keywords)?.map(Box::new);
                node.object = self.object_rules(&mut keywords)?.map(Box::new);
                node.in_place = self.in_place(&mut keywords)?.map(Box::new);
            }
            _ => return self.error("a schema is an object or a boolean"),
        }
        Ok(node)
    }

    fn kinds(&mut self, keywords: &mut Map<String, Value>) -> Result<Kinds> {
        let Some(value) = keywords.remove("type") else { return Ok(Kinds::ALL) };
        self.at("type", |parser| {
            let words = match value {
                Value::Array(words) => words,
                word => vec![word],
            };
            let mut kinds = Kinds(0);
            for word in words {
                match word.as_str().and_then(Kinds::of_word) {
                    Some(kind) => kinds.0 |= kind.0,
                    None => return parser.error(format!("{word} is no type")),
                }
            }
            if kinds.contains(Kinds::NUMBER) {
                kinds.0 |= Kinds::INTEGER.0;
            }
            Ok(kinds)
        })
    }

    fn values(&mut self, keywords: &mut Map<String, Value>) -> Result<Option<Values>> {
        let constant = keywords.remove("const");
        let members = match keywords.remove("enum") {
            None => None,
            Some(Value::Array(members)) => Some(members),
            Some(_) => return self.at("enum", |parser| parser.error("the members of an enum are a list")),
        };
        let strings = members.as_ref().and_then(|members| {
            let mut strings = members.iter().map(|member| member.as_str().map(Box::from)).collect::<Option<Vec<Box<str>>>>()?;
            strings.sort_unstable();
            Some(strings)
        });
        Ok((constant.is_some() || members.is_some()).then_some(Values { constant, members, strings }))
    }

    fn number_rules(&mut self, keywords: &mut Map<String, Value>) -> Result<Option<NumberRules>> {
        let rules = NumberRules {
            minimum: self.bound(keywords, "minimum")?,
            maximum: self.bound(keywords, "maximum")?,
            exclusive_minimum: self.bound(keywords, "exclusiveMinimum")?,
            exclusive_maximum: self.bound(keywords, "exclusiveMaximum")?,
            multiple_of: self.bound(keywords, "multipleOf")?,
        };
        if rules.multiple_of.as_ref().is_some_and(|divisor| !divisor.is_positive()) {
            return self.at("multipleOf", |parser| parser.error("it is not greater than zero"));
        }
        let NumberRules { minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of } = &rules;
        let any = [minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of].into_iter().any(Option::is_some);
        Ok(any.then_some(rules))
    }

    fn bound(&mut self, keywords: &mut Map<String, Value>, keyword: &'static str) -> Result<Option<Bound>> {
        match keywords.remove(keyword) {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(Some(Bound::new(&number))),
            Some(_) => self.at(keyword, |parser| parser.error("it is no number")),
        }
    }

    fn range(&mut self, keywords: &mut Map<String, Value>, least: &'static str, most: &'static str) -> Result<Range> {
        Ok(Range { least: self.count(keywords, least)?.unwrap_or(0), most: self.count(keywords, most)?.unwrap_or(usize::MAX) })
    }

    fn count(&mut self, keywords: &mut Map<String, Value>, keyword: &'static str) -> Result<Option<usize>> {
        let Some(value) = keywords.remove(keyword) else { return Ok(None) };
        let count = match &value {
            Value::Number(number) => super::number::count(number),
            _ => None,
        };
        match count {
            Some(count) => Ok(Some(count)),
            None => self.at(keyword, |parser| parser.error("it is no count")),
        }
    }

    fn string_rules(&mut self, keywords: &mut Map<String, Value>) -> Result<Option<StringRules>> {
        let length = self.range(keywords, "minLength", "maxLength")?;
        let pattern = match keywords.remove("pattern") {
            None => None,
            Some(Value::String(source)) => Some(self.at("pattern", |parser| parser.pattern(&source))?),
            Some(_) => return self.at("pattern", |parser| parser.error("it is no string")),
        };
        Ok((!length.is_any() || pattern.is_some()).then_some(StringRules { length, pattern }))
    }

    fn pattern(&self, source: &str) -> Result<Pattern> {
        Pattern::new(source).map_err(|reason| SchemaError::Pattern { pointer: self.place.clone(), pattern: source.to_owned(), reason })
    }

    fn array_rules(&mut self, keywords: &mut Map<String, Value>) -> Result<Option<ArrayRules>> {
        let contains = self.child(keywords, "contains")?;
        let least = self.count(keywords, "minContains")?.unwrap_or(1);
        let most = self.count(keywords, "maxContains")?.unwrap_or(usize::MAX);
        let rules = ArrayRules {
            length: self.range(keywords, "minItems", "maxItems")?,
            prefix: self.list(keywords, "prefixItems")?,
            items: self.child(keywords, "items")?,
            contains: contains.map(|node| Contains { node, count: Range { least, most } }),
            unique: keywords.remove("uniqueItems") == Some(Value::Bool(true)),
            unevaluated: self.child(keywords, "unevaluatedItems")?,
        };
        let any = !rules.length.is_any()
            || !rules.prefix.is_empty()
            || rules.items.is_some()
            || rules.contains.is_some()
            || rules.unique
            || rules.unevaluated.is_some();
        Ok(any.then_some(rules))
    }

    fn object_rules(&mut self, keywords: &mut Map<String, Value>) -> Result<Option<ObjectRules>> {
        let patterns = self.map(keywords, "patternProperties")?;
        let patterns = patterns.into_iter().map(|(source, node)| {
            let pattern = self.at("patternProperties", |parser| parser.at(&source, |parser| parser.pattern(&source)))?;
            Ok((pattern, node))
        });
        let rules = ObjectRules {
            patterns: patterns.collect::<Result<_>>()?,
            size: self.range(keywords, "minProperties", "maxProperties")?,
            properties: self.properties(keywords)?,
            additional: self.child(keywords, "additionalProperties")?,
            names: self.child(keywords, "propertyNames")?,
            dependent_required: self.dependent_required(keywords)?,
            dependent_schemas: self.map(keywords, "dependentSchemas")?,
            unevaluated: self.child(keywords, "unevaluatedProperties")?,
        };
        let any = rules.looks_at_properties()
            || !rules.size.is_any()
            || !rules.dependent_required.is_empty()
            || !rules.dependent_schemas.is_empty()
            || rules.unevaluated.is_some();
        Ok(any.then_some(rules))
    }

    fn properties(&mut self, keywords: &mut Map<String, Value>) -> Result<Properties> {
        let declared = self.map(keywords, "properties")?;
        let mut list: Vec<Property> =
            declared.into_iter().map(|(name, node)| Property { name, node: Some(node), required: false }).collect();
        let index: std::collections::HashMap<Box<str>, usize> =
            list.iter().enumerate().map(|(index, property)| (property.name.clone(), index)).collect();
        for name in self.names(keywords.remove("required"), "required")? {
            match index.get(&name) {
                Some(index) => list[*index].required = true,
                None if list.iter().skip(index.len()).any(|property| property.name == name) => {}
                None => list.push(Property { name, node: None, required: true }),
            }
        }
        Ok(Properties::new(list))
    }

    fn dependent_required(&mut self, keywords: &mut Map<String, Value>) -> Result<Vec<(Box<str>, Vec<Box<str>>)>> {
        match keywords.remove("dependentRequired") {
            None => Ok(Vec::new()),
            Some(Value::Object(members)) => {
                let members = members.into_iter().map(|(name, names)| Ok((name.into(), self.names(Some(names), "dependentRequired")?)));
                members.collect()
            }
            Some(_) => self.at("dependentRequired", |parser| parser.error("it is no object")),
        }
    }

    fn names(&mut self, value: Option<Value>, keyword: &'static str) -> Result<Vec<Box<str>>> {
        let names = match value {
            None => Some(Vec::new()),
            Some(Value::Array(names)) => names.into_iter().map(|name| name.as_str().map(Box::from)).collect(),
            Some(_) => None,
        };
        match names {
            Some(names) => Ok(names),
            None => self.at(keyword, |parser| parser.error("it is no list of names")),
        }
    }

    fn in_place(&mut self, keywords: &mut Map<String, Value>) -> Result<Option<InPlace>> {
        let anchor = keywords.remove("anchor");
        let dynamic = self.reference(keywords, "$dynamicRef")?;
        let test = self.child(keywords, "if")?;
        let (then, otherwise) = (self.child(keywords, "then")?, self.child(keywords, "else")?);
        let in_place = InPlace {
            reference: self.reference(keywords, "$ref")?,
            dynamic: dynamic.map(|dynamic| (dynamic, anchor.as_ref().and_then(Value::as_str).unwrap_or("").into())),
            all_of: self.list(keywords, "allOf")?,
            any_of: self.list(keywords, "anyOf")?,
            one_of: self.list(keywords, "oneOf")?,
            not: self.child(keywords, "not")?,
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

    fn reference(&mut self, keywords: &mut Map<String, Value>, keyword: &'static str) -> Result<Option<Reference>> {
        match keywords.remove(keyword) {
            None => Ok(None),
            Some(Value::String(name)) => match self.refs.iter().find(|(known, _)| *known == name) {
                Some((name, target)) => Ok(Some(Reference { name, target })),
                None => Err(SchemaError::UnknownName { pointer: format!("{}/{keyword}", self.place), name }),
            },
            Some(_) => self.at(keyword, |parser| parser.error("it is no name")),
        }
    }

    fn child(&mut self, keywords: &mut Map<String, Value>, keyword: &'static str) -> Result<Option<Node>> {
        match keywords.remove(keyword) {
            None => Ok(None),
            Some(value) => self.at(keyword, |parser| parser.node(value, keyword)).map(Some),
        }
    }

    fn list(&mut self, keywords: &mut Map<String, Value>, keyword: &'static str) -> Result<Vec<Node>> {
        let Some(value) = keywords.remove(keyword) else { return Ok(Vec::new()) };
        self.at(keyword, |parser| match value {
            Value::Array(items) => {
                let nodes = items.into_iter().enumerate();
                nodes.map(|(index, item)| parser.at(index, |parser| parser.node(item, keyword))).collect()
            }
            _ => parser.error("it is no list"),
        })
    }

    fn map(&mut self, keywords: &mut Map<String, Value>, keyword: &'static str) -> Result<Vec<(Box<str>, Node)>> {
        let Some(value) = keywords.remove(keyword) else { return Ok(Vec::new()) };
        self.at(keyword, |parser| match value {
            Value::Object(members) => {
                let nodes = members.into_iter();
                nodes.map(|(key, value)| Ok((key.as_str().into(), parser.at(&key, |parser| parser.node(value, keyword))?))).collect()
            }
            _ => parser.error("it is no object"),
        })
    }
}
