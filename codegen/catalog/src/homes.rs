//! Where each type is shown: unfolded in the table of the one type that holds it, or under a heading of its own, to which all that hold
//! it link. So the pages grow with the schemas, however these refer to each other.

use std::collections::{BTreeSet, HashMap, HashSet};

use eventc_emit::Input;
use eventc_model::types::{ModuleId, Shape, TypeId, TypeRef};

use super::site::relative;

/// The places of types.
#[derive(Default)]
pub(super) struct Homes {
    /// The page of each heading, with an anchor where the page holds several. A type without one is shown on each page that holds it.
    places: HashMap<TypeId, String>,
    /// Types that one other type of their file holds, at one place.
    held_once: HashSet<TypeId>,
    /// Types that some other file refers to.
    asked: HashSet<TypeId>,
}

impl Homes {
    /// Counts who holds each of the selected types.
    pub(super) fn of(input: &Input<'_>) -> Self {
        let types = input.types;
        let (mut users, mut asked): (HashMap<TypeId, usize>, HashSet<TypeId>) = Default::default();
        for module in input.modules {
            let parts = types.module(*module).types.iter().flat_map(|id| types.get(*id).shape.parts());
            parts.for_each(|part| {
                part.named(&mut |held| {
                    *users.entry(held).or_default() += 1;
                    if types.get(held).module != *module {
                        asked.insert(held);
                    }
                });
            });
        }
        let once = users.into_iter().filter(|(id, count)| *count == 1 && !asked.contains(id)).map(|(id, _)| id);
        let held_once = once.filter(|id| !has_name(input, *id)).collect();
        Self { places: HashMap::new(), held_once, asked }
    }

    /// Sets the place of a type's heading.
    pub(super) fn set_place(&mut self, id: TypeId, place: String) {
        self.places.insert(id, place);
    }

    /// Returns whether a type is shown where it is held, as long as it is not nested too deep.
    pub(super) fn unfolds(&self, id: TypeId) -> bool {
        self.held_once.contains(&id)
    }

    /// Returns the place of a type's heading: a page, with an anchor where the page holds several.
    pub(super) fn place(&self, id: TypeId) -> Option<&str> {
        self.places.get(&id).map(String::as_str)
    }

    /// Returns whether a page shows a type itself.
    pub(super) fn is_on(&self, page: &str, id: TypeId) -> bool {
        self.place(id).is_none_or(|place| place.split_once('#').map_or(place, |(page, _)| page) == page)
    }

    /// Returns the types with headings that hold each type, directly or in what is unfolded in them, among those of some files.
    pub(super) fn holders<'m>(&self, input: &Input<'_>, modules: impl Iterator<Item = &'m ModuleId>) -> HashMap<TypeId, BTreeSet<TypeId>> {
        let types: Vec<TypeId> = modules.flat_map(|module| input.types.module(*module).types.iter().copied()).collect();
        let mut edges = Vec::new();
        for id in types {
            input.types.get(id).shape.parts().into_iter().for_each(|part| part.named(&mut |held| edges.push((id, held))));
        }
        let around: HashMap<TypeId, TypeId> = edges.iter().filter(|(_, held)| self.unfolds(*held)).map(|(id, held)| (*held, *id)).collect();
        let mut holders: HashMap<TypeId, BTreeSet<TypeId>> = HashMap::new();
        for (id, held) in edges.into_iter().filter(|(_, held)| !self.unfolds(*held)) {
            let mut holder = id;
            while let Some(outer) = around.get(&holder) {
                holder = *outer;
            }
            holders.entry(held).or_default().insert(holder);
        }
        holders
    }

    /// Returns the types of a file that others refer to, in order.
    pub(super) fn asked<'t>(&'t self, types: &'t [TypeId]) -> impl Iterator<Item = TypeId> + 't {
        types.iter().copied().filter(|id| self.asked.contains(id))
    }

    /// Returns the anchor of a type's heading on a page that shows it; `None` where the whole page is the type's.
    pub(super) fn anchor(&self, input: &Input<'_>, id: TypeId) -> Option<String> {
        match self.place(id) {
            Some(place) => place.split_once('#').map(|(_, anchor)| anchor.to_owned()),
            None => Some(full_anchor(input, id)),
        }
    }

    /// Returns the place of a type's heading on a page that shows it, or wherever it stands.
    pub(super) fn full(&self, input: &Input<'_>, page: &str, id: TypeId) -> String {
        self.place(id).map_or_else(|| format!("{page}#{}", full_anchor(input, id)), str::to_owned)
    }

    /// Returns the target of a link from a page to a type's heading.
    pub(super) fn target(&self, input: &Input<'_>, from: &str, id: TypeId) -> String {
        match self.place(id) {
            Some(place) => match place.split_once('#') {
                Some((page, anchor)) if page == from => format!("#{anchor}"),
                _ => relative(from, place),
            },
            None => format!("#{}", full_anchor(input, id)),
        }
    }
}

/// Returns whether people may know a type by its name alone: the root of a file, and what a file of shared definitions defines.
fn has_name(input: &Input<'_>, id: TypeId) -> bool {
    let module = input.types.module(input.types.get(id).module);
    module.root == Some(id) || (module.contract.is_none() && input.types.is_unit(id))
}

/// Returns the anchor of a type whose file has no page of its own.
fn full_anchor(input: &Input<'_>, id: TypeId) -> String {
    let ty = input.types.get(id);
    let parts = input.types.module(ty.module).path.iter().map(String::as_str).chain([ty.name.as_str()]);
    let mut anchor = String::from("at");
    for part in parts {
        anchor.push('-');
        for c in part.chars() {
            if c.is_ascii_alphanumeric() || c == '_' { anchor.push(c) } else { anchor.push_str(&format!(".{:x}", u32::from(c))) }
        }
    }
    anchor
}

/// Returns whether a type has more to show than what stands in the row that holds it.
pub(super) fn has_parts(shape: &Shape) -> bool {
    match shape {
        Shape::Enum(_) => false,
        Shape::Object(_) | Shape::Union(_) => !shape.parts().is_empty(),
        Shape::Alias(ty) => holds_named(ty),
    }
}

fn holds_named(ty: &TypeRef) -> bool {
    let mut found = false;
    ty.named(&mut |_| found = true);
    found
}

/// Returns the types that a page begins with to show a file of its own: the root, and what other files refer to.
pub(super) fn starts(homes: &Homes, input: &Input<'_>, module: ModuleId) -> Vec<TypeId> {
    let module = input.types.module(module);
    module.root.into_iter().chain(homes.asked(&module.types).filter(|id| module.root != Some(*id))).collect()
}
