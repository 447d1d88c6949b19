//! The checks that make a type all that its schema asks, if it is read strictly.

use eventc_model::{
    schema::{NodeId, Reference},
    types::{Field, Shape, Type, TypeId},
};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    Emitter, Residual,
    module::{CodePlace, ModuleWriter, schema_ident},
};

impl Emitter<'_> {
    /// Returns flags of types that are valid whenever they can be read strictly: each is asked what its schema asks beyond
    /// the type, and so are all in it.
    pub(crate) fn strict_types(&self) -> Vec<bool> {
        // What a reference means in another place than its own, nobody can ask there.
        let schemas = &self.catalog.schemas;
        let is_dynamic = |id: NodeId| {
            let references = schemas.keywords(id).map(|keywords| [&keywords.reference, &keywords.dynamic_reference]);
            references.into_iter().flatten().any(|reference| matches!(reference, Some(Reference::Dynamic(..))))
        };
        if schemas.ids().any(is_dynamic) {
            return self.types.iter().map(|_| false).collect();
        }
        let mut strict: Vec<bool> = self.types.iter().map(|(id, ty)| self.is_strict_itself(id, ty)).collect();
        loop {
            let mut changed = false;
            for (id, ty) in self.types.iter() {
                let at = id.0 as usize;
                // A union is judged by its schema, with all that is in it.
                if strict[at] && !matches!(ty.shape, Shape::Union(_)) && !are_strict(ty, &strict) {
                    (strict[at], changed) = (false, true);
                }
            }
            if !changed {
                return strict;
            }
        }
    }

    fn is_strict_itself(&self, id: TypeId, ty: &Type) -> bool {
        if !self.selects(ty.module) {
            return false;
        }
        match (&ty.shape, self.residuals.of_type(ty)) {
            // What is judged before is read tolerantly, a payload in it as well.
            (Shape::Union(_), Residual::PerValue(_)) => !ty.generic,
            // Its constructor asks its schema, too.
            (Shape::Alias(_), Residual::PerValue(_)) => self.is_newtype(id) && self.types.is_unit(id) && self.constrains(ty.node),
            (Shape::Object(object), Residual::None) => object.fields.iter().all(|field| match self.residuals.of_field(field) {
                Residual::None => true,
                Residual::PerValue(_) => !field.ty.holds_payload(),
                Residual::WholeDocument => false,
            }),
            (Shape::Enum(_) | Shape::Alias(_), Residual::None) => true,
            _ => false,
        }
    }
}

fn are_strict(ty: &Type, strict: &[bool]) -> bool {
    let mut all = true;
    for part in ty.shape.parts() {
        part.named(&mut |id| all &= strict[id.0 as usize]);
    }
    all
}

impl ModuleWriter<'_> {
    /// Returns the check of a strict type's field beyond its own type, as a constant expression of the type `eventc::Schema`.
    pub(crate) fn asked(&self, field: &Field) -> Option<TokenStream> {
        let Residual::PerValue(nodes) = self.emitter.residuals.of_field(field) else { return None };
        Some(self.schema_of(&nodes, CodePlace::Codec))
    }

    /// Returns the schema that a union is judged by before one of its alternatives is read, and its definition where no other
    /// stands there.
    pub(crate) fn judge(&self, id: TypeId, ty: &Type) -> (TokenStream, Option<TokenStream>) {
        let Residual::PerValue(nodes) = self.emitter.residuals.of_type(ty) else { return (quote!(None), None) };
        if !self.emitter.is_strict(id) {
            return (quote!(None), None);
        }
        let ident = schema_ident(&ty.name);
        if self.types().is_unit(id) {
            return (quote!(Some(&super::#ident)), None);
        }
        let own = {
            let schema = self.schema_of(&nodes, CodePlace::Codec);
            quote!(static #ident: ::eventc::Schema = #schema;)
        };
        (quote!(Some(&#ident)), Some(own))
    }
}
