//! Types that hold others: options, boxes, lists, maps and tuples.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

use super::{Codec, Mode, ModeSeed};
use crate::schema::{Cursor, MemberCheck};

/// A reader of what holds others; the type argument says which.
struct Container<T> {
    mode: Mode,
    read: PhantomData<T>,
}

impl<T> Container<T> {
    fn new(mode: Mode) -> Self {
        Self { mode, read: PhantomData }
    }
}

impl<T: Codec> Codec for Box<T> {
    #[inline]
    fn read<'de, D: Deserializer<'de>>(deserializer: D, mode: Mode) -> Result<Self, D::Error> {
        T::read(deserializer, mode).map(Self::new)
    }

    fn meets(&self, at: Cursor) -> bool {
        (**self).meets(at)
    }
}

impl<T: Codec> Codec for Option<T> {
    #[inline]
    fn read<'de, D: Deserializer<'de>>(deserializer: D, mode: Mode) -> Result<Self, D::Error> {
        deserializer.deserialize_option(Container::<Self>::new(mode))
    }

    fn meets(&self, at: Cursor) -> bool {
        self.as_ref().map_or_else(|| at.null(), |value| value.meets(at))
    }
}

impl<'de, T: Codec> Visitor<'de> for Container<Option<T>> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("option")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::read(deserializer, self.mode).map(Some)
    }
}

/// The maximum number of items for which room is reserved in advance: what they say may not be true.
const MAX_RESERVED: usize = 1 << 12;

impl<T: Codec> Codec for Vec<T> {
    #[inline]
    fn read<'de, D: Deserializer<'de>>(deserializer: D, mode: Mode) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Container::<Self>::new(mode))
    }

    fn meets(&self, at: Cursor) -> bool {
        at.list(self, self.len(), |items| self.iter().enumerate().all(|(index, item)| item.meets(items.item(index))))
    }
}

impl<'de, T: Codec> Visitor<'de> for Container<Vec<T>> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::with_capacity(items.size_hint().unwrap_or(0).min(MAX_RESERVED));
        while let Some(item) = items.next_element_seed(ModeSeed::new(self.mode))? {
            list.push(item);
        }
        Ok(list)
    }
}

impl<T: Codec> Codec for BTreeMap<String, T> {
    #[inline]
    fn read<'de, D: Deserializer<'de>>(deserializer: D, mode: Mode) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Container::<Self>::new(mode))
    }

    fn meets(&self, at: Cursor) -> bool {
        let all = |members: MemberCheck| self.iter().all(|(name, value)| members.accepts_name(name) && value.meets(members.member(name)));
        at.map(self, self.len(), all)
    }
}

impl<'de, T: Codec> Visitor<'de> for Container<BTreeMap<String, T>> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(name) = members.next_key()? {
            map.insert(name, members.next_value_seed(ModeSeed::new(self.mode))?);
        }
        Ok(map)
    }
}

/// Implements [`Codec`] for tuples of a length.
macro_rules! tuple {
    ($length:literal $($name:ident $index:tt)+) => {
        impl<$($name: Codec),+> Codec for ($($name,)+) {
            fn read<'de, De: Deserializer<'de>>(deserializer: De, mode: Mode) -> Result<Self, De::Error> {
                deserializer.deserialize_tuple($length, Container::<Self>::new(mode))
            }

            fn meets(&self, at: Cursor) -> bool {
                at.list(self, $length, |items| $(self.$index.meets(items.item($index)))&&+)
            }
        }

        impl<'de, $($name: Codec),+> Visitor<'de> for Container<($($name,)+)> {
            type Value = ($($name,)+);

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!("a tuple of size ", $length))
            }

            fn visit_seq<Ac: SeqAccess<'de>>(self, mut items: Ac) -> Result<Self::Value, Ac::Error> {
                Ok(($(
                    items.next_element_seed(ModeSeed::<$name>::new(self.mode))?.ok_or_else(|| Ac::Error::invalid_length($index, &self))?,
                )+))
            }
        }
    };
}

tuple! { 1 A 0 }
tuple! { 2 A 0 B 1 }
tuple! { 3 A 0 B 1 C 2 }
tuple! { 4 A 0 B 1 C 2 D 3 }
tuple! { 5 A 0 B 1 C 2 D 3 E 4 }
tuple! { 6 A 0 B 1 C 2 D 3 E 4 F 5 }
tuple! { 7 A 0 B 1 C 2 D 3 E 4 F 5 G 6 }
tuple! { 8 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 }
tuple! { 9 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 }
tuple! { 10 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 }
tuple! { 11 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 }
tuple! { 12 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 }
