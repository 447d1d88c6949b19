//! Standard output and standard error.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this module is the one that prints")]

use std::{
    borrow::Cow,
    io::{self, ErrorKind, IsTerminal, Write},
    time::Duration,
};

use eventc_codegen::report::Style;
use eventc_model::text::visible;
use indicatif::{ProgressBar, ProgressStyle};

use crate::shared::ColorWhen;

/// The output of a command, and its style.
#[derive(Debug)]
pub(crate) struct Console {
    color: ColorWhen,
}

#[allow(clippy::unused_self, reason = "printing goes through a console, also where it needs nothing of it")]
impl Console {
    pub(crate) fn new(color: ColorWhen) -> Self {
        Self { color }
    }

    /// Prints what the command is for.
    ///
    /// # Errors
    /// Where standard output cannot be written; a reader who went away is no error.
    pub(crate) fn print(&self, text: &str) -> io::Result<()> {
        quiet_pipe(io::stdout().lock().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()))
    }

    /// Prints text for people, in which nothing is hidden.
    ///
    /// # Errors
    /// As [`Console::print`].
    pub(crate) fn print_text(&self, text: &str) -> io::Result<()> {
        self.print(&visible_lines(text))
    }

    /// Tells what happens beside it.
    pub(crate) fn note(&self, text: &str) {
        self.show(&visible_lines(text));
    }

    /// Shows a report beside it, colours and all.
    pub(crate) fn show(&self, text: &str) {
        // Nobody is left to tell that telling failed.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Tells why the command could not do its work.
    pub(crate) fn error(&self, text: &str) {
        let (start, end) = if self.colors(io::stderr().is_terminal()) { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
        self.show(&format!("{start}error{end}: {}\n", visible_lines(text)));
    }

    /// Returns the style of reports on standard output.
    pub(crate) fn style(&self) -> Style {
        Style { color: self.colors(io::stdout().is_terminal()), ..Style::default() }
    }

    /// Returns the style of reports on standard error.
    pub(crate) fn note_style(&self) -> Style {
        Style { color: self.colors(io::stderr().is_terminal()), ..Style::default() }
    }

    fn colors(&self, terminal: bool) -> bool {
        match self.color {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }

    /// Shows that work goes on, on a terminal only.
    pub(crate) fn progress(&self, what: &'static str) -> Spinner {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner().with_message(what);
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Spinner { bar }
    }
}

/// Spells out what is hidden within the lines of a text.
fn visible_lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

fn quiet_pipe(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// A sign of life; gone when dropped.
#[derive(Debug)]
pub(crate) struct Spinner {
    bar: Option<ProgressBar>,
}

impl Spinner {
    /// Says what is done next.
    pub(crate) fn step(&self, what: impl Into<Cow<'static, str>>) {
        if let Some(bar) = &self.bar {
            bar.set_message(what);
        }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
