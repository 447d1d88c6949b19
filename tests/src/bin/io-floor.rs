//! `io-floor SOURCE MADE TARGET`: reads every file below SOURCE and writes the files of MADE anew below TARGET, and does nothing
//! else: the time below which no generator that reads and writes these files can come.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its caller")]

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [source, made, target] = &arguments[..] else {
        eprintln!("usage: io-floor SOURCE MADE TARGET");
        return ExitCode::from(2);
    };
    match run(source, made, target) {
        Ok((read, written, milliseconds)) => {
            println!("{read} files read, {written} files written in {milliseconds} ms");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Loads what is to be written first, so that only the reads of SOURCE and the writes to TARGET are timed.
fn run(source: &Path, made: &Path, target: &Path) -> io::Result<(usize, usize, u128)> {
    let mut outputs = Vec::new();
    walk(made, &mut |path| {
        let below = path.strip_prefix(made).unwrap_or(path).to_path_buf();
        outputs.push((below, fs::read(path)?));
        Ok(())
    })?;
    let start = Instant::now();
    let mut read = 0;
    walk(source, &mut |path| {
        fs::read(path)?;
        read += 1;
        Ok(())
    })?;
    for (path, bytes) in &outputs {
        let path = target.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    Ok((read, outputs.len(), start.elapsed().as_millis()))
}

fn walk(folder: &Path, visit: &mut dyn FnMut(&Path) -> io::Result<()>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() { walk(&entry.path(), visit)? } else { visit(&entry.path())? }
    }
    Ok(())
}
