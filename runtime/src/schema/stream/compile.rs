//! From plans to steps.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::step::{ArrayStep, Ask, ByName, Inside, Next, ObjectStep, Property, Site, Step, Steps};
use crate::schema::{
    Schema,
    pattern::Pattern,
    plan::{Kinds, Node, NodeId, ObjectRules, Range},
};

/// The maximum number of steps; beyond, places are judged as wholes: schemas that are merged may have more combinations than
/// anybody can list.
const MAX_STEPS: usize = 4096;

/// The maximum number of schemas that are merged into one step.
const MAX_MERGED: usize = 64;

/// The most `patternProperties` of one place; each combination has a step of its own.
const MAX_PATTERNS: usize = 4;

/// The most references that only lead to a reference.
const MAX_HOPS: usize = 4;

type Key = (usize, usize);

/// A schema that a step cannot express: a loop of references, or a schema that is unusable.
struct Undecided;

/// Returns the steps of a schema, and of a payload that stands at a place of its own in it.
pub(in crate::schema) fn compile(schema: &'static Schema, payload: Option<(&str, &'static Schema)>) -> Steps {
    let roots = [Some(schema), payload.map(|(_, payload)| payload)];
    let mut compiler = Compiler { root: schema, steps: Vec::new(), waiting: Vec::new(), known: HashMap::new(), able: HashMap::new() };
    let root = Site::root(schema).filter(|_| roots.into_iter().flatten().all(is_static));
    let (Some(root), Ok(inner)) = (root, payload.map(|(place, payload)| Inner::new(place, payload)).transpose()) else {
        return Steps::new(vec![Step::undecided()]);
    };
    compiler.add(Place { sites: vec![root], inner });
    while let Some((index, place)) = compiler.waiting.pop() {
        compiler.steps[index] = compiler.step(&place).unwrap_or_else(|Undecided| Step::undecided());
    }
    Steps::new(compiler.steps)
}

/// Returns whether a schema can be used, and means the same wherever one comes from: no reference in its reach depends on
/// dynamic scope.
fn is_static(schema: &'static Schema) -> bool {
    let mut waiting = vec![schema];
    let mut done: HashSet<*const Schema> = HashSet::new();
    while let Some(schema) = waiting.pop() {
        if done.insert(schema) {
            let Ok(nodes) = schema.nodes() else { return false };
            if nodes.iter().any(|node| node.in_place.as_ref().is_some_and(|rules| rules.dynamic.is_some())) {
                return false;
            }
            waiting.extend(schema.refs.iter().map(|(_, target)| *target));
        }
    }
    true
}

impl Site {
    fn root(schema: &'static Schema) -> Option<Self> {
        Some(Self { schema, nodes: schema.nodes().ok()?, id: NodeId(0) })
    }

    fn beside(self, id: NodeId) -> Self {
        Self { id, ..self }
    }
}

/// The key of a place: the schemas that apply to it.
#[derive(Clone)]
struct Place {
    sites: Vec<Site>,
    inner: Option<Inner>,
}

/// Another schema that applies to something inside.
#[derive(Clone)]
struct Inner {
    /// The properties that lead there, the last first.
    path: Vec<String>,
    site: Site,
}

impl Inner {
    fn new(pointer: &str, schema: &'static Schema) -> Result<Self, Undecided> {
        let path = pointer.rsplit('/').map(|step| step.replace("~1", "/").replace("~0", "~"));
        // A pointer begins with a slash.
        let mut path: Vec<String> = path.collect();
        path.pop();
        Ok(Self { path, site: Site::root(schema).ok_or(Undecided)? })
    }
}

/// The schemas that apply to values of one type at a place, merged.
#[derive(Default)]
struct Merged {
    /// Whether any such value can be accepted.
    possible: bool,
    sites: Vec<Site>,
    /// The schemas of them that have to be asked as wholes.
    whole: Vec<Site>,
}

struct Compiler {
    root: &'static Schema,
    steps: Vec<Step>,
    /// Steps that are still to be made.
    waiting: Vec<(usize, Place)>,
    known: HashMap<Vec<Key>, usize>,
    /// Whether a schema may accept values of a type.
    able: HashMap<(Key, Kinds), bool>,
}

impl Compiler {
    fn add(&mut self, place: Place) -> usize {
        let index = self.steps.len();
        self.steps.push(Step::default());
        self.waiting.push((index, place));
        index
    }

    /// Returns the position of a place's step.
    fn next(&mut self, mut sites: Vec<Site>, inner: Option<Inner>) -> Next {
        for site in &mut sites {
            *site = follow(*site);
        }
        if let Some(inner) = inner {
            return Next::Step(self.add(Place { sites, inner: Some(inner) }));
        }
        sites.retain(|site| !site.node().asks_nothing());
        sites.sort_unstable_by_key(Site::key);
        sites.dedup_by_key(|site| site.key());
        match sites[..] {
            [] => return Next::Free,
            [Site { schema, id: NodeId(0), .. }] if !std::ptr::eq(schema, self.root) => return Next::Schema(schema),
            _ => {}
        }
        let key: Vec<Key> = sites.iter().map(Site::key).collect();
        if let Some(index) = self.known.get(&key) {
            return Next::Step(*index);
        }
        let index = self.add(Place { sites, inner: None });
        self.known.insert(key, index);
        Next::Step(index)
    }

    fn step(&mut self, place: &Place) -> Result<Step, Undecided> {
        let mut step = Step { kinds: Kinds::NONE, whole: place.sites.clone().into(), ..Step::default() };
        let crowded = self.steps.len() > MAX_STEPS;
        for kind in Kinds::EACH {
            let mut merged = Merged { possible: true, ..Merged::default() };
            for site in &place.sites {
                self.merge(*site, kind, &mut merged, &mut Vec::new())?;
            }
            if !merged.possible {
                continue;
            }
            step.depth = step.depth.max(merged.sites.len() + MAX_HOPS + 2);
            let whole = crowded || !merged.whole.is_empty() || merged.sites.len() > MAX_MERGED;
            step.kinds = step.kinds.with(kind);
            match kind {
                Kinds::NULL => step.null = merged.asks(|_| false),
                Kinds::BOOLEAN => step.boolean = merged.asks(|_| false),
                Kinds::NUMBER => {
                    if !merged.sites.iter().all(|site| site.node().kinds.contains(Kinds::NUMBER)) {
                        step.kinds = step.kinds.without(Kinds::NUMBER);
                    }
                    step.kinds = step.kinds.with(Kinds::INTEGER);
                    step.number = merged.asks(|node| node.number.is_some());
                }
                Kinds::STRING => step.string = merged.asks(|node| node.string.is_some()),
                Kinds::ARRAY => step.array = if whole { Inside::Whole } else { self.array(&merged.sites) },
                _ => step.object = if whole { Inside::Whole } else { self.object(&merged.sites, place.inner.as_ref()) },
            }
        }
        match &place.inner {
            // A payload in something that is judged as a whole.
            Some(_) if step.object.streamed().is_none() => Err(Undecided),
            _ => Ok(step),
        }
    }

    /// Takes together what a schema asks of values of a type.
    fn merge(&mut self, site: Site, kind: Kinds, merged: &mut Merged, way: &mut Vec<Key>) -> Result<(), Undecided> {
        if way.contains(&site.key()) {
            return Err(Undecided);
        }
        if merged.sites.iter().any(|known| known.key() == site.key()) {
            return Ok(());
        }
        merged.sites.push(site);
        let node = site.node();
        let values = node.values.as_ref().is_none_or(|values| {
            let constant = values.constant.as_ref().is_none_or(|constant| Kinds::of_value(constant) == kind);
            constant && values.members.as_ref().is_none_or(|members| members.iter().any(|member| Kinds::of_value(member) == kind))
        });
        let number = kind == Kinds::NUMBER && node.kinds.contains(Kinds::INTEGER);
        if node.never.is_some() || !(node.kinds.contains(kind) || number) || !values {
            merged.possible = false;
        }
        let has_structure = |value: &Value| (value.is_array() || value.is_object()) && Kinds::of_value(value) == kind;
        if let Some(values) = &node.values
            && values.constant.iter().chain(values.members.iter().flatten()).any(has_structure)
        {
            merged.whole.push(site);
        }
        let Some(rules) = &node.in_place else { return Ok(()) };
        way.push(site.key());
        if let Some(reference) = &rules.reference {
            self.merge(Site::root(reference.target).ok_or(Undecided)?, kind, merged, way)?;
        }
        for id in &rules.all_of {
            self.merge(site.beside(*id), kind, merged, way)?;
        }
        for alternatives in [&rules.any_of, &rules.one_of] {
            if alternatives.is_empty() {
                continue;
            }
            let mut able = Vec::new();
            for id in alternatives {
                if self.is_able(site.beside(*id), kind)? {
                    able.push(*id);
                }
            }
            match able[..] {
                [] => merged.possible = false,
                [only] => self.merge(site.beside(only), kind, merged, way)?,
                _ => merged.whole.push(site),
            }
        }
        if let Some(excluded) = rules.not
            && self.is_able(site.beside(excluded), kind)?
        {
            merged.whole.push(site);
        }
        if let Some(condition) = &rules.condition {
            if self.is_able(site.beside(condition.test), kind)? {
                merged.whole.push(site);
            } else if let Some(otherwise) = condition.otherwise {
                self.merge(site.beside(otherwise), kind, merged, way)?;
            }
        }
        way.pop();
        Ok(())
    }

    /// Returns whether a schema may accept a value of a type; if not, it never does.
    fn is_able(&mut self, site: Site, kind: Kinds) -> Result<bool, Undecided> {
        if let Some(able) = self.able.get(&(site.key(), kind)) {
            return Ok(*able);
        }
        // Who comes here again on the way does not know yet.
        self.able.insert((site.key(), kind), true);
        let mut merged = Merged { possible: true, ..Merged::default() };
        self.merge(site, kind, &mut merged, &mut Vec::new())?;
        self.able.insert((site.key(), kind), merged.possible);
        Ok(merged.possible)
    }

    fn array(&mut self, sites: &[Site]) -> Inside<ArrayStep> {
        let rules: Vec<_> = sites.iter().filter_map(|site| Some((*site, site.node().array.as_ref()?))).collect();
        if rules.iter().any(|(_, rules)| rules.contains.is_some() || rules.unique || rules.unevaluated.is_some()) {
            return Inside::Whole;
        }
        let longest = rules.iter().map(|(_, rules)| rules.prefix.len()).max().unwrap_or(0);
        let mut place = |index: usize| {
            let ids = rules.iter().filter_map(|(site, rules)| Some(site.beside(*rules.prefix.get(index).or(rules.items.as_ref())?)));
            self.next(ids.collect(), None)
        };
        let step = ArrayStep {
            length: rules.iter().fold(Range::ANY, |range, (_, rules)| range.within(rules.length)),
            prefix: (0..longest).map(&mut place).collect(),
            items: place(longest),
        };
        if rules.is_empty() { Inside::Free } else { Inside::Streamed(Box::new(step)) }
    }

    fn object(&mut self, sites: &[Site], inner: Option<&Inner>) -> Inside<ObjectStep> {
        let rules: Vec<(Site, &'static ObjectRules)> =
            sites.iter().filter_map(|site| Some((*site, site.node().object.as_deref()?))).collect();
        let patterns: Vec<&'static Pattern> =
            rules.iter().flat_map(|(_, rules)| rules.patterns.iter().map(|(pattern, _)| pattern)).collect();
        let size = rules.iter().fold(Range::ANY, |range, (_, rules)| range.within(rules.size));
        let together = |rules: &ObjectRules| {
            !rules.dependent_required.is_empty() || !rules.dependent_schemas.is_empty() || rules.unevaluated.is_some()
        };
        // A property that stands twice counts once.
        if rules.iter().any(|(_, rules)| together(rules)) || patterns.len() > MAX_PATTERNS || size.least > 1 {
            return Inside::Whole;
        }
        let mut names: Vec<(&str, bool)> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        let declared = rules.iter().flat_map(|(_, rules)| &rules.properties.list).map(|property| (&*property.name, property.required));
        for (name, required) in declared.chain(inner.and_then(|inner| Some((inner.path.last()?.as_str(), true)))) {
            let index = *known.entry(name).or_insert_with(|| {
                names.push((name, false));
                names.len() - 1
            });
            names[index].1 |= required;
        }
        let mut bits = (0..128).map(|bit| 1_u128 << bit);
        let mut properties = Vec::new();
        for (name, required) in names {
            let Some(required) = (if required { bits.next() } else { Some(0) }) else { return Inside::Whole };
            let mut ids: Vec<Site> = rules.iter().flat_map(|(site, rules)| named(*site, rules, name)).collect();
            let inner = inner.filter(|inner| inner.path.last().is_some_and(|step| step == name)).cloned().and_then(|mut inner| {
                inner.path.pop();
                if inner.path.is_empty() {
                    ids.push(inner.site);
                    return None;
                }
                Some(inner)
            });
            properties.push(Property { name: name.into(), next: self.next(ids, inner), required });
        }
        let names = rules.iter().filter_map(|(site, rules)| Some(site.beside(rules.names?))).collect();
        let step = ObjectStep {
            size,
            required: properties.iter().fold(0, |bits, property| bits | property.required),
            by_name: ByName::new(&properties),
            properties,
            names: self.next(names, None),
            others: (0..1 << patterns.len()).map(|matching| self.next(others(&rules, matching), None)).collect(),
            patterns,
        };
        if rules.is_empty() && inner.is_none() { Inside::Free } else { Inside::Streamed(Box::new(step)) }
    }
}

impl Merged {
    /// Returns the checks of a scalar; `own` says whether a node has keywords for its type.
    fn asks(&self, own: impl Fn(&Node) -> bool) -> Box<[Ask]> {
        let own = self.sites.iter().map(Site::node).filter(|node| node.values.is_some() || own(node)).map(Ask::Own);
        own.chain(self.whole.iter().map(|site| Ask::All(*site))).collect()
    }
}

/// Returns the schema that a reference with nothing beside it leads to.
fn follow(mut site: Site) -> Site {
    for _ in 0..MAX_HOPS {
        let Some(target) = site.node().only_reference().and_then(Site::root) else { break };
        site = target;
    }
    site
}

/// Returns the schemas that one schema has for a property that is named somewhere.
fn named(site: Site, rules: &'static ObjectRules, name: &str) -> Vec<Site> {
    let declared = rules.properties.list.iter().find(|property| *property.name == *name).and_then(|property| property.node);
    let matching = rules.patterns.iter().filter(|(pattern, _)| pattern.matches(name)).map(|(_, node)| *node);
    let mut ids: Vec<NodeId> = declared.into_iter().chain(matching).collect();
    if ids.is_empty() {
        ids.extend(rules.additional);
    }
    ids.into_iter().map(|id| site.beside(id)).collect()
}

/// Returns the schemas for a property without a name of its own that matches some of the patterns, as bits.
fn others(rules: &[(Site, &'static ObjectRules)], mut matching: usize) -> Vec<Site> {
    let mut sites = Vec::new();
    for (site, rules) in rules {
        let before = sites.len();
        for (_, node) in &rules.patterns {
            if matching & 1 == 1 {
                sites.push(site.beside(*node));
            }
            matching >>= 1;
        }
        if sites.len() == before {
            sites.extend(rules.additional.map(|node| site.beside(node)));
        }
    }
    sites
}
