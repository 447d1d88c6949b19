//! Rust as one of eventc's outputs.

use eventc_emit::{
    Emitted, Input, Output, Snippets, Target,
    identifiers::{self, Identifier, Spelling},
    unenforced,
};
use eventc_model::{catalog::Contract, config::Config, diagnostic::Diagnostic};
use schemars::{Schema, SchemaGenerator};

use crate::{Emitter, RustOptions, choice::variants, names, path_of};

/// The target for Rust.
pub struct Rust;

impl Target for Rust {
    fn name(&self) -> &'static str {
        "rust"
    }

    fn summary(&self) -> &'static str {
        "a Rust package: serde types, validation, topics and dispatch by topic"
    }

    fn options(&self, generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<RustOptions>()
    }

    fn configure(&self, config: &Config) -> Result<Box<dyn Output>, Vec<Diagnostic>> {
        Ok(Box::new(RustPackage { options: RustOptions::read(config)? }))
    }
}

/// The package that the options describe.
struct RustPackage {
    options: RustOptions,
}

impl Output for RustPackage {
    fn emit(&self, input: &Input<'_>) -> Emitted {
        let files = Emitter::new(input.catalog, input.types, input.modules, &self.options).files();
        Emitted { files, notes: unenforced::formats(input).into_iter().collect() }
    }

    fn identifiers(&self, input: &Input<'_>) -> Vec<Identifier> {
        let spelling = Spelling {
            ty: &|ty| Some(names::type_name(&ty.name).to_string()),
            fields: &|object| object.fields.iter().map(|field| names::field(&field.ident).to_string()).collect(),
            members: &|strings| variants(strings).iter().map(ToString::to_string).collect(),
            variants: &|union| union.variants.iter().map(|variant| names::variant(&variant.ident).to_string()).collect(),
        };
        identifiers::collect(input, &spelling)
    }

    fn snippets<'a>(&'a self, input: &'a Input<'a>) -> Option<Snippets<'a>> {
        let package = self.options.package.replace('-', "_");
        let of = move |contract: &Contract| {
            let module = input.types.module_of(contract.file).filter(|_| input.selects(contract))?;
            let path = path_of(input.types, input.types.module(module).root?);
            let service = contract.metadata.producers.first().map_or("my-service", String::as_str);
            snippet(&package, &path, service, input.envelope(contract).is_some())
        };
        Some(Snippets { language: "Rust", of: Box::new(of) })
    }
}

/// Returns a snippet that sends and reads an event, by the path of its type.
fn snippet(package: &str, path: &str, service: &str, enveloped: bool) -> Option<String> {
    let ty = path.rsplit("::").next()?;
    let (build, uses) = if enveloped {
        (format!("EnvelopeBuilder::new().id(id).time(now).source({service:?}).build(payload)?"), "EnvelopeBuilder, Event, Message")
    } else {
        ("Bare(payload)".to_owned(), "Bare, Event, Message")
    };
    Some(format!(
        "use {package}::eventc::{{{uses}}};\nuse {package}::{path};\n\n// Send: validated, with topic and partition key.\nlet event = {build};\nlet message = Message::of::<{ty}>(&event)?;\n\n// Read: as tolerant as the type is.\nlet event = {ty}::decode_event(bytes)?;\n"
    ))
}
