//! Keywords of objects.

use serde_json::{Map, Value};

use super::{CheckContext, ask, check, report::ViolationReport, scalar::wrong_count};
use crate::schema::{
    evaluated::Evaluated,
    plan::{ObjectRules, PlanNode, PlanNodeId},
    wording,
};

pub(super) fn check_object<R: ViolationReport>(
    node: &'static PlanNode,
    rules: &'static ObjectRules,
    (members, value): (&Map<String, Value>, &Value),
    context: CheckContext<'_>,
    mut evaluated: Option<&mut Evaluated>,
    report: &mut R,
) -> bool {
    let mut ok = true;
    if let Some(keyword) = wrong_count(members.len(), rules.size, "minProperties", "maxProperties") {
        report.broken(node, keyword, value, || wording::wrong_count(keyword, rules.size, "property", "properties"));
        ask!(R, ok, false);
    }
    if rules.looks_at_properties() {
        ask!(R, ok, check_members(node, rules, (members, value), context, evaluated.as_deref_mut(), report));
    }
    if let Some(names) = rules.names {
        ask!(R, ok, check_names(names, members, context, report));
    }
    for (present, names) in &rules.dependent_required {
        if members.contains_key(&**present) {
            for name in names.iter().filter(|name| !members.contains_key(&***name)) {
                report.broken(node, "dependentRequired", value, || wording::missing_beside(name, present));
                ask!(R, ok, false);
            }
        }
    }
    for (present, node) in &rules.dependent_schemas {
        if members.contains_key(&**present) {
            ask!(R, ok, check(*node, value, context, evaluated.as_deref_mut(), report));
        }
    }
    ok
}

/// Checks `properties`, `patternProperties`, `additionalProperties` and `required`, in one pass over the object.
fn check_members<R: ViolationReport>(
    node: &'static PlanNode,
    rules: &'static ObjectRules,
    (members, value): (&Map<String, Value>, &Value),
    context: CheckContext<'_>,
    mut evaluated: Option<&mut Evaluated>,
    report: &mut R,
) -> bool {
    let mut ok = true;
    let mut required = 0;
    let mut next = 0;
    for (index, (name, member)) in members.iter().enumerate() {
        let mut judged = false;
        if let Some(property) = rules.properties.find(name, &mut next) {
            required += usize::from(property.required);
            if let Some(node) = property.node {
                judged = true;
                ask!(R, ok, check_member(node, name, member, context, report));
            }
        }
        for (pattern, node) in &rules.patterns {
            if pattern.matches(name) {
                judged = true;
                ask!(R, ok, check_member(*node, name, member, context, report));
            }
        }
        if let Some(node) = rules.additional
            && !judged
        {
            judged = true;
            ask!(R, ok, check_member(node, name, member, context, report));
        }
        if let Some(evaluated) = evaluated.as_deref_mut()
            && judged
        {
            evaluated.add(index);
        }
    }
    if required < rules.properties.required {
        ok = false;
        if R::ALL {
            let missing = rules.properties.list.iter().filter(|property| property.required && !members.contains_key(&*property.name));
            for property in missing {
                report.broken(node, "required", value, || wording::missing(&property.name));
            }
        }
    }
    ok
}

/// Checks the members that were not evaluated.
pub(super) fn check_rest<R: ViolationReport>(
    node: PlanNodeId,
    members: &Map<String, Value>,
    context: CheckContext<'_>,
    evaluated: &Evaluated,
    report: &mut R,
) -> bool {
    let mut ok = true;
    for (index, (name, member)) in members.iter().enumerate() {
        if !evaluated.contains(index) {
            ask!(R, ok, check_member(node, name, member, context, report));
        }
    }
    ok
}

fn check_member<R: ViolationReport>(node: PlanNodeId, name: &str, member: &Value, context: CheckContext<'_>, report: &mut R) -> bool {
    let mark = report.enter_property(name);
    let ok = check(node, member, context, None, report);
    report.leave(mark);
    ok
}

fn check_names<R: ViolationReport>(node: PlanNodeId, members: &Map<String, Value>, context: CheckContext<'_>, report: &mut R) -> bool {
    let mut ok = true;
    // One string for all names: only its content changes.
    let mut value = Value::String(String::new());
    for name in members.keys() {
        if let Value::String(text) = &mut value {
            text.clear();
            text.push_str(name);
        }
        let mark = report.enter_property(name);
        report.judge_name(true);
        let accepted = check(node, &value, context, None, report);
        report.judge_name(false);
        report.leave(mark);
        ask!(R, ok, accepted);
    }
    ok
}
