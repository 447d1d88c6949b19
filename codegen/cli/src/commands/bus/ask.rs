//! The question before something is changed.

use std::io::{self, BufRead as _, IsTerminal as _};

use crate::console::Console;

/// What a person says to a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is to be made.
    Yes,
    /// It is not.
    No,
    /// Nobody is there to say.
    Nobody,
}

/// Asks, unless `--yes` has said it.
pub(super) fn ask(console: &Console, yes: bool, question: &str) -> Answer {
    if yes {
        return Answer::Yes;
    }
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        console.error("nothing was changed: there is no terminal to ask on\nhelp: say --yes where nobody is there to be asked");
        return Answer::Nobody;
    }
    console.note(&format!("{question} [y/N] "));
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    if read.is_ok() && ["y", "yes"].contains(&answer.trim().to_lowercase().as_str()) { Answer::Yes } else { Answer::No }
}
