//! The frame of all pages of the site, and the files that they share.

use std::sync::LazyLock;

use eventc_model::{GeneratedFile, violations};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context, escape_formatter, syntax::SyntaxConfig};

use super::elements;
use crate::fields::md;

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../templates/site/", $name, ".html")))),*]
    };
}

/// Style, script and icon: few, and the same for all pages.
const ASSETS: &[(&str, &str)] = &[
    ("assets/site.css", include_str!("../../templates/site/assets/site.css")),
    ("assets/site.js", include_str!("../../templates/site/assets/site.js")),
    ("assets/search.js", include_str!("../../templates/site/assets/search.js")),
    ("assets/icon.svg", include_str!("../../templates/site/assets/icon.svg")),
];

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().expect("the syntax is the usual one"));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(|out, state, value| match value.as_str() {
        _ if value.is_none() => Ok(()),
        // Beside what HTML reads as markup, this spells what a reader could not see.
        Some(raw) if !value.is_safe() => Ok(out.write_str(&elements::text(raw))?),
        _ => escape_formatter(out, state, value),
    });
    environment.add_filter("code", |raw: &str| md(elements::code(raw)));
    environment.add_filter("prose", |raw: &str| md(elements::prose(raw)));
    environment.add_filter("inline", |raw: &str| md(elements::inline(raw)));
    environment.add_filter("name", |raw: &str| md(elements::breakable(raw)));
    environment.add_filter("contact", |raw: &str| md(elements::contact(raw)));
    environment.add_filter("counted", violations::counted);
    for (name, source) in templates![
        "base",
        "find",
        "parts",
        "environment",
        "environments",
        "event",
        "events",
        "start",
        "map",
        "namespace",
        "namespaces",
        "domain",
        "service",
        "owner",
        "services",
        "owners",
        "type",
        "types",
        "search",
        "diff",
        "changes",
        "rules",
        "rule",
        "migrations",
        "migration",
        "findings",
    ] {
        environment.add_template(name, source).expect("the templates are part of the program, and a test renders each");
    }
    environment
});

/// The parts of the site that every page leads to: name, page, and the folders of the pages that belong there.
const PARTS: [(&str, &str, &[&str]); 9] = [
    ("Events", "events/index.html", &["events/"]),
    ("Namespaces", "namespaces/index.html", &["namespaces/", "domains/", "types/"]),
    ("Services", "services/index.html", &["services/"]),
    ("Owners", "owners/index.html", &["owners/"]),
    ("Map", "map.html", &[]),
    ("Environments", "environments/index.html", &["environments/"]),
    ("Changes", "changes.html", &["diff/"]),
    ("Migrations", "migrations/index.html", &["migrations/"]),
    ("Findings", "findings.html", &["rules/"]),
];

/// Returns the links to the parts of the site, the one of a page marked.
fn parts(path: &str) -> Vec<Value> {
    let is_here = |page: &str, folders: &[&str]| path == page || folders.iter().any(|folder| path.starts_with(folder));
    PARTS.iter().map(|(name, page, folders)| context! { name => *name, page => *page, here => is_here(page, folders) }).collect()
}

/// A step of the way from the start to a page: a finished link, or the text of the page itself.
pub(super) type Breadcrumbs = Vec<Value>;

/// Renders a page below the site's folder.
pub(super) fn render(template: &str, path: &str, title: &str, trail: Breadcrumbs, context: Value) -> GeneratedFile {
    let root = "../".repeat(path.matches('/').count());
    let frame = context! { root => md(root), title => title, trail => trail, parts => parts(path) };
    let template = TEMPLATES.get_template(template).expect("every template that is named here is registered");
    let text = template
        .render(context! { ..frame, ..context })
        .expect("the templates ask for nothing that their contexts lack, and a test renders each");
    GeneratedFile { path: path.to_owned(), text: squeeze(&text) }
}

/// Returns the files that all pages share.
pub(super) fn assets() -> impl Iterator<Item = GeneratedFile> {
    ASSETS.iter().map(|(path, text)| GeneratedFile { path: (*path).to_owned(), text: (*text).to_owned() })
}

/// Removes the empty lines and indentation of the templates, but for verbatim blocks.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut verbatim = false;
    for line in text.lines() {
        let shown = if verbatim { line } else { line.trim() };
        if verbatim || !shown.is_empty() {
            out.push_str(shown);
            out.push('\n');
        }
        let (open, close) = (line.rfind("<pre"), line.rfind("</pre>"));
        verbatim = match (open, close) {
            (None, None) => verbatim,
            (open, close) => open > close,
        };
    }
    out.shrink_to_fit();
    out
}

#[cfg(test)]
mod tests {
    use super::squeeze;

    #[test]
    fn only_verbatim_blocks_keep_their_lines() {
        assert_eq!(squeeze("  a\n\n<pre>\n  b\n\n  c</pre>\n  d <pre>e</pre>\n\n  f"), "a\n<pre>\n  b\n\n  c</pre>\nd <pre>e</pre>\nf\n");
    }
}
