//! Keywords that apply schemas to the value itself.

use serde_json::Value;

use super::{
    CheckContext, DynamicScope, ROOT, ask, check,
    report::{Quiet, ViolationReport},
};
use crate::schema::{
    Schema,
    evaluated::Evaluated,
    plan::{Condition, InPlace, PlanNode, PlanNodeId},
    wording,
};

pub(super) fn check_in_place<R: ViolationReport>(
    node: &'static PlanNode,
    rules: &'static InPlace,
    value: &Value,
    context: CheckContext<'_>,
    mut evaluated: Option<&mut Evaluated>,
    report: &mut R,
) -> bool {
    let mut ok = true;
    if let Some(reference) = &rules.reference {
        let target = (reference.name, reference.target);
        ask!(R, ok, check_reference(node, target, value, context, evaluated.as_deref_mut(), report));
    }
    if let Some((reference, anchor)) = &rules.dynamic {
        let target = (reference.name, context.scope.anchored(anchor).unwrap_or(reference.target));
        ask!(R, ok, check_reference(node, target, value, context, evaluated.as_deref_mut(), report));
    }
    for node in &rules.all_of {
        ask!(R, ok, check(*node, value, context, evaluated.as_deref_mut(), report));
    }
    if !rules.any_of.is_empty() {
        ask!(R, ok, check_any(node, &rules.any_of, value, context, evaluated.as_deref_mut(), report));
    }
    if !rules.one_of.is_empty() {
        ask!(R, ok, check_one(node, &rules.one_of, value, context, evaluated.as_deref_mut(), report));
    }
    if let Some(excluded) = rules.not
        && check(excluded, value, context, None, &mut Quiet)
    {
        report.broken(node, "not", value, wording::excluded);
        ask!(R, ok, false);
    }
    if let Some(condition) = &rules.condition {
        ask!(R, ok, check_condition(condition, value, context, evaluated, report));
    }
    ok
}

fn check_reference<R: ViolationReport>(
    node: &'static PlanNode,
    (name, target): (&'static str, &'static Schema),
    value: &Value,
    context: CheckContext<'_>,
    evaluated: Option<&mut Evaluated>,
    report: &mut R,
) -> bool {
    let nodes = match target.nodes() {
        Ok(nodes) => nodes,
        Err(error) => {
            report.broken(node, "$ref", value, || wording::unusable(name, error));
            return false;
        }
    };
    let scope = DynamicScope { schema: target, nodes, outer: Some(context.scope) };
    let before = report.enter_plan(name);
    let ok = check(ROOT, value, CheckContext { scope: &scope, ..context }, evaluated, report);
    report.enter_plan(before);
    ok
}

/// Returns a schema that may fail without harm; what it has judged counts only if it does not.
fn accepts(node: PlanNodeId, value: &Value, context: CheckContext<'_>, evaluated: Option<&mut Evaluated>) -> bool {
    let Some(evaluated) = evaluated else { return check(node, value, context, None, &mut Quiet) };
    let mut own = Evaluated::default();
    let ok = check(node, value, context, Some(&mut own), &mut Quiet);
    if ok {
        evaluated.merge(&own);
    }
    ok
}

fn check_any<R: ViolationReport>(
    node: &'static PlanNode,
    alternatives: &'static [PlanNodeId],
    value: &Value,
    context: CheckContext<'_>,
    mut evaluated: Option<&mut Evaluated>,
    report: &mut R,
) -> bool {
    let mut ok = false;
    for alternative in alternatives {
        ok |= accepts(*alternative, value, context, evaluated.as_deref_mut());
        if ok && evaluated.is_none() {
            return true;
        }
    }
    if !ok {
        no_alternative(node, ("anyOf", alternatives), value, context, evaluated, report);
    }
    ok
}

fn check_one<R: ViolationReport>(
    node: &'static PlanNode,
    alternatives: &'static [PlanNodeId],
    value: &Value,
    context: CheckContext<'_>,
    mut evaluated: Option<&mut Evaluated>,
    report: &mut R,
) -> bool {
    let mut found = false;
    for alternative in alternatives {
        if accepts(*alternative, value, context, evaluated.as_deref_mut()) {
            if found {
                report.broken(node, "oneOf", value, || wording::several_alternatives(alternatives.len()));
                report.explain(alternatives, value, context);
                return false;
            }
            found = true;
        }
    }
    if !found {
        no_alternative(node, ("oneOf", alternatives), value, context, evaluated, report);
    }
    found
}

fn no_alternative<R: ViolationReport>(
    node: &'static PlanNode,
    (keyword, alternatives): (&'static str, &'static [PlanNodeId]),
    value: &Value,
    context: CheckContext<'_>,
    evaluated: Option<&mut Evaluated>,
    report: &mut R,
) {
    report.broken(node, keyword, value, || wording::no_alternative(alternatives.len()));
    report.explain(alternatives, value, context);
    if let Some(evaluated) = evaluated {
        evaluated.add_all();
    }
}

fn check_condition<R: ViolationReport>(
    condition: &'static Condition,
    value: &Value,
    context: CheckContext<'_>,
    mut evaluated: Option<&mut Evaluated>,
    report: &mut R,
) -> bool {
    let holds = accepts(condition.test, value, context, evaluated.as_deref_mut());
    let next = if holds { condition.then } else { condition.otherwise };
    next.is_none_or(|node| check(node, value, context, evaluated, report))
}
