//! The attributes that matter: all of `#[event(…)]`, and of `#[serde(…)]` what changes the JSON.

use eventc_model::names::nearest;
use proc_macro2::Span;
use syn::{Attribute, Ident, Lit, LitStr, Token, meta::ParseNestedMeta, spanned::Spanned};

use super::{case::RenameRule, errors::Errors};

/// `#[event(…)]` of the item.
#[derive(Default)]
pub(crate) struct EventAttr {
    pub(crate) topic: Option<LitStr>,
    pub(crate) file: Option<LitStr>,
    pub(crate) at: Option<LitStr>,
    /// The property that an enum around the type writes (serde's `tag`).
    pub(crate) tag: Option<LitStr>,
    pub(crate) envelope: Option<LitStr>,
    /// The struct holds some of the properties, and is flattened into one with the others.
    pub(crate) part: bool,
}

/// `#[event(…)]` of a field.
#[derive(Default)]
pub(crate) struct FieldAttr {
    pub(crate) unchecked: bool,
    pub(crate) shape: Option<LitStr>,
}

/// A name that is written and one that is read; `None` where nothing renames it.
#[derive(Clone)]
pub(crate) struct Renamed<T> {
    pub(crate) written: Option<T>,
    pub(crate) read: Option<T>,
}

impl<T> Default for Renamed<T> {
    fn default() -> Self {
        Self { written: None, read: None }
    }
}

/// `#[serde(…)]` of an item, a variant or a field, with what each can have.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a word of serde's")]
pub(crate) struct SerdeAttr {
    pub(crate) rename: Renamed<String>,
    pub(crate) rename_all: Renamed<RenameRule>,
    pub(crate) rename_all_fields: Renamed<RenameRule>,
    pub(crate) transparent: bool,
    pub(crate) default: bool,
    pub(crate) flatten: bool,
    pub(crate) skip_serializing: bool,
    pub(crate) skip_deserializing: bool,
    pub(crate) skip_serializing_if: bool,
    pub(crate) deny_unknown_fields: Option<Span>,
    pub(crate) other: bool,
    pub(crate) untagged: bool,
    pub(crate) tag: Option<LitStr>,
    pub(crate) content: Option<LitStr>,
    /// `with`, `serialize_with` or `deserialize_with`: functions that write or read the value.
    pub(crate) with: Option<LitStr>,
    /// `from`, `try_from` or `into`: another type that is written or read.
    pub(crate) proxy: Option<LitStr>,
}

/// Words that take a text, and words that stand alone, for the item and for fields.
const ITEM_WORDS: &[&str] = &["topic", "file", "at", "tag", "envelope", "part"];
const FIELD_WORDS: &[&str] = &["unchecked", "shape"];

impl EventAttr {
    pub(crate) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut found = Self::default();
        each(attrs, "event", errors, &mut |meta| match word(meta).as_str() {
            "topic" => once(&mut found.topic, meta),
            "file" => once(&mut found.file, meta),
            "at" => once(&mut found.at, meta),
            "tag" => once(&mut found.tag, meta),
            "envelope" => once(&mut found.envelope, meta),
            "part" => flag(&mut found.part, meta),
            other => Err(unknown(meta, other, ITEM_WORDS, FIELD_WORDS, "a field")),
        });
        found
    }
}

impl FieldAttr {
    pub(crate) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut found = Self::default();
        each(attrs, "event", errors, &mut |meta| match word(meta).as_str() {
            "unchecked" => flag(&mut found.unchecked, meta),
            "shape" => once(&mut found.shape, meta),
            other => Err(unknown(meta, other, FIELD_WORDS, ITEM_WORDS, "the struct or enum")),
        });
        found
    }

    /// Refuses attributes on variants, which take none of their own.
    pub(crate) fn refuse_on_variant(attrs: &[Attribute], errors: &mut Errors) {
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("event")) {
            errors.push(syn::Error::new(
                attr.path().span(),
                "a variant takes no #[event(…)]; put it on the enum, or on a field of the variant",
            ));
        }
    }
}

impl SerdeAttr {
    /// Reads serde's attributes. serde itself reports what is wrong with them; here that is passed over.
    pub(crate) fn read(attrs: &[Attribute]) -> Self {
        let mut found = Self::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("serde")) {
            let _ = attr.parse_nested_meta(|meta| found.word(&meta));
        }
        found
    }

    fn word(&mut self, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        match word(meta).as_str() {
            "rename" => self.rename = both(meta, |text| Some(text.value()))?,
            "rename_all" => self.rename_all = both(meta, |text| RenameRule::of(&text.value()))?,
            "rename_all_fields" => self.rename_all_fields = both(meta, |text| RenameRule::of(&text.value()))?,
            "default" => {
                self.default = true;
                rest(meta)?;
            }
            "transparent" => self.transparent = true,
            "flatten" => self.flatten = true,
            "skip" => (self.skip_serializing, self.skip_deserializing) = (true, true),
            "skip_serializing" => self.skip_serializing = true,
            "skip_deserializing" => self.skip_deserializing = true,
            "skip_serializing_if" => {
                self.skip_serializing_if = true;
                rest(meta)?;
            }
            "deny_unknown_fields" => self.deny_unknown_fields = Some(meta.path.span()),
            "other" => self.other = true,
            "untagged" => self.untagged = true,
            "tag" => self.tag = Some(meta.value()?.parse()?),
            "content" => self.content = Some(meta.value()?.parse()?),
            "with" | "serialize_with" | "deserialize_with" => self.with = Some(meta.value()?.parse()?),
            "from" | "try_from" | "into" => self.proxy = Some(meta.value()?.parse()?),
            _ => rest(meta)?,
        }
        Ok(())
    }

    /// Returns whether the value is neither written nor read.
    pub(crate) fn skips(&self) -> bool {
        self.skip_serializing && self.skip_deserializing
    }
}

/// Visits every word of every attribute of that name.
fn each(attrs: &[Attribute], name: &str, errors: &mut Errors, read: &mut dyn FnMut(&ParseNestedMeta<'_>) -> syn::Result<()>) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        errors.keep(attr.parse_nested_meta(|meta| read(&meta)));
    }
}

fn word(meta: &ParseNestedMeta<'_>) -> String {
    meta.path.get_ident().map(Ident::to_string).unwrap_or_default()
}

fn once(slot: &mut Option<LitStr>, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    let name = word(meta);
    let text: LitStr = meta
        .value()
        .and_then(syn::parse::ParseBuffer::parse)
        .map_err(|_| syn::Error::new(meta.path.span(), format!("`{name}` takes a text: {name} = \"…\"")))?;
    if slot.is_some() {
        return Err(syn::Error::new(meta.path.span(), format!("`{name}` stands here twice; remove one")));
    }
    *slot = Some(text);
    Ok(())
}

fn flag(slot: &mut bool, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if !(meta.input.is_empty() || meta.input.peek(Token![,])) {
        return Err(syn::Error::new(meta.path.span(), format!("`{}` stands alone, without a value", word(meta))));
    }
    *slot = true;
    Ok(())
}

fn unknown(meta: &ParseNestedMeta<'_>, word: &str, here: &[&str], elsewhere: &[&str], there: &str) -> syn::Error {
    let help = if elsewhere.contains(&word) {
        format!("it belongs on {there}")
    } else {
        match nearest(word, here.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known here: {}", here.join(", ")),
        }
    };
    syn::Error::new(meta.path.span(), format!("#[event] knows no `{word}` here; {help}"))
}

/// Parses `= "…"`, or `(serialize = "…", deserialize = "…")`.
fn both<T: Clone>(meta: &ParseNestedMeta<'_>, read: impl Fn(&LitStr) -> Option<T>) -> syn::Result<Renamed<T>> {
    if meta.input.peek(Token![=]) {
        let value = read(&meta.value()?.parse::<LitStr>()?);
        return Ok(Renamed { written: value.clone(), read: value });
    }
    let mut renamed = Renamed { written: None, read: None };
    meta.parse_nested_meta(|inner| {
        let value = read(&inner.value()?.parse::<LitStr>()?);
        match word(&inner).as_str() {
            "serialize" => renamed.written = value,
            _ => renamed.read = value,
        }
        Ok(())
    })?;
    Ok(renamed)
}

/// Passes over what follows a word.
fn rest(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(Token![=]) {
        meta.value()?.parse::<Lit>()?;
    } else if meta.input.peek(syn::token::Paren) {
        let content;
        syn::parenthesized!(content in meta.input);
        content.parse::<proc_macro2::TokenStream>()?;
    }
    Ok(())
}
