//! EV105: two contracts of a namespace have one type name.

use std::collections::HashMap;

use eventc_model::{
    catalog::Contract,
    diagnostic::{Level, Rule},
};

use crate::lint::{LintContext, RuleReport};

/// See [`Rule::docs`].
pub static RULE: Rule = Rule {
    code: "EV105",
    name: "duplicate-type-name",
    level: Level::Error,
    summary: "two contracts of a namespace have one type name",
    docs: "\
### What it finds
Two events of one namespace whose titles (or, without titles, paths) give generated types the same name. Majors of one contract
share their name and are not meant, and neither are its versions.

### Why it is bad
Generated types live in modules by topic and do not clash, but people speak of `OrderCreated` without its module, import the wrong
one, and the compiler accepts what looks alike.

### Example
`sales/order/created.v1.json` and `purchase/order/created.v1.json`, both with `\"title\": \"Order created\"`.

### What to do
Name the domain in the title: `\"Purchase order created\"`.",
};

/// Finds such contracts.
pub fn check(cx: &LintContext<'_>, report: &mut RuleReport) {
    let mut first = HashMap::new();
    for contract in cx.events() {
        let earlier = *first.entry((contract.namespace, contract.type_name.as_str())).or_insert(contract);
        let name = |contract: &Contract| cx.catalog.config.placed(&cx.schemas().file(contract.file).path).parts;
        if name(earlier) == name(contract) {
            continue;
        }
        let other = &cx.schemas().file(earlier.file).shown;
        let titled = cx.schemas().keywords(contract.root).is_some_and(|keywords| keywords.title.is_some());
        let pointer = if titled { "/title" } else { "" };
        let message = format!("the type name {:?} is that of {other} too", contract.type_name);
        report.at(cx, contract.file, pointer, message, "give one of them another `title`");
    }
}
