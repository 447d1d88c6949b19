//! The check: what a node asks of a value, keyword by keyword.
//!
//! There is one check for two purposes ([`ViolationReport`]): a quick yes or no, and all that is wrong in words.

mod array;
mod in_place;
mod object;
mod report;
mod scalar;

use std::cell::Cell;

use serde_json::Value;

use super::{
    Schema,
    evaluated::Evaluated,
    number,
    plan::{PlanNode, PlanNodeId, TypeSet},
    wording,
};

use self::report::ViolationReport;
pub(super) use self::{
    report::{Collector, Quiet},
    scalar::{check_number, check_string, check_values},
};

/// The maximum number of schemas that are nested in the check of one value, whether by the value's depth or by references.
/// Keeps the stack within what threads have.
pub(super) const MAX_DEPTH: usize = 640;

/// The node of a whole plan.
const ROOT: PlanNodeId = PlanNodeId(0);

/// The context of a check: where it came from.
#[derive(Clone, Copy)]
pub(super) struct CheckContext<'a> {
    scope: &'a DynamicScope<'a>,
    depth: usize,
    /// Set when the check went too deep: then it ends as fast as it can, and its answer means nothing.
    exhausted: &'a Cell<bool>,
}

impl CheckContext<'_> {
    /// Returns a node of the schema at hand.
    fn node(&self, id: PlanNodeId) -> &'static PlanNode {
        &self.scope.nodes[id.0]
    }
}

/// The schemas that references led through: the dynamic scope.
pub(super) struct DynamicScope<'a> {
    schema: &'static Schema,
    nodes: &'static [PlanNode],
    outer: Option<&'a DynamicScope<'a>>,
}

impl DynamicScope<'_> {
    /// Returns the target of an anchor in the outermost schema that has it.
    fn anchored(&self, anchor: &str) -> Option<&'static Schema> {
        let mut scope = Some(self);
        let mut found = None;
        while let Some(DynamicScope { schema, outer, .. }) = scope {
            let here = schema.refs.iter().find(|(name, _)| name.strip_prefix('#') == Some(anchor));
            found = here.map(|(_, target)| *target).or(found);
            scope = *outer;
        }
        found
    }
}

/// Returns the outcome of a schema for a value.
pub(super) fn check_root<R: ViolationReport>(
    schema: &'static Schema,
    nodes: &'static [PlanNode],
    value: &Value,
    report: &mut R,
) -> Outcome {
    let exhausted = Cell::new(false);
    let scope = DynamicScope { schema, nodes, outer: None };
    let ok = check(ROOT, value, CheckContext { scope: &scope, depth: 0, exhausted: &exhausted }, None, report);
    match (exhausted.get(), ok) {
        (true, _) => Outcome::Undecided,
        (false, true) => Outcome::Accepted,
        (false, false) => Outcome::Refused,
    }
}

/// Returns whether a node of a schema accepts a value that so many schemas are nested around.
pub(super) fn accepts(schema: &'static Schema, nodes: &'static [PlanNode], node: PlanNodeId, value: &Value, depth: usize) -> bool {
    let exhausted = Cell::new(false);
    let scope = DynamicScope { schema, nodes, outer: None };
    check(node, value, CheckContext { scope: &scope, depth, exhausted: &exhausted }, None, &mut Quiet) && !exhausted.get()
}

/// The outcome of a schema for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Accepted,
    Refused,
    /// The value, or a loop of references, goes too deep.
    Undecided,
}

/// Notes in `$ok` whether all conditions hold; returns at the first that does not, unless all violations are asked for.
macro_rules! ask {
    ($report:ty, $ok:ident, $condition:expr) => {
        if !$condition {
            if !<$report>::ALL {
                return false;
            }
            $ok = false;
        }
    };
}
use ask;

/// Returns whether a node of the schema at hand accepts `value`. `evaluated` takes what was judged of an object or list, where
/// somebody asks for it; of a value that is not accepted, it only spares the reader what follows from another violation.
pub(super) fn check<R: ViolationReport>(
    node: PlanNodeId,
    value: &Value,
    mut context: CheckContext<'_>,
    evaluated: Option<&mut Evaluated>,
    report: &mut R,
) -> bool {
    context.depth += 1;
    if context.depth > MAX_DEPTH || context.exhausted.get() {
        context.exhausted.set(true);
        return false;
    }
    let node = context.node(node);
    if node.sensitive {
        report.withhold();
    }
    if let Some(keyword) = node.never {
        report.broken(node, keyword, value, wording::never);
        return false;
    }
    if node.kinds != TypeSet::ALL && !is_of_kind(node.kinds, value) {
        report.broken(node, "type", value, || wording::wrong_type(node.kinds));
        if let Some(evaluated) = evaluated {
            evaluated.add_all();
        }
        return false;
    }
    let Some(rest) = node.unevaluated(value) else { return check_keywords(node, value, context, evaluated, report) };
    let mut own = Evaluated::default();
    let mut ok = check_keywords(node, value, context, Some(&mut own), report);
    if ok || R::ALL {
        ok &= check_unevaluated(rest, value, context, &own, report);
    }
    if let Some(evaluated) = evaluated {
        evaluated.add_all();
    }
    ok
}

/// Returns all keywords but `type` and `unevaluated*`.
fn check_keywords<R: ViolationReport>(
    node: &'static PlanNode,
    value: &Value,
    context: CheckContext<'_>,
    mut evaluated: Option<&mut Evaluated>,
    report: &mut R,
) -> bool {
    let mut ok = true;
    if let Some(values) = &node.values {
        ask!(R, ok, scalar::check_values(node, values, value, report));
    }
    match value {
        Value::Number(number) => {
            if let Some(rules) = &node.number {
                ask!(R, ok, scalar::check_number(node, rules, number, value, report));
            }
        }
        Value::String(text) => {
            if let Some(rules) = &node.string {
                ask!(R, ok, scalar::check_string(node, rules, text, value, report));
            }
        }
        Value::Array(items) => {
            if let Some(rules) = &node.array {
                ask!(R, ok, array::check_array(node, rules, (items, value), context, evaluated.as_deref_mut(), report));
            }
        }
        Value::Object(members) => {
            if let Some(rules) = &node.object {
                ask!(R, ok, object::check_object(node, rules, (members, value), context, evaluated.as_deref_mut(), report));
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
    if let Some(rules) = &node.in_place {
        ask!(R, ok, in_place::check_in_place(node, rules, value, context, evaluated, report));
    }
    ok
}

/// Checks what no other keyword has evaluated.
fn check_unevaluated<R: ViolationReport>(
    rest: PlanNodeId,
    value: &Value,
    context: CheckContext<'_>,
    evaluated: &Evaluated,
    report: &mut R,
) -> bool {
    match value {
        Value::Array(items) => array::check_rest(rest, items, context, |index| !evaluated.contains(index), report),
        Value::Object(members) => object::check_rest(rest, members, context, evaluated, report),
        _ => true,
    }
}

fn is_of_kind(kinds: TypeSet, value: &Value) -> bool {
    match value {
        Value::Number(number) if !kinds.contains(TypeSet::NUMBER) => kinds.contains(TypeSet::INTEGER) && number::is_integer(number),
        value => kinds.contains(TypeSet::of_value(value)),
    }
}
