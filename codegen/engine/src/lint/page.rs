//! The documentation of rules, as a page and one by one.

use eventc_model::diagnostic::Rule;

use crate::rules;

/// Explains what a rule finds, why, and what to do: Markdown for a terminal or a page. `None` where no rule has that code or name.
pub fn explain(key: &str) -> Option<String> {
    let rule = rules::find(key)?;
    Some(format!("# {} ({})\n\n{}\n", rule.name, rule.code, body(rule)))
}

/// Returns the page of all rules, as Markdown.
pub fn rules_page() -> String {
    let mut page = String::from(
        "# Rules\n\n<!-- Made from the rules' own documentation; a test keeps it fresh: EVENTC_UPDATE=1 cargo test -p eventc-codegen rules_page -->\n\n\
         `[rules]` in eventc.toml sets the level of a rule, by name or code, to `error`, `warning`, `note` or `off`. A contract\n\
         accepts a finding, unless it is an error of reading (`EV0xx`), with an `allow` in its `x-event`:\n\
         `{\"rule\": \"property-case\", \"at\": \"/properties/userId\", \"reason\": \"...\", \"by\": \"...\", \"until\": \"2027-01-31\"}`.\n\
         For a finding of the gate (`EV3xx`) the place has to be exactly that of the finding, and `[approvals]` says who may accept it:\n\
         see [compatibility.md](compatibility.md).\n\n\
         | code | rule | level | finds |\n|---|---|---|---|\n",
    );
    for rule in rules::all() {
        page.push_str(&format!("| {} | [{}](#{}) | {} | {} |\n", rule.code, rule.name, rule.name, rule.level, rule.summary));
    }
    for rule in rules::all() {
        page.push_str(&format!("\n## {}\n\n`{}`, {}\n", rule.name, rule.code, body(rule)));
    }
    page
}

fn body(rule: &Rule) -> String {
    format!("level {}: {}.\n\n{}", rule.level, rule.summary, rule.docs.trim())
}
