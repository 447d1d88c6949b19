//! Types in use, as annotations.

use eventc_emit::Input;
use std::collections::HashSet;

use eventc_model::{
    diagnostic::Diagnostic,
    schema::NodeId,
    types::{Additional, EnumMember, Shape, Type, TypeId, TypeRef},
};
use serde_json::Value;

use super::{
    layout::Layout,
    notes::{PYTHON_TYPE, note},
    nulls,
    options::{Models, Numbers, PythonOptions},
    scope::{ImportGroup, ModuleScope},
    text,
};

/// The annotations of one module.
pub(super) struct Annotations<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) layout: &'a Layout,
    pub(super) options: &'a PythonOptions,
    pub(super) scope: ModuleScope<'a>,
    /// The local name of the type variable for an envelope's payload, once it is needed.
    pub(super) variable: Option<String>,
    pub(super) notes: Vec<Diagnostic>,
}

/// The maximum number of items that may be missing of a list that is typed by its length.
const MAX_MISSING_ITEMS: u64 = 4;

/// The maximum number of types that are nested in each other as one of two.
const MAX_EITHER: usize = 30;

impl Annotations<'_> {
    pub(super) fn get(&self, id: TypeId) -> &Type {
        self.input.types.get(id)
    }

    /// Returns the annotation of a type. `node` is where it stands, for notes.
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
            TypeRef::Tuple { items, .. } if is_fixed(ty) => {
                let items: Vec<String> = items.iter().map(|item| self.annotation(item, node)).collect();
                format!("tuple[{}]", items.join(", "))
            }
            TypeRef::Tuple { .. } if is_untyped_list(ty) => format!("list[{}]", self.scope.typing("Any")),
            TypeRef::Tuple { items, least, rest: None } if self.has_lengths(items, *least) => self.lengths(items, *least, node),
            TypeRef::Tuple { items, rest, .. } => self.positions(items, rest.as_deref(), node),
            TypeRef::Map(value) => format!("dict[str, {}]", self.annotation(value, node)),
            TypeRef::Named(id) => self.named(*id),
            TypeRef::Nullable(inner) => format!("{} | None", self.annotation(inner, node)),
            TypeRef::Payload => self.payload(),
        }
    }

    /// Returns a type that pydantic would coerce into needs a strict name of its own.
    fn scalar(&mut self, strict: &str, plain: &str) -> String {
        match self.options.models {
            Models::Pydantic => self.scope.own("_models", strict),
            Models::Msgspec => plain.into(),
        }
    }

    /// Returns the type variable of the envelope's payload.
    pub(super) fn payload(&mut self) -> String {
        if self.variable.is_none() {
            self.variable = Some(self.scope.claim("P"));
        }
        self.variable.clone().unwrap_or_default()
    }

    fn named(&mut self, id: TypeId) -> String {
        let ty = self.get(id);
        let (module, generic) = (ty.module, ty.generic);
        if let Shape::Enum(strings) = &ty.shape {
            if let Some(only) = self.constant(id) {
                let value = text::literal(only);
                return format!("{}[{value}]", self.scope.typing("Literal"));
            }
            let open = strings.openness.is_open();
            let local = self.scope.named(module, id);
            return if open { format!("{}[{local}]", self.scope.own("_models", "Open")) } else { local };
        }
        let local = self.scope.named(module, id);
        if generic { format!("{local}[{}]", self.payload()) } else { local }
    }

    /// Returns the only value of a type that is a literal: of `const`, or of an enum that cannot grow.
    pub(super) fn constant(&self, id: TypeId) -> Option<&str> {
        let Shape::Enum(strings) = &self.input.types.get(id).shape else { return None };
        let [EnumMember { value, .. }] = &strings.members[..] else { return None };
        (!strings.openness.is_open()).then_some(value.as_str())
    }

    fn literal(&mut self, values: &[Value], base: &TypeRef, node: NodeId) -> String {
        let pydantic = self.options.models == Models::Pydantic;
        let (words, check): (Option<Vec<String>>, &str) = match base {
            TypeRef::Bool if pydantic => (values.iter().map(bool_word).collect(), "Flag"),
            TypeRef::Integer(_) => (values.iter().map(integer_word).collect(), "Whole"),
            _ => (None, ""),
        };
        let Some(words) = words else { return self.listed(values, base, node) };
        let literal = format!("{}[{}]", self.scope.typing("Literal"), words.join(", "));
        if pydantic { format!("{}[{literal}, {}]", self.scope.typing("Annotated"), self.scope.own("_models", check)) } else { literal }
    }

    /// Returns whether a list is one of a few tuples. A list of items that do not differ is none, and msgspec reads no payload in them.
    fn has_lengths(&self, items: &[TypeRef], least: u64) -> bool {
        let differ = items.iter().any(|item| *item != items[0]);
        let reads_all = self.options.models == Models::Pydantic || !items.iter().any(TypeRef::holds_payload);
        differ && reads_all && items.len() as u64 - least <= MAX_MISSING_ITEMS
    }

    /// Returns one of the tuples that a list is, by its length.
    fn lengths(&mut self, items: &[TypeRef], least: u64, node: NodeId) -> String {
        let items: Vec<String> = items.iter().map(|item| self.annotation(item, node)).collect();
        let tuple = |length: usize| match &items[..length] {
            [] => "tuple[()]".to_owned(),
            items => format!("tuple[{}]", items.join(", ")),
        };
        let least = usize::try_from(least).unwrap_or(items.len());
        let tuples: Vec<String> = (least..=items.len()).map(tuple).collect();
        match self.options.models {
            Models::Pydantic => tuples.join(" | "),
            Models::Msgspec => self.either(&tuples),
        }
    }

    /// Returns, with msgspec, one of several types, which it would not read as a union.
    fn either(&mut self, kinds: &[String]) -> String {
        let Some((last, others)) = kinds.split_last() else { return self.scope.own("_models", "Nothing") };
        let either = self.scope.own("_models", "Either");
        others.iter().rfold(last.clone(), |rest, kind| format!("{either}[{kind}, {rest}]"))
    }

    /// Returns the type of listed values that `Literal` does not take.
    fn listed(&mut self, values: &[Value], base: &TypeRef, node: NodeId) -> String {
        let number = matches!(base, TypeRef::Integer(_) | TypeRef::Number);
        match self.options.models {
            Models::Pydantic if number => {
                let numbers: Vec<String> = values.iter().map(|value| text::literal(&value.to_string())).collect();
                let (annotated, listed) = (self.scope.typing("Annotated"), self.scope.own("_models", "Listed"));
                return format!("{annotated}[{}, {listed}({})]", self.annotation(base, node), numbers.join(", "));
            }
            Models::Msgspec if number => self.widen(node, "`Literal` takes integers of 64 bits alone: any number is read"),
            Models::Msgspec if *base == TypeRef::Bool => match values {
                [Value::Bool(true)] => return self.scope.own("_models", "JustTrue"),
                [Value::Bool(false)] => return self.scope.own("_models", "JustFalse"),
                _ => {}
            },
            _ => {}
        }
        self.annotation(base, node)
    }

    /// Returns a list whose items differ by position, and that may be shorter than its positions or longer, so that it is no tuple.
    fn positions(&mut self, items: &[TypeRef], rest: Option<&TypeRef>, node: NodeId) -> String {
        let all = || items.iter().chain(rest);
        let imports = self.scope.imports();
        let mut kinds: Vec<String> = Vec::new();
        for item in all() {
            let kind = self.annotation(item, node);
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        let item = match self.options.models {
            _ if kinds.len() < 2 => kinds.concat(),
            Models::Pydantic => self.one_of(&all().cloned().collect::<Vec<_>>(), kinds.join(" | ")),
            Models::Msgspec if all().all(|item| self.is_builtin(item)) => kinds.join(" | "),
            Models::Msgspec if kinds.len() <= MAX_EITHER && !all().any(TypeRef::holds_payload) => self.either(&kinds),
            Models::Msgspec => {
                self.widen(node, "items whose types differ by position, and hold the payload or are very many, are not typed");
                // Nothing is left of the items' types.
                self.scope.restore(imports);
                self.scope.typing("Any")
            }
        };
        format!("list[{item}]")
    }

    pub(super) fn widen(&mut self, node: NodeId, message: &str) {
        self.notes.push(note(&PYTHON_TYPE, &self.input.catalog.schemas, node, "", format!("with msgspec, {message}")));
    }

    /// Returns whether a type is one of Python's own without parts: of these alone msgspec reads unions by itself.
    pub(super) fn is_builtin(&self, ty: &TypeRef) -> bool {
        match ty {
            TypeRef::Null | TypeRef::Bool | TypeRef::Integer(_) => true,
            TypeRef::Number => self.options.numbers == Numbers::Float,
            TypeRef::String(format) => format.is_none_or(|format| self.options.class(format).is_none()),
            _ => false,
        }
    }

    /// Returns whether an alias holds itself, at once or through other aliases, with no class between.
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

    /// Returns the Python name of the field that tells models apart, where pydantic can use it: every variant is a model, and
    /// the field has the same name and is a literal in each.
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

    /// Returns the annotation by which pydantic finds, among several types, the one of a value: left to itself it takes the
    /// model that has most of the properties.
    pub(super) fn one_of(&mut self, kinds: &[TypeRef], mut union: String) -> String {
        let mut how = Vec::new();
        if nulls::may_be_lost(self.input.types, kinds) {
            how.push(self.scope.own("_models", "KeepingNull"));
        }
        if self.is_first_the_best(kinds) {
            how.push(format!("{}(union_mode=\"left_to_right\")", self.pydantic("Field")));
        }
        if !how.is_empty() {
            union = format!("{}[{union}, {}]", self.scope.typing("Annotated"), how.join(", "));
        }
        union
    }

    /// Returns whether nothing better than the first type that fits can follow: values of scalars and objects differ by kind,
    /// closed models keep all of what fits, and so does a model before types without any.
    fn is_first_the_best(&self, kinds: &[TypeRef]) -> bool {
        let has_models = |kind: &TypeRef| nulls::reached(self.input.types, kind).into_iter().any(|id| self.is_model(id));
        let is_alone = || kinds.iter().skip(1).all(|kind| !has_models(kind)) && kinds.first().is_some_and(has_models);
        kinds.iter().all(is_scalar) || kinds.contains(&TypeRef::NonObject) || self.are_closed(kinds) || is_alone()
    }

    fn is_model(&self, id: TypeId) -> bool {
        matches!(self.get(id).shape, Shape::Object(_))
    }

    /// Returns whether of several types any is as good as another that fits: models that have no other properties, nor have
    /// the models that they are made of.
    pub(super) fn are_closed(&self, kinds: &[TypeRef]) -> bool {
        kinds.iter().all(|kind| {
            let TypeRef::Named(root) = kind else { return false };
            let is_open = |id: TypeId| matches!(&self.get(id).shape, Shape::Object(object) if object.rest != Additional::Closed);
            self.is_model(*root) && !nulls::reached(self.input.types, kind).into_iter().any(is_open)
        })
    }

    /// Returns the type of an object's further properties, where it says something.
    pub(super) fn extra(&mut self, rest: &Additional, node: NodeId) -> Option<String> {
        match rest {
            Additional::Typed(TypeRef::Any | TypeRef::Never) | Additional::Open | Additional::Closed => None,
            Additional::Typed(ty) => Some(self.annotation(ty, node)),
        }
    }

    pub(super) fn pydantic(&mut self, name: &str) -> String {
        self.scope.import(ImportGroup::Library, "pydantic", name)
    }

    pub(super) fn msgspec(&mut self, name: &str) -> String {
        self.scope.import(ImportGroup::Library, "msgspec", name)
    }
}

/// Returns whether a type is one of JSON's own without parts.
pub(super) fn is_scalar(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::Null | TypeRef::Bool | TypeRef::Integer(_) | TypeRef::Number | TypeRef::String(_))
}

/// Returns whether a list has an item at each of its positions, and no other.
fn is_fixed(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::Tuple { items, least, rest: None } if !items.is_empty() && *least >= items.len() as u64)
}

/// Returns whether all items of a list whose items differ by position are any values, since one of them is.
pub(super) fn is_untyped_list(ty: &TypeRef) -> bool {
    let TypeRef::Tuple { items, rest, .. } = ty else { return false };
    !is_fixed(ty) && items.iter().chain(rest.as_deref()).any(|item| *item == TypeRef::Any)
}

fn bool_word(value: &Value) -> Option<String> {
    value.as_bool().map(|value| if value { "True".to_owned() } else { "False".to_owned() })
}

/// Returns an integer as Python and msgspec take it in `Literal`.
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
