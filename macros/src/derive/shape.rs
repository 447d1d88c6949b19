//! Types of a contract as constants that the compiler can compare (`eventc::Shape`).

use eventc_model::types::{Additional, Object, Shape, TypeId, TypeRef, Types};
use proc_macro2::TokenStream;
use quote::quote;

use super::{contract::resolve, rust_type::signed};

/// The maximum depth of types in a digest; what lies below is told apart by its name alone.
const MAX_DEPTH: usize = 40;
/// The longest text that a digest is made from. A type that is larger is told apart from all others.
const MAX_LENGTH: usize = 1 << 20;

/// Returns the shape of a type.
pub(crate) fn shape(types: &Types, ty: &TypeRef) -> TokenStream {
    match resolve(types, ty) {
        TypeRef::Any | TypeRef::NonObject | TypeRef::Payload | TypeRef::Never => quote!(::eventc::Shape::Any),
        TypeRef::Null => quote!(::eventc::Shape::Null),
        TypeRef::Bool => quote!(::eventc::Shape::Bool),
        TypeRef::Number => quote!(::eventc::Shape::Number),
        TypeRef::String(_) => quote!(::eventc::Shape::Text),
        ty @ TypeRef::Integer(_) => integer(ty),
        ty @ TypeRef::Literal(_, base) => match resolve(types, base) {
            TypeRef::Integer(_) => integer(ty),
            base => shape(types, base),
        },
        TypeRef::Array(item) => list(types, item),
        TypeRef::Tuple { .. } => quote!(::eventc::Shape::List(&::eventc::Shape::Any)),
        TypeRef::Map(value) => {
            let value = shape(types, value);
            quote!(::eventc::Shape::Map(&#value))
        }
        TypeRef::Nullable(inner) => {
            let inner = shape(types, inner);
            quote!(::eventc::Shape::Nullable(&#inner))
        }
        ty @ TypeRef::Named(_) => place(types, ty, &[]),
    }
}

/// Returns the shape of a named type, with these of its properties.
pub(crate) fn place(types: &Types, ty: &TypeRef, properties: &[TokenStream]) -> TokenStream {
    let digest = digest(types, ty);
    let kind = if let TypeRef::Named(id) = ty { Some(&types.get(*id).shape) } else { None };
    let loose = match kind {
        Some(Shape::Object(_)) => quote!(::eventc::Shape::Map(&::eventc::Shape::Any)),
        Some(Shape::Enum(_)) => quote!(::eventc::Shape::Text),
        _ => quote!(::eventc::Shape::Any),
    };
    quote!(::eventc::Shape::Place(::eventc::ContractPlace { digest: #digest, loose: &#loose, properties: &[#(#properties),*] }))
}

/// Returns the properties of an object that are wanted.
pub(crate) fn properties(types: &Types, object: &Object, wanted: impl Fn(&str) -> bool) -> Vec<TokenStream> {
    let fields = object.fields.iter().filter(|field| wanted(&field.name));
    let property = fields.map(|field| {
        let (name, required, shape) = (&field.name, field.required, shape(types, &field.ty));
        quote!(::eventc::ShapeProperty { name: #name, required: #required, shape: &#shape })
    });
    property.collect()
}

fn list(types: &Types, item: &TypeRef) -> TokenStream {
    let item = shape(types, item);
    quote!(::eventc::Shape::List(&#item))
}

fn integer(ty: &TypeRef) -> TokenStream {
    let (min, max) = bounds(ty);
    let (min, max) = (signed(min), signed(max));
    quote!(::eventc::Shape::Integer(#min, #max))
}

/// Returns the same text for all types that say the same, whatever they are called.
pub(crate) fn digest(types: &Types, ty: &TypeRef) -> String {
    let mut text = DigestText { types, open: Vec::new(), out: String::new() };
    text.ty(ty);
    let hash = |seed: u64| text.out.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    // FNV-1a twice, from different starts: 128 bits.
    format!("{:016x}{:016x}", hash(0xcbf2_9ce4_8422_2325), hash(0x6c62_272e_07bb_0142))
}

struct DigestText<'a> {
    types: &'a Types,
    /// The named types that are being written, outermost first.
    open: Vec<TypeId>,
    out: String,
}

impl DigestText<'_> {
    fn ty(&mut self, ty: &TypeRef) {
        match ty {
            TypeRef::Any | TypeRef::NonObject | TypeRef::Payload => self.out.push('*'),
            TypeRef::Never => self.out.push('!'),
            TypeRef::Null => self.out.push('0'),
            TypeRef::Bool => self.out.push('b'),
            TypeRef::Number => self.out.push('n'),
            TypeRef::String(_) => self.out.push('s'),
            TypeRef::Integer(_) => self.out.push_str(&format!("i{:?}", bounds(ty))),
            TypeRef::Literal(values, base) => {
                self.ty(base);
                self.out.push_str(&format!("={}", values.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")));
            }
            TypeRef::Array(item) => self.wrapped("[", item, "]"),
            TypeRef::Map(value) => self.wrapped("<", value, ">"),
            TypeRef::Nullable(inner) => self.wrapped("?(", inner, ")"),
            TypeRef::Tuple { items, rest, .. } => {
                self.out.push('(');
                for item in items.iter().chain(rest.as_deref()) {
                    self.wrapped("", item, ",");
                }
                self.out.push_str(if rest.is_some() { "..)" } else { ")" });
            }
            TypeRef::Named(id) => self.named(*id),
        }
    }

    fn wrapped(&mut self, before: &str, ty: &TypeRef, after: &str) {
        self.out.push_str(before);
        self.ty(ty);
        self.out.push_str(after);
    }

    fn named(&mut self, id: TypeId) {
        if let Some(depth) = self.open.iter().rev().position(|open| *open == id) {
            self.out.push_str(&format!("^{depth}"));
            return;
        }
        if self.open.len() > MAX_DEPTH || self.out.len() > MAX_LENGTH {
            let ty = self.types.get(id);
            self.out.push_str(&format!("@{}:{}", ty.module.0, ty.name));
            return;
        }
        self.open.push(id);
        match &self.types.get(id).shape {
            Shape::Alias(inner) => self.ty(inner),
            Shape::Enum(strings) => {
                let mut values: Vec<String> = strings.members.iter().map(|member| format!("{:?}", member.value)).collect();
                values.sort();
                self.out.push_str(&format!("e({})", values.join("|")));
            }
            Shape::Union(union) => {
                self.out.push_str(&format!("u{:?}(", union.tag));
                for variant in &union.variants {
                    self.wrapped("", &variant.ty, "|");
                }
                self.out.push(')');
            }
            Shape::Object(object) => self.object(object),
        }
        self.open.pop();
    }

    fn object(&mut self, object: &Object) {
        self.out.push('{');
        let mut fields: Vec<_> = object.fields.iter().collect();
        fields.sort_by_key(|field| &field.name);
        for field in fields {
            let presence = if field.required { "!" } else { "?" };
            self.wrapped(&format!("{:?}{presence}:", field.name), &field.ty, ",");
        }
        match &object.rest {
            Additional::Closed => {}
            Additional::Open => self.out.push_str(".."),
            Additional::Typed(ty) => self.wrapped("..", ty, ""),
        }
        self.out.push('}');
    }
}

/// Returns the smallest and the largest integer that a type allows. Where the contract states no bound, 64 bits with a sign
/// are meant, as in generated code.
pub(crate) fn bounds(ty: &TypeRef) -> (i128, i128) {
    match ty {
        TypeRef::Integer(range) => (range.min.unwrap_or(i128::from(i64::MIN)), range.max.unwrap_or(i128::from(i64::MAX))),
        TypeRef::Literal(values, _) => {
            let numbers = || values.iter().filter_map(|value| value.to_string().parse::<i128>().ok());
            (numbers().min().unwrap_or(0), numbers().max().unwrap_or(0))
        }
        _ => (0, 0),
    }
}
