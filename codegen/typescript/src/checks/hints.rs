//! Cheap tests that tell the branches of a union apart.

use eventc_model::schema::{Keywords, Kind, Kinds, NodeId};

use super::{
    super::text::string,
    CheckWriter,
    scalars::{has_values, values},
};

/// The maximum number of schemas with parts of which the parts are asked too.
pub(super) const MAX_PARTS: usize = 16;

/// Facts that every value of a schema has in common.
pub(super) struct CommonFacts {
    kinds: Option<Kinds>,
    /// Required properties that have one of few strings.
    tags: Vec<(String, Vec<String>)>,
}

impl CheckWriter<'_, '_> {
    fn hint(&self, node: NodeId, budget: &mut usize) -> CommonFacts {
        let mut hint = CommonFacts { kinds: None, tags: Vec::new() };
        let Ok(keywords) = self.keywords(node) else { return hint };
        hint.kinds = own_kinds(keywords);
        for (name, property) in keywords.properties.iter().filter(|(name, _)| keywords.required.contains(name)) {
            let strings = self.strings(*property);
            if !strings.is_empty() {
                hint.tags.push((name.clone(), strings));
            }
        }
        if *budget > 0 {
            *budget -= 1;
            for part in keywords.referred().into_iter().chain(keywords.all_of.iter().copied()) {
                let other = self.hint(part, budget);
                hint.tags.extend(other.tags);
                hint.kinds = match (hint.kinds, other.kinds) {
                    (Some(a), Some(b)) => Some(a.intersect(b)),
                    (a, b) => a.or(b),
                };
            }
        }
        hint
    }

    /// Returns the strings that a property is limited to; none where it may be anything else.
    fn strings(&self, node: NodeId) -> Vec<String> {
        let Ok(keywords) = self.keywords(self.schemas.target(node)) else { return Vec::new() };
        if !has_values(keywords) || self.is_open_enum(self.schemas.target(node)) {
            return Vec::new();
        }
        let listed = values(keywords);
        let strings: Vec<String> = listed.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect();
        if strings.len() == listed.len() && strings.len() <= 8 { strings } else { Vec::new() }
    }

    /// Returns whether a value fits no more than one of the branches, whatever else they say.
    pub(super) fn exclusive(&self, branches: &[NodeId]) -> bool {
        let hints: Vec<CommonFacts> = branches.iter().map(|branch| self.hint(*branch, &mut { MAX_PARTS })).collect();
        hints.iter().enumerate().all(|(at, one)| hints[at + 1..].iter().all(|other| apart(one, other)))
    }

    /// Returns whether a missing property fails the check of its schema: that asks for a type or lists values, by itself or
    /// where it refers to.
    pub(super) fn refuses_undefined(&self, mut node: NodeId) -> bool {
        for _ in 0..MAX_PARTS {
            let Ok(keywords) = self.keywords(node) else { return false };
            if keywords.types.is_some() || has_values(keywords) {
                return true;
            }
            let Some(target) = keywords.static_reference() else { return false };
            node = target;
        }
        false
    }

    /// Returns the number of schemas that a check may have to look at, within bounds: the least goes first where one of
    /// several will do.
    pub(super) fn weight(&self, node: NodeId, budget: &mut usize) -> usize {
        let Ok(keywords) = self.keywords(node) else { return 0 };
        if *budget == 0 {
            return 1;
        }
        *budget -= 1;
        let within = keywords.prefix_items.iter().chain(&keywords.items).chain(&keywords.additional_properties);
        let in_place = keywords.all_of.iter().chain(&keywords.any_of).chain(&keywords.one_of);
        let parts: Vec<NodeId> = keywords.referred().into_iter().chain(within.chain(in_place).copied()).collect();
        1 + keywords.properties.len() + parts.into_iter().map(|part| self.weight(part, budget)).sum::<usize>()
    }

    /// Returns a function that says whether a value was meant for a branch; `None` where nothing tells.
    pub(super) fn meant(&mut self, branch: NodeId) -> Option<String> {
        let hint = self.hint(branch, &mut { MAX_PARTS });
        let kinds = hint.kinds?;
        let mut tests = vec![self.is_kinds(kinds, "v")];
        if kinds.single() == Some(Kind::Object) {
            for (name, strings) in &hint.tags {
                let property = self.property("v", name);
                let any: Vec<String> = strings.iter().map(|text| format!("{property} === {}", string(text))).collect();
                tests.push(format!("({})", any.join(" || ")));
            }
        }
        let annotation = super::typed(&format!(": {}", self.subject));
        Some(format!("(v{annotation}) => {}", tests.join(" && ")))
    }
}

fn own_kinds(keywords: &Keywords) -> Option<Kinds> {
    if has_values(keywords) { Some(values(keywords).into_iter().map(Kind::of_value).collect()) } else { keywords.types }
}

fn apart(one: &CommonFacts, other: &CommonFacts) -> bool {
    let (Some(a), Some(b)) = (one.kinds, other.kinds) else { return false };
    if a.intersect(b).is_empty() {
        return true;
    }
    if a.single() != Some(Kind::Object) || b.single() != Some(Kind::Object) {
        return false;
    }
    let disjoint = |a: &[String], b: &[String]| a.iter().all(|text| !b.contains(text));
    one.tags.iter().any(|(name, a)| other.tags.iter().any(|(same, b)| name == same && disjoint(a, b)))
}
