//! What a reader of an Avro contract puts in place of what a document lacks, has under another name, or does not know (Avro 1.12, "Schema
//! Resolution"), for languages whose libraries read documents without it.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::{Field, Object, Shape, StringEnum, TypeId, TypeRef, Types};

/// The types of a contract that resolve something, the root's first; each names others by its position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Resolution(Vec<ResolutionStep>);

/// The resolution of a value, by the kind of JSON that it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
struct ResolutionStep {
    /// The objects that it may be. The first counts that has all that it needs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    objects: Vec<ObjectResolution>,
    /// The step of each item, where it is a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<usize>,
    /// The strings that are known, where it is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    symbols: Vec<String>,
    /// The one that any other string is taken for.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<String>,
    /// Whether any string is a value as it stands.
    #[serde(skip)]
    any_text: bool,
    /// The steps that it is taken together from.
    #[serde(skip)]
    branches: Vec<usize>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
struct ObjectResolution {
    /// The properties that it has at least, each by all of its names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    needs: Vec<Vec<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<FieldResolution>,
    /// The step of each property, where none has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct FieldResolution {
    name: String,
    /// The text of the value that stands for an absent one.
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    /// The step of its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<usize>,
}

impl Resolution {
    /// Returns that of a type; `None` where a document is read as it stands.
    pub fn of(types: &Types, root: TypeId) -> Option<Self> {
        // Most contracts have nothing to resolve, and what one reaches may be large.
        if !types.resolving[root.0 as usize] {
            return None;
        }
        let mut steps = ResolutionBuilder { types, known: HashMap::new(), all: Vec::new() };
        steps.named(root);
        steps.take_together();
        let useful = steps.useful();
        useful.contains(&0).then(|| Self(steps.kept(&useful)))
    }

    /// Returns it as JSON text.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Returns for each type whether something may be resolved of its values, or of values in them.
pub(super) fn resolving(types: &Types) -> Vec<bool> {
    let mut found: Vec<bool> = types.iter().map(|(_, ty)| resolves(&ty.shape)).collect();
    let mut open: Vec<TypeId> = types.iter().map(|(id, _)| id).filter(|id| found[id.0 as usize]).collect();
    if open.is_empty() {
        return found;
    }
    let mut holders: Vec<Vec<TypeId>> = vec![Vec::new(); found.len()];
    for (holder, ty) in types.iter() {
        ty.shape.parts().into_iter().for_each(|part| part.named(&mut |held| holders[held.0 as usize].push(holder)));
    }
    while let Some(id) = open.pop() {
        open.extend(holders[id.0 as usize].iter().copied().filter(|holder| !std::mem::replace(&mut found[holder.0 as usize], true)));
    }
    found
}

/// Returns whether something is resolved of a value of a shape itself.
fn resolves(shape: &Shape) -> bool {
    match shape {
        Shape::Object(object) => object.fields.iter().any(|field| is_resolved(field.default.as_ref(), &field.aliases)),
        Shape::Enum(strings) => strings.unknown.is_some(),
        Shape::Union(_) | Shape::Alias(_) => false,
    }
}

/// Returns whether something may stand for an absent property: a default, or the property by another name.
pub(super) fn is_resolved<T>(default: Option<&T>, aliases: &[String]) -> bool {
    default.is_some() || !aliases.is_empty()
}

impl FieldResolution {
    fn is_resolved(&self) -> bool {
        is_resolved(self.default.as_ref(), &self.aliases)
    }
}

struct ResolutionBuilder<'t> {
    types: &'t Types,
    known: HashMap<TypeId, usize>,
    all: Vec<ResolutionStep>,
}

impl ResolutionBuilder<'_> {
    fn push(&mut self, step: ResolutionStep) -> usize {
        self.all.push(step);
        self.all.len() - 1
    }

    fn named(&mut self, id: TypeId) -> usize {
        if let Some(known) = self.known.get(&id) {
            return *known;
        }
        // A type that holds itself finds its place taken.
        let at = self.push(ResolutionStep::default());
        self.known.insert(id, at);
        let types = self.types;
        let step = match &types.get(id).shape {
            Shape::Object(object) => ResolutionStep { objects: vec![self.object(object)], ..ResolutionStep::default() },
            Shape::Enum(strings) => symbols(strings),
            Shape::Union(union) => ResolutionStep {
                branches: union.variants.iter().map(|variant| self.place(&variant.ty)).collect(),
                ..ResolutionStep::default()
            },
            Shape::Alias(ty) => ResolutionStep { branches: vec![self.place(ty)], ..ResolutionStep::default() },
        };
        self.all[at] = step;
        at
    }

    fn place(&mut self, ty: &TypeRef) -> usize {
        let step = match ty.split_null().0 {
            TypeRef::Named(id) => return self.named(*id),
            TypeRef::Array(items) => ResolutionStep { items: Some(self.place(items)), ..ResolutionStep::default() },
            TypeRef::Map(values) => {
                let values = Some(self.place(values));
                ResolutionStep { objects: vec![ObjectResolution { values, ..ObjectResolution::default() }], ..ResolutionStep::default() }
            }
            TypeRef::String(_) => ResolutionStep { any_text: true, ..ResolutionStep::default() },
            _ => ResolutionStep::default(),
        };
        self.push(step)
    }

    fn object(&mut self, object: &Object) -> ObjectResolution {
        let names = |field: &Field| [&field.name].into_iter().chain(&field.aliases).cloned().collect();
        let needs = object.fields.iter().filter(|field| field.required && field.default.is_none()).map(names).collect();
        let fields = object.fields.iter().map(|field| FieldResolution {
            name: field.name.clone(),
            default: field.default.as_ref().map(ToString::to_string),
            aliases: field.aliases.clone(),
            step: Some(self.place(&field.ty)),
        });
        let fields = fields.collect();
        ObjectResolution { needs, fields, values: None }
    }

    /// Gives unions and aliases what their branches resolve.
    fn take_together(&mut self) {
        for index in 0..self.all.len() {
            if self.all[index].branches.is_empty() {
                continue;
            }
            let (mut pending, mut seen) = (vec![index], BTreeSet::new());
            let mut whole = ResolutionStep::default();
            while let Some(at) = pending.pop() {
                let step = &self.all[at];
                if !seen.insert(at) {
                    continue;
                }
                if !step.branches.is_empty() {
                    pending.extend(step.branches.iter().rev());
                    continue;
                }
                whole.objects.extend(step.objects.iter().cloned());
                whole.items = whole.items.or(step.items);
                whole.symbols.extend(step.symbols.iter().cloned());
                whole.unknown = whole.unknown.or_else(|| step.unknown.clone());
                whole.any_text |= step.any_text;
            }
            if whole.any_text {
                (whole.symbols, whole.unknown) = (Vec::new(), None);
            }
            // The branches stay: other unions may lead here before they are taken together themselves.
            self.all[index] = ResolutionStep { branches: std::mem::take(&mut self.all[index].branches), ..whole };
        }
    }

    /// Finds the steps that do something, by themselves or in what they hold.
    fn useful(&self) -> BTreeSet<usize> {
        let mut useful = BTreeSet::new();
        loop {
            let is_useful = |index: &usize| !useful.contains(index) && does_something(&self.all[*index], &useful);
            let more: Vec<usize> = (0..self.all.len()).filter(is_useful).collect();
            if more.is_empty() {
                return useful;
            }
            useful.extend(more);
        }
    }

    fn kept(self, useful: &BTreeSet<usize>) -> Vec<ResolutionStep> {
        let renumbered: HashMap<usize, usize> = useful.iter().enumerate().map(|(to, from)| (*from, to)).collect();
        let moved = |step: Option<usize>| step.and_then(|step| renumbered.get(&step).copied());
        let object = |object: ObjectResolution| {
            let fields = object.fields.into_iter().map(|field| FieldResolution { step: moved(field.step), ..field });
            let fields = fields.filter(|field| field.is_resolved() || field.step.is_some()).collect();
            ObjectResolution { fields, values: moved(object.values), ..object }
        };
        let step = |step: ResolutionStep| {
            let mut objects: Vec<ObjectResolution> = step.objects.into_iter().map(object).collect();
            // Where there is nothing to choose from, what is absent is told of what the default does not stand for alone.
            if let [only] = objects.as_mut_slice() {
                only.needs.clear();
            }
            ResolutionStep { items: moved(step.items), objects, ..step }
        };
        self.all.into_iter().enumerate().filter(|(index, _)| useful.contains(index)).map(|(_, inner)| step(inner)).collect()
    }
}

fn symbols(strings: &StringEnum) -> ResolutionStep {
    let unknown = strings.unknown.and_then(|index| strings.members.get(index)).map(|member| member.value.clone());
    let symbols = strings.members.iter().map(|member| member.value.clone()).collect();
    ResolutionStep { symbols, unknown, ..ResolutionStep::default() }
}

fn does_something(step: &ResolutionStep, useful: &BTreeSet<usize>) -> bool {
    let inner = |step: Option<usize>| step.is_some_and(|step| useful.contains(&step));
    let field = |field: &FieldResolution| field.is_resolved() || inner(field.step);
    step.unknown.is_some() || inner(step.items) || step.objects.iter().any(|object| inner(object.values) || object.fields.iter().any(field))
}
