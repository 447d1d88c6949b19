//! The fields of a type as rows, nested ones under dotted paths.

use eventc_model::{
    metadata::Sensitivity,
    schema::{Keywords, Kind, Kinds},
    syntax::escape_pointer,
    types::{Field, Object, Rest, Shape, TypeId, TypeRef},
};
use minijinja::{Value, context};

use super::{
    medium::Medium,
    site::Site,
    words::{self, INLINE_VALUES},
};

/// Types share parts, so that a small schema can unfold into millions of rows: a table ends here. A row takes more room in HTML.
fn most_rows(medium: Medium) -> usize {
    match medium {
        Medium::Markdown => 1000,
        Medium::Html => 250,
    }
}

/// Table nest no deeper than this.
const DEEPEST: usize = 16;

/// A field of a table.
pub(super) struct Row {
    /// Dotted path; `[]` for the items of a list, `.*` for the members of a map, `(Name)` for an alternative.
    pub(super) path: String,
    /// What the path adds to that of the row which holds this one.
    pub(super) leaf: String,
    /// How many rows hold this one.
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
    pub(super) rows: Vec<Row>,
    /// Whether rows were left out.
    pub(super) cut: bool,
    /// Shared types that the rows name, in the order in which they occur.
    pub(super) shared: Vec<TypeId>,
}

impl Table {
    /// The rows of a type that a page shows.
    pub(super) fn of(site: &Site<'_>, page: &str, ty: &TypeRef) -> Self {
        let mut walk = Walk { site, page, out: Self::default(), stack: Vec::new(), holders: Vec::new() };
        walk.descend(ty, &Spot::default());
        walk.out
    }

    /// As values for a template.
    pub(super) fn values(&self, medium: Medium) -> Value {
        Value::from(self.rows.iter().map(|row| row.value(medium)).collect::<Vec<_>>())
    }

    /// The enums that are too long for the table.
    pub(super) fn long_enums(&self, medium: Medium) -> Value {
        let long = self.rows.iter().filter(|row| row.values.len() > INLINE_VALUES);
        let values = long.map(|row| {
            let words: Vec<Value> = row.values.iter().map(|value| md(words::value_code(medium, value))).collect();
            context! { path => md(medium.code(&row.path)), values => words }
        });
        Value::from(values.collect::<Vec<_>>())
    }
}

impl Row {
    fn value(&self, medium: Medium) -> Value {
        context! {
            path => md(medium.code(&self.path)),
            type => md(self.ty.clone()),
            required => self.required,
            constraints => md(self.constraints.join("; ")),
            sensitive => self.sensitive.map(Sensitivity::as_str),
            deprecated => self.deprecated,
            description => self.description.as_str(),
        }
    }
}

/// Text that is finished, in the language of its page.
pub(super) fn md(text: String) -> Value {
    Value::from_safe_string(text)
}

struct Walk<'a, 's> {
    site: &'s Site<'a>,
    page: &'s str,
    out: Table,
    stack: Vec<TypeId>,
    /// How long the paths are of the rows that hold the current place.
    holders: Vec<usize>,
}

/// A place in the data.
#[derive(Default)]
struct Spot {
    path: String,
    pointer: String,
}

impl Spot {
    /// A step that the path shows as `shown` and the pointer as `token`.
    fn step(&self, shown: &str, token: &str) -> Self {
        Self { path: format!("{}{shown}", self.path), pointer: format!("{}/{token}", self.pointer) }
    }

    fn field(&self, name: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        self.step(&format!("{dot}{name}"), &escape_pointer(name))
    }
}

impl Walk<'_, '_> {
    fn descend(&mut self, ty: &TypeRef, spot: &Spot) {
        if self.stack.len() > DEEPEST {
            return;
        }
        match ty.split_null().0 {
            TypeRef::Array(inner) => self.descend(inner, &spot.step("[]", "*")),
            TypeRef::Map(inner) => self.descend(inner, &spot.step(".*", "*")),
            TypeRef::Tuple { items, rest, .. } => {
                for (index, item) in items.iter().enumerate() {
                    self.descend(item, &spot.step(&format!("[{index}]"), &index.to_string()));
                }
                if let Some(rest) = rest {
                    self.descend(rest, &spot.step("[]", "*"));
                }
            }
            TypeRef::Named(id) => self.named(*id, spot),
            _ => {}
        }
    }

    fn named(&mut self, id: TypeId, spot: &Spot) {
        if self.site.shared.contains_key(&id) && !self.out.shared.contains(&id) {
            self.out.shared.push(id);
        }
        if self.stack.contains(&id) {
            return;
        }
        self.stack.push(id);
        match &self.site.input.types.get(id).shape {
            Shape::Object(object) => self.object(object, spot),
            Shape::Union(union) => {
                for variant in &union.variants {
                    let path = format!("{}({})", spot.path, variant.ident);
                    self.descend(&variant.ty, &Spot { path, pointer: spot.pointer.clone() });
                }
            }
            Shape::Alias(inner) => self.descend(inner, spot),
            Shape::Enum(_) => {}
        }
        self.stack.pop();
    }

    fn object(&mut self, object: &Object, spot: &Spot) {
        for field in &object.fields {
            if self.out.rows.len() >= most_rows(self.site.medium) {
                self.out.cut = true;
                return;
            }
            let below = spot.field(&field.name);
            self.row(field, &below);
            self.holders.push(below.path.len());
            self.descend(&field.ty, &below);
            self.holders.pop();
        }
        if let Rest::Typed(ty) = &object.rest {
            self.descend(ty, &spot.step(".*", "*"));
        }
    }

    fn row(&mut self, field: &Field, spot: &Spot) {
        let (site, page) = (self.site, self.page);
        let schemas = &site.input.catalog.schemas;
        let applying = words::applying(site, field.node);
        let values = applying.iter().find_map(|keywords| keywords.enum_values.as_ref());
        let added = &spot.path[self.holders.last().copied().unwrap_or(0)..];
        let leaf = added.strip_prefix("[]").unwrap_or(added);
        self.out.rows.push(Row {
            path: spot.path.clone(),
            leaf: leaf.strip_prefix('.').unwrap_or(leaf).to_owned(),
            depth: self.holders.len(),
            pointer: spot.pointer.clone(),
            ty: words::type_words(site, page, &field.ty),
            kinds: kinds(&applying),
            required: field.required,
            constraints: words::constraints(site, field.node),
            sensitive: field.sensitive.or_else(|| schemas.keywords(field.node).and_then(|keywords| keywords.sensitive)),
            deprecated: field.deprecated,
            description: applying.iter().find_map(|keywords| keywords.description.clone()).unwrap_or_default(),
            values: values.cloned().unwrap_or_default(),
        });
    }
}

/// The JSON types that all of these leave; of fixed values, theirs.
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
