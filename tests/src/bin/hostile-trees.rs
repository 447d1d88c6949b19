//! `hostile-trees FOLDER [TIMES]`: writes every hostile tree into a folder of its own below FOLDER, TIMES as large as usual, each with
//! `document.json` beside it.

#![allow(clippy::print_stderr, reason = "a command speaks to its caller")]

use std::{env, fs, io, path::Path, process::ExitCode};

use eventc_tests::hostile_trees::{names, tree};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (folder, times) = match &arguments[..] {
        [folder] => (folder, Some(1)),
        [folder, times] => (folder, times.parse().ok()),
        _ => (&String::new(), None),
    };
    let Some(times) = times else {
        eprintln!("usage: hostile-trees FOLDER [TIMES]");
        return ExitCode::from(2);
    };
    match write(Path::new(folder), times) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn write(folder: &Path, times: usize) -> io::Result<()> {
    for name in names() {
        let tree = tree(name, (times, 1));
        let root = folder.join(tree.name);
        let file = root.join("schemas").join(tree.path);
        fs::create_dir_all(file.parent().unwrap_or(&root))?;
        fs::write(file, tree.text)?;
        fs::write(root.join("document.json"), tree.document)?;
    }
    write_links(&folder.join("links"), 22 * times)
}

/// Writes folders of which each has two links to the one before, and one link that leads out of the tree.
#[cfg(unix)]
fn write_links(root: &Path, count: usize) -> io::Result<()> {
    use std::os::unix::fs::symlink;

    let schemas = root.join("schemas");
    fs::create_dir_all(schemas.join("d0"))?;
    fs::write(schemas.join("d0/placed.v1.json"), r#"{"type": "object"}"#)?;
    fs::write(root.join("document.json"), "{}")?;
    let link = |to: &str, at: &Path| if at.is_symlink() { Ok(()) } else { symlink(to, at) };
    for number in 1..=count {
        let folder = schemas.join(format!("d{number}"));
        fs::create_dir_all(&folder)?;
        link(&format!("../d{}", number - 1), &folder.join("x"))?;
        link(&format!("../d{}", number - 1), &folder.join("y"))?;
    }
    link("/", &schemas.join("away"))
}

#[cfg(not(unix))]
fn write_links(_: &Path, _: usize) -> io::Result<()> {
    Ok(())
}
