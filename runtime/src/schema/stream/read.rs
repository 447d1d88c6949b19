//! A deserializer that asks each value for what its step asks, before a type sees it.

use std::cell::Cell;

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Number, Value, de::SliceRead, value::RawValue};

use super::object::MemberReader;
use crate::{
    raw::{RAW, Skip},
    schema::{
        check::MAX_DEPTH,
        plan::TypeSet,
        steps::{ArrayStep, NextStep, PlanStep, Steps},
    },
    serde_support::arbitrary_precision,
};

/// The maximum depth of lists and objects in `serde_json`.
const MAX_TEXT_DEPTH: usize = 127;

/// A place of a document.
#[derive(Clone, Copy)]
pub(super) struct ReadPlace<'a> {
    steps: &'static Steps,
    pub(super) step: &'static PlanStep,
    /// The maximum number of schemas that are nested around it.
    pub(super) depth: usize,
    /// The number of lists and objects that are nested around it.
    level: usize,
    /// Whether it was judged before, and is only read.
    pub(super) judged: bool,
    /// Set when something was refused: a type may swallow the error.
    broken: &'a Cell<bool>,
}

impl<'a> ReadPlace<'a> {
    /// Returns the whole document.
    pub(super) fn root(steps: &'static Steps, broken: &'a Cell<bool>) -> Self {
        Self { steps, step: steps.root(), depth: steps.root().depth, level: 0, judged: false, broken }
    }

    /// Returns the same place, where it was judged before.
    pub(super) fn judged(self) -> Self {
        Self { step: self.steps.follow(NextStep::Free).1, judged: true, ..self }
    }

    /// Returns whether nothing is asked there.
    fn is_free(&self) -> bool {
        std::ptr::eq(self.step, self.steps.follow(NextStep::Free).1)
    }

    /// Returns the place that a member stands at.
    #[inline]
    pub(super) fn inside(&self, next: NextStep) -> Self {
        let (steps, step) = self.steps.follow(next);
        let depth = self.depth + step.depth;
        if depth > MAX_DEPTH {
            // Neither does the check of the whole document go deeper.
            self.broken.set(true);
        }
        Self { steps, step, depth, level: self.level + 1, ..*self }
    }

    /// Refuses the document unless something holds.
    #[inline]
    pub(super) fn check<E: de::Error>(&self, holds: bool) -> Result<(), E> {
        if holds { Ok(()) } else { self.refuse() }
    }

    #[cold]
    fn refuse<E: de::Error>(&self) -> Result<(), E> {
        self.broken.set(true);
        Err(E::custom("the schema refuses it"))
    }
}

/// A deserializer of a value that stands at a place. The one inside is `serde_json`'s, of text.
pub(super) struct Checked<'a, D> {
    pub(super) inner: D,
    pub(super) place: ReadPlace<'a>,
}

/// A deserializer of a text that was cut out of the document: of the same type as that of the whole document.
type Again<'a, 'de> = Checked<'a, &'a mut serde_json::Deserializer<SliceRead<'de>>>;

impl<'a, 'de, D: Deserializer<'de>> Checked<'a, D> {
    /// Goes on with the deserializer inside. Whatever fails there is noted: a type may swallow the error.
    #[inline]
    fn pass<T>(self, read: impl FnOnce(D, ReadPlace<'a>) -> Result<T, D::Error>) -> Result<T, D::Error> {
        let place = self.place;
        read(self.inner, place).inspect_err(|_| place.broken.set(true))
    }

    /// Judges a value as a whole, and reads it once more.
    fn whole<T>(self, read: impl FnOnce(Again<'_, 'de>) -> serde_json::Result<T>) -> Result<T, D::Error> {
        self.pass(|inner, place| {
            let text = <&RawValue>::deserialize(inner)?.get();
            place.judge(text).map_err(de::Error::custom)?;
            let mut deserializer = serde_json::Deserializer::from_slice(text.as_bytes());
            read(Checked { inner: &mut deserializer, place: place.judged() }).map_err(de::Error::custom)
        })
    }
}

impl ReadPlace<'_> {
    fn judge(&self, text: &str) -> serde_json::Result<()> {
        let value: Value = serde_json::from_str(text)?;
        self.check(self.level + height(&value) <= MAX_TEXT_DEPTH && self.step.accepts(&value, self.depth))
    }
}

/// Returns the depth of lists and objects in a value.
fn height(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(height).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(height).max().unwrap_or(0),
        _ => 0,
    }
}

macro_rules! numbers {
    ($($hint:ident)*) => {$(
        fn $hint<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            let step = self.place.step;
            if step.kinds.contains(TypeSet::NUMBER) && step.number.is_empty() {
                return self.pass(|inner, _| inner.$hint(visitor));
            }
            if arbitrary_precision() {
                return self.pass(|inner, place| {
                    let number = Number::deserialize(inner)?;
                    place.check(step.accepts_number(&number, place.depth))?;
                    number.$hint(visitor).map_err(de::Error::custom)
                });
            }
            self.pass(|inner, place| inner.$hint(CheckedVisitor { inner: visitor, place }))
        }
    )*};
}

macro_rules! strings {
    ($($hint:ident)*) => {$(
        #[inline]
        fn $hint<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            // These give nothing but strings.
            let step = self.place.step;
            if step.kinds.contains(TypeSet::STRING) && step.string.is_empty() {
                return self.pass(|inner, _| inner.$hint(visitor));
            }
            self.pass(|inner, place| inner.$hint(CheckedVisitor { inner: visitor, place }))
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Checked<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.place.step.array.is_whole() || self.place.step.object.is_whole() {
            return self.whole(|again| again.deserialize_any(visitor));
        }
        self.pass(|inner, place| inner.deserialize_any(CheckedVisitor { inner: visitor, place }))
    }

    numbers! { deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
    deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f64 }

    /// Deserializes the wider type, which is what the schema is asked about.
    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserialize_f64(visitor)
    }

    strings! { deserialize_char deserialize_str deserialize_string deserialize_identifier }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.place.step.kinds.contains(TypeSet::BOOLEAN) && self.place.step.boolean.is_empty() {
            return self.pass(|inner, _| inner.deserialize_bool(visitor));
        }
        self.pass(|inner, place| inner.deserialize_bool(CheckedVisitor { inner: visitor, place }))
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.place.judged {
            return self.pass(|inner, _| inner.deserialize_bytes(visitor));
        }
        self.whole(|again| again.deserialize_bytes(visitor))
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.place.judged {
            return self.pass(|inner, _| inner.deserialize_byte_buf(visitor));
        }
        self.whole(|again| again.deserialize_byte_buf(visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.pass(|inner, place| inner.deserialize_option(CheckedVisitor { inner: visitor, place }))
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.pass(|inner, place| inner.deserialize_unit(CheckedVisitor { inner: visitor, place }))
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.pass(|inner, place| inner.deserialize_unit_struct(name, CheckedVisitor { inner: visitor, place }))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        if name != RAW {
            return self.pass(|inner, place| inner.deserialize_newtype_struct(name, CheckedVisitor { inner: visitor, place }));
        }
        // What is asked of the value is asked before somebody wants its text.
        if self.place.judged || self.place.is_free() {
            return self.pass(|inner, _| inner.deserialize_newtype_struct(name, visitor));
        }
        self.whole(|again| again.deserialize_newtype_struct(name, visitor))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.place.step.array.is_whole() {
            return self.whole(|again| again.deserialize_seq(visitor));
        }
        self.pass(|inner, place| inner.deserialize_seq(CheckedVisitor { inner: visitor, place }))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, _: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.place.step.object.is_whole() {
            return self.whole(|again| again.deserialize_map(visitor));
        }
        self.pass(|inner, place| inner.deserialize_map(CheckedVisitor { inner: visitor, place }))
    }

    /// Deserializes a struct, which may be written as a list, too.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        if self.place.step.object.is_whole() || self.place.step.array.is_whole() {
            return self.whole(|again| again.deserialize_struct(name, fields, visitor));
        }
        self.pass(|inner, place| inner.deserialize_struct(name, fields, CheckedVisitor { inner: visitor, place }))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        if self.place.step.kinds == TypeSet::STRING {
            return self.pass(|inner, place| inner.deserialize_str(CheckedVisitor { inner: VariantReader(visitor), place }));
        }
        if self.place.judged {
            return self.pass(|inner, _| inner.deserialize_enum(name, variants, visitor));
        }
        self.whole(|again| again.deserialize_enum(name, variants, visitor))
    }

    /// Reads what nobody wants all the same: it may be wrong.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.place.judged {
            return self.pass(|inner, _| inner.deserialize_ignored_any(visitor));
        }
        Skip.deserialize(self)?;
        visitor.visit_unit()
    }
}

/// A visitor that asks first.
struct CheckedVisitor<'a, V> {
    inner: V,
    place: ReadPlace<'a>,
}

impl<V> CheckedVisitor<'_, V> {
    fn number<E: de::Error>(&self, number: impl FnOnce() -> Option<Number>) -> Result<(), E> {
        let step = self.place.step;
        if step.kinds.contains(TypeSet::NUMBER) && step.number.is_empty() {
            return self.place.check(true);
        }
        self.place.check(number().is_some_and(|number| step.accepts_number(&number, self.place.depth)))
    }

    /// Returns whether any integer is in order.
    fn is_any_integer(&self) -> bool {
        self.place.step.kinds.contains(TypeSet::INTEGER) && self.place.step.number.is_empty()
    }

    fn string<E: de::Error>(&self, text: &str) -> Result<(), E> {
        self.place.check(self.place.step.accepts_string(text, self.place.depth))
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for CheckedVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<V::Value, E> {
        self.place.check(self.place.step.accepts_bool(value, self.place.depth))?;
        self.inner.visit_bool(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<V::Value, E> {
        if !self.is_any_integer() {
            self.number(|| Some(value.into()))?;
        }
        self.inner.visit_i64(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<V::Value, E> {
        if !self.is_any_integer() {
            self.number(|| Some(value.into()))?;
        }
        self.inner.visit_u64(value)
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<V::Value, E> {
        self.number(|| wide(value))?;
        self.inner.visit_i128(value)
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<V::Value, E> {
        self.number(|| i128::try_from(value).ok().and_then(wide))?;
        self.inner.visit_u128(value)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<V::Value, E> {
        self.number(|| Number::from_f64(value))?;
        self.inner.visit_f64(value)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<V::Value, E> {
        self.string(text)?;
        self.inner.visit_str(text)
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<V::Value, E> {
        self.string(text)?;
        self.inner.visit_borrowed_str(text)
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<V::Value, E> {
        self.string(&text)?;
        self.inner.visit_string(text)
    }

    fn visit_none<E: de::Error>(self) -> Result<V::Value, E> {
        self.place.check(self.place.step.accepts_null(self.place.depth))?;
        self.inner.visit_none()
    }

    fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
        self.place.check(self.place.step.accepts_null(self.place.depth))?;
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Checked { inner: deserializer, place: self.place })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_newtype_struct(Checked { inner: deserializer, place: self.place })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.place.check(self.place.step.kinds.contains(TypeSet::ARRAY))?;
        let step = self.place.step.array.streamed();
        let mut items = ItemReader { inner: items, place: self.place, step, count: 0, ended: false };
        let list = self.inner.visit_seq(&mut items);
        if !items.ended && list.is_ok() {
            items.end()?;
        }
        list
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        let mut members = MemberReader::new(members, self.place)?;
        let object = self.inner.visit_map(&mut members);
        if !members.has_ended() && object.is_ok() {
            members.end()?;
        }
        object
    }
}

/// Returns an integer as a document has it that was parsed whole.
#[expect(clippy::cast_precision_loss, reason = "so does the parser")]
fn wide(value: i128) -> Option<Number> {
    i64::try_from(value)
        .map(Number::from)
        .or_else(|_| u64::try_from(value).map(Number::from))
        .ok()
        .or_else(|| Number::from_f64(value as f64))
}

/// The items of a list.
struct ItemReader<'a, A> {
    inner: A,
    place: ReadPlace<'a>,
    /// `None` where nothing is asked of the items.
    step: Option<&'static ArrayStep>,
    count: usize,
    /// Whether the last was read.
    ended: bool,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for ItemReader<'_, A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, A::Error> {
        let next = self.step.map_or(NextStep::Free, |step| step.place(self.count));
        let item = self.inner.next_element_seed(PlaceSeed { seed, place: self.place.inside(next) })?;
        if item.is_none() {
            self.ended = true;
            self.place.check(self.step.is_none_or(|step| step.length.contains(self.count)))?;
        } else {
            self.count += 1;
        }
        Ok(item)
    }
}

impl<'de, A: SeqAccess<'de>> ItemReader<'_, A> {
    /// Reads on after a tuple, which asks for no more items than it has.
    #[cold]
    fn end(mut self) -> Result<(), A::Error> {
        let ended = self.next_element_seed(Skip)?.is_none();
        self.place.check(ended)
    }
}

/// A seed that reads something at a place.
pub(super) struct PlaceSeed<'a, T> {
    pub(super) seed: T,
    pub(super) place: ReadPlace<'a>,
}

impl<'de, T: DeserializeSeed<'de>> DeserializeSeed<'de> for PlaceSeed<'_, T> {
    type Value = T::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T::Value, D::Error> {
        self.seed.deserialize(Checked { inner: deserializer, place: self.place })
    }
}

/// A variant of an enum that is written as its name.
struct VariantReader<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for VariantReader<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.expecting(f)
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<V::Value, E> {
        self.0.visit_enum(name.into_deserializer())
    }
}
