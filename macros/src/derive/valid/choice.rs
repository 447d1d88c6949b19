//! Enums: against lists of strings, and against the alternatives of `oneOf` and `anyOf`.

use eventc_model::{
    names::nearest,
    schema::NodeId,
    types::{Additional, Field, Object, Shape, TypeRef, Union, Variant},
};
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::{Checker, any_of, object::FieldOwner, value::Fit};
use crate::derive::{
    ast::{DeriveItem, RustVariant, VariantContent},
    contract::{object, resolve},
    shape,
    words::{described, listed},
};

/// The representation of a variant (serde.rs, "Enum representations").
enum VariantForm {
    /// `"Name"`, or `{"Name": …}`
    External,
    /// `{"tag": "Name", …}`
    Internal(String),
    /// `{"tag": "Name", "content": …}`
    Adjacent(String, String),
    /// The content alone.
    Untagged,
}

impl VariantForm {
    fn of(item: &DeriveItem<'_>) -> Self {
        let text = |word: &Option<syn::LitStr>| word.as_ref().map(syn::LitStr::value);
        match (item.serde.untagged, text(&item.serde.tag), text(&item.serde.content)) {
            (true, ..) => Self::Untagged,
            (false, None, _) => Self::External,
            (false, Some(tag), None) => Self::Internal(tag),
            (false, Some(tag), Some(content)) => Self::Adjacent(tag, content),
        }
    }
}

impl Checker<'_> {
    pub(super) fn choice(&mut self, item: &DeriveItem<'_>, variants: &[RustVariant<'_>]) {
        let ty = resolve(self.types, &self.place.ty).clone();
        let form = VariantForm::of(item);
        if let Some(values) = self.strings(&ty) {
            return self.strings_of(item, variants, &values, self.is_open(&ty), &form);
        }
        let union = match &ty {
            TypeRef::Named(id) => match &self.types.get(*id).shape {
                Shape::Union(union) => Some(union),
                _ => None,
            },
            _ => None,
        };
        match (union, &form) {
            (Some(union), VariantForm::Untagged) => self.untagged(item, variants, union),
            (Some(union), VariantForm::Internal(tag)) => self.tagged(item, variants, union, tag, None),
            (Some(union), VariantForm::Adjacent(tag, content)) => self.tagged(item, variants, union, tag, Some(content)),
            (Some(union), VariantForm::External) => self.external(item, variants, union),
            (None, _) if matches!(ty, TypeRef::String(_)) => self.open_text(item, variants),
            (None, _) => self.other_than(item, "an enum is one of several"),
        }
    }

    /// Checks variants against a list of strings.
    fn strings_of(&mut self, item: &DeriveItem<'_>, variants: &[RustVariant<'_>], values: &[String], open: bool, form: &VariantForm) {
        let node = self.place.node;
        if !matches!(form, VariantForm::External) {
            let help = "remove `tag`, `content` and `untagged` from the enum";
            return self.disagree(
                item.ident.span(),
                "the enum is written as an object, and the contract has a list of strings",
                node,
                help,
            );
        }
        let known: Vec<&str> = values.iter().map(String::as_str).collect();
        let named: Vec<&RustVariant<'_>> = variants.iter().filter(|variant| !variant.is_catch_all() && !variant.serde.skips()).collect();
        let missing: Vec<&str> = known.iter().copied().filter(|value| !named.iter().any(|variant| variant.name == *value)).collect();
        for variant in &named {
            if !matches!(variant.content, VariantContent::Unit) {
                let message = format!("`{}` holds something, and the contract has strings", variant.ident);
                self.disagree(variant.ident.span(), &message, node, "remove what the variant holds");
            } else if !known.contains(&variant.name.as_str()) {
                let message = format!("the contract has no value {:?}", variant.name);
                let help = match nearest(&variant.name, missing.iter().copied()) {
                    Some(near) => format!("did you mean #[serde(rename = {near:?})]?"),
                    None => format!("it has {}", listed(known.iter().copied())),
                };
                self.disagree(variant.ident.span(), &message, node, &help);
            }
        }
        let near_miss = |value: &str| {
            named
                .iter()
                .any(|variant| !known.contains(&variant.name.as_str()) && nearest(value, [variant.name.as_str()].into_iter()).is_some())
        };
        let missing: Vec<&str> = missing.into_iter().filter(|value| !near_miss(value)).collect();
        let catch_all = variants.iter().any(RustVariant::is_catch_all);
        if !missing.is_empty() && !catch_all {
            let message = format!("`{}` has no variant for {}", item.ident, listed(missing.iter().copied()));
            self.disagree(
                item.ident.span(),
                &message,
                node,
                "add the variants, or one for all other strings: #[serde(untagged)] Other(String)",
            );
        } else if !catch_all && open {
            let message = format!(
                "`{}` refuses unknown strings, and readers of this namespace survive them (tolerance = \"open-enums\")",
                item.ident
            );
            self.disagree(item.ident.span(), &message, node, "add a variant for all other strings: #[serde(untagged)] Other(String)");
        }
    }

    /// Returns whether readers survive other strings than a type lists.
    fn is_open(&self, ty: &TypeRef) -> bool {
        let TypeRef::Named(id) = ty else { return false };
        matches!(&self.types.get(*id).shape, Shape::Enum(strings) if strings.openness.is_open())
    }

    fn open_text(&mut self, item: &DeriveItem<'_>, variants: &[RustVariant<'_>]) {
        if variants.iter().any(RustVariant::is_catch_all) {
            return;
        }
        let message = format!("`{}` knows some strings, and the contract allows any", item.ident);
        let help = "add a variant for all other strings: #[serde(untagged)] Other(String)";
        self.disagree(item.ident.span(), &message, self.place.node, help);
    }

    /// Checks variants that a property tells apart.
    fn tagged(&mut self, item: &DeriveItem<'_>, variants: &[RustVariant<'_>], union: &Union, tag: &str, content: Option<&str>) {
        if union.tag.as_deref() != Some(tag) {
            let message = match &union.tag {
                Some(known) => format!("the enum is told apart by {tag:?}, and the contract's alternatives by {known:?}"),
                None => format!("the enum is told apart by {tag:?}, and the contract's alternatives by no property that they share"),
            };
            let help =
                union.tag.as_ref().map_or_else(|| "use #[serde(untagged)]".to_owned(), |known| format!("use #[serde(tag = {known:?})]"));
            let span = item.serde.tag.as_ref().map_or_else(|| item.ident.span(), syn::LitStr::span);
            return self.disagree(span, &message, self.place.node, &help);
        }
        let values: Vec<&str> = union.variants.iter().flat_map(|alternative| alternative.tag_values.iter().map(String::as_str)).collect();
        for variant in variants.iter().filter(|variant| !variant.is_catch_all() && !variant.serde.skips()) {
            if let Some(alternative) = union.variants.iter().find(|alternative| alternative.tag_values.contains(&variant.name)) {
                self.alternative(variant, alternative, tag, content);
                continue;
            }
            let message = format!("the contract has no alternative whose `{tag}` is {:?}", variant.name);
            let help = match nearest(&variant.name, values.iter().copied()) {
                Some(near) => format!("did you mean #[serde(rename = {near:?})]?"),
                None => format!("it has {}", listed(values.iter().copied())),
            };
            self.disagree(variant.ident.span(), &message, self.place.node, &help);
        }
        self.covers(item, variants, &values);
    }

    /// Checks that every alternative has a variant.
    fn covers(&mut self, item: &DeriveItem<'_>, variants: &[RustVariant<'_>], values: &[&str]) {
        let named = |value: &str| {
            variants.iter().any(|variant| {
                variant.name == value || nearest(value, [variant.name.as_str()].into_iter()).is_some_and(|near| !values.contains(&near))
            })
        };
        let missing: Vec<&str> = values.iter().copied().filter(|value| !named(value)).collect();
        if !missing.is_empty() && !variants.iter().any(RustVariant::is_catch_all) {
            let message = format!("`{}` has no variant for {}", item.ident, listed(missing.iter().copied()));
            self.disagree(item.ident.span(), &message, self.place.node, "add the variants");
        }
    }

    /// Checks the content of a variant against its alternative.
    fn alternative(&mut self, variant: &RustVariant<'_>, alternative: &Variant, tag: &str, content: Option<&str>) {
        let ty = resolve(self.types, &alternative.ty).clone();
        let Some(object) = object(self.types, &ty) else { return };
        let TypeRef::Named(id) = ty else { return };
        let node = self.types.get(id).node;
        match content {
            None => match &variant.content {
                VariantContent::Newtype(field) if !field.event.unchecked => {
                    self.value(field, &field.rust, &alternative.ty, node, &format!("`{}`", variant.ident));
                }
                VariantContent::Newtype(_) => {}
                VariantContent::Object(fields) => self.object(fields, object, &owner(variant, node, vec![tag.to_owned()])),
                VariantContent::Unit => self.object(&[], object, &owner(variant, node, vec![tag.to_owned()])),
            },
            Some(content) => {
                let others = |property: &&Field| property.is_asked() && property.name != tag && property.name != content;
                if let Some(other) = object.fields.iter().find(others) {
                    let message = format!(
                        "the alternative requires `{}` beside `{tag}` and `{content}`, where the enum writes nothing else",
                        other.name
                    );
                    self.disagree(variant.ident.span(), &message, other.node, "use #[serde(tag = …)] without `content`");
                    return;
                }
                let property = object.fields.iter().find(|property| property.name == content).cloned();
                self.content(variant, property.as_ref(), &object.rest, content, node);
            }
        }
    }

    /// Checks what stands under a name of its own against that property.
    fn content(&mut self, variant: &RustVariant<'_>, property: Option<&Field>, rest: &Additional, name: &str, node: NodeId) {
        match (property, &variant.content) {
            (None, VariantContent::Unit) => {}
            (None, _) if *rest == Additional::Open => {}
            (None, _) => {
                let message = format!("the alternative has no property `{name}`, where the enum writes what `{}` holds", variant.ident);
                self.disagree(variant.ident.span(), &message, node, "remove what the variant holds");
            }
            (Some(property), VariantContent::Unit) if property.is_asked() => {
                let message = format!(
                    "`{}` holds nothing, and the contract requires `{name}`: {}",
                    variant.ident,
                    described(self.types, &property.ty)
                );
                self.disagree(variant.ident.span(), &message, property.node, "let the variant hold it");
            }
            (Some(_), VariantContent::Unit) => {}
            (Some(property), VariantContent::Newtype(field)) => {
                if !field.event.unchecked {
                    self.value(field, &field.rust, &property.ty, property.node, &format!("`{}`", variant.ident));
                }
            }
            (Some(property), VariantContent::Object(fields)) => {
                let ty = resolve(self.types, &property.ty).clone();
                if let Some(inner) = object(self.types, &ty) {
                    return self.object(fields, inner, &owner(variant, property.node, Vec::new()));
                }
                let message = format!("`{}` is an object, and the contract has {}", variant.ident, described(self.types, &ty));
                self.disagree(variant.ident.span(), &message, property.node, "let the variant hold one value");
            }
        }
    }

    /// Checks variants that are told apart by the one property that holds them, and strings.
    fn external(&mut self, item: &DeriveItem<'_>, variants: &[RustVariant<'_>], union: &Union) {
        let mut names: Vec<String> = Vec::new();
        let mut holders: Vec<(Object, NodeId)> = Vec::new();
        for alternative in &union.variants {
            let ty = resolve(self.types, &alternative.ty).clone();
            if let Some(values) = self.strings(&ty) {
                names.extend(values);
            } else if let (Some(object), TypeRef::Named(id)) = (object(self.types, &ty), &ty) {
                names.extend(object.fields.iter().filter(|property| property.is_asked()).map(|property| property.name.clone()));
                holders.push((object.clone(), self.types.get(*id).node));
            } else {
                let message = format!(
                    "serde writes each variant as a string or as an object with one property, and the contract has also {}",
                    described(self.types, &ty)
                );
                return self.disagree(item.ident.span(), &message, self.place.node, "add #[serde(untagged)] to the enum");
            }
        }
        for variant in variants.iter().filter(|variant| !variant.is_catch_all() && !variant.serde.skips()) {
            let holder = holders
                .iter()
                .find(|(object, _)| object.fields.iter().any(|property| property.is_asked() && property.name == variant.name));
            match (holder, names.contains(&variant.name)) {
                (Some((object, node)), _) => {
                    let property = object.fields.iter().find(|property| property.name == variant.name);
                    self.content(variant, property, &object.rest, &variant.name, *node);
                }
                (None, true) => {}
                (None, false) => {
                    let message = format!("the contract has no alternative {:?}", variant.name);
                    let help = match nearest(&variant.name, names.iter().map(String::as_str)) {
                        Some(near) => format!("did you mean #[serde(rename = {near:?})]?"),
                        None => "say how its alternatives are told apart: #[serde(tag = \"…\")] or #[serde(untagged)]".to_owned(),
                    };
                    self.disagree(variant.ident.span(), &message, self.place.node, &help);
                }
            }
        }
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        if variants.iter().any(|variant| known.contains(&variant.name.as_str())) {
            self.covers(item, variants, &known);
        }
    }

    /// Checks variants that nothing tells apart: each must be an alternative, and each alternative must have one.
    fn untagged(&mut self, item: &DeriveItem<'_>, variants: &[RustVariant<'_>], union: &Union) {
        let mut shapes = Vec::new();
        for variant in variants.iter().filter(|variant| !variant.serde.skips()) {
            match &variant.content {
                VariantContent::Object(fields) => {
                    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
                    if let Some(index) = self.nearest_object(&names, union) {
                        let alternative = &union.variants[index];
                        if let (Some(object), TypeRef::Named(id)) =
                            (object(self.types, resolve(self.types, &alternative.ty)), resolve(self.types, &alternative.ty))
                        {
                            self.object(fields, object, &owner(variant, self.types.get(*id).node, Vec::new()));
                        }
                        shapes.push(shape::shape(self.types, &alternative.ty));
                        continue;
                    }
                    let message = format!("`{}` is an object, and none of the contract's alternatives is one", variant.ident);
                    self.disagree(variant.ident.span(), &message, self.place.node, "remove the variant");
                }
                VariantContent::Unit => shapes.push(quote::quote!(::eventc::Shape::Null)),
                VariantContent::Newtype(field) => {
                    if field.event.unchecked {
                        return;
                    }
                    let shape = field.rust.shape();
                    let fits: Vec<Fit> = union.variants.iter().map(|alternative| self.fits(&field.rust, &alternative.ty)).collect();
                    if !fits.contains(&Fit::Yes) && !fits.contains(&Fit::Unknown) {
                        let message = format!("`{}` is none of the contract's alternatives", field.rust.to_source());
                        let known: Vec<String> = union.variants.iter().map(|alternative| described(self.types, &alternative.ty)).collect();
                        self.disagree(field.ty.span(), &message, self.place.node, &format!("they are {}", known.join(", ")));
                    } else if !fits.contains(&Fit::Yes) {
                        let expected: Vec<_> = union.variants.iter().map(|alternative| shape::shape(self.types, &alternative.ty)).collect();
                        let condition = any_of(&expected, &shape);
                        let message = format!(
                            "the type of `{}` is none of the contract's alternatives\ncontract: {}",
                            variant.ident,
                            self.place.written(self.place.node)
                        );
                        self.assertions.push(quote_spanned!(field.ty.span()=> const _: () = ::core::assert!(#condition, #message);));
                    }
                    shapes.push(shape);
                }
            }
        }
        self.every_alternative(item, union, &shapes);
    }

    /// Makes the compiler check that some variant reads each alternative.
    fn every_alternative(&mut self, item: &DeriveItem<'_>, union: &Union, shapes: &[proc_macro2::TokenStream]) {
        for alternative in &union.variants {
            let expected = shape::shape(self.types, &alternative.ty);
            let message = format!(
                "`{}` has no variant for an alternative of the contract: {}\ncontract: {}\nhelp: add a variant",
                item.ident,
                described(self.types, &alternative.ty),
                self.place.written(self.place.node),
            );
            let span = item.ident.span();
            self.assertions.push(quote_spanned!(span=> const _: () = ::core::assert!(#(#expected.accepts(&#shapes))||*, #message);));
        }
    }

    /// Returns the alternative that shares most properties.
    fn nearest_object(&self, names: &[&str], union: &Union) -> Option<usize> {
        let shared = |alternative: &Variant| {
            let object = object(self.types, resolve(self.types, &alternative.ty))?;
            Some(object.fields.iter().filter(|property| names.contains(&property.name.as_str())).count())
        };
        let counts = union.variants.iter().enumerate().filter_map(|(index, alternative)| Some((shared(alternative)?, index)));
        counts.max_by_key(|(count, index)| (*count, usize::MAX - index)).map(|(_, index)| index)
    }
}

impl RustVariant<'_> {
    /// Returns whether it takes what no other variant takes.
    fn is_catch_all(&self) -> bool {
        self.serde.other || self.serde.untagged
    }
}

fn owner<'a>(variant: &'a RustVariant<'_>, node: NodeId, given: Vec<String>) -> FieldOwner<'a> {
    FieldOwner { name: variant.ident, node, serde: &variant.serde, part: false, given }
}
