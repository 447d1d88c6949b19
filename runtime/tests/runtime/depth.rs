//! Depth is bounded, so that a document cannot exhaust the stack.

use std::thread;

use eventc::Schema;
use serde_json::Value;

/// The stack size of threads by default.
const STACK: usize = 2 << 20;

static TREE: Schema = Schema::new(
    r#"{"allOf":[{"anyOf":[{"type":"array","items":{"$ref":"Tree"},"unevaluatedItems":false},{"type":"object","additionalProperties":{"oneOf":[{"$ref":"Tree"}]}},{"type":"null"}]}]}"#,
    &[("Tree", &TREE)],
);
static LIST: Schema = Schema::new(r#"{"items":{"$ref":"List"}}"#, &[("List", &LIST)]);
static LOOP: Schema = Schema::new(r#"{"anyOf":[{"$ref":"Loop"},{"$ref":"Loop"}]}"#, &[("Loop", &LOOP)]);

/// Lists in lists.
fn nested(depth: usize) -> Value {
    nested_around(Value::Null, depth)
}

fn nested_around(value: Value, depth: usize) -> Value {
    (0..depth).fold(value, |value, _| Value::Array(vec![value]))
}

fn on_a_small_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread").join().expect("no overflow")
}

#[test]
fn deep_documents_are_judged_or_refused() {
    let (fits, too_deep) = on_a_small_stack(|| (TREE.validate(&nested(127)), TREE.validate(&nested(1500))));
    assert_eq!(fits, Ok(()));
    assert_eq!(too_deep.expect_err("it is too deep").to_string(), "the document: must not nest too deeply to be judged");
    assert!(on_a_small_stack(|| LIST.is_valid(&nested(300))));
}

#[test]
fn deep_violations_are_told() {
    let errors = on_a_small_stack(|| TREE.validate(&nested_around(Value::Bool(true), 120))).expect_err("it is wrong");
    assert_eq!(errors.len(), 121);
    assert_eq!(errors.as_slice()[120].pointer, "/0".repeat(120));
}

/// Not by `not` either, which turns refusal into acceptance.
#[test]
fn nothing_unjudged_passes() {
    static NOT: Schema = Schema::new(r#"{"not":{"$ref":"List"}}"#, &[("List", &LIST)]);
    assert!(!on_a_small_stack(|| NOT.is_valid(&nested(1500))));
}

/// A loop that goes no deeper into the document accepts nothing, and ends at once though it forks at each turn.
#[test]
fn loops_end() {
    assert!(!on_a_small_stack(|| LOOP.is_valid(&Value::Null)));
    assert_eq!(on_a_small_stack(|| LOOP.validate(&Value::Null)).map_err(|errors| errors.as_slice()[0].keyword), Err("depth"));
}

#[test]
fn deep_plans_are_read() {
    // With two levels of JSON for each of the schema, about what `eventc` reads.
    let depth = 500;
    let plan = format!("{}true{}", r#"{"properties":{"a":"#.repeat(depth), "}}".repeat(depth));
    let schema: &'static Schema = Box::leak(Box::new(Schema::new(plan.leak(), &[])));
    assert_eq!(on_a_small_stack(|| schema.compile()), Ok(()));
}
