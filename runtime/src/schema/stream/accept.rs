//! The check of a value against a step.

use serde_json::{Number, Value};

use crate::schema::{
    check::{Quiet, accepts, check_number, check_string, check_values},
    number::is_integer,
    plan::{PlanNode, TypeSet},
    steps::{AppliedSchema, Check, PlanStep},
};

impl AppliedSchema {
    fn accepts(&self, value: &Value, depth: usize) -> bool {
        accepts(self.schema, self.nodes, self.id, value, depth)
    }
}

impl PlanStep {
    /// Returns whether a value is accepted as a whole.
    pub(super) fn accepts(&self, value: &Value, depth: usize) -> bool {
        self.whole.iter().all(|applied| applied.accepts(value, depth))
    }

    pub(super) fn accepts_null(&self, depth: usize) -> bool {
        self.kinds.contains(TypeSet::NULL) && self.null.iter().all(|check| check.of_value(&Value::Null, depth))
    }

    pub(super) fn accepts_bool(&self, value: bool, depth: usize) -> bool {
        self.kinds.contains(TypeSet::BOOLEAN) && self.boolean.iter().all(|check| check.of_value(&Value::Bool(value), depth))
    }

    pub(super) fn accepts_number(&self, number: &Number, depth: usize) -> bool {
        let is_of_kind = self.kinds.contains(TypeSet::NUMBER) || (self.kinds.contains(TypeSet::INTEGER) && is_integer(number));
        is_of_kind
            && self.number.iter().all(|check| match check {
                Check::Own(node) => {
                    let value = || Value::Number(number.clone());
                    values(node, value)
                        && node.number.as_ref().is_none_or(|rules| check_number(node, rules, number, &Value::Null, &mut Quiet))
                }
                Check::All(applied) => applied.accepts(&Value::Number(number.clone()), depth),
            })
    }

    pub(super) fn accepts_string(&self, text: &str, depth: usize) -> bool {
        self.kinds.contains(TypeSet::STRING)
            && self.string.iter().all(|check| match check {
                Check::Own(node) => {
                    node.values.as_ref().is_none_or(|values| values.accept_string(text))
                        && node.string.as_ref().is_none_or(|rules| check_string(node, rules, text, &Value::Null, &mut Quiet))
                }
                Check::All(applied) => applied.accepts(&Value::String(text.to_owned()), depth),
            })
    }
}

impl Check {
    fn of_value(&self, value: &Value, depth: usize) -> bool {
        match self {
            Self::Own(node) => values(node, || value.clone()),
            Self::All(applied) => applied.accepts(value, depth),
        }
    }
}

/// Returns whether `const` and `enum` accept a value.
fn values(node: &PlanNode, value: impl FnOnce() -> Value) -> bool {
    node.values.as_ref().is_none_or(|values| check_values(node, values, &value(), &mut Quiet))
}
