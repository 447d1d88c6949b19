//! Schemas that one expression can judge: types, listed values, numbers, strings, and references.

use eventc_model::{
    schema::{Keywords, Kind, Kinds, NodeId, are_equal},
    types::Openness,
};
use serde_json::{Number, Value};

use super::{super::text::string, CheckWriter, expression::is_call};

/// The maximum number of strings that are compared one by one; longer lists are looked up in a set.
const MAX_CHAIN_LENGTH: usize = 8;

impl CheckWriter<'_, '_> {
    /// Returns the expression that judges a schema, if one can: in parentheses, a call, `true` or `false`.
    pub(super) fn leaf(&mut self, node: NodeId, v: &str) -> Option<String> {
        let keywords = match self.keywords(node) {
            Err(accepts) => return Some(accepts.to_string()),
            Ok(keywords) => keywords,
        };
        if self.schemas.opens_scope(node) {
            return self.unit_of(node).map(|unit| format!("{}({v}, s)", self.scope.check(unit)));
        }
        if keywords.plain_reference().is_some() {
            let target = self.schemas.target(node);
            return match self.unit_of(target) {
                Some(unit) => Some(format!("{}({v}, s)", self.scope.check(unit))),
                None if target != node => self.leaf(target, v),
                None => None,
            };
        }
        if keywords.referred().is_some() || keywords.applies_in_place() || !keywords.dependent_schemas.is_empty() {
            return None;
        }
        if has_values(keywords) {
            // Listed values that are all scalars leave nothing to the keywords of objects and arrays.
            let values = values(keywords);
            let scalars = values.iter().all(|value| !value.is_array() && !value.is_object());
            return (scalars || !constrains_structure(keywords)).then(|| self.listed(node, keywords, v));
        }
        let kinds = keywords.types;
        let structured = kinds.is_none_or(|kinds| {
            (kinds.contains(Kind::Array) && keywords.constrains_arrays()) || (kinds.contains(Kind::Object) && keywords.constrains_objects())
        });
        if structured && constrains_structure(keywords) {
            return None;
        }
        Some(match kinds {
            None => self.bounds_alone(keywords, v),
            Some(kinds) => self.typed_scalar(kinds, keywords, v),
        })
    }

    /// Returns one of the types, each with its own bounds.
    fn typed_scalar(&mut self, kinds: Kinds, keywords: &Keywords, v: &str) -> String {
        let mut parts = Vec::new();
        for kind in kinds.iter() {
            if kind == Kind::Integer && kinds.contains(Kind::Number) {
                continue;
            }
            let test = self.is_kind(kind, v);
            let bounds = match kind {
                Kind::String => self.string_bounds(keywords, v),
                Kind::Integer | Kind::Number => self.number_bounds(keywords, v),
                _ => Vec::new(),
            };
            parts.push(match exactly(&bounds) {
                None => test,
                Some(bounds) => format!("{test} && {bounds}"),
            });
        }
        match &parts[..] {
            [] => "false".into(),
            [only] if is_call(only) => only.clone(),
            parts => format!("({})", parts.join(" || ")),
        }
    }

    /// Bounds without a type: they hold for values of their kind alone.
    fn bounds_alone(&mut self, keywords: &Keywords, v: &str) -> String {
        let mut parts = Vec::new();
        for (kind, bounds) in [(Kind::String, self.string_bounds(keywords, v)), (Kind::Number, self.number_bounds(keywords, v))] {
            if !bounds.is_empty() {
                let test = self.is_kind(kind, v);
                parts.push(format!("(!s || !{test} || {})", bounds.join(" && ")));
            }
        }
        match &parts[..] {
            [] => "true".into(),
            [only] => only.clone(),
            parts => format!("({})", parts.join(" && ")),
        }
    }

    /// Returns the test for a type, without narrowing what the compiler knows of the value.
    pub(super) fn is_kind(&mut self, kind: Kind, v: &str) -> String {
        let helper = match kind {
            Kind::Null => return format!("{v} === null"),
            Kind::Boolean => "isBoolean",
            Kind::Integer => "isInteger",
            Kind::Number => "isNumber",
            Kind::String => "isString",
            Kind::Array => "isArray",
            Kind::Object => "isObject",
        };
        format!("{}({v})", self.scope.runtime(helper))
    }

    /// Returns the test for a set of types.
    pub(super) fn is_kinds(&mut self, kinds: Kinds, v: &str) -> String {
        let tests: Vec<String> =
            kinds.iter().filter(|kind| *kind != Kind::Integer || !kinds.contains(Kind::Number)).map(|kind| self.is_kind(kind, v)).collect();
        match &tests[..] {
            [] => "false".into(),
            [only] if is_call(only) => only.clone(),
            tests => format!("({})", tests.join(" || ")),
        }
    }

    pub(super) fn string_bounds(&mut self, keywords: &Keywords, v: &str) -> Vec<String> {
        let mut bounds = Vec::new();
        match keywords.min_length {
            None | Some(0) => {}
            Some(1) => bounds.push(format!("{v} !== \"\"")),
            Some(least) => bounds.push(format!("{}({v}, {least})", self.scope.runtime("minLength"))),
        }
        if let Some(most) = keywords.max_length {
            bounds.push(format!("{}({v}, {most})", self.scope.runtime("maxLength")));
        }
        if let Some(pattern) = &keywords.pattern {
            bounds.push(format!("{}.test({v})", self.regex(pattern)));
        }
        bounds
    }

    pub(super) fn number_bounds(&mut self, keywords: &Keywords, v: &str) -> Vec<String> {
        let mut bounds = Vec::new();
        let compared =
            [(&keywords.minimum, ">="), (&keywords.exclusive_minimum, ">"), (&keywords.maximum, "<="), (&keywords.exclusive_maximum, "<")];
        for (bound, operator) in compared {
            bounds.extend(bound.as_ref().map(|bound| format!("{v} {operator} {}", self.bound_literal(bound))));
        }
        if let Some(by) = &keywords.multiple_of {
            bounds.push(format!("{}({v}, {})", self.scope.runtime("multipleOf"), self.divisor(by)));
        }
        bounds
    }

    /// Returns a bound; beyond all doubles it is an infinity, which compares as the bound does.
    pub(super) fn bound_literal(&self, bound: &Number) -> String {
        let infinity = || if bound.to_string().starts_with('-') { "-1e999".into() } else { "1e999".into() };
        self.scope.cx.number(bound).unwrap_or_else(infinity)
    }

    /// Returns the constant of a divisor.
    pub(super) fn divisor(&mut self, by: &Number) -> String {
        let make = self.scope.runtime("divisor");
        self.constant("m", format!("{make}({})", string(&by.to_string())))
    }

    /// Returns one of listed values, and bounds beside the list.
    fn listed(&mut self, node: NodeId, keywords: &Keywords, v: &str) -> String {
        let mut parts = vec![self.values_test(node, keywords, v)];
        let bounds = self.bounds_alone(keywords, v);
        if bounds != "true" {
            parts.push(bounds);
        }
        match &parts[..] {
            [only] => only.clone(),
            parts => format!("({})", parts.join(" && ")),
        }
    }

    /// Returns whether a value is one of those that `const` and `enum` leave, given the types beside them.
    pub(super) fn values_test(&mut self, node: NodeId, keywords: &Keywords, v: &str) -> String {
        let values = values(keywords);
        let strings: Vec<&str> = values.iter().filter_map(|value| value.as_str()).collect();
        let mut tests = Vec::new();
        if strings.len() > MAX_CHAIN_LENGTH {
            tests.push(format!("{}.has({v})", self.set(&strings)));
        } else {
            tests.extend(strings.iter().map(|text| format!("{v} === {}", string(text))));
        }
        let mut composite = Vec::new();
        for value in values.iter().filter(|value| !value.is_string()) {
            match value {
                Value::Number(value) => tests.push(match self.scope.cx.number(value) {
                    Some(literal) => format!("{v} === {literal}"),
                    // No value of the language equals it.
                    None => "false".into(),
                }),
                Value::Array(_) | Value::Object(_) => composite.push((*value).clone()),
                scalar => tests.push(format!("{v} === {scalar}")),
            }
        }
        if !composite.is_empty() {
            let among = self.scope.runtime("among");
            let list = self.value(&Value::Array(composite));
            tests.push(format!("{among}({v}, {list})"));
        }
        if !strings.is_empty() && self.is_open_enum(node) {
            let test = self.is_kind(Kind::String, v);
            tests.push(format!("(!s && {test})"));
        }
        match &tests[..] {
            [] => "false".into(),
            tests => format!("({})", tests.join(" || ")),
        }
    }

    /// Returns whether readers let other strings through than an enum lists.
    pub(super) fn is_open_enum(&self, node: NodeId) -> bool {
        self.scope.cx.types().openness(node).is_some_and(Openness::is_open)
    }
}

pub(super) fn has_values(keywords: &Keywords) -> bool {
    keywords.const_value.is_some() || keywords.enum_values.is_some()
}

/// Returns the values that `const`, `enum` and `type` leave.
pub(super) fn values(keywords: &Keywords) -> Vec<&Value> {
    let listed: Vec<&Value> = match (&keywords.const_value, &keywords.enum_values) {
        (Some(value), Some(values)) => values.iter().filter(|other| are_equal(value, other)).take(1).collect(),
        (Some(value), None) => vec![value],
        (None, values) => values.iter().flatten().collect(),
    };
    listed.into_iter().filter(|value| keywords.types.is_none_or(|kinds| fits(kinds, value))).collect()
}

fn fits(kinds: Kinds, value: &Value) -> bool {
    let kind = Kind::of_value(value);
    kinds.contains(kind) || (kind == Kind::Integer && kinds.contains(Kind::Number))
}

fn constrains_structure(keywords: &Keywords) -> bool {
    keywords.constrains_arrays() || keywords.constrains_objects()
}

/// Bounds that only the exact check asks for.
fn exactly(bounds: &[String]) -> Option<String> {
    match bounds {
        [] => None,
        [only] => Some(format!("(!s || {only})")),
        bounds => Some(format!("(!s || ({}))", bounds.join(" && "))),
    }
}
