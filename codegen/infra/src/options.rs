//! What all outputs of this crate can be asked for: which environments they describe.

use eventc_emit::Input;
use eventc_model::{
    GeneratedFile,
    config::{Config, Environment},
    diagnostic::{BAD_CONFIG, Diagnostic},
    names::nearest,
    text,
};
use serde::Serialize;

/// Returns the environments that an output describes: those that its options name, or all.
pub(crate) fn environments<'a>(config: &'a Config, wanted: &[String]) -> impl Iterator<Item = (&'a String, &'a Environment)> {
    config.environments.iter().filter(move |(name, _)| wanted.is_empty() || wanted.contains(name))
}

/// Reports environments that the options of an output name, and that there are not.
pub(crate) fn unknown_environments(input: &Input<'_>, target: &str, wanted: &[String]) -> Vec<Diagnostic> {
    let config = &input.catalog.config;
    let problem = |(index, name): (usize, &String)| {
        let pointer = format!("/targets/{target}/environments/{index}");
        let help = match nearest(name, config.environments.keys().map(String::as_str)) {
            Some(near) => format!("did you mean {near:?}?"),
            None => "name one of [environments]".to_owned(),
        };
        let message = format!("there is no environment {name:?}");
        Diagnostic::new(&BAD_CONFIG, config.place(&pointer), message).pointer(pointer).help(help)
    };
    wanted.iter().enumerate().filter(|(_, name)| !config.environments.contains_key(*name)).map(problem).collect()
}

/// Returns a file with a value as JSON.
pub(crate) fn json(path: String, value: &impl Serialize) -> GeneratedFile {
    GeneratedFile { path, text: text::json_file(value) }
}
