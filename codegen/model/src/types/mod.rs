//! The typed view: what languages with nominal types can say of the schemas.
//!
//! The view is a **superset** of what the schemas accept: every valid document decodes into it. What types cannot say (bounds,
//! patterns, `not`, conditions) is left to validation, see [`crate::plan`]. Types are grouped in modules, one for each schema file.

mod alternatives;
mod build;
mod conditional;
mod conjunction;
mod labels;
mod nulls;
mod openness;
mod recursion;
mod resolution;
mod shapes;
mod unions;

use std::collections::HashMap;

use serde_json::Value;

pub use self::{
    alternatives::{branches, only_branch},
    build::payloads,
    conjunction::{Choice, Conjunction, MergedSchema, Part, SchemaClass},
    openness::{Openness, tags},
    resolution::Resolution,
};
use crate::{
    catalog::Catalog,
    diagnostic::{self, Diagnostic},
    metadata::Sensitivity,
    schema::{FileId, NodeId},
};

/// Names a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u32);

/// Names a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId(pub u32);

/// All types of a catalog.
#[derive(Debug, Default)]
pub struct Types {
    /// One module for each schema file, in path order.
    pub modules: Vec<Module>,
    all: Vec<Type>,
    by_node: HashMap<NodeId, TypeRef>,
    by_file: HashMap<FileId, ModuleId>,
    /// Files with more types than they may have; one may stand here several times.
    overfull: Vec<FileId>,
    /// For each type whether something is resolved of its values, or of values in them.
    resolving: Vec<bool>,
    /// Of every schema that lists values.
    openness: HashMap<NodeId, Openness>,
}

/// The types of one schema file.
#[derive(Debug)]
pub struct Module {
    /// The file.
    pub file: FileId,
    /// The path of the module: the namespace, the parts of the file's path, and `vN`; each a snake_case identifier. Unique.
    pub path: Vec<String>,
    /// Index of the file's contract in the catalog.
    pub contract: Option<usize>,
    /// The root type; `None` for a file that only holds definitions.
    pub root: Option<TypeId>,
    /// All types: the root first, then definitions in their order, then what is nested in them.
    pub types: Vec<TypeId>,
}

/// A named type.
#[derive(Debug)]
pub struct Type {
    /// Its name: an identifier in UpperCamelCase, unique in its module.
    pub name: String,
    /// Its module.
    pub module: ModuleId,
    /// The schema that it stands for.
    pub node: NodeId,
    /// Its shape.
    pub shape: Shape,
    /// All schemas that it was derived from, taken together.
    pub conjunction: Conjunction,
    /// Whether a value can hold another value of the type.
    pub recursive: bool,
    /// Whether it holds the payload of an envelope, of a type that is not known here.
    pub generic: bool,
}

/// The shape of a named type.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// An object with known properties.
    Object(Object),
    /// One of several strings.
    Enum(StringEnum),
    /// One of several types.
    Union(Union),
    /// Another type under a name of its own (where its schema constrains it further: a newtype).
    Alias(TypeRef),
}

/// An object with known properties.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// The properties, in the order of the schema.
    pub fields: Vec<Field>,
    /// Its other properties.
    pub rest: Additional,
    /// Whether the schema refuses a property without a field, though `rest` may let a reader keep it.
    pub rejects_unknown: bool,
}

/// The properties of an object that have no field.
#[derive(Debug, Clone, PartialEq)]
pub enum Additional {
    /// None: the schema closes the object.
    Closed,
    /// Any: a reader keeps them.
    Open,
    /// Any, of this type.
    Typed(TypeRef),
}

/// A property with a name.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The property's name in JSON.
    pub name: String,
    /// A snake_case identifier, unique in the object; may be a keyword of a language.
    pub ident: String,
    /// Its type; [`TypeRef::Nullable`] where null is a value.
    pub ty: TypeRef,
    /// Whether it is always there: a document has it, or a reader fills it in.
    pub required: bool,
    /// Whether only conditions declare it: what one of its schemas says does not always hold.
    pub conditional: bool,
    /// The value that a reader takes where it is absent: the default of an Avro field.
    pub default: Option<Value>,
    /// Its names in documents of other versions: the aliases of an Avro field.
    pub aliases: Vec<String>,
    /// Whether the type holds itself through this field, without a list or map between.
    pub recursive: bool,
    /// The schema of the property.
    pub node: NodeId,
    /// All of its schemas, where several objects that are taken together name it; the first is `node`.
    pub nodes: Vec<NodeId>,
    /// Its class.
    pub sensitive: Option<Sensitivity>,
    /// Whether it should no longer be used.
    pub deprecated: bool,
}

impl Field {
    /// Returns whether a document has to have it.
    pub fn is_asked(&self) -> bool {
        self.required && self.default.is_none()
    }
}

/// One of several strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StringEnum {
    /// The strings, in the order of the schema.
    pub members: Vec<EnumMember>,
    /// The treatment of other strings by a reader.
    pub openness: Openness,
    /// The member that a reader takes for any other string: the default of an Avro enum.
    pub unknown: Option<usize>,
}

/// One string of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumMember {
    /// The string.
    pub value: String,
    /// An identifier in UpperCamelCase, unique in the enum.
    pub ident: String,
}

/// One of several types.
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// The alternatives, in an order in which the first that decodes is right.
    pub variants: Vec<Variant>,
    /// The property that tells the alternatives apart.
    pub tag: Option<String>,
    /// The property by which OpenAPI's `discriminator` tells them apart, where nothing but it says which value means which: documents
    /// with other values are valid.
    pub discriminator: Option<String>,
}

/// An alternative of a union.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// An identifier in UpperCamelCase, unique in the union.
    pub ident: String,
    /// Its type.
    pub ty: TypeRef,
    /// The values of the union's tag that stand for it; empty without a tag.
    pub tag_values: Vec<String>,
    /// The values of the union's discriminator that mean it; empty without one.
    pub mapped: Vec<String>,
    /// Whether the union holds itself through this alternative.
    pub recursive: bool,
}

/// A type in use.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeRef {
    /// Any JSON value: the schema says nothing that a type could.
    Any,
    /// Any JSON value but an object: what a schema that describes objects, and states no `type`, lets pass besides.
    NonObject,
    /// No value: the schema accepts nothing.
    Never,
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number without a fraction.
    Integer(IntegerRange),
    /// A number.
    Number,
    /// A string; with what `format` says of it.
    String(Option<ValueFormat>),
    /// One of these values, none of them a string alone, and the type that they have in common.
    Literal(Vec<Value>, Box<TypeRef>),
    /// A list.
    Array(Box<TypeRef>),
    /// A list whose first items have types of their own.
    Tuple {
        /// The types of the first items.
        items: Vec<TypeRef>,
        /// The number of items that every list has at least: the first ones may be missing from there on.
        least: u64,
        /// The type of further items; there are none without it.
        rest: Option<Box<TypeRef>>,
    },
    /// An object with any keys.
    Map(Box<TypeRef>),
    /// A named type.
    Named(TypeId),
    /// The type or null. Never nested, never of [`TypeRef::Any`] or [`TypeRef::Null`].
    Nullable(Box<TypeRef>),
    /// The payload of an envelope.
    Payload,
}

/// The bounds of an integer, both included, as far as they are known and fit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IntegerRange {
    /// Smallest value.
    pub min: Option<i128>,
    /// Largest value.
    pub max: Option<i128>,
    /// Whether a bound is stated that does not fit.
    pub wide: bool,
}

impl IntegerRange {
    /// Returns the smallest range that holds both.
    #[must_use]
    pub(crate) fn hull(self, other: Self) -> Self {
        let min = self.min.zip(other.min).map(|(a, b)| a.min(b));
        let max = self.max.zip(other.max).map(|(a, b)| a.max(b));
        Self { min, max, wide: self.wide || other.wide }
    }
}

/// A `format` that languages may have a type for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the format of its name in JSON Schema 2020-12, section 7.3")]
pub enum ValueFormat {
    DateTime,
    Date,
    Time,
    Duration,
    Email,
    Hostname,
    Ipv4,
    Ipv6,
    Uri,
    UriReference,
    Uuid,
    Regex,
    JsonPointer,
    Byte,
}

impl ValueFormat {
    /// Returns the word for it in `format`; `byte` stands for base64 too.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DateTime => "date-time",
            Self::Date => "date",
            Self::Time => "time",
            Self::Duration => "duration",
            Self::Email => "email",
            Self::Hostname => "hostname",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Uri => "uri",
            Self::UriReference => "uri-reference",
            Self::Uuid => "uuid",
            Self::Regex => "regex",
            Self::JsonPointer => "json-pointer",
            Self::Byte => "byte",
        }
    }
}

impl Types {
    /// Derives the types of a catalog.
    pub fn derive(catalog: &Catalog) -> Self {
        crate::deep_stack::run(|| build::build(catalog))
    }

    /// Returns what is wrong with the types of a catalog: files that have too many.
    pub fn problems(&self, catalog: &Catalog) -> Vec<Diagnostic> {
        let most = catalog.config.limits.types;
        let problem = |file: FileId| {
            let place = catalog.schemas.file(file).place("");
            let message = format!("the schemas of the file make more than {most} types");
            Diagnostic::new(&diagnostic::TOO_LARGE, place, message).help("split the file, or raise `limits.types` in eventc.toml")
        };
        let mut files = self.overfull.clone();
        files.sort_unstable();
        files.dedup();
        files.into_iter().map(problem).collect()
    }

    /// Returns a type.
    pub fn get(&self, id: TypeId) -> &Type {
        &self.all[id.0 as usize]
    }

    /// Returns a module.
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0 as usize]
    }

    /// Returns the module of a file.
    pub fn module_of(&self, file: FileId) -> Option<ModuleId> {
        self.by_file.get(&file).copied()
    }

    /// Returns the type that stands for a schema which is a root or the target of a reference.
    pub fn of_node(&self, node: NodeId) -> Option<&TypeRef> {
        self.by_node.get(&node)
    }

    /// Returns whether the type stands for a root, a definition or the target of a reference: a schema whose validation has a name.
    pub fn is_unit(&self, id: TypeId) -> bool {
        self.by_node.get(&self.get(id).node) == Some(&TypeRef::Named(id))
    }

    /// Returns the unit that a reference to a schema means; the target of [`crate::plan::plan`]'s names.
    pub fn unit_of(&self, node: NodeId) -> Option<TypeId> {
        match self.by_node.get(&node) {
            Some(TypeRef::Named(id)) => Some(*id),
            _ => None,
        }
    }

    /// Returns whether a reader survives other values than a schema lists; `None` where it lists none by itself.
    pub fn openness(&self, node: NodeId) -> Option<Openness> {
        self.openness.get(&node).copied()
    }

    /// Returns the same of several schemas for one place: the strictest decides.
    fn openness_of(&self, nodes: &[NodeId]) -> Openness {
        nodes.iter().filter_map(|node| self.openness(*node)).min().unwrap_or(Openness::Closed)
    }

    /// Returns all modules with their ids.
    pub fn modules(&self) -> impl Iterator<Item = (ModuleId, &Module)> {
        (0..).map(ModuleId).zip(&self.modules)
    }

    /// Returns all types with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (TypeId, &Type)> {
        (0..).map(TypeId).zip(&self.all)
    }
}

impl TypeRef {
    /// Returns the word for what values of the type are, without their parts.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::NonObject => "any but an object",
            Self::Never => "nothing",
            Self::Null => "null",
            Self::Bool => "boolean",
            Self::Integer(_) => "integer",
            Self::Number => "number",
            Self::String(_) => "string",
            Self::Array(_) => "list",
            Self::Tuple { .. } => "tuple",
            Self::Map(_) => "map",
            Self::Named(_) => "named type",
            Self::Payload => "payload",
            Self::Literal(_, ty) | Self::Nullable(ty) => ty.word(),
        }
    }

    /// Returns the type without null, and whether null was a value.
    pub fn split_null(&self) -> (&Self, bool) {
        match self {
            Self::Nullable(inner) => (inner, true),
            Self::Null => (self, true),
            _ => (self, false),
        }
    }

    /// Visits every named type in it.
    pub fn named(&self, visit: &mut dyn FnMut(TypeId)) {
        match self {
            Self::Named(id) => visit(*id),
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) | Self::Literal(_, inner) => inner.named(visit),
            Self::Tuple { items, rest, .. } => {
                for item in items {
                    item.named(visit);
                }
                if let Some(rest) = rest {
                    rest.named(visit);
                }
            }
            _ => {}
        }
    }

    /// Returns whether it is, or directly holds, the payload of an envelope.
    pub fn holds_payload(&self) -> bool {
        match self {
            Self::Payload => true,
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.holds_payload(),
            _ => false,
        }
    }
}

impl Shape {
    /// Returns every type that it is made of.
    pub fn parts(&self) -> Vec<&TypeRef> {
        match self {
            Self::Object(object) => {
                let rest = match &object.rest {
                    Additional::Typed(ty) => Some(ty),
                    _ => None,
                };
                object.fields.iter().map(|field| &field.ty).chain(rest).collect()
            }
            Self::Enum(_) => Vec::new(),
            Self::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
            Self::Alias(ty) => vec![ty],
        }
    }
}
