//! Lists whose items have types of their own by position, and that may be shorter or longer than these.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, SeqAccess, Visitor},
    ser::{Error as _, SerializeSeq},
};

use super::{Codec, Mode, ModeSeed, Never};
use crate::schema::Cursor;

/// A list whose items differ by position: those that it always has, those that it may have, and further ones.
///
/// `First` is a tuple, `Then` a tuple of options of which none follows a `None`, `Rest` the type of all further items.
///
/// ```
/// use eventc::Items;
///
/// let mut items: Items<(i64,), (Option<String>,), bool> = serde_json::from_str(r#"[1, "a", true, false]"#).unwrap();
/// assert_eq!((items.first.0, items.then.0.as_deref(), items.rest.len()), (1, Some("a"), 2));
///
/// items = Items::from((2,));
/// assert_eq!(serde_json::to_string(&items).unwrap(), "[2]");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Items<First, Then = (), Rest = Never> {
    /// The items that every list has.
    pub first: First,
    /// The items that may be missing, from one of them on.
    pub then: Then,
    /// Further items; there are none where one of `then` is missing.
    pub rest: Vec<Rest>,
}

impl<First: Default, Then: Default, Rest> Default for Items<First, Then, Rest> {
    fn default() -> Self {
        Self::from(First::default())
    }
}

/// The shortest list with these items.
impl<First, Then: Default, Rest> From<First> for Items<First, Then, Rest> {
    fn from(first: First) -> Self {
        Self { first, then: Then::default(), rest: Vec::new() }
    }
}

/// A tuple of the items that a list always has.
pub trait FirstItems: Sized {
    /// The number of items.
    const LENGTH: usize;

    /// Reads the items; `None` where the list has fewer.
    ///
    /// # Errors
    /// An item has not the shape of its type.
    fn read<'de, A: SeqAccess<'de>>(items: &mut A, mode: Mode) -> Result<Option<Self>, A::Error>;

    /// Writes the items.
    ///
    /// # Errors
    /// Those of the writer.
    fn write<S: SerializeSeq>(&self, list: &mut S) -> Result<(), S::Error>;

    /// Returns whether the schemas of the items' places accept them.
    fn meet(&self, place: &dyn Fn(usize) -> Cursor) -> bool;
}

/// A tuple of options: the items that a list may have behind its first ones.
pub trait ThenItems: Sized {
    /// Reads as many items as there are, and whether there may be more.
    ///
    /// # Errors
    /// An item has not the shape of its type.
    fn read<'de, A: SeqAccess<'de>>(items: &mut A, mode: Mode) -> Result<(Self, bool), A::Error>;

    /// Returns the number of items that are there, and whether these are all; `None` where one follows a missing one.
    fn count(&self) -> Option<(usize, bool)>;

    /// Writes the items that are there.
    ///
    /// # Errors
    /// Those of the writer.
    fn write<S: SerializeSeq>(&self, list: &mut S) -> Result<(), S::Error>;

    /// Returns whether the schemas of the items' places accept them.
    fn meet(&self, place: &dyn Fn(usize) -> Cursor) -> bool;
}

/// Implements [`FirstItems`] for tuples of a length.
macro_rules! impl_first_items {
    ($length:literal $($name:ident $index:tt)*) => {
        #[allow(unused_variables, reason = "no items ask nothing")]
        impl<$($name: Codec),*> FirstItems for ($($name,)*) {
            const LENGTH: usize = $length;

            fn read<'de, Ac: SeqAccess<'de>>(items: &mut Ac, mode: Mode) -> Result<Option<Self>, Ac::Error> {
                Ok(Some(($(
                    match items.next_element_seed(ModeSeed::<$name>::new(mode))? {
                        Some(item) => item,
                        None => return Ok(None),
                    },
                )*)))
            }

            fn write<Se: SerializeSeq>(&self, list: &mut Se) -> Result<(), Se::Error> {
                $(list.serialize_element(&self.$index)?;)*
                Ok(())
            }

            fn meet(&self, place: &dyn Fn(usize) -> Cursor) -> bool {
                true $(&& self.$index.meets(place($index)))*
            }
        }
    };
}

/// Implements [`ThenItems`] for tuples of optional items.
macro_rules! impl_then_items {
    ($($name:ident $index:tt)*) => {
        #[allow(unused_variables, unused_mut, unused_assignments, reason = "no items ask nothing")]
        impl<$($name: Codec),*> ThenItems for ($(Option<$name>,)*) {
            fn read<'de, Ac: SeqAccess<'de>>(items: &mut Ac, mode: Mode) -> Result<(Self, bool), Ac::Error> {
                let mut more = true;
                let read = ($(
                    {
                        let seed = ModeSeed::<$name>::new(mode);
                        let item = if more { items.next_element_seed(seed)? } else { None };
                        more = item.is_some();
                        item
                    },
                )*);
                Ok((read, more))
            }

            fn count(&self) -> Option<(usize, bool)> {
                let (mut count, mut more) = (0, true);
                $(match &self.$index {
                    Some(_) if !more => return None,
                    Some(_) => count += 1,
                    None => more = false,
                })*
                Some((count, more))
            }

            fn write<Se: SerializeSeq>(&self, list: &mut Se) -> Result<(), Se::Error> {
                $(if let Some(item) = &self.$index {
                    list.serialize_element(item)?;
                })*
                Ok(())
            }

            fn meet(&self, place: &dyn Fn(usize) -> Cursor) -> bool {
                true $(&& self.$index.as_ref().is_none_or(|item| item.meets(place($index))))*
            }
        }
    };
}

/// Implements both for tuples of a length.
macro_rules! items {
    ($length:literal $($name:ident $index:tt)*) => {
        impl_first_items! { $length $($name $index)* }
        impl_then_items! { $($name $index)* }
    };
}

items! { 0 }
items! { 1 A 0 }
items! { 2 A 0 B 1 }
items! { 3 A 0 B 1 C 2 }
items! { 4 A 0 B 1 C 2 D 3 }
items! { 5 A 0 B 1 C 2 D 3 E 4 }
items! { 6 A 0 B 1 C 2 D 3 E 4 F 5 }
items! { 7 A 0 B 1 C 2 D 3 E 4 F 5 G 6 }
items! { 8 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 }
items! { 9 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 }
items! { 10 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 }
items! { 11 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 }
items! { 12 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 }

impl<First: FirstItems, Then: ThenItems, Rest: Codec> Items<First, Then, Rest> {
    /// Returns the number of items; `None` where one follows a missing one.
    fn length(&self) -> Option<usize> {
        let (count, more) = self.then.count()?;
        (more || self.rest.is_empty()).then_some(First::LENGTH + count + self.rest.len())
    }
}

impl<First: FirstItems, Then: ThenItems, Rest: Codec> Serialize for Items<First, Then, Rest> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let length = self.length().ok_or_else(|| S::Error::custom("an item of a list follows a missing one"))?;
        let mut list = serializer.serialize_seq(Some(length))?;
        self.first.write(&mut list)?;
        self.then.write(&mut list)?;
        for item in &self.rest {
            list.serialize_element(item)?;
        }
        list.end()
    }
}

impl<'de, First: FirstItems, Then: ThenItems, Rest: Codec> Deserialize<'de> for Items<First, Then, Rest> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::tolerant(deserializer)
    }
}

impl<First: FirstItems, Then: ThenItems, Rest: Codec> Codec for Items<First, Then, Rest> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D, mode: Mode) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ItemsVisitor { mode, read: PhantomData })
    }

    fn meets(&self, at: Cursor) -> bool {
        let Some(length) = self.length() else { return false };
        at.list(self, length, |places| {
            let behind = length - self.rest.len();
            self.first.meet(&|index| places.item(index))
                && self.then.meet(&|index| places.item(First::LENGTH + index))
                && self.rest.iter().enumerate().all(|(index, item)| item.meets(places.item(behind + index)))
        })
    }
}

struct ItemsVisitor<First, Then, Rest> {
    mode: Mode,
    read: PhantomData<Items<First, Then, Rest>>,
}

impl<'de, First: FirstItems, Then: ThenItems, Rest: Codec> Visitor<'de> for ItemsVisitor<First, Then, Rest> {
    type Value = Items<First, Then, Rest>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of at least {} items", First::LENGTH)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let first = First::read(&mut items, self.mode)?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
        let (then, more) = Then::read(&mut items, self.mode)?;
        let mut rest = Vec::new();
        while let Some(item) = if more { items.next_element_seed(ModeSeed::new(self.mode))? } else { None } {
            rest.push(item);
        }
        Ok(Items { first, then, rest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Three = Items<(i64,), (Option<Option<String>>, Option<bool>), u64>;

    #[test]
    fn what_was_read_is_written_back() {
        for text in ["[1]", "[1,null]", r#"[1,"a"]"#, r#"[1,"a",true]"#, r#"[1,null,false,2,3]"#] {
            let items: Three = serde_json::from_str(text).expect("a list that fits");
            assert_eq!(serde_json::to_string(&items).expect("JSON"), text);
        }
        for text in ["[]", r#"["a"]"#, r#"[1,"a",2]"#, r#"[1,"a",true,"b"]"#, "{}"] {
            assert!(serde_json::from_str::<Three>(text).is_err(), "{text}");
        }
        assert!(serde_json::from_str::<Items<(i64,)>>("[1,2]").is_err());
    }

    #[test]
    fn an_item_behind_a_missing_one_is_no_list() {
        let gap = Three { first: (1,), then: (None, Some(true)), rest: Vec::new() };
        let more = Three { first: (1,), then: (Some(None), None), rest: vec![1] };
        assert!(serde_json::to_string(&gap).is_err() && serde_json::to_string(&more).is_err());
    }
}
