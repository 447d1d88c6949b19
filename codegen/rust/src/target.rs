//! Rust as one of eventc's outputs.

use eventc_emit::{
    Emitted, Input, Output, Snippets, Target,
    footprint::Facts,
    identifiers::{self, Identifier, Spelling},
    parts::{MadeModule, Modular},
    unenforced,
};
use eventc_model::{catalog::Contract, config::Config, diagnostic::Diagnostic, types::ModuleId};
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
        let emitter = Emitter::new(input.catalog, input.types, input.modules, &self.options);
        let (mut files, made) = rayon::join(|| emitter.common_files(), || input.each_module(input.modules, &emitter));
        files.extend(made.files);
        Emitted { files, standing: made.standing, parts: made.parts, notes: unenforced::formats(input).into_iter().collect() }
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

impl Modular for Emitter<'_> {
    fn reads(&self, module: ModuleId, facts: &mut Facts) {
        let path = self.path(module);
        facts.value(&path);
        facts.value(&self.tree.get(path).map(|branch| &branch.children));
        for id in &self.types.module(module).types {
            let at = id.0 as usize;
            facts.value(&[&self.newtypes, &self.plain, &self.inexact, &self.used, &self.strict].map(|flags| flags[at]));
            facts.value(&self.boxes.of(*id));
        }
    }

    fn is_reusable(&self, module: ModuleId) -> bool {
        // What dispatches by topic knows every event below it.
        !self.dispatch.contains_key(self.path(module))
    }

    fn make(&self, module: ModuleId) -> MadeModule {
        MadeModule { files: vec![self.module(module)], ..MadeModule::default() }
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
