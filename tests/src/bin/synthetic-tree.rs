//! `synthetic-tree [--flat] COUNT FOLDER`: writes a synthetic schema tree with its eventc.toml, or the same schemas side by side.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its caller")]

use std::{env, path::Path, process::ExitCode};

use eventc_tests::synthetic;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = env::args().skip(1).collect();
    let flat = arguments.first().is_some_and(|first| first == "--flat");
    if flat {
        arguments.remove(0);
    }
    let write = if flat { synthetic::write_flat } else { synthetic::write };
    let [count, folder] = &arguments[..] else {
        eprintln!("usage: synthetic-tree [--flat] COUNT FOLDER");
        return ExitCode::from(2);
    };
    let written = count
        .parse()
        .map_err(|_| format!("{count:?} is not a number"))
        .and_then(|count| write(count, Path::new(folder)).map_err(|error| error.to_string()));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
