//! An output that only tests have: every topic with its fields, as text. It shows what the seam asks of one, and every case about outputs
//! runs for it.

mod lines;

use std::sync::LazyLock;

use eventc_codegen::{
    emit::{
        Emitted, Input, Output, Snippets, Target,
        identifiers::{self, Identifier, Spelling},
    },
    model::{GeneratedFile, config::Config, diagnostic::Diagnostic},
    targets::TARGETS,
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

/// The outputs of eventc, and this one: the one line that it takes.
static WITH_OUTLINE: LazyLock<Vec<&'static dyn Target>> =
    LazyLock::new(|| TARGETS.iter().copied().chain([&Outline as &dyn Target]).collect());

/// Returns every output that tests run.
pub fn targets() -> &'static [&'static dyn Target] {
    &WITH_OUTLINE
}

/// The target of the outline.
pub struct Outline;

/// The options of `[targets.outline]`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct OutlineOptions {
    /// Whether descriptions stand beside fields.
    descriptions: bool,
}

impl Target for Outline {
    fn name(&self) -> &'static str {
        "outline"
    }

    fn summary(&self) -> &'static str {
        "every topic with its fields, as text"
    }

    fn options(&self, generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<OutlineOptions>()
    }

    fn configure(&self, config: &Config) -> Result<Box<dyn Output>, Vec<Diagnostic>> {
        Ok(Box::new(OutlineText { options: config.target(self.name())? }))
    }
}

/// The text that the options ask for.
struct OutlineText {
    options: OutlineOptions,
}

impl Output for OutlineText {
    fn emit(&self, input: &Input<'_>) -> Emitted {
        let text: String = input.events().map(|event| lines::of_event(input, event, self.options.descriptions)).collect();
        Emitted { files: vec![GeneratedFile { path: "topics.txt".into(), text }], ..Emitted::default() }
    }

    fn identifiers(&self, input: &Input<'_>) -> Vec<Identifier> {
        let fields = |object: &eventc_codegen::model::types::Object| object.fields.iter().map(|field| field.ident.clone()).collect();
        let spelling = Spelling { ty: &|_| None, fields: &fields, members: &|_| Vec::new(), variants: &|_| Vec::new() };
        identifiers::collect(input, &spelling)
    }

    fn snippets<'a>(&'a self, input: &'a Input<'a>) -> Option<Snippets<'a>> {
        Some(Snippets { language: "Outline", of: Box::new(move |event| Some(lines::of_event(input, event, false))) })
    }
}
