//! The fields of a type as rows, nested ones under dotted paths.

use eventc_model::{
    metadata::Sensitivity,
    schema::{Keywords, Kind, Kinds},
    syntax::escape_pointer,
    types::{Field, Object, Rest, Shape, TypeId, TypeRef},
};
use minijinja::{Value, context};

use super::{
    describe::{self, INLINE_VALUES},
    markup::Markup,
    site::Site,
};

/// Returns the maximum number of rows of a table: types share parts, so that a small schema can unfold into millions of them.
/// A row takes more room in HTML.
fn max_rows(markup: Markup) -> usize {
    match markup {
        Markup::Markdown => 1000,
        Markup::Html => 250,
    }
}

/// The maximum depth of a table.
const MAX_DEPTH: usize = 16;

/// A field of a table.
pub(super) struct FieldRow {
    /// Dotted path; `[]` for the items of a list, `.*` for the members of a map, `(Name)` for an alternative.
    pub(super) path: String,
    /// The part that the path adds to that of the row which holds this one.
    pub(super) leaf: String,
    /// The number of rows that hold this one.
    pub(super) depth: usize,
    /// JSON Pointer into the event's own data; `*` for any item or member.
    pub(super) pointer: String,
    pub(super) ty: String,
    /// The JSON types that the schema allows; none where it does not say.
    pub(super) kinds: Kinds,
    pub(super) required: bool,
    pub(super) constraints: Vec<String>,
    pub(super) sensitive: Option<Sensitivity>,
    pub(super) deprecated: bool,
    pub(super) description: String,
    pub(super) values: Vec<serde_json::Value>,
}

/// The rows of one type.
#[derive(Default)]
pub(super) struct Table {
    pub(super) rows: Vec<FieldRow>,
    /// Whether rows were left out.
    pub(super) cut: bool,
    /// Shared types that the rows name, in the order in which they occur.
    pub(super) shared: Vec<TypeId>,
}

impl Table {
    /// Returns the rows of a type that a page shows.
    pub(super) fn of(site: &Site<'_>, page: &str, ty: &TypeRef) -> Self {
        let mut collector = RowCollector { site, page, out: Self::default(), stack: Vec::new(), holders: Vec::new() };
        collector.descend(ty, &FieldPath::default());
        collector.out
    }

    /// Returns the rows as values for a template.
    pub(super) fn values(&self, markup: Markup) -> Value {
        Value::from(self.rows.iter().map(|row| row.value(markup)).collect::<Vec<_>>())
    }

    /// Returns the enums that are too long for the table.
    pub(super) fn long_enums(&self, markup: Markup) -> Value {
        let long = self.rows.iter().filter(|row| row.values.len() > INLINE_VALUES);
        let values = long.map(|row| {
            let words: Vec<Value> = row.values.iter().map(|value| md(describe::value_code(markup, value))).collect();
            context! { path => md(markup.code(&row.path)), values => words }
        });
        Value::from(values.collect::<Vec<_>>())
    }
}

impl FieldRow {
    fn value(&self, markup: Markup) -> Value {
        context! {
            path => md(markup.code(&self.path)),
            type => md(self.ty.clone()),
            required => self.required,
            constraints => md(self.constraints.join("; ")),
            sensitive => self.sensitive.map(Sensitivity::as_str),
            deprecated => self.deprecated,
            description => self.description.as_str(),
        }
    }
}

/// Returns text that is finished, in the language of its page.
pub(super) fn md(text: String) -> Value {
    Value::from_safe_string(text)
}

struct RowCollector<'a, 's> {
    site: &'s Site<'a>,
    page: &'s str,
    out: Table,
    stack: Vec<TypeId>,
    /// The lengths of the paths of the rows that hold the current place.
    holders: Vec<usize>,
}

/// A place in the data, as the table shows it and as a JSON Pointer.
#[derive(Default)]
struct FieldPath {
    path: String,
    pointer: String,
}

impl FieldPath {
    /// Returns a step that the path shows as `shown` and the pointer as `token`.
    fn step(&self, shown: &str, token: &str) -> Self {
        Self { path: format!("{}{shown}", self.path), pointer: format!("{}/{token}", self.pointer) }
    }

    fn field(&self, name: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        self.step(&format!("{dot}{name}"), &escape_pointer(name))
    }
}

impl RowCollector<'_, '_> {
    fn descend(&mut self, ty: &TypeRef, at: &FieldPath) {
        if self.stack.len() > MAX_DEPTH {
            return;
        }
        match ty.split_null().0 {
            TypeRef::Array(inner) => self.descend(inner, &at.step("[]", "*")),
            TypeRef::Map(inner) => self.descend(inner, &at.step(".*", "*")),
            TypeRef::Tuple { items, rest, .. } => {
                for (index, item) in items.iter().enumerate() {
                    self.descend(item, &at.step(&format!("[{index}]"), &index.to_string()));
                }
                if let Some(rest) = rest {
                    self.descend(rest, &at.step("[]", "*"));
                }
            }
            TypeRef::Named(id) => self.named(*id, at),
            _ => {}
        }
    }

    fn named(&mut self, id: TypeId, at: &FieldPath) {
        if self.site.shared.contains_key(&id) && !self.out.shared.contains(&id) {
            self.out.shared.push(id);
        }
        if self.stack.contains(&id) {
            return;
        }
        self.stack.push(id);
        match &self.site.input.types.get(id).shape {
            Shape::Object(object) => self.object(object, at),
            Shape::Union(union) => {
                for variant in &union.variants {
                    let path = format!("{}({})", at.path, variant.ident);
                    self.descend(&variant.ty, &FieldPath { path, pointer: at.pointer.clone() });
                }
            }
            Shape::Alias(inner) => self.descend(inner, at),
            Shape::Enum(_) => {}
        }
        self.stack.pop();
    }

    fn object(&mut self, object: &Object, at: &FieldPath) {
        for field in &object.fields {
            if self.out.rows.len() >= max_rows(self.site.markup) {
                self.out.cut = true;
                return;
            }
            let below = at.field(&field.name);
            self.row(field, &below);
            self.holders.push(below.path.len());
            self.descend(&field.ty, &below);
            self.holders.pop();
        }
        if let Rest::Typed(ty) = &object.rest {
            self.descend(ty, &at.step(".*", "*"));
        }
    }

    fn row(&mut self, field: &Field, at: &FieldPath) {
        let (site, page) = (self.site, self.page);
        let schemas = &site.input.catalog.schemas;
        let applying = describe::applying(site, field.node);
        let values = applying.iter().find_map(|keywords| keywords.enum_values.as_ref());
        let added = &at.path[self.holders.last().copied().unwrap_or(0)..];
        let leaf = added.strip_prefix("[]").unwrap_or(added);
        self.out.rows.push(FieldRow {
            path: at.path.clone(),
            leaf: leaf.strip_prefix('.').unwrap_or(leaf).to_owned(),
            depth: self.holders.len(),
            pointer: at.pointer.clone(),
            ty: describe::of_type(site, page, &field.ty),
            kinds: kinds(&applying),
            required: field.required,
            constraints: describe::constraints(site, field.node),
            sensitive: field.sensitive.or_else(|| schemas.keywords(field.node).and_then(|keywords| keywords.sensitive)),
            deprecated: field.deprecated,
            description: applying.iter().find_map(|keywords| keywords.description.clone()).unwrap_or_default(),
            values: values.cloned().unwrap_or_default(),
        });
    }
}

/// Returns the JSON types that all of these leave; of fixed values, theirs.
fn kinds(applying: &[&Keywords]) -> Kinds {
    let said = applying.iter().filter_map(|keywords| keywords.types).reduce(Kinds::intersect);
    let of_values = || {
        let values = applying
            .iter()
            .find_map(|keywords| keywords.enum_values.as_deref().or(keywords.const_value.as_ref().map(std::slice::from_ref)));
        values.into_iter().flatten().fold(Kinds::default(), |kinds, value| kinds.with(Kind::of_value(value)))
    };
    said.unwrap_or_else(of_values)
}
