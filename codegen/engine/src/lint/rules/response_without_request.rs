//! EV138: a response answers no request.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport, flow};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV138",
    name: "response-without-request",
    level: Level::Warning,
    summary: "a response answers no request",
    docs: "\
### What it finds
In a namespace whose topic patterns have the words `request` and `response`: a response that no request names as its `reply` and that has no
request of the same name.

### Why it is bad
Nobody asks, so nobody waits for the answer: the request was removed or renamed, or what is called a response is an event.

### Example
`codegen/response/validate.v1.json` without `codegen/request/validate.v1.json`.

### What to do
Name it as the `reply` of its request, or move it to the events.",
};

/// Finds such responses.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    let twins = flow::paths(cx);
    for contract in cx.events().filter(|contract| !cx.catalog.is_reply(contract)) {
        let Some(twin) = flow::twin(cx, contract, "response", "request") else { continue };
        if !twins.contains(&(contract.namespace, twin.clone())) {
            let message = format!("the response {:?} answers no request", contract.topic);
            report.at(cx, contract.file, "/x-event", message, format!("name it as a request's `reply`, or add {}", twin.join("/")));
        }
    }
}
