//! Types in use, as annotations.

use std::collections::HashSet;

use eventc_model::{
    config::Tolerance,
    diagnostic::Diagnostic,
    schema::NodeId,
    types::{EnumMember, Rest, Shape, Type, TypeId, TypeRef},
};
use serde_json::Value;

use super::{
    super::Input,
    layout::{self, Layout},
    notes::{PYTHON_TYPE, note},
    options::{Models, Numbers, Options},
    scope::{Group, Scope},
    text,
};

/// The properties of some models that read null as absence, and those that keep it.
#[derive(Default)]
struct Nulls<'a> {
    dropped: HashSet<&'a str>,
    kept: HashSet<&'a str>,
}

/// Writes the annotations of one module.
pub(super) struct Annotations<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) layout: &'a Layout,
    pub(super) options: &'a Options,
    pub(super) scope: Scope<'a>,
    /// The local name of the type variable for an envelope's payload, once it is needed.
    pub(super) variable: Option<String>,
    pub(super) notes: Vec<Diagnostic>,
}

impl Annotations<'_> {
    pub(super) fn get(&self, id: TypeId) -> &Type {
        self.input.types.get(id)
    }

    /// The annotation of a type. `node` is where it stands, for notes.
    pub(super) fn annotation(&mut self, ty: &TypeRef, node: NodeId) -> String {
        match ty {
            TypeRef::Any => self.scope.typing("Any"),
            TypeRef::NonObject => self.scope.own("_models", "NonObject"),
            TypeRef::Never => self.scope.own("_models", "Nothing"),
            TypeRef::Null => "None".into(),
            TypeRef::Bool => self.scalar("Boolean", "bool"),
            TypeRef::Integer(_) => self.scalar("Integer", "int"),
            TypeRef::Number if self.options.numbers == Numbers::Decimal => self.scope.own("_models", "Exact"),
            TypeRef::Number => self.scalar("Number", "int | float"),
            TypeRef::String(format) => match format.and_then(|format| self.options.class(format)) {
                Some(class) => self.scope.own("_formats", class),
                None => "str".into(),
            },
            TypeRef::Literal(values, base) => self.literal(values, base, node),
            TypeRef::Array(item) => format!("list[{}]", self.annotation(item, node)),
            TypeRef::Tuple { items, rest, .. } => self.tuple(items, rest.as_deref(), node),
            TypeRef::Map(value) => format!("dict[str, {}]", self.annotation(value, node)),
            TypeRef::Named(id) => self.named(*id),
            TypeRef::Nullable(inner) => format!("{} | None", self.annotation(inner, node)),
            TypeRef::Payload => self.payload(),
        }
    }

    /// A type that pydantic would coerce into needs a strict name of its own.
    fn scalar(&mut self, strict: &str, plain: &str) -> String {
        match self.options.models {
            Models::Pydantic => self.scope.own("_models", strict),
            Models::Msgspec => plain.into(),
        }
    }

    /// The type variable of the envelope's payload.
    pub(super) fn payload(&mut self) -> String {
        if self.variable.is_none() {
            self.variable = Some(self.scope.claim("P"));
        }
        self.variable.clone().unwrap_or_default()
    }

    fn named(&mut self, id: TypeId) -> String {
        let ty = self.get(id);
        let (module, generic) = (ty.module, ty.generic);
        if matches!(ty.shape, Shape::Enum(_)) {
            if let Some(only) = self.constant(id) {
                let value = text::literal(only);
                return format!("{}[{value}]", self.scope.typing("Literal"));
            }
            let open = self.is_open(id);
            let local = self.scope.named(module, id);
            return if open { format!("{}[{local}]", self.scope.own("_models", "Open")) } else { local };
        }
        let local = self.scope.named(module, id);
        if generic { format!("{local}[{}]", self.payload()) } else { local }
    }

    /// The only value of a type that is a literal: of `const`, or of an enum that cannot grow.
    pub(super) fn constant(&self, id: TypeId) -> Option<&str> {
        let ty = self.input.types.get(id);
        let Shape::Enum(members) = &ty.shape else { return None };
        let [EnumMember { value, .. }] = &members[..] else { return None };
        let schema = self.input.catalog.schemas.keywords(ty.node)?;
        (schema.const_value.is_some() || !self.is_open(id)).then_some(value.as_str())
    }

    /// Whether a reader survives values that an enum of a module does not name.
    fn is_open(&self, id: TypeId) -> bool {
        self.is_tolerant(self.get(id).node)
    }

    fn is_tolerant(&self, node: NodeId) -> bool {
        let file = self.input.catalog.schemas.node(node).file;
        layout::namespace(self.input, file).is_some_and(|namespace| namespace.tolerance == Tolerance::OpenEnums)
    }

    fn literal(&mut self, values: &[Value], base: &TypeRef, node: NodeId) -> String {
        let constant = values.len() == 1;
        if self.is_tolerant(node) && !constant {
            return self.annotation(base, node);
        }
        let pydantic = self.options.models == Models::Pydantic;
        let (words, check): (Option<Vec<String>>, &str) = match base {
            TypeRef::Bool if pydantic => (values.iter().map(bool_word).collect(), "Flag"),
            TypeRef::Bool if constant => {
                self.widen(node, "`Literal` takes no boolean: the constant is typed as `bool`");
                (None, "")
            }
            TypeRef::Integer(_) => (values.iter().map(integer_word).collect(), "Whole"),
            _ => (None, ""),
        };
        let Some(words) = words else { return self.annotation(base, node) };
        let literal = format!("{}[{}]", self.scope.typing("Literal"), words.join(", "));
        if pydantic { format!("{}[{literal}, {}]", self.scope.typing("Annotated"), self.scope.own("_models", check)) } else { literal }
    }

    /// A list whose items differ by position. A valid list may be shorter than its positions, so it is no tuple.
    fn tuple(&mut self, items: &[TypeRef], rest: Option<&TypeRef>, node: NodeId) -> String {
        let all = || items.iter().chain(rest);
        if all().any(|item| *item == TypeRef::Any) {
            return format!("list[{}]", self.scope.typing("Any"));
        }
        let imports = self.scope.imports();
        let mut kinds: Vec<String> = Vec::new();
        for item in all() {
            let kind = self.annotation(item, node);
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        if kinds.len() > 1 && self.options.models == Models::Msgspec {
            self.widen(node, "items whose types differ by position are not typed");
            // Nothing is left of the items' types.
            self.scope.restore(imports);
            return format!("list[{}]", self.scope.typing("Any"));
        }
        format!("list[{}]", kinds.join(" | "))
    }

    pub(super) fn widen(&mut self, node: NodeId, message: &str) {
        self.notes.push(note(&PYTHON_TYPE, &self.input.catalog.schemas, node, "", format!("with msgspec, {message}")));
    }

    /// Whether a type is one of Python's own without parts: of these alone msgspec reads unions by itself.
    pub(super) fn is_builtin(&self, ty: &TypeRef) -> bool {
        match ty {
            TypeRef::Null | TypeRef::Bool | TypeRef::Integer(_) => true,
            TypeRef::Number => self.options.numbers == Numbers::Float,
            TypeRef::String(format) => format.is_none_or(|format| self.options.class(format).is_none()),
            _ => false,
        }
    }

    /// Whether null is a value of the type, as far as is known.
    pub(super) fn takes_null(&self, ty: &TypeRef) -> bool {
        self.null_within(ty, &mut Vec::new())
    }

    fn null_within(&self, ty: &TypeRef, seen: &mut Vec<TypeId>) -> bool {
        match ty {
            TypeRef::Any | TypeRef::NonObject | TypeRef::Null | TypeRef::Nullable(_) | TypeRef::Payload => true,
            TypeRef::Literal(values, _) => values.iter().any(Value::is_null),
            TypeRef::Named(id) if !seen.contains(id) => {
                seen.push(*id);
                match &self.input.types.get(*id).shape {
                    Shape::Alias(inner) => self.null_within(inner, seen),
                    Shape::Union(union) => union.variants.iter().any(|variant| self.null_within(&variant.ty, seen)),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Whether an alias holds itself, at once or through other aliases, with no class between.
    pub(super) fn holds_itself(&self, ty: &Type) -> bool {
        let held = |ty: &Type| {
            let mut held = Vec::new();
            if matches!(ty.shape, Shape::Alias(_) | Shape::Union(_)) {
                ty.shape.parts().into_iter().for_each(|part| part.named(&mut |id| held.push(id)));
            }
            held
        };
        let is_same = |id: TypeId| std::ptr::eq(self.get(id), ty);
        let mut pending = held(ty);
        let mut seen: HashSet<TypeId> = pending.iter().copied().collect();
        while let Some(at) = pending.pop() {
            if is_same(at) {
                return true;
            }
            pending.extend(held(self.get(at)).into_iter().filter(|next| seen.insert(*next)));
        }
        false
    }

    /// The Python name of the field that tells models apart, where pydantic can use it: every variant is a model, and the field
    /// has the same name and is a literal in each.
    pub(super) fn discriminator(&self, tag: &str, variants: &[TypeRef]) -> Option<String> {
        let mut found: Option<String> = None;
        for variant in variants {
            let TypeRef::Named(id) = variant else { return None };
            let Shape::Object(object) = &self.get(*id).shape else { return None };
            let names = super::names::fields(object.fields.iter().map(|field| field.ident.as_str()));
            let (field, name) = object.fields.iter().zip(names).find(|(field, _)| field.name == tag)?;
            let TypeRef::Named(kind) = &field.ty else { return None };
            if self.constant(*kind).is_none() || !field.required || found.as_ref().is_some_and(|known| *known != name) {
                return None;
            }
            found = Some(name);
        }
        found
    }

    /// Whether the first of several types that fits a document loses nothing of it: models that have no other properties, nor have the
    /// models that they are made of, and none reads null as absence where another keeps it.
    pub(super) fn are_lossless(&self, kinds: &[TypeRef]) -> bool {
        let Some(nulls) = kinds.iter().map(|kind| self.nulls_of_closed(kind)).collect::<Option<Vec<_>>>() else { return false };
        nulls.iter().enumerate().all(|(index, one)| {
            let others = nulls.iter().enumerate().filter(|(other, _)| *other != index);
            others.flat_map(|(_, other)| &other.kept).all(|name| !one.dropped.contains(name))
        })
    }

    /// The properties of a model, and of those that it is made of, that may be null; `None` where one of them is open.
    fn nulls_of_closed(&self, ty: &TypeRef) -> Option<Nulls<'_>> {
        let TypeRef::Named(root) = ty else { return None };
        let (mut seen, mut waiting, mut nulls) = (HashSet::new(), vec![*root], Nulls::default());
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            let shape = &self.get(id).shape;
            match shape {
                Shape::Object(object) if object.rest == Rest::Closed => {
                    for field in &object.fields {
                        if self.takes_null(&field.ty) {
                            nulls.kept.insert(&field.name);
                        } else if !field.required {
                            nulls.dropped.insert(&field.name);
                        }
                    }
                }
                Shape::Object(_) => return None,
                _ if id == *root => return None,
                _ => {}
            }
            for part in shape.parts() {
                part.named(&mut |id| waiting.push(id));
            }
        }
        Some(nulls)
    }

    /// The type of an object's further properties, where it says something.
    pub(super) fn extra(&mut self, rest: &Rest, node: NodeId) -> Option<String> {
        match rest {
            Rest::Typed(TypeRef::Any | TypeRef::Never) | Rest::Open | Rest::Closed => None,
            Rest::Typed(ty) => Some(self.annotation(ty, node)),
        }
    }

    pub(super) fn pydantic(&mut self, name: &str) -> String {
        self.scope.import(Group::Library, "pydantic", name)
    }

    pub(super) fn msgspec(&mut self, name: &str) -> String {
        self.scope.import(Group::Library, "msgspec", name)
    }
}

fn bool_word(value: &Value) -> Option<String> {
    value.as_bool().map(|value| if value { "True".to_owned() } else { "False".to_owned() })
}

/// An integer as Python and msgspec take it in `Literal`.
fn integer_word(value: &Value) -> Option<String> {
    value.as_i64().map(|value| value.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn integers_are_spelled_as_python_has_them() {
        assert_eq!(integer_word(&json!(-3)).as_deref(), Some("-3"));
        assert_eq!(integer_word(&serde_json::from_str("1e2").unwrap_or_default()), None);
    }
}
