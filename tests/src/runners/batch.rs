//! Batches of what suites want built, all at once: compilers and type checkers start as rarely as they can.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    thread,
};

use eventc_codegen::{
    output,
    project::{Findings, Project, ProjectRoot, Selection, Sound},
};

use super::{LANGUAGES, Language, Package, Runner};
use crate::tools::{scratch, workspace};

/// The options that packages are made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The options of the project.
    Own,
    /// Options that this repository does not use itself; only in languages that have such.
    Other,
}

/// The source of a package's runtime, in languages that have one apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runtime {
    /// The runtime of this repository, which is compiled once for all packages.
    Shared,
    /// A copy beside the package, as services get it; nothing but its own manifest chooses the features.
    Copied,
}

/// The work on generated packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// No work: somebody reads them.
    Made,
    /// The packages are built, and can be asked.
    Built,
    /// The packages are built, and type checkers look at them where the language has such apart from its compiler.
    Checked,
}

/// A project whose code a suite asks.
pub struct Subject {
    name: String,
    style: Style,
    runtime: Runtime,
    work: Work,
    /// Only what is sound of a tree with errors.
    partial: bool,
    wants: Box<dyn Fn(&str) -> bool + Send>,
    open: Option<Box<dyn Fn() -> Project + Send>>,
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject").field("name", &self.name).field("style", &self.style).finish_non_exhaustive()
    }
}

impl Subject {
    /// Creates a project in every language, under a name that no other subject has.
    pub fn new(name: impl Into<String>, open: impl Fn() -> Project + Send + 'static) -> Self {
        Self {
            name: name.into(),
            style: Style::Own,
            runtime: Runtime::Shared,
            work: Work::Checked,
            partial: false,
            wants: Box::new(|_| true),
            open: Some(Box::new(open)),
        }
    }

    /// Returns this repository's events, as they are committed below `generated/`; called `events`.
    pub fn committed() -> Self {
        Self { open: None, ..Self::new("events", own_project) }
    }

    /// Takes the options that this repository does not use itself, and the languages that have such.
    #[must_use]
    pub fn in_other_style(self) -> Self {
        Self { style: Style::Other, ..self }
    }

    /// Builds with a copy of the runtime.
    #[must_use]
    pub fn with_its_runtime(self) -> Self {
        Self { runtime: Runtime::Copied, ..self }
    }

    /// Leaves type checkers out, where they look at the like elsewhere.
    #[must_use]
    pub fn unchecked(self) -> Self {
        Self { work: Work::Built, ..self }
    }

    /// Makes the packages be generated only; nobody can ask them.
    #[must_use]
    pub fn unbuilt(self) -> Self {
        Self { work: Work::Made, ..self }
    }

    /// Leaves out what the tree's errors touch.
    #[must_use]
    pub fn as_far_as_sound(self) -> Self {
        Self { partial: true, ..self }
    }

    /// Leaves out the languages of other targets.
    #[must_use]
    pub fn of(self, target: &'static str) -> Self {
        Self { wants: Box::new(move |other| other == target), ..self }
    }

    fn languages(&self) -> impl Iterator<Item = &'static dyn Language> {
        let wanted = |language: &&dyn Language| (self.wants)(language.target());
        LANGUAGES.iter().copied().filter(wanted).filter(|language| self.style == Style::Own || language.other_style().is_some())
    }

    /// Generates the packages.
    fn make(&self) -> Made {
        let Some(open) = &self.open else {
            let folder = workspace().join("generated");
            return Made { project: own_project(), packages: self.packages(&folder) };
        };
        let (mut project, folder) = (open(), scratch(&format!("generated/{}", self.name)));
        for language in self.languages() {
            let options = project.catalog.config.overrides.entry(language.target().to_owned()).or_default();
            options.extend(language.placed(&self.name, self.runtime));
            options.extend(language.other_style().filter(|_| self.style == Style::Other).into_iter().flatten());
        }
        let targets = self.languages().map(|language| language.target().to_owned()).collect();
        let findings = if self.partial { project.lint(None) } else { Findings::default() };
        let sound = Sound::of(&project, &findings);
        let run = project.prepare_sound(&Selection { targets, topics: Vec::new() }, &findings, &sound);
        for (target, _) in run.unwrap_or_else(|why| panic!("{}: {why}", self.name)).targets() {
            output::write(&folder.join(target.name), &target.files).expect("written files");
        }
        Made { project, packages: self.packages(&folder) }
    }

    fn packages(&self, folder: &Path) -> Vec<(&'static dyn Language, Package)> {
        let package = |language: &'static dyn Language| Package {
            subject: self.name.clone(),
            folder: folder.join(language.target()),
            style: self.style,
            runtime: self.runtime,
            work: self.work,
        };
        self.languages().map(|language| (language, package(language))).collect()
    }
}

fn own_project() -> Project {
    Project::open(&ProjectRoot::Config(workspace().join("eventc.toml"))).expect("this repository")
}

/// A project, and the packages made of it.
struct Made {
    project: Project,
    packages: Vec<(&'static dyn Language, Package)>,
}

/// The generated and built code of several suites.
pub struct Batch {
    name: &'static str,
    made: BTreeMap<String, Made>,
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("name", &self.name).field("subjects", &self.made.keys()).finish()
    }
}

impl Batch {
    /// Generates the packages of all subjects, and builds those of each language at once.
    ///
    /// # Panics
    /// Where two subjects have one name, and where generated code does not build without warnings in strict settings.
    pub fn build(name: &'static str, subjects: &[Subject]) -> Self {
        let made: BTreeMap<String, Made> = subjects.iter().map(|subject| (subject.name.clone(), subject.make())).collect();
        assert_eq!(made.len(), subjects.len(), "each subject has a name of its own: {:?}", made.keys());
        thread::scope(|scope| {
            for language in LANGUAGES {
                let all = made.values().flat_map(|made| &made.packages);
                let own = all
                    .filter(|(of, package)| of.target() == language.target() && package.work != Work::Made)
                    .map(|(_, package)| package.clone());
                let packages: Vec<Package> = own.collect();
                scope.spawn(move || language.build(name, &packages));
            }
        });
        Self { name, made }
    }

    fn made(&self, subject: &str) -> &Made {
        self.made.get(subject).unwrap_or_else(|| panic!("the suites of {} have no subject {subject}", self.name))
    }

    /// Returns the project of a subject.
    ///
    /// # Panics
    /// Where there is no such subject.
    pub fn project(&self, subject: &str) -> &Project {
        &self.made(subject).project
    }

    /// Returns a package of a subject, in the language of a target.
    ///
    /// # Panics
    /// Where there is none.
    pub fn package(&self, subject: &str, target: &str) -> &Package {
        let mut packages = self.made(subject).packages.iter();
        let found = packages.find(|(language, _)| language.target() == target);
        found.map_or_else(|| panic!("{subject} is not made for {target}"), |(_, package)| package)
    }

    /// Returns the judges of a subject, one for each language that it is made in.
    ///
    /// # Panics
    /// Where there is no such subject.
    pub fn runners(&self, subject: &str) -> Vec<Runner> {
        let runner = |(language, package): &(&'static dyn Language, Package)| Runner {
            language: *language,
            command: language.command(self.name, package),
        };
        self.made(subject).packages.iter().map(runner).collect()
    }

    /// Returns the folder of a built program or package of a language; see [`Language::command`].
    ///
    /// # Panics
    /// Where there is no such package.
    pub fn command(&self, subject: &str, target: &str) -> Vec<PathBuf> {
        let package = self.package(subject, target);
        let language = LANGUAGES.iter().find(|language| language.target() == target).expect("a language");
        language.command(self.name, package)
    }
}
