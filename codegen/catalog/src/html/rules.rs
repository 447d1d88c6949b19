//! The pages of rules: what each finds, why that is bad, and what to do.

use eventc_model::{GeneratedFile, diagnostic::Rule};
use minijinja::context;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::{elements, frame};
use crate::{
    fields::md,
    site::{Site, relative},
};

const LIST: &str = "rules/index.html";

pub(super) fn pages(site: &Site<'_>) -> Vec<GeneratedFile> {
    let rows: Vec<_> = site
        .input
        .rules
        .iter()
        .map(|rule| context! { link => md(link(LIST, rule)), level => rule.level.to_string(), summary => rule.summary })
        .collect();
    let mut files = vec![frame::render("rules", LIST, "Rules", Vec::new(), context! { rules => rows })];
    files.extend(site.input.rules.iter().map(|rule| page(rule)));
    files
}

/// Returns the page of a rule. It lists no neighbours: another rule changes nothing here.
fn page(rule: &Rule) -> GeneratedFile {
    let path = path(rule);
    // The text of a rule is eventc's own, so what it has of Markdown is meant.
    let mut docs = String::new();
    html::push_html(&mut docs, Parser::new_ext(rule.docs, Options::ENABLE_TABLES).map(below_the_title));
    let docs = docs.replace("<pre>", "<pre tabindex=\"0\">");
    let context = context! {
        code => rule.code,
        level => rule.level.to_string(),
        summary => rule.summary,
        docs => md(docs),
    };
    frame::render("rule", &path, rule.name, vec![md(elements::link("Rules", &relative(&path, LIST)))], context)
}

/// Moves headings to the second level and below, whatever the text begins with.
fn below_the_title(event: Event<'_>) -> Event<'_> {
    let below = |level| if level == HeadingLevel::H3 { HeadingLevel::H2 } else { HeadingLevel::H3 };
    match event {
        Event::Start(Tag::Heading { level, id, classes, attrs }) => Event::Start(Tag::Heading { level: below(level), id, classes, attrs }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        other => other,
    }
}

fn path(rule: &Rule) -> String {
    format!("rules/{}.html", rule.code)
}

/// Returns a rule as a link to its page.
pub(super) fn link(from: &str, rule: &Rule) -> String {
    elements::link(&format!("{} {}", rule.code, rule.name), &relative(from, &path(rule)))
}
