//! Types: an interface or alias for every type of the model.

use std::collections::{BTreeSet, HashSet};

use eventc_model::{
    schema::{Kind, NodeId},
    types::{Additional, EnumMember, Field, IntegerRange, Object, Shape, StringEnum, TypeId, TypeRef, Union},
};

use super::{
    docs,
    forms::typed,
    patterns,
    scope::{ModuleScope, declares},
    text::{doc, key, literal_type, string},
};

/// A type as text, and whether it needs parentheses before `[]` or in an intersection.
struct TypeText {
    text: String,
    compound: bool,
}

impl TypeText {
    fn atom(text: impl Into<String>) -> Self {
        Self { text: text.into(), compound: false }
    }

    fn compound(text: impl Into<String>) -> Self {
        Self { text: text.into(), compound: true }
    }

    fn in_parentheses(self) -> String {
        if self.compound { format!("({})", self.text) } else { self.text }
    }
}

/// The declarations of one module.
pub(super) struct Declarations<'s, 'a> {
    scope: &'s mut ModuleScope<'a>,
    parameter: String,
}

impl<'s, 'a> Declarations<'s, 'a> {
    pub(super) fn new(scope: &'s mut ModuleScope<'a>) -> Self {
        let parameter = scope.claim("P");
        Self { scope, parameter }
    }

    /// Returns the declaration of a type; nothing for one that is written where it is used.
    pub(super) fn declare(&mut self, id: TypeId, extra: &[String]) -> Vec<String> {
        if !self.scope.declares(id) {
            return Vec::new();
        }
        let cx = self.scope.cx;
        let ty = cx.types().get(id);
        let doc = docs::of_type(cx.schemas(), ty, extra);
        let name = if ty.generic { format!("{}<{} = unknown>", ty.name, self.parameter) } else { ty.name.clone() };
        let mut items = Vec::new();
        match &ty.shape {
            Shape::Object(object) => items.push(typed(&format!("{doc}export interface {name} {}", self.object(ty.node, object)))),
            Shape::Enum(strings) => {
                items.push(typed(&format!("{doc}export type {name} = {};", Self::enumeration(strings))));
                items.extend(self.enum_values(id, &strings.members));
            }
            Shape::Union(_) | Shape::Alias(_) => {
                let text = self.alias(id);
                items.push(typed(&format!("{doc}export type {name} = {text};")));
            }
        }
        items
    }

    fn object(&mut self, node: NodeId, object: &Object) -> String {
        let mut lines = String::new();
        let mut types = Vec::new();
        for field in &object.fields {
            let doc = docs::of_field(self.scope.cx.schemas(), field);
            let (optional, ty) = self.field(field);
            lines.push_str(&format!("{doc}  readonly {}{optional}: {ty};\n", key(&field.name)));
            if !types.contains(&ty) {
                types.push(ty);
            }
        }
        if let Additional::Typed(rest) = &object.rest {
            // One type for all keys: that of the rest, and those of the properties with a name of their own.
            let rest = self.reference(rest, None).text;
            let optional = object.fields.iter().any(|field| !field.required).then(|| "undefined".to_owned());
            let mut all = vec![rest];
            all.extend(types);
            all.extend(optional);
            lines.push_str(&format!("  readonly [key: string]: {};\n", union(&all)));
        } else {
            lines.push_str(&self.patterns(node, object));
        }
        if lines.is_empty() { "{}".into() } else { format!("{{\n{lines}}}") }
    }

    /// Returns the properties that patterns name beside others: by templates of their keys, or as any where no template says it.
    fn patterns(&mut self, node: NodeId, object: &Object) -> String {
        let Some(keywords) = self.scope.cx.schemas().keywords(node) else { return String::new() };
        let mut signatures: Vec<(String, Vec<String>)> = Vec::new();
        for (pattern, value) in &keywords.pattern_properties {
            let Some(template) = patterns::template(pattern) else { return "  readonly [key: string]: unknown;\n".into() };
            let mut types = vec![self.value_of(*value)];
            // A property with a name of its own has one type, whatever else names it.
            for field in object.fields.iter().filter(|field| patterns::fits(&field.name, &template)) {
                types.push(self.field(field).1);
                types.extend((!field.required).then(|| "undefined".to_owned()));
            }
            let key = format!("{}${{string}}{}", template.0, template.1);
            match signatures.iter_mut().find(|(known, _)| *known == key) {
                Some((_, known)) => known.extend(types),
                None => signatures.push((key, types)),
            }
        }
        let lines = signatures.into_iter().map(|(key, types)| format!("  readonly [key: `{key}`]: {};\n", union(&types)));
        lines.collect::<Vec<_>>().concat()
    }

    /// Returns the type of a schema in use that has no type of its own in the model: what it refers to, or scalars.
    fn value_of(&mut self, node: NodeId) -> String {
        let (types, schemas) = (self.scope.cx.types(), self.scope.cx.schemas());
        let target = schemas.target(node);
        if let Some(named) = types.of_node(target) {
            return self.reference(named, Some(node)).text;
        }
        let scalar = |kind: Kind| match kind {
            Kind::Null => Some("null"),
            Kind::Boolean => Some("boolean"),
            Kind::String => Some("string"),
            Kind::Integer | Kind::Number if !self.scope.cx.options.has_bigints() => Some("number"),
            Kind::Integer | Kind::Number => Some("number | bigint"),
            Kind::Array | Kind::Object => None,
        };
        let kinds = schemas.keywords(target).and_then(|keywords| keywords.types);
        let words: Option<Vec<String>> =
            kinds.map(|kinds| kinds.iter().map(|kind| scalar(kind).map(str::to_owned)).collect()).unwrap_or_default();
        words.filter(|words| !words.is_empty()).map_or_else(|| "unknown".to_owned(), |words| union(&words))
    }

    fn field(&mut self, field: &Field) -> (&'static str, String) {
        let optional = if field.required { "" } else { "?" };
        (optional, self.reference(&field.ty, Some(field.node)).text)
    }

    fn enumeration(strings: &StringEnum) -> String {
        let mut parts: Vec<String> = strings.members.iter().map(|member| string(&member.value)).collect();
        if strings.openness.is_open() {
            // Any other string, without the editor forgetting those that are known.
            parts.push("(string & {})".into());
        }
        union(&parts)
    }

    /// Returns the strings of an enum by name.
    fn enum_values(&mut self, id: TypeId, members: &[EnumMember]) -> Option<String> {
        if members.len() < 2 {
            return None;
        }
        let module = self.scope.cx.types().module(self.scope.module);
        let name = &self.scope.cx.types().get(id).name;
        // The root's name is that of the event type.
        let name = if module.root == Some(id) { format!("{name}Values") } else { name.clone() };
        let part = |member: &EnumMember, open: &str| format!("  {open}{}: {}", member.ident, string(&member.value));
        let ty: Vec<String> = members.iter().map(|member| part(member, "readonly ")).collect();
        let value: Vec<String> = members.iter().map(|member| part(member, "")).collect();
        let annotation = typed(&format!(": {{\n{};\n}}", ty.join(";\n")));
        let comment = doc(&[format!("The strings of `{name}` by name.")], 0);
        Some(format!("{comment}export const {name}{annotation} = {{\n{},\n}};", value.join(",\n")))
    }

    /// Returns the right side of an alias. Types that pass on to each other in a circle would define nothing: each is then
    /// the union of all that the circle holds besides.
    fn alias(&mut self, id: TypeId) -> String {
        let circle = self.circle(id);
        let (mut parts, mut nullable) = (Vec::new(), false);
        for member in &circle {
            let node = Some(self.scope.cx.types().get(*member).node);
            for part in passed_on(&self.scope.cx.types().get(*member).shape) {
                let (inner, with_null) = part.split_null();
                nullable |= with_null;
                match inner {
                    TypeRef::Named(to) if circle.contains(to) => {}
                    TypeRef::Null => {}
                    _ => parts.push(self.reference(inner, node).text),
                }
            }
        }
        parts.extend(nullable.then(|| "null".to_owned()));
        if parts.is_empty() { "unknown".into() } else { union(&parts) }
    }

    /// Returns the type, and those that it passes on to and that pass on to it.
    fn circle(&self, start: TypeId) -> BTreeSet<TypeId> {
        let types = self.scope.cx.types();
        let next = |id: TypeId| {
            passed_on(&types.get(id).shape).into_iter().filter_map(|part| match part.split_null().0 {
                TypeRef::Named(to) => Some(*to),
                _ => None,
            })
        };
        let reach = |from: TypeId| {
            let (mut seen, mut pending) = (HashSet::new(), vec![from]);
            while let Some(at) = pending.pop() {
                pending.extend(next(at).filter(|to| seen.insert(*to)));
            }
            seen
        };
        let ahead = reach(start);
        let mut circle = BTreeSet::from([start]);
        if ahead.contains(&start) {
            circle.extend(ahead.into_iter().filter(|id| reach(*id).contains(&start)));
        }
        circle
    }

    /// Returns a type in use; `node` is its schema, where that is known.
    fn reference(&mut self, ty: &TypeRef, node: Option<NodeId>) -> TypeText {
        let schemas = self.scope.cx.schemas();
        let keywords = node.and_then(|node| schemas.keywords(schemas.target(node)));
        match ty {
            TypeRef::Any => TypeText::atom("unknown"),
            TypeRef::NonObject => {
                let number = self.integer(IntegerRange::default()).text;
                TypeText::compound(format!("readonly unknown[] | {number} | string | boolean | null"))
            }
            TypeRef::Never => TypeText::atom("never"),
            TypeRef::Null => TypeText::atom("null"),
            TypeRef::Bool => TypeText::atom("boolean"),
            TypeRef::Integer(range) => self.integer(*range),
            TypeRef::Number => self.integer(IntegerRange::default()),
            TypeRef::String(_) => TypeText::atom("string"),
            TypeRef::Literal(values, _) => {
                let spell = |number: &serde_json::Number| self.scope.cx.number(number);
                TypeText::compound(union(&values.iter().map(|value| literal_type(value, &spell)).collect::<Vec<_>>()))
            }
            TypeRef::Array(item) => {
                let item = self.reference(item, keywords.and_then(|keywords| keywords.items)).in_parentheses();
                TypeText::compound(format!("readonly {item}[]"))
            }
            TypeRef::Tuple { items, least, rest } => {
                let nodes = keywords.map_or(&[][..], |keywords| &keywords.prefix_items);
                let rest_node = keywords.and_then(|keywords| keywords.items);
                self.tuple(items, nodes, rest.as_deref(), rest_node, *least)
            }
            TypeRef::Map(value) => {
                let value = self.reference(value, keywords.and_then(|keywords| keywords.additional_properties)).text;
                TypeText::atom(format!("{{ readonly [key: string]: {value} }}"))
            }
            TypeRef::Named(id) => self.named(*id),
            TypeRef::Nullable(inner) => {
                let inner = self.reference(inner, node).text;
                TypeText::compound(union(&[inner, "null".into()]))
            }
            TypeRef::Payload => TypeText::atom(self.parameter.clone()),
        }
    }

    /// Returns a number, or a bigint where the bounds leave room for one and the options ask for them.
    fn integer(&self, range: IntegerRange) -> TypeText {
        const SAFE: i128 = 9_007_199_254_740_991;
        let safe = range.min.is_some_and(|min| min >= -SAFE) && range.max.is_some_and(|max| max <= SAFE);
        if safe || !self.scope.cx.options.has_bigints() { TypeText::atom("number") } else { TypeText::compound("number | bigint") }
    }

    /// Returns the first items may be missing, unless the schema says how many there must be.
    fn tuple(&mut self, items: &[TypeRef], nodes: &[NodeId], rest: Option<&TypeRef>, rest_node: Option<NodeId>, least: u64) -> TypeText {
        let mut parts = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let item = self.reference(item, nodes.get(index).copied()).in_parentheses();
            let optional = if (index as u64) < least { "" } else { "?" };
            parts.push(format!("{item}{optional}"));
        }
        if let Some(rest) = rest {
            parts.push(format!("...{}[]", self.reference(rest, rest_node).in_parentheses()));
        }
        TypeText::compound(format!("readonly [{}]", parts.join(", ")))
    }

    fn named(&mut self, id: TypeId) -> TypeText {
        let types = self.scope.cx.types();
        let ty = types.get(id);
        match &ty.shape {
            Shape::Enum(strings) if !declares(types, id) => TypeText::compound(Self::enumeration(strings)),
            _ if ty.generic => TypeText::atom(format!("{}<{}>", self.scope.type_name(id), self.parameter)),
            _ => TypeText::atom(self.scope.type_name(id)),
        }
    }
}

/// Returns the types that an alias or union is, one of.
fn passed_on(shape: &Shape) -> Vec<&TypeRef> {
    match shape {
        Shape::Alias(ty) => vec![ty],
        Shape::Union(Union { variants, .. }) => variants.iter().map(|variant| &variant.ty).collect(),
        Shape::Object(_) | Shape::Enum(_) => Vec::new(),
    }
}

/// Returns one of several types, each once; over several lines where one would be long.
fn union(parts: &[String]) -> String {
    let mut seen: HashSet<&str> = HashSet::new();
    let once: Vec<&str> = parts.iter().map(String::as_str).filter(|part| seen.insert(part)).collect();
    if once.contains(&"unknown") {
        return "unknown".into();
    }
    let line = once.join(" | ");
    if line.len() <= 100 || once.len() < 3 { line } else { format!("\n  | {}", once.join("\n  | ")) }
}
