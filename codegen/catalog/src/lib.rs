//! The catalog output: Markdown pages that people read, with links that hold and graphs that GitHub draws; `catalog.json` for programs and
//! `llms.txt` for language models beside them.
//!
//! `site` decides which pages there are; `event`, `participants` and `overview` say what stands on each; the templates in
//! `templates/catalog/` say how. Every string is escaped for Markdown unless it was made as Markdown here.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod brokers;
mod describe;
mod environments;
mod event;
mod event_pages;
mod fields;
mod findings;
pub mod flow;
mod graph;
mod homes;
mod html;
pub mod listing;
mod llms;
mod markdown;
mod markup;
mod overview;
mod participants;
mod sections;
mod sensitive;
mod site;
mod templates;

use eventc_emit::{Emitted, Input, Output, Target};
use eventc_model::{GeneratedFile, config::Config, diagnostic::Diagnostic};
use rayon::prelude::*;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

use self::{markup::Markup, site::Site};

/// The target for the catalog's pages.
pub struct CatalogPages;

/// The options of `[targets.catalog]`.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CatalogOptions {
    /// Whether to make the site too, HTML pages below `site/`. Default false.
    pub site: bool,
}

/// Returns the files of the site alone, with paths below its own folder.
pub fn site(input: &Input<'_>) -> Vec<GeneratedFile> {
    html::files(input, &brokers::states(input.catalog))
}

impl Target for CatalogPages {
    fn name(&self) -> &'static str {
        "catalog"
    }

    fn summary(&self) -> &'static str {
        "pages of events, services and owners, with examples, findings and flow graphs: Markdown, and a site of HTML"
    }

    fn options(&self, generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<CatalogOptions>()
    }

    fn configure(&self, config: &Config) -> Result<Box<dyn Output>, Vec<Diagnostic>> {
        Ok(Box::new(CatalogOutput { options: config.target(self.name())? }))
    }
}

/// The pages that the options ask for.
struct CatalogOutput {
    options: CatalogOptions,
}

impl Output for CatalogOutput {
    fn emit(&self, input: &Input<'_>) -> Emitted {
        let states = brokers::states(input.catalog);
        let site = Site::new(input, &states, Markup::Markdown);
        let pages = event_pages::EventPages::of(&site);
        let made = input.each_module(pages.modules(), &pages);
        let facts: Vec<event::FieldFacts> = made.said.par_iter().map(|said| pages.facts(said)).collect();
        let mut files = made.files;
        files.extend(participants::pages(&site));
        files.extend(environments::pages(&site));
        let shared = overview::shared(&site);
        files.extend(overview::pages(&site, &facts, &shared));
        files.extend([listing::file(&site, facts, &shared), llms::file(&site)]);
        if self.options.site {
            let site = html::files(input, &states);
            files.extend(site.into_iter().map(|file| GeneratedFile { path: format!("{}/{}", html::FOLDER, file.path), ..file }));
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Emitted { files, standing: made.standing, parts: made.parts, notes: Vec::new() }
    }
}
