//! The arguments that Cargo gave the compiler which runs the macro.

use std::{ffi::OsString, path::PathBuf};

/// The arguments of the compiler that matter here.
pub(crate) struct Session {
    /// The folder that it writes to.
    pub(crate) out: PathBuf,
    /// The crate `eventc` that it was given.
    pub(crate) eventc: PathBuf,
}

/// Returns the compilation that goes on in this process; `None` in an editor, and where the documentation is made, whose
/// folder is published.
pub(crate) fn session() -> Option<Session> {
    Session::of(std::env::args_os())
}

impl Session {
    fn of(arguments: impl Iterator<Item = OsString>) -> Option<Self> {
        let mut arguments = arguments.map(|argument| argument.to_string_lossy().into_owned());
        if PathBuf::from(arguments.next()?).file_stem()? == "rustdoc" {
            return None;
        }
        let (mut out, mut eventc) = (None, None);
        while let Some(argument) = arguments.next() {
            let (name, value) = match argument.split_once('=') {
                Some((name @ ("--out-dir" | "--extern"), value)) => (name, value.to_owned()),
                _ if matches!(argument.as_str(), "--out-dir" | "--extern") => (argument.as_str(), arguments.next()?),
                _ => continue,
            };
            if name == "--out-dir" {
                out = Some(PathBuf::from(value));
            } else if let Some((krate, path)) = value.split_once('=')
                // Options may stand before the name: `noprelude:eventc=…`.
                && krate.rsplit(':').next() == Some("eventc")
            {
                eventc = Some(PathBuf::from(path));
            }
        }
        Some(Self { out: out?, eventc: eventc? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(line: &str) -> Option<(String, String)> {
        let session = Session::of(line.split(' ').map(OsString::from))?;
        Some((session.out.display().to_string(), session.eventc.display().to_string()))
    }

    #[test]
    fn what_cargo_says_is_found() {
        let found = Some(("t/deps".to_owned(), "t/deps/libeventc-1.rmeta".to_owned()));
        assert_eq!(session("rustc --crate-name a --out-dir t/deps --extern serde=s.rmeta --extern eventc=t/deps/libeventc-1.rmeta"), found);
        assert_eq!(session("clippy-driver rustc --out-dir=t/deps --extern=noprelude:eventc=t/deps/libeventc-1.rmeta src/lib.rs"), found);
    }

    #[test]
    fn elsewhere_there_is_none() {
        for line in [
            "rust-analyzer-proc-macro-srv",
            "rustc --out-dir t/deps --extern eventc_other=e.rmeta",
            "rustc --out-dir t/deps --extern eventc",
            "rustc --extern eventc=e.rmeta",
            "rustc @arguments",
            "/bin/rustdoc --out-dir t/doc --extern eventc=e.rmeta",
            "rustc --out-dir",
        ] {
            assert_eq!(session(line), None, "{line}");
        }
    }
}
