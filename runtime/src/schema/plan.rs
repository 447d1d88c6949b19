//! Plans: the nodes that a schema is compiled into, to be asked quickly.

use std::fmt;

use serde_json::Value;

use super::{Schema, number::Bound, pattern::Pattern};

/// The number of a node among those of its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PlanNodeId(pub(super) usize);

/// A schema: what is asked of values of each type, and what of all.
#[derive(Debug, Default)]
pub(super) struct PlanNode {
    /// JSON Pointer into the plan.
    pub(super) place: Box<str>,
    /// Accepts nothing: the keyword whose value is `false`.
    pub(super) never: Option<&'static str>,
    /// Values are not shown in messages.
    pub(super) sensitive: bool,
    pub(super) kinds: TypeSet,
    pub(super) values: Option<Box<Values>>,
    pub(super) number: Option<Box<NumberRules>>,
    pub(super) string: Option<Box<StringRules>>,
    pub(super) array: Option<Box<ArrayRules>>,
    pub(super) object: Option<Box<ObjectRules>>,
    pub(super) in_place: Option<Box<InPlace>>,
}

impl Default for TypeSet {
    fn default() -> Self {
        Self::ALL
    }
}

impl PlanNode {
    /// Returns whether it accepts everything.
    pub(super) fn asks_nothing(&self) -> bool {
        self.asks_nothing_itself() && self.in_place.is_none()
    }

    /// Returns the target, where it is a reference and nothing else.
    pub(super) fn only_reference(&self) -> Option<&'static Schema> {
        let InPlace { reference: Some(reference), dynamic: None, all_of, any_of, one_of, not: None, condition: None } =
            &**self.in_place.as_ref()?
        else {
            return None;
        };
        let alone = all_of.is_empty() && any_of.is_empty() && one_of.is_empty() && self.asks_nothing_itself();
        alone.then_some(reference.target)
    }

    fn asks_nothing_itself(&self) -> bool {
        let Self { never: None, kinds: TypeSet::ALL, values: None, number: None, string: None, array: None, object: None, .. } = self
        else {
            return false;
        };
        true
    }

    /// Returns the schema for the properties or items of `value` that no other keyword evaluates.
    pub(super) fn unevaluated(&self, value: &Value) -> Option<PlanNodeId> {
        match value {
            Value::Array(_) => self.array.as_ref()?.unevaluated,
            Value::Object(_) => self.object.as_ref()?.unevaluated,
            _ => None,
        }
    }
}

/// JSON types, as a set; a number includes integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TypeSet(u8);

impl TypeSet {
    pub(super) const NONE: Self = Self(0);
    pub(super) const ALL: Self = Self(0x7f);
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(1 << 1);
    pub(super) const INTEGER: Self = Self(1 << 2);
    pub(super) const NUMBER: Self = Self(1 << 3);
    pub(super) const STRING: Self = Self(1 << 4);
    pub(super) const ARRAY: Self = Self(1 << 5);
    pub(super) const OBJECT: Self = Self(1 << 6);
    /// Each type that values have.
    pub(super) const EACH: [Self; 6] = [Self::NULL, Self::BOOLEAN, Self::NUMBER, Self::STRING, Self::ARRAY, Self::OBJECT];
    const WORDS: [(&'static str, &'static str); 7] = [
        ("null", "null"),
        ("boolean", "a boolean"),
        ("integer", "an integer"),
        ("number", "a number"),
        ("string", "a string"),
        ("array", "an array"),
        ("object", "an object"),
    ];

    pub(super) fn of_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().position(|(name, _)| *name == word).map(|index| Self(1 << index))
    }

    /// Returns the type of a value; for a number the wider one.
    pub(super) fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(_) => Self::NUMBER,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    #[inline]
    pub(super) fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns the names that people read.
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

impl Values {
    /// Returns whether a string is a member of the enum.
    pub(super) fn has_member(&self, text: &str) -> bool {
        match (&self.strings, &self.members) {
            (Some(strings), _) => strings.binary_search_by(|member| (**member).cmp(text)).is_ok(),
            (None, Some(members)) => members.iter().any(|member| member == text),
            (None, None) => true,
        }
    }

    /// Returns whether a string is the constant, and a member of the enum.
    pub(super) fn accept_string(&self, text: &str) -> bool {
        self.constant.as_ref().is_none_or(|constant| constant == text) && self.has_member(text)
    }
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
    pub(super) prefix: Vec<PlanNodeId>,
    pub(super) items: Option<PlanNodeId>,
    pub(super) contains: Option<Contains>,
    pub(super) unique: bool,
    pub(super) unevaluated: Option<PlanNodeId>,
}

#[derive(Debug)]
pub(super) struct Contains {
    pub(super) node: PlanNodeId,
    pub(super) count: Range,
}

#[derive(Debug)]
pub(super) struct ObjectRules {
    pub(super) size: Range,
    pub(super) properties: KnownProperties,
    pub(super) patterns: Vec<(Pattern, PlanNodeId)>,
    pub(super) additional: Option<PlanNodeId>,
    pub(super) names: Option<PlanNodeId>,
    pub(super) dependent_required: Vec<DependentNames>,
    pub(super) dependent_schemas: Vec<(Box<str>, PlanNodeId)>,
    pub(super) unevaluated: Option<PlanNodeId>,
}

impl ObjectRules {
    /// Returns whether each property has to be looked at.
    pub(super) fn looks_at_properties(&self) -> bool {
        !self.properties.list.is_empty() || !self.patterns.is_empty() || self.additional.is_some()
    }
}

/// A property, and those that it asks for beside it.
pub(super) type DependentNames = (Box<str>, Vec<Box<str>>);

/// The properties that `properties` and `required` name.
#[derive(Debug)]
pub(super) struct KnownProperties {
    /// The properties, in the order of the schema.
    pub(super) list: Vec<Property>,
    /// The number of required properties.
    pub(super) required: usize,
    /// Indices into the list, in the order of names.
    sorted: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct Property {
    pub(super) name: Box<str>,
    /// `None` where it is only required.
    pub(super) node: Option<PlanNodeId>,
    pub(super) required: bool,
}

impl KnownProperties {
    pub(super) fn new(list: Vec<Property>) -> Self {
        let mut sorted: Vec<usize> = (0..list.len()).collect();
        sorted.sort_by(|left, right| list[*left].name.cmp(&list[*right].name));
        Self { required: list.iter().filter(|property| property.required).count(), list, sorted }
    }

    /// Returns the property of that name. `next` is where to look first: documents mostly keep the order of their schema.
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
    pub(super) reference: Option<PlanReference>,
    pub(super) dynamic: Option<(PlanReference, Box<str>)>,
    pub(super) all_of: Vec<PlanNodeId>,
    pub(super) any_of: Vec<PlanNodeId>,
    pub(super) one_of: Vec<PlanNodeId>,
    pub(super) not: Option<PlanNodeId>,
    pub(super) condition: Option<Condition>,
}

#[derive(Debug)]
pub(super) struct Condition {
    pub(super) test: PlanNodeId,
    pub(super) then: Option<PlanNodeId>,
    pub(super) otherwise: Option<PlanNodeId>,
}

/// A name, and the schema that it stands for.
pub(super) struct PlanReference {
    pub(super) name: &'static str,
    pub(super) target: &'static Schema,
}

/// Shows a reference without the target: references go in circles.
impl fmt::Debug for PlanReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PlanReference({:?})", self.name)
    }
}

/// A range of counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    pub(super) least: usize,
    pub(super) most: usize,
}

impl Range {
    pub(super) const ANY: Self = Self { least: 0, most: usize::MAX };

    pub(super) fn contains(self, count: usize) -> bool {
        (self.least..=self.most).contains(&count)
    }

    /// Returns the range that both allow.
    pub(super) fn within(self, other: Self) -> Self {
        Self { least: self.least.max(other.least), most: self.most.min(other.most) }
    }

    pub(super) fn is_any(self) -> bool {
        self.least == 0 && self.most == usize::MAX
    }
}
