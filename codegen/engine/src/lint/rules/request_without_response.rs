//! EV137: a request has no response.

use eventc_model::diagnostic::{Level, Rule};

use crate::lint::{LintContext, RuleReport, flow, words::did_you_mean};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV137",
    name: "request-without-response",
    level: Level::Warning,
    summary: "a request has no response",
    docs: "\
### What it finds
In a namespace whose topic patterns have the words `request` and `response`: a request that names no `reply` and has no response of the
same name. In every namespace: a `reply` that is no event's topic.

### Why it is bad
Whoever sends the request cannot know where the answer comes, or waits on a topic that does not exist.

### Example
`codegen/request/validate.v1.json` without `codegen/response/validate.v1.json` and without `reply`.

### What to do
Name the response's topic: `\"reply\": \"omninode.codegen.response.validate.v1\"`. What needs no answer is an event, not a request.",
};

/// Finds such requests.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    let twins = flow::paths(cx);
    for contract in cx.events() {
        match &contract.metadata.reply {
            Some(reply) => {
                if cx.catalog.reply(contract).is_none() {
                    let topics = cx.events().map(|contract| contract.topic.as_str());
                    let help = did_you_mean(reply, topics, "correct the topic, or add its schema");
                    report.at(cx, contract.file, "/x-event/reply", format!("no event has the topic {reply:?}"), help);
                }
            }
            None => {
                if let Some(twin) = flow::twin(cx, contract, "request", "response")
                    && !twins.contains(&(contract.namespace, twin.clone()))
                {
                    let message = format!("the request {:?} has no response", contract.topic);
                    report.at(cx, contract.file, "/x-event", message, format!("name its `reply`, or add {}", twin.join("/")));
                }
            }
        }
    }
}
