//! docs/tutorial.md, as a person follows it in an empty folder: every file is written, every command runs, and prints what the page says.
//! Once with eventc from the wheel, once from the npm packages, once from `cargo install`.
//!
//! `EVENTC_UPDATE=1` writes what commands print into the page.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use eventc_tests::tools;

use crate::installed;

const PAGE: &str = "docs/tutorial.md";

/// A part of the page that is done.
#[derive(Debug)]
enum Step<'a> {
    /// A whole file, by its path.
    File(&'a str, String),
    /// A change of files.
    Patch(String),
    /// A command, and what it prints.
    Command(&'a str, String),
}

/// Returns the steps of a page: its fenced blocks that have a path, change something or are commands.
fn steps(page: &str) -> Vec<Step<'_>> {
    let (mut steps, mut lines) = (Vec::new(), page.lines());
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let text = || block.iter().flat_map(|line| [line, "\n"]).collect::<String>();
        match info.split_once(' ') {
            Some((_, path)) => steps.push(Step::File(path, text())),
            None if info == "diff" => steps.push(Step::Patch(text())),
            None if info == "console" => steps.extend(commands(&block)),
            None => {}
        }
    }
    steps
}

fn commands<'a>(block: &[&'a str]) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    for line in block {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push(Step::Command(command, String::new())),
            (None, Some(Step::Command(_, printed))) => {
                printed.push_str(line);
                printed.push('\n');
            }
            (None, _) => panic!("{line:?} stands before the first command"),
        }
    }
    steps
}

/// A person at a terminal.
struct Person {
    name: String,
    folder: PathBuf,
    path: String,
}

impl Person {
    fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().expect("a path in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    fn patch(&self, text: &str) {
        let mut git = Command::new("git")
            .args(["apply", "--unidiff-zero", "-"])
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .spawn()
            .expect("git starts");
        git.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("git reads");
        assert!(git.wait().expect("git ends").success(), "{text}");
    }

    /// Runs a command, and returns what it prints; where it goes the next one begins.
    fn run(&mut self, command: &str) -> String {
        let script = format!("{{ {command}\n}} 2>&1; pwd > \"$WHERE\"");
        let wherever = tools::scratch("tutorial").join(format!("{}-is-in", self.name));
        let mut shell = Command::new("bash");
        shell.args(["-c", &script]).current_dir(&self.folder).stdin(Stdio::null()).env("PATH", &self.path).env("WHERE", &wherever);
        // The services share what they compile.
        shell.env("CARGO_TARGET_DIR", tools::scratch("tutorial/cargo")).env("EVENTC_CACHE_DIR", tools::scratch("tutorial/cache"));
        let printed = shell.output().expect("bash starts").stdout;
        self.folder = fs::read_to_string(&wherever).expect("a folder").trim_end().into();
        String::from_utf8(printed).expect("text")
    }
}

/// Follows a page with a command, and returns the page as it should be.
fn follow(page: &str, command: &Path, name: &str) -> String {
    let bin = command.parent().expect("a folder").canonicalize().expect("the folder is there");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").expect("a PATH"));
    let mut person = Person { name: name.to_owned(), folder: installed::empty(&format!("tutorial/{name}")), path };
    let mut rest = page;
    let mut made = String::new();
    for step in steps(page) {
        match step {
            Step::File(path, text) => person.write(path, &text),
            Step::Patch(text) => person.patch(&text),
            Step::Command(command, printed) => {
                let now = person.run(command);
                let told = format!("$ {command}\n{printed}");
                let at = rest.find(&told).expect("the command stands on the page");
                made.push_str(&rest[..at]);
                made.push_str(&format!("$ {command}\n{now}"));
                rest = &rest[at + told.len()..];
            }
        }
    }
    made + rest
}

#[test]
fn the_tutorial_is_what_happens() {
    let file = tools::workspace().join(PAGE);
    let mut page = fs::read_to_string(&file).expect("the tutorial can be read");
    let ways = [("wheel", installed::from_wheel()), ("npm", installed::from_npm()), ("cargo", installed::from_cargo())];
    for (name, command) in &ways {
        let made = follow(&page, command, name);
        if std::env::var_os("EVENTC_UPDATE").is_some() {
            fs::write(&file, &made).expect("the tutorial can be written");
            page = made;
        } else {
            is_the_same(&page, &made, name);
        }
    }
    assert!(steps(&page).len() > 30, "steps were lost: {}", steps(&page).len());
}

/// Shows the lines in which a page is not what it should be.
#[track_caller]
fn is_the_same(page: &str, made: &str, name: &str) {
    let lines = || page.lines().map(uncounted).zip(made.lines().map(uncounted));
    let differing: Vec<_> = lines().filter(|(page, made)| page != made).take(10).collect();
    let is_whole = page.lines().count() == made.lines().count();
    let hint = "`EVENTC_UPDATE=1 cargo deep tutorial` writes it anew";
    assert!(differing.is_empty() && is_whole, "{PAGE} with eventc from {name}; {hint}: {differing:#?}");
}

/// Returns a line without the numbers of files that were written: a rule more is a page of the catalog more.
fn uncounted(line: &str) -> String {
    if !(line.contains(" written, ") && line.contains(" unchanged, ")) {
        return line.to_owned();
    }
    let is_number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    line.split(' ').filter(|word| !is_number(word)).collect::<Vec<_>>().join(" ")
}
