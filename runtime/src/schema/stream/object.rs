//! The members of an object on their way into a type.

use serde::{
    Deserializer,
    de::{
        self, DeserializeSeed, IntoDeserializer, MapAccess, Visitor,
        value::{BorrowedStrDeserializer, StrDeserializer},
    },
};
use serde_json::Number;

use super::read::{PlaceSeed, ReadPlace};
use crate::{
    raw::Skip,
    schema::{
        plan::TypeSet,
        steps::{NextStep, ObjectStep},
    },
    serde_support::arbitrary_precision,
};

/// The one name in what `serde_json` hands over for a number whose text it keeps.
const NUMBER: &str = "$serde_json::private::Number";

/// The members of an object.
pub(super) struct MemberReader<'a, A> {
    inner: A,
    progress: Progress<'a>,
    /// Whether the last was read.
    ended: bool,
}

/// The members that were read.
struct Progress<'a> {
    place: ReadPlace<'a>,
    /// `None` where nothing is asked of the members.
    step: Option<&'static ObjectStep>,
    /// One more than the index of the property that was read last.
    last: usize,
    /// The step for the property that is read.
    next: NextStep,
    /// The required properties that are there.
    required: u128,
    count: usize,
    /// Whether it is a number, and no object.
    number: bool,
}

impl<'a, 'de, A: MapAccess<'de>> MemberReader<'a, A> {
    pub(super) fn new(inner: A, place: ReadPlace<'a>) -> Result<Self, A::Error> {
        // Otherwise it may be a number.
        if !arbitrary_precision() {
            place.check(place.step.kinds.contains(TypeSet::OBJECT))?;
        }
        let step = place.step.object.streamed();
        let progress = Progress { place, step, last: 0, next: NextStep::Free, required: 0, count: 0, number: false };
        Ok(Self { inner, progress, ended: false })
    }

    /// Returns whether all members were read, and judged together.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Reads on after a type that asked for no more members.
    #[cold]
    pub(super) fn end(mut self) -> Result<(), A::Error> {
        let ended = self.next_key_seed(Skip)?.is_none();
        self.progress.place.check(ended)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for MemberReader<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        // A key that is read as a number needs the deserializer as it is.
        let key = if self.progress.place.judged {
            self.inner.next_key_seed(seed)?
        } else {
            self.inner.next_key_seed(NameSeed { seed, progress: &mut self.progress })?
        };
        if key.is_none() {
            self.ended = true;
            self.progress.end()?;
        }
        Ok(key)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        let Progress { place, next, number, .. } = self.progress;
        if number {
            return self.number(seed);
        }
        self.inner.next_value_seed(PlaceSeed { seed, place: place.inside(next) })
    }
}

impl<'de, A: MapAccess<'de>> MemberReader<'_, A> {
    #[cold]
    fn number<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        let text = self.inner.next_value::<String>()?;
        let number: Number = text.parse().map_err(de::Error::custom)?;
        let place = self.progress.place;
        place.check(place.step.accepts_number(&number, place.depth))?;
        seed.deserialize(text.into_deserializer())
    }
}

impl Progress<'_> {
    /// Asks what can only be asked in the end.
    #[inline]
    fn end<E: de::Error>(&self) -> Result<(), E> {
        let complete = self.step.is_none_or(|step| step.required == self.required && step.size.contains(self.count));
        self.place.check(self.number || (complete && self.place.step.kinds.contains(TypeSet::OBJECT)))
    }

    /// Goes to the property of that name.
    #[inline]
    fn enter<E: de::Error>(&mut self, name: &str) -> Result<(), E> {
        self.count += 1;
        if self.count == 1 && arbitrary_precision() {
            self.number = name == NUMBER;
            self.place.check(self.number || self.place.step.kinds.contains(TypeSet::OBJECT))?;
        }
        let Some(step) = self.step.filter(|_| !self.number) else { return Ok(()) };
        match step.find(name, &mut self.last) {
            Some(property) => {
                self.required |= property.required;
                self.next = property.next;
            }
            None => self.next = step.other(name),
        }
        if let NextStep::Free = step.names {
            return Ok(());
        }
        let names = self.place.inside(step.names);
        names.check(names.step.accepts_string(name, names.depth))
    }
}

/// A seed that reads a name.
struct NameSeed<'p, 'a, K> {
    seed: K,
    progress: &'p mut Progress<'a>,
}

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for NameSeed<'_, '_, K> {
    type Value = K::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<K::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, K: DeserializeSeed<'de>> Visitor<'de> for NameSeed<'_, '_, K> {
    type Value = K::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<K::Value, E> {
        self.progress.enter(name)?;
        self.seed.deserialize(StrDeserializer::new(name))
    }

    fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<K::Value, E> {
        self.progress.enter(name)?;
        self.seed.deserialize(BorrowedStrDeserializer::new(name))
    }
}
