//! The templates of Markdown pages, and how they are filled.

use std::sync::LazyLock;

use eventc_model::{GeneratedFile, violations};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, syntax::SyntaxConfig};

use crate::{fields::md, markdown};

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().expect("the syntax is the usual one"));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    environment.set_formatter(|out, _, value| {
        if value.is_none() {
            return Ok(());
        }
        match value.as_str() {
            Some(raw) if !value.is_safe() => Ok(out.write_str(&markdown::text(raw))?),
            Some(finished) => Ok(out.write_str(finished)?),
            None => Ok(out.write_str(&markdown::text(&value.to_string()))?),
        }
    });
    environment.add_filter("code", |raw: &str| md(markdown::code(raw)));
    environment.add_filter("counted", violations::counted);
    environment.add_filter("prose", |raw: &str| md(markdown::prose(raw)));
    for (name, source) in [
        ("all", include_str!("../templates/catalog/all.md")),
        ("domain", include_str!("../templates/catalog/domain.md")),
        ("environment", include_str!("../templates/catalog/environment.md")),
        ("event", include_str!("../templates/catalog/event.md")),
        ("fields", include_str!("../templates/catalog/fields.md")),
        ("findings", include_str!("../templates/catalog/findings.md")),
        ("index", include_str!("../templates/catalog/index.md")),
        ("namespace", include_str!("../templates/catalog/namespace.md")),
        ("owner", include_str!("../templates/catalog/owner.md")),
        ("resources", include_str!("../templates/catalog/resources.md")),
        ("service", include_str!("../templates/catalog/service.md")),
        ("type", include_str!("../templates/catalog/type.md")),
        ("types", include_str!("../templates/catalog/types.md")),
    ] {
        environment.add_template(name, source).expect("the templates are part of the program, and a test renders each");
    }
    environment
});

/// Renders a page.
pub(crate) fn render(template: &str, path: &str, context: Value) -> GeneratedFile {
    let template = TEMPLATES.get_template(template).expect("every template that is named here is registered");
    let text = template.render(context).expect("the templates ask for nothing that their contexts lack, and a test renders each");
    GeneratedFile { path: path.to_owned(), text: tidy(&text) }
}

/// Removes the blank lines that blocks of a template leave behind.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.lines() {
        let line = line.trim_end();
        if line.is_empty() {
            if !blank {
                out.push('\n');
            }
            blank = true;
        } else {
            out.push_str(line);
            out.push('\n');
            blank = false;
        }
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}
