//! The documentation of rules, as a page and one by one.

use eventc_model::diagnostic::Rule;

use super::{all_rules, find_rule};

/// What a rule finds, why, and what to do: Markdown for a terminal or a page. `None` where no rule has that code or name.
pub fn explain(key: &str) -> Option<String> {
    let rule = find_rule(key)?;
    Some(format!("# {} ({})\n\n{}\n", rule.name, rule.code, body(rule)))
}

/// The page of all rules, as Markdown.
pub fn rules_page() -> String {
    let mut page = String::from(
        "# Rules\n\n<!-- Made from the rules' own documentation; a test keeps it fresh: EVENTC_UPDATE=1 cargo test -p eventc-codegen rules_page -->\n\n\
         `[rules]` in eventc.toml sets the level of a rule, by name or code, to `error`, `warning`, `note` or `off`; errors of reading\n\
         (`EV0xx`) stand at their level. A contract accepts a finding with an `allow` in its `x-event`:\n\
         `{\"rule\": \"property-case\", \"at\": \"/properties/userId\", \"reason\": \"...\", \"by\": \"...\", \"until\": \"2027-01-31\"}`.\n\n\
         | code | rule | level | finds |\n|---|---|---|---|\n",
    );
    for rule in all_rules() {
        page.push_str(&format!("| {} | [{}](#{}) | {} | {} |\n", rule.code, rule.name, rule.name, rule.level, rule.summary));
    }
    for rule in all_rules() {
        page.push_str(&format!("\n## {}\n\n`{}`, {}\n", rule.name, rule.code, body(rule)));
    }
    page
}

fn body(rule: &Rule) -> String {
    format!("level {}: {}.\n\n{}", rule.level, rule.summary, rule.docs.trim())
}
