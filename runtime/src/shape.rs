//! The JSON shape of a type, known to the compiler: `derive(Event)` compares it with the contract.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

/// A type whose JSON has a shape that is known at compile time. `derive(Event)` implements it; so do the types of the standard library
/// that contracts have types for.
#[diagnostic::on_unimplemented(
    message = "the contract cannot be compared with `{Self}`, whose shape in JSON is not known",
    note = "where it is your own type: derive `Event` on it, and name its place in the contract: #[event(topic = \"…\", at = \"/properties/…\")]",
    note = "where it is a type of another crate: say on the field what it is in JSON: #[event(shape = \"String\")]"
)]
pub trait Shaped {
    /// The shape of its JSON.
    const SHAPE: Shape;
}

/// The shape of the JSON of a type, or of a place in a contract, as far as types can say.
///
/// ```
/// use eventc::{Shape, Shaped};
///
/// const LINES: Shape = Shape::List(&Shape::Text);
/// const _: () = assert!(LINES.accepts(&<Vec<String>>::SHAPE));
/// const _: () = assert!(!LINES.accepts(&<Vec<Option<String>>>::SHAPE));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// Anything.
    Any,
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number without a fraction, with the smallest and the largest value.
    Integer(i128, i128),
    /// A number.
    Number,
    /// A string.
    Text,
    /// A list.
    List(&'static Self),
    /// An object with any keys.
    Map(&'static Self),
    /// The shape or null.
    Nullable(&'static Self),
    /// A place of a contract.
    Place(ContractPlace),
}

/// A place of a contract that has a type of its own: an object, an enum of strings, or a union.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContractPlace {
    /// The same for all places with the same shape.
    pub digest: &'static str,
    /// The loosest type that can hold all that stands there.
    pub loose: &'static Shape,
    /// The properties, where it is an object.
    pub properties: &'static [ShapeProperty],
}

/// A property of an object.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShapeProperty {
    /// The name in JSON.
    pub name: &'static str,
    /// Whether it must be present.
    pub required: bool,
    /// The shape.
    pub shape: &'static Shape,
}

impl Shape {
    /// Returns whether a type of that shape can hold whatever the contract allows here, and says no less than the contract does.
    pub const fn accepts(&self, actual: &Self) -> bool {
        match (self, actual) {
            (Self::Null, Self::Null | Self::Nullable(_))
            | (_, Self::Any)
            | (Self::Any, _)
            | (Self::Bool, Self::Bool)
            | (Self::Number, Self::Number)
            | (Self::Text, Self::Text) => true,
            (Self::Integer(min, max), Self::Integer(least, most)) => *least <= *min && *max <= *most,
            (Self::List(expected), Self::List(actual))
            | (Self::Map(expected), Self::Map(actual))
            | (Self::Nullable(expected), Self::Nullable(actual)) => expected.accepts(actual),
            (Self::Place(expected), Self::Place(actual)) => same(expected.digest, actual.digest),
            (Self::Place(expected), actual) => {
                matches!((expected.loose, actual), (Self::Text, Self::Text) | (Self::Map(_), Self::Map(Self::Any)))
            }
            _ => false,
        }
    }

    /// Returns whether flattened parts of an object fit into it: each of their properties is one of the contract's, of the
    /// same shape, and together they have all that is still required. `declared` are the contract's properties without those
    /// of the object's own fields; `open` says whether the contract allows others.
    pub const fn accepts_parts(declared: &[ShapeProperty], parts: &[Self], open: bool) -> bool {
        let mut at = 0;
        while at < declared.len() {
            if declared[at].required && !any_has(parts, declared[at].name) {
                return false;
            }
            at += 1;
        }
        let mut at = 0;
        while at < parts.len() {
            if !part_fits(declared, &parts[at], open) {
                return false;
            }
            at += 1;
        }
        true
    }
}

const fn any_has(parts: &[Shape], name: &str) -> bool {
    let mut at = 0;
    while at < parts.len() {
        if let Shape::Place(place) = &parts[at]
            && let Some(property) = find(place.properties, name)
            && property.required
        {
            return true;
        }
        at += 1;
    }
    false
}

const fn part_fits(declared: &[ShapeProperty], part: &Shape, open: bool) -> bool {
    let Shape::Place(place) = part else { return matches!(part, Shape::Map(_)) && open };
    let mut at = 0;
    while at < place.properties.len() {
        let property = &place.properties[at];
        let fits = match find(declared, property.name) {
            Some(known) => known.shape.accepts(property.shape),
            None => open,
        };
        if !fits {
            return false;
        }
        at += 1;
    }
    true
}

const fn find<'a>(properties: &'a [ShapeProperty], name: &str) -> Option<&'a ShapeProperty> {
    let mut at = 0;
    while at < properties.len() {
        if same(properties[at].name, name) {
            return Some(&properties[at]);
        }
        at += 1;
    }
    None
}

/// Returns whether two texts are equal, which traits do not say in constants.
const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

macro_rules! shapes {
    ($([$($generics:tt)*] $ty:ty => $shape:expr;)*) => {
        $(impl<$($generics)*> Shaped for $ty {
            const SHAPE: Shape = $shape;
        })*
    };
}

macro_rules! integers {
    ($($ty:ident)*) => {
        shapes! { $([] $ty => Shape::Integer($ty::MIN as i128, $ty::MAX as i128);)* }
    };
}

integers! { u8 i8 u16 i16 u32 i32 u64 i64 usize isize }

shapes! {
    [] () => Shape::Null;
    [] bool => Shape::Bool;
    [] i128 => Shape::Integer(i128::MIN, i128::MAX);
    [] u128 => Shape::Integer(0, i128::MAX);
    [] f32 => Shape::Number;
    [] f64 => Shape::Number;
    [] String => Shape::Text;
    [] Box<str> => Shape::Text;
    [T] crate::Formatted<T> => Shape::Text;
    [T: Shaped] Option<T> => Shape::Nullable(&T::SHAPE);
    [T: Shaped] Box<T> => T::SHAPE;
    [T: Shaped] Vec<T> => Shape::List(&T::SHAPE);
    [T: Shaped] VecDeque<T> => Shape::List(&T::SHAPE);
    [T: Shaped] BTreeSet<T> => Shape::List(&T::SHAPE);
    [T: Shaped, S] HashSet<T, S> => Shape::List(&T::SHAPE);
    [K, T: Shaped] BTreeMap<K, T> => Shape::Map(&T::SHAPE);
    [K, T: Shaped, S] HashMap<K, T, S> => Shape::Map(&T::SHAPE);
}

#[cfg(feature = "json")]
shapes! {
    [] serde_json::Value => Shape::Any;
    [] serde_json::Map<String, serde_json::Value> => Shape::Map(&Shape::Any);
    [] serde_json::Number => Shape::Number;
}

#[cfg(feature = "exact")]
shapes! { [] crate::Integer => Shape::Integer(i128::MIN, i128::MAX); }

#[cfg(test)]
mod tests {
    use super::*;

    const ID: ShapeProperty = ShapeProperty { name: "id", required: true, shape: &Shape::Text };
    const NOTE: ShapeProperty = ShapeProperty { name: "note", required: false, shape: &Shape::Text };
    const OBJECT: Shape = Shape::Place(ContractPlace { digest: "a", loose: &Shape::Map(&Shape::Any), properties: &[ID, NOTE] });
    const STRINGS: Shape = Shape::Place(ContractPlace { digest: "b", loose: &Shape::Text, properties: &[] });
    const UNION: Shape = Shape::Place(ContractPlace { digest: "c", loose: &Shape::Any, properties: &[] });

    #[test]
    fn a_type_holds_all_that_the_contract_allows() {
        let wide = Shape::Integer(0, i128::from(i64::MAX));
        for (expected, actual, holds) in [
            (wide, u64::SHAPE, true),
            (wide, i64::SHAPE, true),
            (wide, u32::SHAPE, false),
            (Shape::Integer(0, 255), u8::SHAPE, true),
            (Shape::Number, i64::SHAPE, false),
            (Shape::Text, String::SHAPE, true),
            (Shape::Text, Shape::Any, true),
            (Shape::Nullable(&Shape::Text), <Option<String>>::SHAPE, true),
            (Shape::Nullable(&Shape::Text), String::SHAPE, false),
            (Shape::Map(&Shape::Bool), <HashMap<String, Box<bool>>>::SHAPE, true),
            (OBJECT, OBJECT, true),
            (OBJECT, STRINGS, false),
            (OBJECT, Shape::Map(&Shape::Any), true),
            (OBJECT, <BTreeMap<String, String>>::SHAPE, false),
            (STRINGS, String::SHAPE, true),
            (UNION, String::SHAPE, false),
            (Shape::Text, STRINGS, false),
            (Shape::Any, OBJECT, true),
        ] {
            assert_eq!(expected.accepts(&actual), holds, "{expected:?} {actual:?}");
        }
    }

    #[test]
    fn flattened_parts_give_what_is_required() {
        assert!(Shape::accepts_parts(&[ID, NOTE], &[OBJECT], false));
        assert!(!Shape::accepts_parts(&[NOTE], &[OBJECT], false), "the contract closes, and does not know id");
        assert!(Shape::accepts_parts(&[NOTE], &[OBJECT], true));
        assert!(!Shape::accepts_parts(&[ID], &[Shape::Map(&Shape::Any)], true), "a map promises nothing");
        let number = ShapeProperty { shape: &Shape::Number, ..ID };
        assert!(!Shape::accepts_parts(&[number], &[OBJECT], true));
    }
}
