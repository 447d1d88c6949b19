//! Asking values that are decoded already.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Number, Value};

use super::step::{Inside, Next, Step, Steps};
use crate::{Formatted, Schema, schema::plan::Kinds, serde_support::arbitrary_precision};

/// The place of a schema that a value is asked at.
#[derive(Clone, Copy)]
pub struct At {
    steps: &'static Steps,
    step: &'static Step,
}

impl At {
    pub(crate) fn root(schema: &'static Schema) -> Self {
        let steps = schema.steps();
        Self { steps, step: steps.root() }
    }

    fn follow(self, next: Next) -> Self {
        let (steps, step) = self.steps.follow(next);
        Self { steps, step }
    }

    /// Asks of a text what is asked of strings.
    fn text(self, text: &str) -> bool {
        self.step.accepts_string(text, self.step.depth)
    }

    fn number(self, number: &Number) -> bool {
        self.step.accepts_number(number, self.step.depth)
    }

    /// Asks of all together what cannot be asked of one after the other. Where numbers keep their text, some of it may be gone here.
    fn whole<T: Serialize>(self, value: &T) -> bool {
        !arbitrary_precision() && serde_json::to_value(value).is_ok_and(|value| self.value(&value))
    }

    fn value(self, value: &Value) -> bool {
        self.step.kinds != Kinds::NONE && self.step.accepts(value, self.step.depth)
    }
}

/// A decoded value, that can be asked what a schema asks.
pub trait Asked: Serialize {
    /// Whether it is accepted. A generated type has been asked what the schema of its place asks when it was read.
    fn is_accepted(&self, at: At) -> bool {
        let _ = at;
        true
    }
}

impl Asked for () {
    fn is_accepted(&self, at: At) -> bool {
        at.step.accepts_null(at.step.depth)
    }
}

impl Asked for bool {
    fn is_accepted(&self, at: At) -> bool {
        at.step.accepts_bool(*self, at.step.depth)
    }
}

macro_rules! integers {
    ($($ty:ty)*) => {$(
        impl Asked for $ty {
            fn is_accepted(&self, at: At) -> bool {
                let any = at.step.kinds.contains(Kinds::INTEGER) && at.step.number.is_empty();
                any || Number::from_i128((*self).into()).is_some_and(|number| at.number(&number))
            }
        }
    )*};
}

integers! { i64 u64 i128 }

impl Asked for f64 {
    /// Where numbers keep their text, some of it is gone here.
    fn is_accepted(&self, at: At) -> bool {
        !arbitrary_precision() && Number::from_f64(*self).is_some_and(|number| at.number(&number))
    }
}

impl Asked for Number {
    fn is_accepted(&self, at: At) -> bool {
        at.number(self)
    }
}

#[cfg(feature = "exact")]
impl Asked for crate::Integer {
    fn is_accepted(&self, at: At) -> bool {
        at.number(self)
    }
}

impl Asked for String {
    fn is_accepted(&self, at: At) -> bool {
        at.text(self)
    }
}

impl<T> Asked for Formatted<T> {
    fn is_accepted(&self, at: At) -> bool {
        at.text(self.as_str())
    }
}

impl Asked for Value {
    fn is_accepted(&self, at: At) -> bool {
        at.value(self)
    }
}

impl<T: Asked> Asked for Option<T> {
    fn is_accepted(&self, at: At) -> bool {
        self.as_ref().map_or_else(|| ().is_accepted(at), |value| value.is_accepted(at))
    }
}

impl<T: Asked> Asked for Vec<T> {
    fn is_accepted(&self, at: At) -> bool {
        let is_list = at.step.kinds.contains(Kinds::ARRAY);
        is_list
            && match &at.step.array {
                Inside::Free => true,
                Inside::Whole => at.whole(self),
                Inside::Streamed(step) => {
                    let accepts = |(index, item): (usize, &T)| item.is_accepted(at.follow(step.place(index)));
                    step.length.contains(self.len()) && self.iter().enumerate().all(accepts)
                }
            }
    }
}

impl<T: Asked> Asked for BTreeMap<String, T> {
    fn is_accepted(&self, at: At) -> bool {
        let is_object = at.step.kinds.contains(Kinds::OBJECT);
        is_object
            && match &at.step.object {
                Inside::Free => true,
                // Nobody has named one of its properties.
                Inside::Streamed(step) if step.properties.is_empty() => {
                    let names = at.follow(step.names);
                    let accepts = |(name, value): (&String, &T)| names.text(name) && value.is_accepted(at.follow(step.other(name)));
                    step.size.contains(self.len()) && self.iter().all(accepts)
                }
                Inside::Streamed(_) | Inside::Whole => at.whole(self),
            }
    }
}

impl<T: Asked> Asked for Box<T> {
    fn is_accepted(&self, at: At) -> bool {
        (**self).is_accepted(at)
    }
}

macro_rules! tuples {
    ($($($name:ident)+;)*) => {$(
        impl<$($name: Asked),+> Asked for ($($name,)+) {
            #[allow(non_snake_case, reason = "the values of types are named as the types")]
            fn is_accepted(&self, at: At) -> bool {
                let ($($name,)+) = self;
                let items: &[&dyn Fn(At) -> bool] = &[$(&|at| $name.is_accepted(at)),+];
                at.step.kinds.contains(Kinds::ARRAY)
                    && match &at.step.array {
                        Inside::Free => true,
                        Inside::Whole => at.whole(self),
                        Inside::Streamed(step) => {
                            let mut places = items.iter().enumerate();
                            step.length.contains(items.len()) && places.all(|(index, item)| item(at.follow(step.place(index))))
                        }
                    }
            }
        }
    )*};
}

tuples! { A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H; A B C D E F G H I; A B C D E F G H I J;
A B C D E F G H I J K; A B C D E F G H I J K L; }
