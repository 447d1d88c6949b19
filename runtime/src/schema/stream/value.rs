//! Asking values that are decoded already.

use serde::Serialize;
use serde_json::{Number, Value};

use crate::{
    Schema,
    schema::{
        plan::TypeSet,
        steps::{ArrayStep, ContainerCheck, NextStep, ObjectStep, PlanStep, Steps},
    },
    serde_support::arbitrary_precision,
};

/// The place of a schema that a value is asked at.
#[derive(Clone, Copy)]
pub struct Cursor {
    steps: &'static Steps,
    step: &'static PlanStep,
}

impl Cursor {
    pub(crate) fn root(schema: &'static Schema) -> Self {
        let steps = schema.steps();
        Self { steps, step: steps.root() }
    }

    fn follow(self, next: NextStep) -> Self {
        let (steps, step) = self.steps.follow(next);
        Self { steps, step }
    }

    pub(crate) fn null(self) -> bool {
        self.step.accepts_null(self.step.depth)
    }

    pub(crate) fn bool(self, value: bool) -> bool {
        self.step.accepts_bool(value, self.step.depth)
    }

    pub(crate) fn integer(self, value: i128) -> bool {
        let any = self.step.kinds.contains(TypeSet::INTEGER) && self.step.number.is_empty();
        any || Number::from_i128(value).is_some_and(|number| self.number(&number))
    }

    /// Checks a float. Where numbers keep their text, some of it is gone here.
    pub(crate) fn float(self, value: f64) -> bool {
        !arbitrary_precision() && Number::from_f64(value).is_some_and(|number| self.number(&number))
    }

    pub(crate) fn number(self, number: &Number) -> bool {
        self.step.accepts_number(number, self.step.depth)
    }

    pub(crate) fn text(self, text: &str) -> bool {
        self.step.accepts_string(text, self.step.depth)
    }

    pub(crate) fn value(self, value: &Value) -> bool {
        self.step.kinds != TypeSet::NONE && self.step.accepts(value, self.step.depth)
    }

    /// Asks of all together what cannot be asked of one after the other. Where numbers keep their text, some of it may be gone here.
    pub(crate) fn whole<T: Serialize>(self, value: &T) -> bool {
        !arbitrary_precision() && serde_json::to_value(value).is_ok_and(|value| self.value(&value))
    }

    /// Asks a list of that length; `items` asks the items, where that is enough.
    pub(crate) fn list<T: Serialize>(self, list: &T, length: usize, items: impl FnOnce(ItemCheck) -> bool) -> bool {
        self.step.kinds.contains(TypeSet::ARRAY)
            && match &self.step.array {
                ContainerCheck::Free => true,
                ContainerCheck::Whole => self.whole(list),
                ContainerCheck::Streamed(step) => step.length.contains(length) && items(ItemCheck { at: self, step }),
            }
    }

    /// Asks a map of that size; `members` asks the members, where that is enough.
    pub(crate) fn map<T: Serialize>(self, map: &T, size: usize, members: impl FnOnce(MemberCheck) -> bool) -> bool {
        self.step.kinds.contains(TypeSet::OBJECT)
            && match &self.step.object {
                ContainerCheck::Free => true,
                // Nobody has named one of its properties.
                ContainerCheck::Streamed(step) if step.properties.is_empty() => {
                    step.size.contains(size) && members(MemberCheck { at: self, step, names: self.follow(step.names) })
                }
                ContainerCheck::Streamed(_) | ContainerCheck::Whole => self.whole(map),
            }
    }
}

/// The places of a list's items.
#[derive(Clone, Copy)]
pub(crate) struct ItemCheck {
    at: Cursor,
    step: &'static ArrayStep,
}

impl ItemCheck {
    pub(crate) fn item(self, index: usize) -> Cursor {
        self.at.follow(self.step.place(index))
    }
}

/// The places of a map's members.
#[derive(Clone, Copy)]
pub(crate) struct MemberCheck {
    at: Cursor,
    step: &'static ObjectStep,
    names: Cursor,
}

impl MemberCheck {
    pub(crate) fn accepts_name(self, name: &str) -> bool {
        self.names.text(name)
    }

    pub(crate) fn member(self, name: &str) -> Cursor {
        self.at.follow(self.step.other(name))
    }
}
