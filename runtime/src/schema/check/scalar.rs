//! Keywords of numbers and strings, and of values as wholes.

use serde_json::{Number, Value};

use super::{ask, report::ViolationReport};
use crate::schema::{
    equal,
    number::Bound,
    plan::{NumberRules, PlanNode, Range, StringRules, Values},
    wording,
};

pub(in crate::schema) fn check_values<R: ViolationReport>(node: &PlanNode, values: &Values, value: &Value, report: &mut R) -> bool {
    let mut ok = true;
    if let Some(constant) = &values.constant
        && !equal::equal(constant, value)
    {
        report.broken(node, "const", value, || wording::not_constant(constant));
        ok = false;
    }
    if let Some(members) = &values.members
        && !is_member(values, members, value)
    {
        report.broken(node, "enum", value, || wording::not_a_member(members));
        ok = false;
    }
    ok
}

fn is_member(values: &Values, members: &[Value], value: &Value) -> bool {
    match value {
        Value::String(text) => values.has_member(text),
        value => values.strings.is_none() && members.iter().any(|member| equal::equal(member, value)),
    }
}

pub(in crate::schema) fn check_number<R: ViolationReport>(
    node: &PlanNode,
    rules: &NumberRules,
    number: &Number,
    value: &Value,
    report: &mut R,
) -> bool {
    type Holds = fn(&Bound, &Number) -> bool;
    let bounds: [(&Option<Bound>, Holds, &str); 5] = [
        (&rules.minimum, |bound, number| bound.order(number).is_ge(), "minimum"),
        (&rules.maximum, |bound, number| bound.order(number).is_le(), "maximum"),
        (&rules.exclusive_minimum, |bound, number| bound.order(number).is_gt(), "exclusiveMinimum"),
        (&rules.exclusive_maximum, |bound, number| bound.order(number).is_lt(), "exclusiveMaximum"),
        (&rules.multiple_of, Bound::divides, "multipleOf"),
    ];
    let mut ok = true;
    for (bound, holds, keyword) in bounds {
        if let Some(bound) = bound
            && !holds(bound, number)
        {
            report.broken(node, keyword, value, || wording::out_of_bounds(keyword, bound.as_str()));
            ask!(R, ok, false);
        }
    }
    ok
}

pub(in crate::schema) fn check_string<R: ViolationReport>(
    node: &PlanNode,
    rules: &StringRules,
    text: &str,
    value: &Value,
    report: &mut R,
) -> bool {
    let mut ok = true;
    if let Some(keyword) = wrong_length(text, rules.length) {
        report.broken(node, keyword, value, || wording::wrong_count(keyword, rules.length, "character", "characters"));
        ask!(R, ok, false);
        // No engine is asked about a text that is longer than any that fits.
        if keyword == "maxLength" {
            return ok;
        }
    }
    if let Some(pattern) = &rules.pattern
        && !pattern.matches(text)
    {
        report.broken(node, "pattern", value, || wording::no_match(pattern.as_str()));
        ok = false;
    }
    ok
}

/// Counts code points only where the number of bytes leaves it open: a code point has one to four of them.
fn wrong_length(text: &str, range: Range) -> Option<&'static str> {
    if text.len() <= range.most && text.len() / 4 >= range.least {
        return None;
    }
    wrong_count(text.chars().count(), range, "minLength", "maxLength")
}

/// Returns the keyword that a count breaks.
pub(super) fn wrong_count(count: usize, range: Range, least: &'static str, most: &'static str) -> Option<&'static str> {
    if count < range.least {
        Some(least)
    } else if count > range.most {
        Some(most)
    } else {
        None
    }
}
