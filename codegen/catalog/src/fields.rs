//! The fields of a type as rows, those of what it holds under dotted paths, two or three levels deep.

use eventc_model::{
    metadata::Sensitivity,
    schema::{Keywords, Kind, Kinds},
    syntax::escape_pointer,
    types::{Additional, Field, Object, Shape, TypeId, TypeRef},
    words,
};
use minijinja::{Value, context};

use super::{
    describe::{self, INLINE_VALUES},
    homes,
    markup::Markup,
    site::Site,
};

/// Returns the maximum number of rows of a table. A row takes more room in HTML.
fn max_rows(markup: Markup) -> usize {
    match markup {
        Markup::Markdown => 1000,
        Markup::Html => 250,
    }
}

/// Levels of fields in one table of a page; what lies deeper has a heading of its own.
const LEVELS: usize = 3;

/// The maximum depth of a table that unfolds everything.
const MAX_DEPTH: usize = 16;

/// The maximum number of characters that a row says of a type which has a heading.
const MAX_BRIEF: usize = 200;

/// A field of a table.
pub(super) struct FieldRow {
    /// Dotted path; `[]` for the items of a list, `.*` for the members of a map, `(Name)` for an alternative.
    pub(super) path: String,
    /// The part that the path adds to that of the row which holds this one.
    pub(super) leaf: String,
    /// The number of rows that hold this one.
    pub(super) depth: usize,
    /// JSON Pointer into the type's own data; `*` for any item or member.
    pub(super) pointer: String,
    pub(super) ty: String,
    /// The JSON types that the schema allows; none where it does not say.
    pub(super) kinds: Kinds,
    /// Whether the object that holds it always has it; `None` for items, members and alternatives, which are no fields.
    pub(super) required: Option<bool>,
    pub(super) constraints: Vec<String>,
    pub(super) sensitive: Option<Sensitivity>,
    pub(super) deprecated: bool,
    pub(super) description: String,
    pub(super) values: Vec<serde_json::Value>,
}

/// A type under a heading of its own, at the place where a table holds it.
pub(super) struct HeldType {
    pub(super) id: TypeId,
    /// Path as in [`FieldRow::path`].
    pub(super) path: String,
    /// JSON Pointer into the data of the table's type.
    pub(super) pointer: String,
}

/// The rows of one type.
#[derive(Default)]
pub(super) struct Table {
    pub(super) rows: Vec<FieldRow>,
    /// Whether rows were left out.
    pub(super) cut: bool,
    /// The types that it links to.
    pub(super) holds: Vec<HeldType>,
}

impl Table {
    /// Returns the rows of a type as a page shows them.
    pub(super) fn of(site: &Site<'_>, page: &str, id: TypeId) -> Self {
        RowCollector::new(site, page, false).of(id)
    }

    /// Returns the rows of everything that a type holds, without links, as far as they have room: two of these can be compared.
    pub(super) fn whole(site: &Site<'_>, id: TypeId) -> Self {
        RowCollector::new(site, "", true).of(id)
    }

    /// Returns the rows as values for a template.
    pub(super) fn values(&self, markup: Markup) -> Value {
        Value::from(self.rows.iter().map(|row| row.value(markup)).collect::<Vec<_>>())
    }

    /// Returns the rows whose enums are too long for the table.
    pub(super) fn long_enums(&self) -> impl Iterator<Item = &FieldRow> {
        self.rows.iter().filter(|row| row.values.len() > INLINE_VALUES)
    }
}

impl FieldRow {
    fn value(&self, markup: Markup) -> Value {
        context! {
            path => md(markup.code(&self.path)),
            type => md(self.ty.clone()),
            required => self.required.map(|required| if required { "yes" } else { "no" }),
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
    /// Whether nothing has a heading.
    whole: bool,
    out: Table,
    stack: Vec<TypeId>,
    /// The lengths of the paths of the rows that hold the current place.
    holders: Vec<usize>,
    /// Types that the innermost of these rows links to.
    linked: Vec<TypeId>,
}

/// A place in the data, as the table shows it and as a JSON Pointer.
#[derive(Default)]
struct FieldPath {
    path: String,
    pointer: String,
    /// The number of fields, alternatives and names that lead to it.
    level: usize,
}

impl FieldPath {
    /// Returns a step that the path shows as `shown` and the pointer as `token`.
    fn step(&self, shown: &str, token: &str) -> Self {
        Self { path: format!("{}{shown}", self.path), pointer: format!("{}/{token}", self.pointer), level: self.level }
    }

    fn field(&self, name: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self { level: self.level + 1, ..self.step(&format!("{dot}{name}"), &escape_pointer(name)) }
    }

    /// Returns the same place of the data, one step of types further.
    fn within(&self, shown: &str) -> Self {
        Self { path: format!("{}{shown}", self.path), pointer: self.pointer.clone(), level: self.level + 1 }
    }
}

impl<'a, 's> RowCollector<'a, 's> {
    fn new(site: &'s Site<'a>, page: &'s str, whole: bool) -> Self {
        Self { site, page, whole, out: Table::default(), stack: Vec::new(), holders: Vec::new(), linked: Vec::new() }
    }

    fn of(mut self, id: TypeId) -> Table {
        self.unfold(id, &FieldPath::default());
        self.out
    }

    fn descend(&mut self, ty: &TypeRef, at: &FieldPath) {
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
            TypeRef::Named(id) if self.has_heading(*id, at.level) => self.hold(*id, at),
            TypeRef::Named(id) if !self.stack.contains(id) && self.stack.len() <= MAX_DEPTH => self.unfold(*id, at),
            _ => {}
        }
    }

    /// Returns whether a type that is held at this level is shown under a heading of its own.
    fn has_heading(&self, id: TypeId, level: usize) -> bool {
        let is_deep = || level >= LEVELS && homes::has_parts(&self.site.input.types.get(id).shape);
        !self.whole && (!self.site.homes.unfolds(id) || is_deep())
    }

    fn unfold(&mut self, id: TypeId, at: &FieldPath) {
        self.stack.push(id);
        match &self.site.input.types.get(id).shape {
            Shape::Object(object) => self.object(object, at),
            Shape::Union(union) => {
                for variant in &union.variants {
                    self.descend(&variant.ty, &at.within(&format!("({})", variant.ident)));
                }
            }
            Shape::Alias(inner) => self.descend(inner, &at.within("")),
            Shape::Enum(_) => {}
        }
        self.stack.pop();
    }

    fn object(&mut self, object: &Object, at: &FieldPath) {
        for field in &object.fields {
            let below = at.field(&field.name);
            let Some(linked) = self.field(field, &below) else { return };
            let before = std::mem::replace(&mut self.linked, linked);
            self.holders.push(below.path.len());
            self.descend(&field.ty, &below);
            self.holders.pop();
            self.linked = before;
        }
        if let Additional::Typed(ty) = &object.rest {
            self.descend(ty, &at.step(".*", "*"));
        }
    }

    /// Notes a type that has a heading; a row of its own leads there, unless the row of its field does.
    fn hold(&mut self, id: TypeId, at: &FieldPath) {
        if !self.linked.contains(&id) && !at.path.is_empty() {
            let site = self.site;
            let applying = describe::applying(site, site.input.types.get(id).node);
            let row = FieldRow {
                ty: describe::of_type(site, &TypeRef::Named(id), &mut |id| Some(site.heading_link(self.page, id))),
                kinds: kinds(&applying),
                required: None,
                constraints: Vec::new(),
                sensitive: None,
                deprecated: false,
                description: applying.iter().find_map(|keywords| keywords.description.as_deref()).map(brief).unwrap_or_default(),
                values: Vec::new(),
                ..self.row(at)
            };
            if !self.push(row) {
                return;
            }
        }
        self.out.holds.push(HeldType { id, path: at.path.clone(), pointer: at.pointer.clone() });
    }

    /// Adds the row of a field, and returns the types that it links to; `None` where there is no room.
    fn field(&mut self, field: &Field, at: &FieldPath) -> Option<Vec<TypeId>> {
        let (site, page) = (self.site, self.page);
        let mut linked = Vec::new();
        let ty = describe::of_type(site, &field.ty, &mut |id| {
            self.has_heading(id, at.level).then(|| {
                linked.push(id);
                site.heading_link(page, id)
            })
        });
        let own = site.input.catalog.schemas.keywords(field.node);
        let applying = describe::applying(site, field.node);
        let values = applying.iter().find_map(|keywords| keywords.enum_values.as_ref()).filter(|_| linked.is_empty());
        let said = applying.iter().find_map(|keywords| keywords.description.as_deref());
        let description = own.and_then(|own| own.description.clone());
        let row = FieldRow {
            ty,
            kinds: kinds(&applying),
            required: Some(field.is_asked()),
            constraints: self.constraints(field, &linked, values.is_some()),
            sensitive: field.sensitive.or_else(|| own.and_then(|keywords| keywords.sensitive)),
            deprecated: field.deprecated,
            description: match said {
                Some(said) if linked.is_empty() => said.to_owned(),
                said => description.or_else(|| said.map(brief)).unwrap_or_default(),
            },
            values: values.cloned().unwrap_or_default(),
            ..self.row(at)
        };
        self.push(row).then_some(linked)
    }

    /// Returns what a row says beside the type. What is too long for it stands under the type's heading.
    fn constraints(&self, field: &Field, linked: &[TypeId], listed: bool) -> Vec<String> {
        let site = self.site;
        if field.conditional {
            let own = site.input.catalog.schemas.keywords(field.node);
            return own.map(|own| words::of_field(field, own, &|text| site.markup.code(text))).unwrap_or_default();
        }
        if linked.is_empty() {
            let below = if listed && !self.whole && site.markup == Markup::Markdown { ", listed below" } else { "" };
            return describe::constraints(site, field.node, below);
        }
        let is_object = |id: &TypeId| matches!(site.input.types.get(*id).shape, Shape::Object(_) | Shape::Union(_));
        if matches!(field.ty.split_null().0, TypeRef::Named(id) if is_object(id)) {
            let own: Vec<&Keywords> = site.input.catalog.schemas.keywords(field.node).into_iter().collect();
            return describe::constraints_of(site, &own, "");
        }
        let mut room = MAX_BRIEF;
        let mut said = describe::constraints(site, field.node, "");
        said.retain(|constraint| {
            let fits = constraint.len() <= room;
            room = room.saturating_sub(constraint.len());
            fits
        });
        said
    }

    /// Returns a row of a place, of which nothing is said yet.
    fn row(&self, at: &FieldPath) -> FieldRow {
        let added = &at.path[self.holders.last().copied().unwrap_or(0)..];
        let leaf = added.strip_prefix("[]").filter(|leaf| !leaf.is_empty()).unwrap_or(added);
        FieldRow {
            path: at.path.clone(),
            leaf: leaf.strip_prefix('.').unwrap_or(leaf).to_owned(),
            depth: self.holders.len(),
            pointer: at.pointer.clone(),
            ty: String::new(),
            kinds: Kinds::default(),
            required: None,
            constraints: Vec::new(),
            sensitive: None,
            deprecated: false,
            description: String::new(),
            values: Vec::new(),
        }
    }

    /// Adds a row where there is room for it.
    fn push(&mut self, row: FieldRow) -> bool {
        let fits = self.out.rows.len() < max_rows(self.site.markup);
        if fits {
            self.out.rows.push(row);
        }
        self.out.cut |= !fits;
        fits
    }
}

/// Returns the beginning of a text, as much as fits beside a link to all of it.
fn brief(text: &str) -> String {
    match text.char_indices().nth(MAX_BRIEF) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
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
