//! `synthetic-tree COUNT FOLDER`: writes a synthetic schema tree with its eventc.toml.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its caller")]

use std::{env, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [count, folder] = &arguments[..] else {
        eprintln!("usage: synthetic-tree COUNT FOLDER");
        return ExitCode::from(2);
    };
    let written = count
        .parse()
        .map_err(|_| format!("{count:?} is not a number"))
        .and_then(|count| eventc_tests::synthetic::write(count, Path::new(folder)).map_err(|error| error.to_string()));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
