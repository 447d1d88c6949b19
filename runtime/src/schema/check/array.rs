//! Keywords of lists.

use serde_json::Value;

use super::{
    CheckContext, ask, check,
    report::{Quiet, ViolationReport},
    scalar::wrong_count,
};
use crate::schema::{
    equal,
    evaluated::Evaluated,
    plan::{ArrayRules, Contains, PlanNode, PlanNodeId},
    wording,
};

pub(super) fn check_array<R: ViolationReport>(
    node: &'static PlanNode,
    rules: &'static ArrayRules,
    (items, value): (&[Value], &Value),
    context: CheckContext<'_>,
    mut evaluated: Option<&mut Evaluated>,
    report: &mut R,
) -> bool {
    let mut ok = true;
    if let Some(keyword) = wrong_count(items.len(), rules.length, "minItems", "maxItems") {
        report.broken(node, keyword, value, || wording::wrong_count(keyword, rules.length, "item", "items"));
        ask!(R, ok, false);
    }
    for (index, (item, &node)) in items.iter().zip(&rules.prefix).enumerate() {
        ask!(R, ok, check_item(node, index, item, context, report));
        if let Some(evaluated) = evaluated.as_deref_mut() {
            evaluated.add(index);
        }
    }
    if let Some(rest) = rules.items {
        let judged = rules.prefix.len();
        ask!(R, ok, check_rest(rest, items, context, |index| index >= judged, report));
        if let Some(evaluated) = evaluated.as_deref_mut() {
            evaluated.add_all();
        }
    }
    if let Some(contains) = &rules.contains {
        ask!(R, ok, check_contains(node, contains, (items, value), context, evaluated, report));
    }
    if rules.unique
        && let Some((_, index)) = equal::duplicate(items)
    {
        report.broken(node, "uniqueItems", value, || wording::repeated(index));
        ok = false;
    }
    ok
}

/// Checks the items that `asked` picks.
pub(super) fn check_rest<R: ViolationReport>(
    node: PlanNodeId,
    items: &[Value],
    context: CheckContext<'_>,
    asked: impl Fn(usize) -> bool,
    report: &mut R,
) -> bool {
    let mut ok = true;
    for (index, item) in items.iter().enumerate() {
        if asked(index) {
            ask!(R, ok, check_item(node, index, item, context, report));
        }
    }
    ok
}

fn check_item<R: ViolationReport>(node: PlanNodeId, index: usize, item: &Value, context: CheckContext<'_>, report: &mut R) -> bool {
    let mark = report.enter_item(index);
    let ok = check(node, item, context, None, report);
    report.leave(mark);
    ok
}

fn check_contains<R: ViolationReport>(
    node: &'static PlanNode,
    contains: &'static Contains,
    (items, value): (&[Value], &Value),
    context: CheckContext<'_>,
    mut evaluated: Option<&mut Evaluated>,
    report: &mut R,
) -> bool {
    let mut count = 0;
    for (index, item) in items.iter().enumerate() {
        if check(contains.node, item, context, None, &mut Quiet) {
            count += 1;
            match evaluated.as_deref_mut() {
                Some(evaluated) => evaluated.add(index),
                None if count >= contains.count.least && contains.count.most == usize::MAX => return true,
                None => {}
            }
        }
    }
    let least = if contains.count.least == 1 { "contains" } else { "minContains" };
    match wrong_count(count, contains.count, least, "maxContains") {
        Some(keyword) => {
            report.broken(node, keyword, value, || wording::wrong_count(keyword, contains.count, "fitting item", "fitting items"));
            false
        }
        None => true,
    }
}
