//! What a new project is to be: from flags, from the person at the terminal, and from the schemas that are there.

use std::{
    io::{self, BufRead, IsTerminal},
    path::{Path, PathBuf},
};

use anyhow::{Result, anyhow};
use clap::ValueEnum;
use eventc_codegen::project::Project;
use eventc_model::{
    config::Broker,
    source::{Limits, Tree},
    text::path_text,
};

use crate::context::CommandContext;

/// Set up eventc in this folder: configuration, an example, the alias `cargo generate`, editors and CI
///
/// Asks on a terminal for what no flag says. Beside schemas that are there, the configuration fits them. What exists already is left as
/// it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc init && eventc generate && eventc check
  eventc init --name shop --language typescript,python --broker rabbitmq
  eventc init --schemas contracts/json        for the schemas that a company has had for years")]
pub(crate) struct Args {
    /// Name of the namespace, from which packages have their names; otherwise that of the folder
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(super) name: Option<String>,

    /// Languages to generate, separated by commas; otherwise all
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LIST")]
    pub(super) language: Vec<Language>,

    /// The kind of broker: kafka or rabbitmq
    #[arg(long, value_name = "KIND", value_parser = broker)]
    pub(super) broker: Option<Broker>,

    /// The folder of the schemas that are there; otherwise schemas/events or schemas, where these hold some
    #[arg(long, value_name = "DIR")]
    pub(super) schemas: Option<PathBuf>,
}

/// A language that services are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Language {
    Rust,
    #[value(name = "typescript")]
    TypeScript,
    Python,
}

/// What the files of a new project say.
#[derive(Debug)]
pub(super) struct Answers {
    pub(super) name: String,
    pub(super) languages: Vec<Language>,
    pub(super) broker: Broker,
    /// The schema root, below the folder.
    pub(super) schemas: String,
    /// Whether schemas are there already.
    pub(super) is_grown: bool,
    /// The case of paths and of properties that fit the schemas, if one does.
    pub(super) path_case: Option<&'static str>,
    pub(super) property_case: Option<&'static str>,
    /// The folder, and the top of the repository that holds it.
    pub(super) folder: PathBuf,
    pub(super) top: PathBuf,
}

impl Answers {
    /// Gathers the answers for a folder.
    ///
    /// # Errors
    /// Where a folder of schemas is named that holds none.
    pub(super) fn of(args: &Args, folder: &Path, context: &CommandContext) -> Result<Self> {
        let found = found(args, folder)?;
        let is_grown = found.is_some();
        let schemas = found.unwrap_or_else(|| "schemas/events".to_owned());
        let ask = Questions { open: io::stdin().is_terminal() && io::stderr().is_terminal(), context };
        let own = folder.file_name().map(|name| slug(&name.to_string_lossy())).filter(|name| !name.is_empty());
        let own = own.unwrap_or_else(|| "shop".to_owned());
        let name = match &args.name {
            Some(name) => name.clone(),
            None => ask.until("name of the namespace", &own, name),
        };
        let languages = match &args.language[..] {
            [] => ask.until("languages", "rust,typescript,python", |text| {
                let language =
                    |word: &str| Language::from_str(word.trim(), true).map_err(|_| "some of rust, typescript, python".to_owned());
                text.split(',').map(language).collect::<Result<Vec<_>, _>>()
            }),
            stated => stated.to_vec(),
        };
        let broker = match args.broker {
            Some(broker) => broker,
            None => ask.until("broker", "kafka", broker),
        };
        let [path_case, property_case] = if is_grown { cases(folder, &schemas) } else { [Some("snake"); 2] };
        let top = folder.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(folder).to_path_buf();
        Ok(Self { name, languages, broker, schemas, is_grown, path_case, property_case, folder: folder.to_path_buf(), top })
    }
}

/// Questions to whoever sits at the terminal.
struct Questions<'a> {
    /// Whether somebody does.
    open: bool,
    context: &'a CommandContext,
}

impl Questions<'_> {
    /// Asks until the answer is one; an empty answer, or nobody to ask, is the default.
    fn until<T>(&self, what: &str, default: &str, read: impl Fn(&str) -> Result<T, String>) -> T {
        loop {
            let mut line = String::new();
            if self.open {
                self.context.console.note(&format!("{what} [{default}]: "));
                // A closed input answers nothing.
                let _ = io::stdin().lock().read_line(&mut line);
            }
            let answer = Some(line.trim()).filter(|text| !text.is_empty()).unwrap_or(default);
            match read(answer) {
                Ok(answer) => return answer,
                Err(wanted) => self.context.console.note(&format!("{answer:?} is none: {wanted}\n")),
            }
        }
    }
}

/// Returns the folder of the schemas that are there, below the folder of the project.
fn found(args: &Args, folder: &Path) -> Result<Option<String>> {
    let holds_some = |path: &Path| Tree::read(&folder.join(path), &Limits::default()).is_ok_and(|tree| !tree.files.is_empty());
    if let Some(stated) = &args.schemas {
        let below = if stated.is_absolute() { stated.strip_prefix(folder).ok() } else { Some(stated.as_path()) };
        let below = below.ok_or_else(|| anyhow!("{} is not below this folder", path_text(stated)))?;
        let text = path_text(below).trim_end_matches('/').to_owned();
        return if holds_some(below) { Ok(Some(text)) } else { Err(anyhow!("{text} holds no schema")) };
    }
    let usual = ["schemas/events", "schemas"].into_iter().find(|path| holds_some(Path::new(path)));
    Ok(usual.map(str::to_owned))
}

/// Returns the cases of paths and of properties under which no rule finds anything in the schemas that are there.
fn cases(folder: &Path, schemas: &str) -> [Option<&'static str>; 2] {
    let tree = Tree::read(&folder.join(schemas), &Limits::default()).unwrap_or_default();
    let files: Vec<(String, String)> =
        tree.files.iter().filter(|file| !file.unread).map(|file| (format!("schemas/{}", file.path), file.text.to_string())).collect();
    let fits = |key: &str, rule: &str, case: &&str| {
        let config = format!("schemas = \"schemas\"\n[[namespace]]\nname = \"\"\nroot = \".\"\n{key} = \"{case}\"\n");
        let texts: Vec<(&str, &str)> = std::iter::once(("eventc.toml", config.as_str()))
            .chain(files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
            .collect();
        Project::from_texts(&texts).is_ok_and(|project| !project.lint(None).iter().any(|finding| finding.rule.name == rule))
    };
    [("path_case", "path-case"), ("property_case", "property-case")]
        .map(|(key, rule)| ["snake", "kebab", "camel"].into_iter().find(|case| fits(key, rule, case)))
}

/// Returns a name as namespaces and packages have it: lower-case words joined by `_`.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let joined = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_");
    joined.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_').to_owned()
}

fn name(text: &str) -> Result<String, String> {
    let fits = !text.is_empty() && slug(text) == text;
    if fits { Ok(text.to_owned()) } else { Err("a name has lower-case letters, digits and `_`, and begins with a letter".to_owned()) }
}

fn broker(text: &str) -> Result<Broker, String> {
    let known = [Broker::Kafka, Broker::Rabbitmq].into_iter().find(|broker| broker.as_str() == text);
    known.ok_or_else(|| "one of kafka, rabbitmq".to_owned())
}
