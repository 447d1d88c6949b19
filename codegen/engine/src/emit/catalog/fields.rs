//! The fields of a type as rows, nested ones under dotted paths.

use eventc_model::{
    metadata::Sensitivity,
    schema::NodeId,
    types::{Field, Object, Rest, Shape, TypeId, TypeRef},
};
use minijinja::{Value, context};

use super::{
    markdown,
    site::Site,
    words::{self, INLINE_VALUES},
};

/// Types share parts, so that a small schema can unfold into millions of rows: a table ends here.
const MOST_ROWS: usize = 1000;

/// Table nest no deeper than this.
const DEEPEST: usize = 16;

/// A field of a table.
pub(super) struct Row {
    /// Dotted path; `[]` for the items of a list, `.*` for the members of a map, `(Name)` for an alternative.
    pub(super) path: String,
    ty: String,
    required: bool,
    constraints: Vec<String>,
    pub(super) sensitive: Option<Sensitivity>,
    deprecated: bool,
    description: String,
    values: Vec<String>,
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
        let mut walk = Walk { site, page, out: Self::default(), stack: Vec::new() };
        walk.descend(ty, "");
        walk.out
    }

    /// As values for a template.
    pub(super) fn values(&self) -> Value {
        Value::from(self.rows.iter().map(Row::value).collect::<Vec<_>>())
    }

    /// The enums that are too long for the table.
    pub(super) fn long_enums(&self) -> Value {
        let long = self.rows.iter().filter(|row| row.values.len() > INLINE_VALUES);
        let values = long.map(|row| {
            let words: Vec<Value> = row.values.iter().map(|value| md(value.clone())).collect();
            context! { path => md(markdown::code(&row.path)), values => words }
        });
        Value::from(values.collect::<Vec<_>>())
    }
}

impl Row {
    fn value(&self) -> Value {
        context! {
            path => md(markdown::code(&self.path)),
            type => md(self.ty.clone()),
            required => self.required,
            constraints => md(self.constraints.join("; ")),
            sensitive => self.sensitive.map(Sensitivity::as_str),
            deprecated => self.deprecated,
            description => self.description.as_str(),
        }
    }
}

/// Markdown that is finished.
pub(super) fn md(text: String) -> Value {
    Value::from_safe_string(text)
}

struct Walk<'a, 's> {
    site: &'s Site<'a>,
    page: &'s str,
    out: Table,
    stack: Vec<TypeId>,
}

impl Walk<'_, '_> {
    fn descend(&mut self, ty: &TypeRef, path: &str) {
        if self.stack.len() > DEEPEST {
            return;
        }
        match ty.split_null().0 {
            TypeRef::Array(inner) => self.descend(inner, &format!("{path}[]")),
            TypeRef::Map(inner) => self.descend(inner, &format!("{path}.*")),
            TypeRef::Tuple { items, rest, .. } => {
                for (index, item) in items.iter().enumerate() {
                    self.descend(item, &format!("{path}[{index}]"));
                }
                if let Some(rest) = rest {
                    self.descend(rest, &format!("{path}[]"));
                }
            }
            TypeRef::Named(id) => self.named(*id, path),
            _ => {}
        }
    }

    fn named(&mut self, id: TypeId, path: &str) {
        if self.site.anchors.contains_key(&id) && !self.out.shared.contains(&id) {
            self.out.shared.push(id);
        }
        if self.stack.contains(&id) {
            return;
        }
        self.stack.push(id);
        match &self.site.input.types.get(id).shape {
            Shape::Object(object) => self.object(object, path),
            Shape::Union(union) => {
                for variant in &union.variants {
                    let step = format!("{path}({})", variant.ident);
                    self.descend(&variant.ty, &step);
                }
            }
            Shape::Alias(inner) => self.descend(inner, path),
            Shape::Enum(_) => {}
        }
        self.stack.pop();
    }

    fn object(&mut self, object: &Object, path: &str) {
        for field in &object.fields {
            if self.out.rows.len() >= MOST_ROWS {
                self.out.cut = true;
                return;
            }
            let below = if path.is_empty() { field.name.clone() } else { format!("{path}.{}", field.name) };
            self.row(field, below.clone());
            self.descend(&field.ty, &below);
        }
        if let Rest::Typed(ty) = &object.rest {
            self.descend(ty, &format!("{path}.*"));
        }
    }

    fn row(&mut self, field: &Field, path: String) {
        let (site, page) = (self.site, self.page);
        let schemas = &site.input.catalog.schemas;
        let description = describe(site, field.node);
        let values = words::applying(site, field.node).iter().find_map(|keywords| keywords.enum_values.as_ref());
        self.out.rows.push(Row {
            path,
            ty: words::type_words(site, page, &field.ty),
            required: field.required,
            constraints: words::constraints(site, field.node),
            sensitive: field.sensitive.or_else(|| schemas.keywords(field.node).and_then(|keywords| keywords.sensitive)),
            deprecated: field.deprecated,
            description,
            values: values.map(|values| values.iter().map(words::value_code).collect()).unwrap_or_default(),
        });
    }
}

/// The description of a place: its own, or that of what it refers to.
fn describe(site: &Site<'_>, node: NodeId) -> String {
    words::applying(site, node).iter().find_map(|keywords| keywords.description.clone()).unwrap_or_default()
}
