//! The item, taken apart: what of it is in JSON, and under which names.

use proc_macro2::Span;
use syn::{Data, DeriveInput, Fields, Ident, Type, spanned::Spanned};

use super::{
    attr::{EventAttr, FieldAttr, Renamed, SerdeAttr},
    case::RenameRule,
    errors::Errors,
    rust_type::RustType,
};

/// A struct or enum that speaks for a contract, or for a place in one.
pub(crate) struct DeriveItem<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) event: EventAttr,
    pub(crate) serde: SerdeAttr,
    pub(crate) data: Content<'a>,
}

/// The content of an item.
pub(crate) enum Content<'a> {
    /// Named fields: an object.
    Object(Vec<RustField<'a>>),
    /// One field without a name: whatever that is.
    Newtype(Box<RustField<'a>>),
    /// Variants.
    Enum(Vec<RustVariant<'a>>),
}

/// A field.
pub(crate) struct RustField<'a> {
    /// The name in Rust; empty where it has none.
    pub(crate) ident: String,
    pub(crate) span: Span,
    pub(crate) ty: &'a Type,
    /// The form in JSON: of its type, or as `shape` says.
    pub(crate) rust: RustType,
    /// The name under which it is written.
    pub(crate) name: String,
    pub(crate) event: FieldAttr,
    pub(crate) serde: SerdeAttr,
}

/// A variant.
pub(crate) struct RustVariant<'a> {
    pub(crate) ident: &'a Ident,
    /// The name under which it is written.
    pub(crate) name: String,
    pub(crate) serde: SerdeAttr,
    pub(crate) content: VariantContent<'a>,
}

/// The content of a variant.
pub(crate) enum VariantContent<'a> {
    Unit,
    Newtype(Box<RustField<'a>>),
    Object(Vec<RustField<'a>>),
}

impl<'a> DeriveItem<'a> {
    /// Takes an item apart.
    ///
    /// # Errors
    /// Everything about it that no contract can be compared with.
    pub(crate) fn read(input: &'a DeriveInput) -> syn::Result<Self> {
        let mut errors = Errors::default();
        let event = EventAttr::read(&input.attrs, &mut errors);
        let serde = SerdeAttr::read(&input.attrs);
        if let Some(parameter) = input.generics.params.first() {
            let message = "a generic type has many shapes, and a contract has one; derive `Event` on a type without parameters";
            errors.push(syn::Error::new(parameter.span(), message));
        }
        if let Some(text) = event.envelope.as_ref().filter(|text| text.parse::<Type>().is_err()) {
            errors.push(syn::Error::new(text.span(), "`envelope` names a type, such as \"Envelope<Self>\""));
        }
        let data = errors.keep(Content::read(input, &serde));
        let data = data.map(|(data, problems)| {
            if let Some(problem) = problems.0 {
                errors.push(problem);
            }
            data
        });
        // Without data there is an error.
        let item = Self { ident: &input.ident, event, serde, data: data.unwrap_or(Content::Enum(Vec::new())) };
        errors.finish(item)
    }
}

impl<'a> Content<'a> {
    fn read(input: &'a DeriveInput, serde: &SerdeAttr) -> syn::Result<(Self, Errors)> {
        let mut errors = Errors::default();
        let refuse = |message: &str| Err(syn::Error::new(input.ident.span(), message));
        let content = match &input.data {
            Data::Union(_) => return refuse("a union has no form in JSON; derive `Event` on a struct or an enum"),
            Data::Enum(data) => Self::Enum(data.variants.iter().map(|variant| RustVariant::read(variant, serde, &mut errors)).collect()),
            Data::Struct(data) => match &data.fields {
                Fields::Named(fields) => {
                    let fields = fields.named.iter().map(|field| RustField::read(field, &serde.rename_all, &mut errors));
                    Self::Object(fields.collect())
                }
                Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                    Self::Newtype(Box::new(RustField::read(&fields.unnamed[0], &Renamed::default(), &mut errors)))
                }
                Fields::Unnamed(_) => {
                    return refuse("a tuple struct is a list in JSON; name its fields, as the contract names its properties");
                }
                Fields::Unit => return refuse("a unit struct is null in JSON; write `struct Name {}` for an object without properties"),
            },
        };
        Ok((content, errors))
    }
}

impl<'a> RustField<'a> {
    fn read(field: &'a syn::Field, rename_all: &Renamed<RenameRule>, errors: &mut Errors) -> Self {
        let event = FieldAttr::read(&field.attrs, errors);
        let serde = SerdeAttr::read(&field.attrs);
        let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        let plain = ident.trim_start_matches("r#");
        let case = |case: Option<RenameRule>| case.map_or_else(|| plain.to_owned(), |case| case.field(plain));
        let name = serde.rename.written.clone().unwrap_or_else(|| case(rename_all.written));
        let read = serde.rename.read.clone().unwrap_or_else(|| case(rename_all.read));
        let span = field.ident.as_ref().map_or_else(|| field.ty.span(), Ident::span);
        if name != read && !serde.skip_serializing && !serde.skip_deserializing {
            let message =
                format!("`{plain}` is written as {name:?} and read as {read:?}, and a contract has one name; rename it once for both");
            errors.push(syn::Error::new(span, message));
        }
        let name = if serde.skip_serializing { read } else { name };
        let rust = match &event.shape {
            None => RustType::of(&field.ty),
            Some(shape) => shape.parse::<Type>().map_or_else(
                |_| {
                    let message = "`shape` names the Rust type that has the same JSON, such as \"String\" or \"Vec<f64>\"";
                    errors.push(syn::Error::new(shape.span(), message));
                    RustType::of(&field.ty)
                },
                |ty| RustType::of(&ty),
            ),
        };
        Self { ident: plain.to_owned(), span, ty: &field.ty, rust, name, event, serde }
    }
}

impl<'a> RustVariant<'a> {
    fn read(variant: &'a syn::Variant, item: &SerdeAttr, errors: &mut Errors) -> Self {
        FieldAttr::refuse_on_variant(&variant.attrs, errors);
        let serde = SerdeAttr::read(&variant.attrs);
        let plain = variant.ident.to_string();
        let plain = plain.trim_start_matches("r#");
        let case = item.rename_all.written.or(item.rename_all.read);
        let renamed = serde.rename.written.clone().or_else(|| serde.rename.read.clone());
        let name = renamed.unwrap_or_else(|| case.map_or_else(|| plain.to_owned(), |case| case.variant(plain)));
        let fields = if serde.rename_all.written.is_some() { &serde.rename_all } else { &item.rename_all_fields };
        let content = match &variant.fields {
            Fields::Unit => VariantContent::Unit,
            Fields::Named(named) => {
                VariantContent::Object(named.named.iter().map(|field| RustField::read(field, fields, errors)).collect())
            }
            Fields::Unnamed(unnamed) if unnamed.unnamed.len() == 1 => {
                VariantContent::Newtype(Box::new(RustField::read(&unnamed.unnamed[0], &Renamed::default(), errors)))
            }
            Fields::Unnamed(_) => {
                let message = "a variant with several fields without names is a list in JSON; name its fields";
                errors.push(syn::Error::new(variant.ident.span(), message));
                VariantContent::Unit
            }
        };
        Self { ident: &variant.ident, name, serde, content }
    }
}
