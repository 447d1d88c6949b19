//! The catalog output: Markdown pages that people read, with links that hold and graphs that GitHub draws; `catalog.json` for programs and
//! `llms.txt` for language models beside them.
//!
//! `site` decides which pages there are; `event`, `parties` and `overview` say what stands on each; the templates in
//! `templates/catalog/` say how. Every string is escaped for Markdown unless it was made as Markdown here.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod event;
mod fields;
mod findings;
pub mod flow;
mod graph;
mod html;
pub mod listing;
mod llms;
mod markdown;
mod medium;
mod overview;
mod parties;
mod site;
mod words;

use std::sync::LazyLock;

use eventc_emit::{Emitted, Input, Output, Target};
use eventc_model::{GeneratedFile, config::Config, diagnostic::Diagnostic};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, syntax::SyntaxConfig};
use rayon::prelude::*;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

use self::{fields::md, medium::Medium, site::Site};

/// See the module.
pub struct CatalogPages;

/// The options of `[targets.catalog]`.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[schemars(rename = "CatalogOptions")]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Whether to make the site too, HTML pages below `site/`. Default false.
    pub site: bool,
}

/// The files of the site alone, with paths below its own folder.
pub fn site(input: &Input<'_>) -> Vec<GeneratedFile> {
    html::files(input)
}

impl Target for CatalogPages {
    fn name(&self) -> &'static str {
        "catalog"
    }

    fn summary(&self) -> &'static str {
        "pages of events, services and owners, with examples, findings and flow graphs: Markdown, and a site of HTML"
    }

    fn options(&self, generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Options>()
    }

    fn configure(&self, config: &Config) -> Result<Box<dyn Output>, Vec<Diagnostic>> {
        Ok(Box::new(Pages { options: config.target(self.name())? }))
    }
}

/// The pages that the options ask for.
struct Pages {
    options: Options,
}

impl Output for Pages {
    fn emit(&self, input: &Input<'_>) -> Emitted {
        let site = Site::new(input, Medium::Markdown);
        let (mut files, seen): (Vec<GeneratedFile>, Vec<event::Seen>) =
            (0..site.contracts.len()).into_par_iter().map(|index| event::page(&site, index)).unzip();
        files.extend(parties::pages(&site));
        files.extend(overview::pages(&site, &seen));
        files.extend([listing::file(&site, &seen), llms::file(&site)]);
        if self.options.site {
            let site = html::files(input);
            files.extend(site.into_iter().map(|file| GeneratedFile { path: format!("{}/{}", html::FOLDER, file.path), ..file }));
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Emitted { files, notes: Vec::new() }
    }
}

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
    environment.add_filter("prose", |raw: &str| md(markdown::prose(raw)));
    for (name, source) in [
        ("all", include_str!("../templates/catalog/all.md")),
        ("domain", include_str!("../templates/catalog/domain.md")),
        ("event", include_str!("../templates/catalog/event.md")),
        ("findings", include_str!("../templates/catalog/findings.md")),
        ("index", include_str!("../templates/catalog/index.md")),
        ("namespace", include_str!("../templates/catalog/namespace.md")),
        ("owner", include_str!("../templates/catalog/owner.md")),
        ("service", include_str!("../templates/catalog/service.md")),
        ("types", include_str!("../templates/catalog/types.md")),
    ] {
        environment.add_template(name, source).expect("the templates are part of the program, and a test renders each");
    }
    environment
});

/// Renders a page.
fn render(template: &str, path: &str, context: Value) -> GeneratedFile {
    let template = TEMPLATES.get_template(template).expect("every template that is named here is registered");
    let text = template.render(context).expect("the templates ask for nothing that their contexts lack, and a test renders each");
    GeneratedFile { path: path.to_owned(), text: tidy(&text) }
}

/// Without the blank lines that blocks of a template leave behind.
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
