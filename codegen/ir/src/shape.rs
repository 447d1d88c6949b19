//! The typed view in JSON. Types name each other by the path of their module and their name.

use eventc_model::{
    metadata::Sensitivity,
    plan::plan,
    schema::FileId,
    types::{self, ModuleId, TypeId},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use eventc_emit::Input;

/// A schema file.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Source<'a> {
    /// Path below the schema root.
    file: &'a str,
    /// URI of the dialect's meta-schema.
    dialect: &'static str,
}

/// The types of one schema file.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Module<'a> {
    /// Namespace, parts of the path and `vN`, each a `snake_case` identifier.
    path: &'a [String],
    /// Name of the root type; absent for a file that only holds definitions.
    #[serde(skip_serializing_if = "Option::is_none")]
    root: Option<&'a str>,
    /// The root first, then definitions in their order, then what is nested in them.
    types: Vec<Type<'a>>,
}

/// A named type: a superset of what its schema accepts.
#[derive(Debug, Serialize, JsonSchema)]
struct Type<'a> {
    /// Identifier in `UpperCamelCase`, unique in the module.
    name: &'a str,
    /// The place of its schema.
    place: Place<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitive: Option<&'static str>,
    deprecated: bool,
    /// Whether a value can hold another value of the type.
    recursive: bool,
    /// Whether it holds the payload of an envelope.
    generic: bool,
    shape: Shape<'a>,
    /// The checks of validation beyond the type: the schema in the words of draft 2020-12, without annotations; `$ref` holds
    /// `module/path#Name`. Present for roots, definitions and targets of references.
    #[serde(skip_serializing_if = "Option::is_none")]
    validation: Option<Value>,
}

/// A place in a schema file of the tree.
#[derive(Debug, Serialize, JsonSchema)]
struct Place<'a> {
    /// Path below the schema root.
    file: &'a str,
    /// JSON Pointer.
    pointer: String,
    /// The line, from 1.
    line: u32,
    /// The column in characters, from 1.
    column: u32,
}

/// The openness of an enum: whether a reader survives other strings than it lists.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Openness {
    /// Not open: the schema states the value by `const`.
    Constant,
    /// Not open: the namespace tolerates none, or the enum tells the alternatives of a union apart.
    Closed,
    /// Open: any string.
    Open,
}

impl From<types::Openness> for Openness {
    fn from(openness: types::Openness) -> Self {
        match openness {
            types::Openness::Constant => Self::Constant,
            types::Openness::Closed => Self::Closed,
            types::Openness::Open => Self::Open,
        }
    }
}

/// The definition of a named type.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Shape<'a> {
    /// An object with known properties.
    Object { fields: Vec<Field<'a>>, rest: Additional<'a> },
    /// One of several strings; whether a reader survives others.
    Enum { members: Vec<Member<'a>>, openness: Openness },
    /// One of several types; `tag` is the property that tells them apart.
    Union {
        #[serde(skip_serializing_if = "Option::is_none")]
        tag: Option<&'a str>,
        variants: Vec<Variant<'a>>,
    },
    /// Another type under a name of its own.
    Alias {
        #[serde(rename = "type")]
        ty: TypeRef<'a>,
    },
}

/// The properties that have no field.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Additional<'a> {
    /// None: the schema closes the object.
    Closed,
    /// Any.
    Open,
    /// Any, of this type.
    Typed {
        #[serde(rename = "type")]
        ty: TypeRef<'a>,
    },
}

#[derive(Debug, Serialize, JsonSchema)]
struct Field<'a> {
    /// The property's name in JSON.
    name: &'a str,
    /// A `snake_case` identifier, unique in the object.
    ident: &'a str,
    #[serde(rename = "type")]
    ty: TypeRef<'a>,
    required: bool,
    /// JSON Pointer of the property's schema, in the file that `file` names or else in that of the type.
    pointer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitive: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deprecated: bool,
    /// Whether the type holds itself through this field, without a list or map between.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    recursive: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'a Value>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Member<'a> {
    /// The string.
    value: &'a str,
    /// An identifier in `UpperCamelCase`, unique in the enum.
    ident: &'a str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Variant<'a> {
    /// An identifier in `UpperCamelCase`, unique in the union.
    ident: &'a str,
    #[serde(rename = "type")]
    ty: TypeRef<'a>,
    /// Values of the union's tag that stand for it.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tag_values: &'a [String],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    recursive: bool,
}

/// A type in use.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum TypeRef<'a> {
    /// Any JSON value.
    Any,
    /// No value at all.
    Never,
    Null,
    Boolean,
    /// A number without a fraction; bounds are included.
    Integer {
        #[serde(skip_serializing_if = "Option::is_none")]
        min: Option<i128>,
        #[serde(skip_serializing_if = "Option::is_none")]
        max: Option<i128>,
    },
    Number,
    String {
        #[serde(skip_serializing_if = "Option::is_none")]
        format: Option<&'static str>,
    },
    /// One of these values; `base` is what they have in common.
    Literal {
        values: &'a [Value],
        base: Box<TypeRef<'a>>,
    },
    List {
        items: Box<TypeRef<'a>>,
    },
    /// The first items have types of their own; further ones have `rest`, or are none.
    Tuple {
        items: Vec<TypeRef<'a>>,
        /// The minimum number of items of every list.
        least: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        rest: Option<Box<TypeRef<'a>>>,
    },
    /// An object with any keys.
    Map {
        values: Box<TypeRef<'a>>,
    },
    /// A named type: path of its module, parts joined by `/`, and its name.
    Named {
        module: String,
        name: &'a str,
    },
    /// The type or null.
    Nullable {
        #[serde(rename = "type")]
        ty: Box<TypeRef<'a>>,
    },
    /// The payload of an envelope.
    Payload,
}

pub(super) fn source<'a>(input: &'a Input<'_>, file: FileId) -> Source<'a> {
    let schemas = &input.catalog.schemas;
    let dialect = schemas.root(file).map_or(eventc_model::schema::Dialect::Draft2020, |root| schemas.node(root).dialect);
    Source { file: &schemas.file(file).path, dialect: dialect.uri() }
}

pub(super) fn module<'a>(input: &'a Input<'_>, id: ModuleId) -> Module<'a> {
    let module = input.types.module(id);
    Module {
        path: &module.path,
        root: module.root.map(|root| input.types.get(root).name.as_str()),
        types: module.types.iter().map(|id| named(input, *id)).collect(),
    }
}

fn named<'a>(input: &'a Input<'_>, id: TypeId) -> Type<'a> {
    let (types, schemas) = (input.types, &input.catalog.schemas);
    let ty = types.get(id);
    let node = schemas.node(ty.node);
    let keywords = schemas.keywords(ty.node);
    let place = schemas.place(ty.node);
    let mut name = |target| match types.unit_of(target) {
        Some(unit) => reference(input, unit),
        None => schemas.label(target),
    };
    Type {
        name: &ty.name,
        place: Place { file: &schemas.file(node.file).path, pointer: schemas.pointer(ty.node), line: place.line, column: place.column },
        title: keywords.and_then(|keywords| keywords.title.as_deref()),
        description: keywords.and_then(|keywords| keywords.description.as_deref()),
        sensitive: keywords.and_then(|keywords| keywords.sensitive).map(Sensitivity::as_str),
        deprecated: keywords.is_some_and(|keywords| keywords.deprecated),
        recursive: ty.recursive,
        generic: ty.generic,
        shape: shape(input, ty),
        validation: types.is_unit(id).then(|| plan(schemas, ty.node, &mut name)),
    }
}

/// Returns the name of a type in a plan.
fn reference(input: &Input<'_>, id: TypeId) -> String {
    let ty = input.types.get(id);
    format!("{}#{}", input.types.module(ty.module).path.join("/"), ty.name)
}

fn shape<'a>(input: &'a Input<'_>, ty: &'a types::Type) -> Shape<'a> {
    match &ty.shape {
        types::Shape::Object(object) => Shape::Object {
            fields: object.fields.iter().map(|field| self::field(input, ty, field)).collect(),
            rest: match &object.rest {
                types::Additional::Closed => Additional::Closed,
                types::Additional::Open => Additional::Open,
                types::Additional::Typed(ty) => Additional::Typed { ty: type_ref(input, ty) },
            },
        },
        types::Shape::Enum(strings) => Shape::Enum {
            members: strings.members.iter().map(|member| Member { value: &member.value, ident: &member.ident }).collect(),
            openness: strings.openness.into(),
        },
        types::Shape::Union(union) => Shape::Union {
            tag: union.tag.as_deref(),
            variants: union
                .variants
                .iter()
                .map(|variant| Variant {
                    ident: &variant.ident,
                    ty: type_ref(input, &variant.ty),
                    tag_values: &variant.tag_values,
                    recursive: variant.recursive,
                })
                .collect(),
        },
        types::Shape::Alias(ty) => Shape::Alias { ty: type_ref(input, ty) },
    }
}

fn field<'a>(input: &'a Input<'_>, holder: &types::Type, field: &'a types::Field) -> Field<'a> {
    let schemas = &input.catalog.schemas;
    let node = schemas.node(field.node);
    let keywords = schemas.keywords(field.node);
    Field {
        name: &field.name,
        ident: &field.ident,
        ty: type_ref(input, &field.ty),
        required: field.is_asked(),
        pointer: schemas.pointer(field.node),
        file: (node.file != schemas.node(holder.node).file).then(|| schemas.file(node.file).path.as_str()),
        description: keywords.and_then(|keywords| keywords.description.as_deref()),
        sensitive: field.sensitive.map(Sensitivity::as_str),
        deprecated: field.deprecated,
        recursive: field.recursive,
        default: keywords.and_then(|keywords| keywords.default.as_ref()),
    }
}

fn type_ref<'a>(input: &'a Input<'_>, ty: &'a types::TypeRef) -> TypeRef<'a> {
    let boxed = |ty| Box::new(type_ref(input, ty));
    match ty {
        types::TypeRef::Any | types::TypeRef::NonObject => TypeRef::Any,
        types::TypeRef::Never => TypeRef::Never,
        types::TypeRef::Null => TypeRef::Null,
        types::TypeRef::Bool => TypeRef::Boolean,
        types::TypeRef::Integer(range) => TypeRef::Integer { min: range.min, max: range.max },
        types::TypeRef::Number => TypeRef::Number,
        types::TypeRef::String(format) => TypeRef::String { format: format.map(types::ValueFormat::as_str) },
        types::TypeRef::Literal(values, base) => TypeRef::Literal { values, base: boxed(base) },
        types::TypeRef::Array(items) => TypeRef::List { items: boxed(items) },
        types::TypeRef::Tuple { items, least, rest } => TypeRef::Tuple {
            items: items.iter().map(|item| type_ref(input, item)).collect(),
            least: *least,
            rest: rest.as_deref().map(boxed),
        },
        types::TypeRef::Map(values) => TypeRef::Map { values: boxed(values) },
        types::TypeRef::Named(id) => {
            let named = input.types.get(*id);
            TypeRef::Named { module: input.types.module(named.module).path.join("/"), name: &named.name }
        }
        types::TypeRef::Nullable(ty) => TypeRef::Nullable { ty: boxed(ty) },
        types::TypeRef::Payload => TypeRef::Payload,
    }
}
