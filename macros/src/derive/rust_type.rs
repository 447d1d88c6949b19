//! The JSON form of a Rust type, as far as its spelling says.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{GenericArgument, PathArguments, Type};

/// A type as it is spelled. Names of the standard library are taken at their word; any other type says itself what it is, by
/// `eventc::Shaped`.
#[derive(Clone)]
pub(crate) enum RustType {
    Unit,
    Bool,
    /// An integer with the minimum and the maximum value.
    Integer(i128, i128),
    Float,
    Text,
    List(Box<Self>),
    Map(Box<Self>),
    Optional(Box<Self>),
    Tuple(Vec<Self>),
    Other(Box<Type>),
}

impl RustType {
    pub(crate) fn of(ty: &Type) -> Self {
        match ty {
            Type::Paren(inner) => Self::of(&inner.elem),
            Type::Group(inner) => Self::of(&inner.elem),
            Type::Reference(inner) => Self::of(&inner.elem),
            Type::Slice(inner) => Self::List(Box::new(Self::of(&inner.elem))),
            Type::Array(inner) => Self::List(Box::new(Self::of(&inner.elem))),
            Type::Tuple(tuple) if tuple.elems.is_empty() => Self::Unit,
            Type::Tuple(tuple) => Self::Tuple(tuple.elems.iter().map(Self::of).collect()),
            Type::Path(path) if path.qself.is_none() => Self::of_path(ty, &path.path),
            _ => Self::Other(Box::new(ty.clone())),
        }
    }

    fn of_path(ty: &Type, path: &syn::Path) -> Self {
        let other = || Self::Other(Box::new(ty.clone()));
        let Some(last) = path.segments.last() else { return other() };
        let standard = path.segments.len() == 1
            || path.segments.first().is_some_and(|root| ["std", "core", "alloc"].contains(&root.ident.to_string().as_str()));
        if !standard {
            return other();
        }
        let arguments = arguments(&last.arguments);
        match (last.ident.to_string().as_str(), &arguments[..]) {
            ("bool", []) => Self::Bool,
            ("f32" | "f64", []) => Self::Float,
            ("String" | "str", []) => Self::Text,
            ("Option", [inner]) => Self::Optional(Box::new(Self::of(inner))),
            ("Box" | "Rc" | "Arc" | "Cow", [inner]) => Self::of(inner),
            ("Vec" | "VecDeque" | "BTreeSet" | "LinkedList", [item]) | ("HashSet", [item, ..]) => Self::List(Box::new(Self::of(item))),
            ("BTreeMap", [_, value]) | ("HashMap", [_, value, ..]) => Self::Map(Box::new(Self::of(value))),
            (name, []) => integer(name).map_or_else(other, |(min, max)| Self::Integer(min, max)),
            _ => other(),
        }
    }

    /// Returns whether the spelling says all.
    pub(crate) fn is_plain(&self) -> bool {
        match self {
            Self::Other(_) => false,
            Self::List(inner) | Self::Map(inner) | Self::Optional(inner) => inner.is_plain(),
            Self::Tuple(items) => items.iter().all(Self::is_plain),
            _ => true,
        }
    }

    /// Returns its shape as a constant expression.
    pub(crate) fn shape(&self) -> TokenStream {
        let of = |inner: &Self| inner.shape();
        match self {
            Self::Unit => quote!(::eventc::Shape::Null),
            Self::Bool => quote!(::eventc::Shape::Bool),
            Self::Integer(min, max) => {
                let (min, max) = (signed(*min), signed(*max));
                quote!(::eventc::Shape::Integer(#min, #max))
            }
            Self::Float => quote!(::eventc::Shape::Number),
            Self::Text => quote!(::eventc::Shape::Text),
            Self::List(item) => {
                let item = of(item);
                quote!(::eventc::Shape::List(&#item))
            }
            Self::Map(value) => {
                let value = of(value);
                quote!(::eventc::Shape::Map(&#value))
            }
            Self::Optional(inner) => {
                let inner = of(inner);
                quote!(::eventc::Shape::Nullable(&#inner))
            }
            Self::Tuple(_) => quote!(::eventc::Shape::List(&::eventc::Shape::Any)),
            Self::Other(ty) => quote!(<#ty as ::eventc::Shaped>::SHAPE),
        }
    }

    /// Returns the type as a person writes it.
    pub(crate) fn to_source(&self) -> String {
        match self {
            Self::Unit => "()".into(),
            Self::Bool => "bool".into(),
            Self::Integer(min, max) => {
                INTEGERS.iter().find(|(_, least, most)| (least, most) == (min, max)).map_or("integer", |(name, ..)| name).into()
            }
            Self::Float => "f64".into(),
            Self::Text => "String".into(),
            Self::List(item) => format!("Vec<{}>", item.to_source()),
            Self::Map(value) => format!("BTreeMap<String, {}>", value.to_source()),
            Self::Optional(inner) => format!("Option<{}>", inner.to_source()),
            Self::Tuple(items) => format!("({})", items.iter().map(Self::to_source).collect::<Vec<_>>().join(", ")),
            Self::Other(ty) => ty.to_token_stream().to_string().replace(' ', ""),
        }
    }
}

/// Returns an integer literal that may be negative, of the type `i128`.
pub(crate) fn signed(value: i128) -> TokenStream {
    if value == i128::MIN {
        return quote!(::core::primitive::i128::MIN);
    }
    let digits = proc_macro2::Literal::i128_suffixed(value.abs());
    if value < 0 { quote!(-#digits) } else { quote!(#digits) }
}

const INTEGERS: &[(&str, i128, i128)] = &[
    ("u8", 0, 0xff),
    ("i8", -0x80, 0x7f),
    ("u16", 0, 0xffff),
    ("i16", -0x8000, 0x7fff),
    ("u32", 0, 0xffff_ffff),
    ("i32", -0x8000_0000, 0x7fff_ffff),
    ("u64", 0, 0xffff_ffff_ffff_ffff),
    ("i64", -0x8000_0000_0000_0000, 0x7fff_ffff_ffff_ffff),
    // Events are written on 64-bit machines.
    ("usize", 0, 0xffff_ffff_ffff_ffff),
    ("isize", -0x8000_0000_0000_0000, 0x7fff_ffff_ffff_ffff),
    ("u128", 0, i128::MAX),
    ("i128", i128::MIN, i128::MAX),
];

fn integer(name: &str) -> Option<(i128, i128)> {
    INTEGERS.iter().find(|(known, ..)| *known == name).map(|(_, min, max)| (*min, *max))
}

fn arguments(arguments: &PathArguments) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return Vec::new() };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}
