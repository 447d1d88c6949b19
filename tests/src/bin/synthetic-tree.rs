//! `synthetic-tree [--flat] COUNT FOLDER`: writes a synthetic schema tree with its eventc.toml, or the same schemas side by side.
//! `synthetic-tree collection|copies FOLDER`: writes a large tree as others publish them.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its caller")]

use std::{env, io, path::Path, process::ExitCode};

use eventc_tests::{foreign, synthetic};

fn main() -> ExitCode {
    let mut arguments: Vec<String> = env::args().skip(1).collect();
    let flat = arguments.first().is_some_and(|first| first == "--flat");
    if flat {
        arguments.remove(0);
    }
    let [what, folder] = &arguments[..] else {
        eprintln!("usage: synthetic-tree [--flat] COUNT FOLDER, or synthetic-tree collection|copies FOLDER");
        return ExitCode::from(2);
    };
    let folder = Path::new(folder);
    let said = |error: io::Error| error.to_string();
    let written = match what.as_str() {
        "collection" => foreign::write_collection(folder).map_err(said),
        "copies" => foreign::write_copies(folder).map_err(said),
        count => {
            let write = if flat { synthetic::write_flat } else { synthetic::write };
            count.parse().map_err(|_| format!("{count:?} is not a number")).and_then(|count| write(count, folder).map_err(said))
        }
    };
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
