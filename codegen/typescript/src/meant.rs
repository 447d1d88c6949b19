//! Alternatives that a discriminator means, where nothing but its `mapping` tells them apart: a function, since the values of the property
//! are any strings to a type.

use eventc_model::types::{Shape, TypeId, TypeRef, Union};

use super::{
    forms::typed,
    scope::ModuleScope,
    text::{doc, string},
};

/// Returns the function that says which alternative of a union a value is by its discriminator; nothing for other types.
pub(super) fn function(scope: &mut ModuleScope<'_>, id: TypeId) -> Option<String> {
    let types = scope.cx.types();
    let ty = types.get(id);
    let Shape::Union(union) = &ty.shape else { return None };
    let property = union.discriminator.as_deref().filter(|_| !ty.generic)?;
    let meant = meant(scope, union);
    if meant.is_empty() {
        return None;
    }
    let (subject, is_object, own) = (scope.runtime_type("Subject"), scope.runtime("isObject"), scope.runtime("own"));
    let results: Vec<String> =
        meant.iter().map(|each| format!("{{ readonly name: {}; readonly value: {} }}", each.name, each.ty)).collect();
    let head = format!(
        "export function alternativeOf{}(v{}){}",
        ty.name,
        typed(&format!(": {}", ty.name)),
        typed(&format!(": {} | undefined", results.join(" | ")))
    );
    let mut cases = String::new();
    for Meant { values, name, ty, check } in &meant {
        for value in *values {
            cases.push_str(&format!("    case {}:\n", string(value)));
        }
        cases.push_str(&format!(
            "      return {check}(s, false) ? {{ name: {name}, value: s{} }} : undefined;\n",
            typed(&format!(" as {ty}"))
        ));
    }
    let comment = doc(
        &[format!(
            "Says which alternative of `{}` a value is by its discriminator; nothing where it does not have the shape of that.",
            ty.name
        )],
        0,
    );
    let subject = typed(&format!(": {subject}"));
    let property = string(property);
    Some(format!(
        "{comment}{head} {{\n  const s{subject} = v;\n  switch ({is_object}(s) ? {own}(s, {property}) : undefined) {{\n{cases}    default:\n      return undefined;\n  }}\n}}"
    ))
}

/// An alternative that values of a discriminator mean.
struct Meant<'a> {
    values: &'a [String],
    /// Its name in the union, as a literal.
    name: String,
    ty: String,
    check: String,
}

fn meant<'a>(scope: &mut ModuleScope<'_>, union: &'a Union) -> Vec<Meant<'a>> {
    let (types, schemas) = (scope.cx.types(), scope.cx.schemas());
    let mut meant = Vec::new();
    for variant in union.variants.iter().filter(|variant| !variant.mapped.is_empty()) {
        let TypeRef::Named(id) = variant.ty else { continue };
        // What stands beside the union is asked of the whole.
        let Some(unit) = types.unit_of(schemas.target(types.get(id).node)).filter(|unit| types.is_unit(*unit)) else { continue };
        if types.get(id).generic {
            continue;
        }
        let (ty, check) = (scope.type_name(id), scope.check(unit));
        meant.push(Meant { values: &variant.mapped, name: string(&variant.ident), ty, check });
    }
    meant
}
