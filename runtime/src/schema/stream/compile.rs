//! From plans to steps.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::schema::{
    Schema,
    pattern::Pattern,
    plan::{InPlace, ObjectRules, PlanNode, PlanNodeId, Range, TypeSet},
    steps::{AppliedSchema, ArrayStep, ByName, Check, ContainerCheck, NextStep, ObjectStep, PlanStep, PropertyStep, Steps},
};

/// The maximum number of steps; beyond, places are judged as wholes: schemas that are merged may have more combinations than
/// anybody can list.
const MAX_STEPS: usize = 4096;

/// The maximum number of schemas that are merged into one step.
const MAX_MERGED: usize = 64;

/// The maximum number of `patternProperties` of one place; each combination has a step of its own.
const MAX_PATTERNS: usize = 4;

/// The maximum number of references that only lead to a reference.
const MAX_HOPS: usize = 4;

type SchemaKey = (usize, usize);

/// A schema that a step cannot express: a loop of references, or a schema that is unusable.
struct Inexpressible;

impl Schema {
    /// Returns the steps of the schema, compiled when they are first asked for.
    #[inline]
    pub(super) fn steps(&'static self) -> &'static Steps {
        self.steps.get_or_init(|| compile(self, None))
    }
}

impl Steps {
    /// Returns the step of a place inside, with the steps that it belongs to.
    #[inline]
    pub(super) fn follow(&'static self, next: NextStep) -> (&'static Self, &'static PlanStep) {
        match next {
            NextStep::Free => (self, &self.free),
            NextStep::Step(index) => (self, &self.list[index]),
            NextStep::Schema(schema) => (schema.steps(), schema.steps().root()),
        }
    }
}

/// Returns the steps of a schema, and of a payload that stands at a place of its own in it.
pub(super) fn compile(schema: &'static Schema, payload: Option<(&str, &'static Schema)>) -> Steps {
    let roots = [Some(schema), payload.map(|(_, payload)| payload)];
    let mut compiler = StepCompiler { root: schema, steps: Vec::new(), waiting: Vec::new(), known: HashMap::new(), able: HashMap::new() };
    let root = AppliedSchema::root(schema).filter(|_| roots.into_iter().flatten().all(is_static));
    let (Some(root), Ok(inner)) = (root, payload.map(|(place, payload)| NestedSchema::new(place, payload)).transpose()) else {
        return Steps::new(vec![PlanStep::undecided()]);
    };
    compiler.add(PlaceKey { applied: vec![root], inner });
    while let Some((index, place)) = compiler.waiting.pop() {
        compiler.steps[index] = compiler.step(&place).unwrap_or_else(|Inexpressible| PlanStep::undecided());
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

impl AppliedSchema {
    fn root(schema: &'static Schema) -> Option<Self> {
        Some(Self { schema, nodes: schema.nodes().ok()?, id: PlanNodeId(0) })
    }

    fn beside(self, id: PlanNodeId) -> Self {
        Self { id, ..self }
    }
}

/// The key of a place: the schemas that apply to it.
#[derive(Clone)]
struct PlaceKey {
    applied: Vec<AppliedSchema>,
    inner: Option<NestedSchema>,
}

/// Another schema that applies to something inside.
#[derive(Clone)]
struct NestedSchema {
    /// The properties that lead there, the last first.
    path: Vec<String>,
    applied: AppliedSchema,
}

impl NestedSchema {
    fn new(pointer: &str, schema: &'static Schema) -> Result<Self, Inexpressible> {
        let path = pointer.rsplit('/').map(|step| step.replace("~1", "/").replace("~0", "~"));
        // A pointer begins with a slash.
        let mut path: Vec<String> = path.collect();
        path.pop();
        Ok(Self { path, applied: AppliedSchema::root(schema).ok_or(Inexpressible)? })
    }
}

/// The schemas that apply to values of one type at a place, merged.
#[derive(Default)]
struct AppliedSchemas {
    /// Whether any such value can be accepted.
    possible: bool,
    applied: Vec<AppliedSchema>,
    /// The schemas of them that have to be asked as wholes.
    whole: Vec<AppliedSchema>,
}

struct StepCompiler {
    root: &'static Schema,
    steps: Vec<PlanStep>,
    /// Steps that are still to be made.
    waiting: Vec<(usize, PlaceKey)>,
    known: HashMap<Vec<SchemaKey>, usize>,
    /// Whether a schema may accept values of a type.
    able: HashMap<(SchemaKey, TypeSet), bool>,
}

impl StepCompiler {
    fn add(&mut self, place: PlaceKey) -> usize {
        let index = self.steps.len();
        self.steps.push(PlanStep::default());
        self.waiting.push((index, place));
        index
    }

    /// Returns the position of a place's step.
    fn next(&mut self, mut applied: Vec<AppliedSchema>, inner: Option<NestedSchema>) -> NextStep {
        for applied in &mut applied {
            *applied = follow(*applied);
        }
        if let Some(inner) = inner {
            return NextStep::Step(self.add(PlaceKey { applied, inner: Some(inner) }));
        }
        applied.retain(|applied| !applied.node().asks_nothing());
        applied.sort_unstable_by_key(AppliedSchema::key);
        applied.dedup_by_key(|applied| applied.key());
        match applied[..] {
            [] => return NextStep::Free,
            [AppliedSchema { schema, id: PlanNodeId(0), .. }] if !std::ptr::eq(schema, self.root) => return NextStep::Schema(schema),
            _ => {}
        }
        let key: Vec<SchemaKey> = applied.iter().map(AppliedSchema::key).collect();
        if let Some(index) = self.known.get(&key) {
            return NextStep::Step(*index);
        }
        let index = self.add(PlaceKey { applied, inner: None });
        self.known.insert(key, index);
        NextStep::Step(index)
    }

    fn step(&mut self, place: &PlaceKey) -> Result<PlanStep, Inexpressible> {
        let mut step = PlanStep { kinds: TypeSet::NONE, whole: place.applied.clone().into(), ..PlanStep::default() };
        let crowded = self.steps.len() > MAX_STEPS;
        for kind in TypeSet::EACH {
            let mut merged = AppliedSchemas { possible: true, ..AppliedSchemas::default() };
            for applied in &place.applied {
                self.merge(*applied, kind, &mut merged, &mut Vec::new())?;
            }
            if !merged.possible {
                continue;
            }
            step.depth = step.depth.max(merged.applied.len() + MAX_HOPS + 2);
            let whole = crowded || !merged.whole.is_empty() || merged.applied.len() > MAX_MERGED;
            step.kinds = step.kinds.with(kind);
            match kind {
                TypeSet::NULL => step.null = merged.checks(|_| false),
                TypeSet::BOOLEAN => step.boolean = merged.checks(|_| false),
                TypeSet::NUMBER => {
                    if !merged.applied.iter().all(|applied| applied.node().kinds.contains(TypeSet::NUMBER)) {
                        step.kinds = step.kinds.without(TypeSet::NUMBER);
                    }
                    step.kinds = step.kinds.with(TypeSet::INTEGER);
                    step.number = merged.checks(|node| node.number.is_some());
                }
                TypeSet::STRING => step.string = merged.checks(|node| node.string.is_some()),
                TypeSet::ARRAY => step.array = if whole { ContainerCheck::Whole } else { self.array(&merged.applied) },
                _ => step.object = if whole { ContainerCheck::Whole } else { self.object(&merged.applied, place.inner.as_ref()) },
            }
        }
        match &place.inner {
            // A payload in something that is judged as a whole.
            Some(_) if step.object.streamed().is_none() => Err(Inexpressible),
            _ => Ok(step),
        }
    }

    /// Takes together what a schema asks of values of a type.
    fn merge(
        &mut self,
        applied: AppliedSchema,
        kind: TypeSet,
        merged: &mut AppliedSchemas,
        way: &mut Vec<SchemaKey>,
    ) -> Result<(), Inexpressible> {
        if way.contains(&applied.key()) {
            return Err(Inexpressible);
        }
        if merged.applied.iter().any(|known| known.key() == applied.key()) {
            return Ok(());
        }
        merged.applied.push(applied);
        let node = applied.node();
        let values = node.values.as_ref().is_none_or(|values| {
            let constant = values.constant.as_ref().is_none_or(|constant| TypeSet::of_value(constant) == kind);
            constant && values.members.as_ref().is_none_or(|members| members.iter().any(|member| TypeSet::of_value(member) == kind))
        });
        let number = kind == TypeSet::NUMBER && node.kinds.contains(TypeSet::INTEGER);
        if node.never.is_some() || !(node.kinds.contains(kind) || number) || !values {
            merged.possible = false;
        }
        let has_structure = |value: &Value| (value.is_array() || value.is_object()) && TypeSet::of_value(value) == kind;
        if let Some(values) = &node.values
            && values.constant.iter().chain(values.members.iter().flatten()).any(has_structure)
        {
            merged.whole.push(applied);
        }
        let Some(rules) = &node.in_place else { return Ok(()) };
        way.push(applied.key());
        self.merge_in_place(applied, rules, kind, merged, way)?;
        way.pop();
        Ok(())
    }

    /// Takes together what schemas within a schema ask of the same value.
    fn merge_in_place(
        &mut self,
        applied: AppliedSchema,
        rules: &'static InPlace,
        kind: TypeSet,
        merged: &mut AppliedSchemas,
        way: &mut Vec<SchemaKey>,
    ) -> Result<(), Inexpressible> {
        if let Some(reference) = &rules.reference {
            self.merge(AppliedSchema::root(reference.target).ok_or(Inexpressible)?, kind, merged, way)?;
        }
        for id in &rules.all_of {
            self.merge(applied.beside(*id), kind, merged, way)?;
        }
        for alternatives in [&rules.any_of, &rules.one_of] {
            if alternatives.is_empty() {
                continue;
            }
            let mut able = Vec::new();
            for id in alternatives {
                if self.is_able(applied.beside(*id), kind)? {
                    able.push(*id);
                }
            }
            match able[..] {
                [] => merged.possible = false,
                [only] => self.merge(applied.beside(only), kind, merged, way)?,
                _ => merged.whole.push(applied),
            }
        }
        if let Some(excluded) = rules.not
            && self.is_able(applied.beside(excluded), kind)?
        {
            merged.whole.push(applied);
        }
        if let Some(condition) = &rules.condition {
            if self.is_able(applied.beside(condition.test), kind)? {
                merged.whole.push(applied);
            } else if let Some(otherwise) = condition.otherwise {
                self.merge(applied.beside(otherwise), kind, merged, way)?;
            }
        }
        Ok(())
    }

    /// Returns whether a schema may accept a value of a type; if not, it never does.
    fn is_able(&mut self, applied: AppliedSchema, kind: TypeSet) -> Result<bool, Inexpressible> {
        if let Some(able) = self.able.get(&(applied.key(), kind)) {
            return Ok(*able);
        }
        // Who comes here again on the way does not know yet.
        self.able.insert((applied.key(), kind), true);
        let mut merged = AppliedSchemas { possible: true, ..AppliedSchemas::default() };
        self.merge(applied, kind, &mut merged, &mut Vec::new())?;
        self.able.insert((applied.key(), kind), merged.possible);
        Ok(merged.possible)
    }

    fn array(&mut self, applied: &[AppliedSchema]) -> ContainerCheck<ArrayStep> {
        let rules: Vec<_> = applied.iter().filter_map(|applied| Some((*applied, applied.node().array.as_ref()?))).collect();
        if rules.iter().any(|(_, rules)| rules.contains.is_some() || rules.unique || rules.unevaluated.is_some()) {
            return ContainerCheck::Whole;
        }
        let longest = rules.iter().map(|(_, rules)| rules.prefix.len()).max().unwrap_or(0);
        let mut place = |index: usize| {
            let ids = rules.iter().filter_map(|(applied, rules)| Some(applied.beside(*rules.prefix.get(index).or(rules.items.as_ref())?)));
            self.next(ids.collect(), None)
        };
        let step = ArrayStep {
            length: rules.iter().fold(Range::ANY, |range, (_, rules)| range.within(rules.length)),
            prefix: (0..longest).map(&mut place).collect(),
            items: place(longest),
        };
        if rules.is_empty() { ContainerCheck::Free } else { ContainerCheck::Streamed(Box::new(step)) }
    }

    fn object(&mut self, applied: &[AppliedSchema], inner: Option<&NestedSchema>) -> ContainerCheck<ObjectStep> {
        let rules: Vec<(AppliedSchema, &'static ObjectRules)> =
            applied.iter().filter_map(|applied| Some((*applied, applied.node().object.as_deref()?))).collect();
        let patterns: Vec<&'static Pattern> =
            rules.iter().flat_map(|(_, rules)| rules.patterns.iter().map(|(pattern, _)| pattern)).collect();
        let size = rules.iter().fold(Range::ANY, |range, (_, rules)| range.within(rules.size));
        let together = |rules: &ObjectRules| {
            !rules.dependent_required.is_empty() || !rules.dependent_schemas.is_empty() || rules.unevaluated.is_some()
        };
        // A property that stands twice counts once.
        if rules.iter().any(|(_, rules)| together(rules)) || patterns.len() > MAX_PATTERNS || size.least > 1 {
            return ContainerCheck::Whole;
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
            let Some(required) = (if required { bits.next() } else { Some(0) }) else { return ContainerCheck::Whole };
            let mut ids: Vec<AppliedSchema> = rules.iter().flat_map(|(applied, rules)| named(*applied, rules, name)).collect();
            let inner = inner.filter(|inner| inner.path.last().is_some_and(|step| step == name)).cloned().and_then(|mut inner| {
                inner.path.pop();
                if inner.path.is_empty() {
                    ids.push(inner.applied);
                    return None;
                }
                Some(inner)
            });
            properties.push(PropertyStep { name: name.into(), next: self.next(ids, inner), required });
        }
        let names = rules.iter().filter_map(|(applied, rules)| Some(applied.beside(rules.names?))).collect();
        let step = ObjectStep {
            size,
            required: properties.iter().fold(0, |bits, property| bits | property.required),
            by_name: ByName::new(&properties),
            properties,
            names: self.next(names, None),
            others: (0..1 << patterns.len()).map(|matching| self.next(others(&rules, matching), None)).collect(),
            patterns,
        };
        if rules.is_empty() && inner.is_none() { ContainerCheck::Free } else { ContainerCheck::Streamed(Box::new(step)) }
    }
}

impl AppliedSchemas {
    /// Returns the checks of a scalar; `own` says whether a node has keywords for its type.
    fn checks(&self, own: impl Fn(&PlanNode) -> bool) -> Box<[Check]> {
        let own = self.applied.iter().map(AppliedSchema::node).filter(|node| node.values.is_some() || own(node)).map(Check::Own);
        own.chain(self.whole.iter().map(|applied| Check::All(*applied))).collect()
    }
}

/// Returns the schema that a reference with nothing beside it leads to.
fn follow(mut applied: AppliedSchema) -> AppliedSchema {
    for _ in 0..MAX_HOPS {
        let Some(target) = applied.node().only_reference().and_then(AppliedSchema::root) else { break };
        applied = target;
    }
    applied
}

/// Returns the schemas that one schema has for a property that is named somewhere.
fn named(applied: AppliedSchema, rules: &'static ObjectRules, name: &str) -> Vec<AppliedSchema> {
    let declared = rules.properties.list.iter().find(|property| *property.name == *name).and_then(|property| property.node);
    let matching = rules.patterns.iter().filter(|(pattern, _)| pattern.matches(name)).map(|(_, node)| *node);
    let mut ids: Vec<PlanNodeId> = declared.into_iter().chain(matching).collect();
    if ids.is_empty() {
        ids.extend(rules.additional);
    }
    ids.into_iter().map(|id| applied.beside(id)).collect()
}

/// Returns the schemas for a property without a name of its own that matches some of the patterns, as bits.
fn others(rules: &[(AppliedSchema, &'static ObjectRules)], mut matching: usize) -> Vec<AppliedSchema> {
    let mut schemas = Vec::new();
    for (applied, rules) in rules {
        let before = schemas.len();
        for (_, node) in &rules.patterns {
            if matching & 1 == 1 {
                schemas.push(applied.beside(*node));
            }
            matching >>= 1;
        }
        if schemas.len() == before {
            schemas.extend(rules.additional.map(|node| applied.beside(node)));
        }
    }
    schemas
}
