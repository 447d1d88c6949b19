//! The pages of rules: what each finds, why that is bad, and what to do.

use eventc_model::{GeneratedFile, diagnostic::Rule};
use minijinja::context;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::{
    beside::{self, Neighbour},
    frame, markup,
};
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
    let all: Vec<(&Rule, String)> = site.input.rules.iter().map(|rule| (*rule, path(rule))).collect();
    files.extend((0..all.len()).map(|here| page(&all, here)));
    files
}

fn page(all: &[(&Rule, String)], here: usize) -> GeneratedFile {
    let (rule, path) = (all[here].0, all[here].1.as_str());
    // The text of a rule is eventc's own, so what it has of Markdown is meant.
    let mut docs = String::new();
    html::push_html(&mut docs, Parser::new_ext(rule.docs, Options::ENABLE_TABLES).map(below_the_title));
    let docs = docs.replace("<pre>", "<pre tabindex=\"0\">");
    let context = context! {
        code => rule.code,
        level => rule.level.to_string(),
        summary => rule.summary,
        docs => md(docs),
        beside => beside::list(path, ("Rules", LIST), all, here, |rule| Neighbour { label: rule.0.name, page: &rule.1, leaves: false }),
    };
    frame::render("rule", path, rule.name, vec![md(markup::link("Rules", &relative(path, LIST)))], context)
}

/// Headings of the second level and below, whatever the text begins with.
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

/// A rule as a link to its page.
pub(super) fn link(from: &str, rule: &Rule) -> String {
    markup::link(&format!("{} {}", rule.code, rule.name), &relative(from, &path(rule)))
}
