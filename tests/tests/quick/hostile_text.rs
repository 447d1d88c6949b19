//! Text of a schema never becomes code: whatever it says, what is generated has the shape of a harmless twin, compiles in strict
//! settings, and holds the text unchanged.

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
    process::Command,
};

use eventc_codegen::project::{self, Findings, Selection};
use eventc_model::{
    GeneratedFile,
    text::{HIDDEN, is_hidden},
};
use eventc_tests::{
    fixture::{FixtureEvent, Project, Slot, add_names, project as fixture_project},
    hostile::TEXTS,
    outline,
    random::Random,
    runners::{Case, Runner, Subject, assert_read, equal},
    tools::{node_modules, python as interpreter, run, workspace},
};
use proc_macro2::{TokenStream, TokenTree};
use proptest::{
    prelude::*,
    test_runner::{FileFailurePersistence, RngSeed},
};

use crate::BATCH;

/// Texts of one project, unique where they have to be.
struct Speaker<T> {
    next: T,
    /// Whether a character cannot be in a name: what msgspec has no field for stands among the further properties.
    refuses: fn(char) -> bool,
    said: HashSet<String>,
    count: usize,
}

impl<T: FnMut() -> String> Speaker<T> {
    fn new(refuses: fn(char) -> bool, next: T) -> Self {
        Self { next, refuses, said: HashSet::new(), count: 0 }
    }

    fn say(&mut self, slot: Slot) -> String {
        self.count += 1;
        let (text, count) = ((self.next)(), self.count);
        match slot {
            Slot::Prose => text,
            // Never spelled like an identifier, so that its twin is none either.
            Slot::Name => {
                let text = text.replace(self.refuses, "");
                if count % 2 == 0 { format!("{text} n{count}") } else { format!("n{count} {text}") }
            }
            // A file's name has no slash and is not long.
            Slot::Path => format!("p{count} {}", text.chars().filter(|c| !matches!(c, '/' | '\0')).take(30).collect::<String>()),
            Slot::Value | Slot::Pattern if self.said.insert(text.clone()) => text,
            Slot::Value | Slot::Pattern => format!("{text}{count}"),
        }
    }
}

/// A project in which every text stands in every place once, and its twin.
fn projects(random: usize, refuses: fn(char) -> bool) -> [Project; 2] {
    let mut chance = Random(std::env::var("EVENTC_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1));
    let (mut count, mut harmless) = (0, 0);
    let events = TEXTS.len() + random;
    let mut hostile = Speaker::new(refuses, || {
        count += 1;
        // The number of texts of an event has no factor in common with that of all texts, so that they turn.
        if count < 60 * TEXTS.len() { TEXTS[(count + count / TEXTS.len()) % TEXTS.len()].to_owned() } else { mixture(&mut chance) }
    });
    let hostile = fixture_project(events, &mut |slot| hostile.say(slot));
    let mut tame = Speaker::new(refuses, || {
        harmless += 1;
        format!("word {harmless}")
    });
    let tame = fixture_project(events, &mut |slot| tame.say(slot));
    let mut projects = [hostile, tame];
    projects.iter_mut().for_each(add_names);
    projects
}

/// Several texts in a row, or characters of all kinds, sometimes very many, as far as JSON Pointers to what they name may be long.
fn mixture(random: &mut Random) -> String {
    let repeat = if random.chance(3) { 50 } else { 1 };
    let text: String = if random.chance(50) {
        (0..=random.below(3)).map(|_| *random.pick(TEXTS)).collect()
    } else {
        const LOUD: &[char] = &['*', '/', '"', '\'', '\\', '`', '$', '{', '\n', '#', '<'];
        let letter = |random: &mut Random| char::from_u32(u32::try_from(random.below(0x3100)).unwrap_or(0)).unwrap_or('x');
        (0..random.below(20)).map(|_| if random.chance(50) { *random.pick(LOUD) } else { letter(random) }).collect()
    };
    text.repeat(repeat)
}

/// Hostile texts and their twin, with the options of the repository and with the others.
pub(crate) fn subjects() -> Vec<Subject> {
    let subject = |name: &str, refuses: fn(char) -> bool, twin: usize| Subject::new(name, move || opened(&projects(8, refuses)[twin]));
    vec![
        subject("hostile", |_| false, HOSTILE),
        subject("tame", |_| false, TAME).unbuilt(),
        subject("other-hostile", unfit_for_structs, HOSTILE).in_other_style(),
        subject("other-tame", unfit_for_structs, TAME).in_other_style().unbuilt(),
    ]
}

/// The places of both in what [`projects`] returns.
const HOSTILE: usize = 0;
const TAME: usize = 1;

/// Whether msgspec has no field for a name with the character.
fn unfit_for_structs(c: char) -> bool {
    matches!(c, '"' | '\\' | '\0'..='\x1f')
}

fn opened(fixture: &Project) -> project::Project {
    let files: Vec<(&str, &str)> = fixture.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let mut project = project::Project::from_texts(&files).expect("a good configuration");
    project.targets = outline::targets();
    assert_read(&project);
    project
}

fn generate(fixture: &Project, targets: &[&str]) -> BTreeMap<&'static str, Vec<GeneratedFile>> {
    let selection = Selection { targets: targets.iter().map(ToString::to_string).collect(), topics: Vec::new() };
    let generated = opened(fixture).generate(&selection, &Findings::default()).expect("files");
    generated.targets.into_iter().map(|target| (target.name, target.files)).collect()
}

/// The shape of each statement or item, by file.
type Shapes = Vec<(String, Vec<String>)>;

/// Panics with the first shape that one side has and the other has not.
fn same_shapes(language: &str, hostile: Shapes, tame: Shapes) {
    let sorted = |shapes: Shapes| {
        let mut shapes: Vec<(Vec<String>, String)> = shapes.into_iter().map(|(path, shapes)| (shapes, path)).collect();
        shapes.sort();
        shapes
    };
    let (hostile, tame) = (sorted(hostile), sorted(tame));
    assert_eq!(hostile.len(), tame.len(), "{language}: as many files");
    for ((shapes, path), (twins, _)) in hostile.iter().zip(&tame) {
        let first = (0..shapes.len().max(twins.len())).find(|index| shapes.get(*index) != twins.get(*index));
        assert!(
            first.is_none(),
            "{language}, {path}, item {first:?}:\n{:?}\nand its twin:\n{:?}",
            first.map(|at| shapes.get(at)),
            first.map(|at| twins.get(at))
        );
    }
}

// --- shapes

/// The tokens of a Rust file without documentation, names and the text of literals, in pieces that end with an item.
fn rust_shape(text: &str) -> Vec<String> {
    let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{error}: {text}"));
    let mut shapes = vec![String::new()];
    for token in shape(tokens) {
        let ends = token == ";" || token.starts_with('{');
        if let Some(last) = shapes.last_mut() {
            last.push_str(&token);
        }
        if ends {
            shapes.push(String::new());
        }
    }
    shapes
}

fn shape(tokens: TokenStream) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(name) if is_keyword(&name.to_string()) => out.push(format!("{name} ")),
            TokenTree::Ident(_) => out.push("_ ".into()),
            TokenTree::Literal(literal) => out.push(if literal.to_string().contains('"') { "\"\" ".into() } else { literal.to_string() }),
            // Commas at the end of a list, and braces around an arm, depend on the width of the line.
            TokenTree::Punct(punct) if punct.as_char() == ',' => {}
            TokenTree::Group(group) if out.ends_with(&["=".into(), ">".into()]) => out.extend(shape(group.stream())),
            TokenTree::Punct(punct) => out.push(punct.to_string()),
            TokenTree::Group(group) => {
                let inner = group.stream();
                let documents = inner.clone().into_iter().next().is_some_and(|first| first.to_string() == "doc");
                if documents {
                    while out.last().is_some_and(|last| last == "#" || last == "!") {
                        out.pop();
                    }
                    continue;
                }
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    _ => ("(", ")"),
                };
                out.push(format!("{open}{}{close}", shape(inner).concat()));
            }
        }
    }
    out
}

/// Words that begin or make up items and statements.
fn is_keyword(word: &str) -> bool {
    [
        "fn",
        "mod",
        "use",
        "static",
        "const",
        "struct",
        "enum",
        "impl",
        "trait",
        "unsafe",
        "extern",
        "macro_rules",
        "let",
        "pub",
        "type",
        "for",
        "derive",
        "cfg",
    ]
    .contains(&word)
}

fn rust_shapes(files: &[GeneratedFile]) -> Shapes {
    let sources = files.iter().filter(|file| Path::new(&file.path).extension().is_some_and(|ending| ending == "rs"));
    sources.map(|file| (file.path.clone(), rust_shape(&file.text))).collect()
}

/// What a program of another language says of the files in a folder.
fn told(command: &mut Command) -> Shapes {
    run(command).lines().map(|line| serde_json::from_str(line).expect("a path and shapes")).collect()
}

fn python_shapes(folder: &Path) -> Shapes {
    told(Command::new(interpreter()).arg(workspace().join("tests/runners/skeleton.py")).arg(folder))
}

fn typescript_shapes(folder: &Path) -> Shapes {
    let parser = node_modules().join("typescript-parser/lib/typescript.js");
    told(Command::new("node").arg(workspace().join("tests/runners/skeleton.mjs")).arg(parser).arg(folder))
}

// --- the tests

fn holds(runners: &[Runner], events: &[FixtureEvent]) {
    let case = |event: &FixtureEvent, doc: &serde_json::Value| Case { topic: event.topic.clone(), doc: doc.to_string() };
    let valid: Vec<Case> = events.iter().map(|event| case(event, &event.valid)).collect();
    let invalid: Vec<Case> = events.iter().flat_map(|event| event.invalid.iter().map(|doc| case(event, doc))).collect();
    let topics: Vec<String> = events.iter().map(|event| event.topic.clone()).collect();
    assert!(invalid.len() > events.len() * 12, "{} wrong documents", invalid.len());
    for runner in runners {
        for (event, verdict) in events.iter().zip(runner.ask(&valid)) {
            let (language, document) = (runner.language.name(), &event.valid);
            assert!(verdict.valid, "{language} refuses {document}: {}", verdict.said);
            let again = verdict.again.unwrap_or_else(|| panic!("{language} does not decode {document}: {}", verdict.said));
            assert!(equal(&again, document), "{language} makes {again} of {document}");
        }
        for (case, verdict) in invalid.iter().zip(runner.ask(&invalid)) {
            assert!(!verdict.valid, "{} accepts {} of {:?}", runner.language.name(), case.doc, case.topic);
        }
        for (event, facts) in events.iter().zip(runner.facts(&topics)) {
            // What is fixture are texts; the other facts are the repository's to show.
            for (name, fixture) in event.facts.as_object().expect("facts") {
                assert_eq!(&facts[name], fixture, "{}: {name}", runner.language.name());
            }
        }
    }
}

/// Panics where the code of one subject has another shape than that of its twin.
fn twins(hostile: &str, tame: &str) {
    let folder = |subject: &str, target: &str| BATCH.package(subject, target).folder.clone();
    let of = |target: &str, below: &str, shapes: fn(&Path) -> Shapes| {
        let shapes = |subject: &str| shapes(&folder(subject, target).join(below));
        same_shapes(target, shapes(hostile), shapes(tame));
    };
    of("python", "", python_shapes);
    of("typescript", "src", typescript_shapes);
}

#[test]
fn hostile_text_stays_text_in_every_language() {
    let [hostile, tame] = projects(8, |_| false);
    same_shapes("Rust", rust_shapes(&generate(&hostile, &["rust"])["rust"]), rust_shapes(&generate(&tame, &["rust"])["rust"]));
    twins("hostile", "tame");
    holds(&BATCH.runners("hostile"), &hostile.events);
}

#[test]
fn hostile_text_stays_text_under_other_options() {
    let [hostile, _] = projects(8, unfit_for_structs);
    twins("other-hostile", "other-tame");
    holds(&BATCH.runners("other-hostile"), &hostile.events);
}

/// The catalog and the model take the same texts, which are data there.
/// An environment with a broker of each kind, which some outputs describe.
const BROKERS: &str =
    "[environments.live.brokers]\nk = { kind = \"kafka\", servers = [\"k:9092\"] }\nr = { kind = \"rabbitmq\", url = \"amqp://r\" }\n";

#[test]
fn hostile_text_is_taken_by_every_target() {
    let [mut hostile, _] = projects(8, |_| false);
    hostile.files[0].1.push_str(BROKERS);
    let targets: Vec<&str> = outline::targets().iter().map(|target| target.name()).collect();
    assert!(generate(&hostile, &targets).values().all(|files| !files.is_empty()));
}

#[test]
fn the_model_holds_descriptions_unchanged() {
    let [hostile, _] = projects(0, |_| false);
    let files = &generate(&hostile, &["model"])["model"];
    let texts: Vec<serde_json::Value> = files.iter().filter_map(|file| serde_json::from_str(&file.text).ok()).collect();
    for event in hostile.events {
        let found = texts.iter().any(|text| text.to_string().contains(&serde_json::Value::from(event.description.as_str()).to_string()));
        assert!(found, "{:?}", event.description);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        rng_seed: RngSeed::Fixed(1),
        // What failed once is tried first from then on.
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/quick/hostile_text.seeds")))),
        ..ProptestConfig::default()
    })]

    /// The shape of Rust is that of its twin for any text at all; what fails is shrunk to one text.
    #[test]
    fn any_text_leaves_the_shape_of_rust(texts in prop::collection::vec(prop_oneof![any::<String>(), prop::sample::select(TEXTS).prop_map(str::to_owned), "[*/\"'`\\\\#{}$<>!\r\n]{0,12}"], 1..12)) {
        let mut at = 0;
        let mut hostile = Speaker::new(|_| false, || { at += 1; texts[at % texts.len()].clone() });
        let hostile = fixture_project(1, &mut |slot| hostile.say(slot));
        let mut count = 0;
        let mut tame = Speaker::new(|_| false, || { count += 1; format!("word {count}") });
        let tame = fixture_project(1, &mut |slot| tame.say(slot));
        same_shapes("Rust", rust_shapes(&generate(&hostile, &["rust"])["rust"]), rust_shapes(&generate(&tame, &["rust"])["rust"]));
    }
}

/// The line around a character.
fn around(text: &str, found: Option<char>) -> String {
    let line = found.and_then(|found| text.lines().find(|line| line.contains(found)));
    line.unwrap_or_default().chars().take(200).collect()
}

/// Every hidden character, in texts of every kind; a file's name cannot hold a NUL.
#[test]
fn no_output_writes_a_hidden_character() {
    let hidden: Vec<char> = HIDDEN.iter().flat_map(|(first, last)| *first..=*last).collect();
    let count = hidden.len().div_ceil(16);
    let mut turn = 0;
    let mut speaker = Speaker::new(
        |_| false,
        || {
            turn += 1;
            let letters = (0..16).map(|step| hidden[(turn * 16 + step) % hidden.len()]);
            letters.flat_map(|c| ['x', c]).collect()
        },
    );
    let fixture = fixture_project(count.div_ceil(20), &mut |slot| speaker.say(slot));
    let targets: Vec<&str> = outline::targets().iter().map(|target| target.name()).collect();
    for options in ["[targets.catalog]\nsite = true\n", "[targets.python]\nmodels = \"msgspec\"\n[targets.typescript]\noutput = \"js\"\n"] {
        let mut fixture = Project { files: fixture.files.clone(), events: Vec::new() };
        fixture.files[0].1 += options;
        fixture.files[0].1 += BROKERS;
        for (target, files) in generate(&fixture, &targets) {
            assert!(!files.is_empty(), "{target} makes something");
            for file in files {
                let found = file.text.chars().find(|c| is_hidden(*c) && !matches!(c, '\n' | '\t'));
                assert_eq!(found, None, "{target}, {}: {:?}", file.path, around(&file.text, found));
            }
        }
    }
}
