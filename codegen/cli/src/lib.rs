//! The command line of eventc: the only place that prints or exits. One file a command, below `commands`.

mod args;
mod baseline;
mod cache;
mod commands;
mod completion;
mod console;
mod context;
mod date;
mod failure;
mod paths;
mod shared;
mod status;
mod watched;

use std::{ffi::OsString, panic, process::ExitCode};

use clap::{CommandFactory, Parser};
use eventc_model::guarded;

use crate::{args::Cli, console::Console, context::CommandContext, shared::ColorWhen};

/// A run makes and drops millions of small strings and trees on all cores.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Schemas may nest deeply, and so do those who walk them.
const STACK: usize = 256 << 20;

/// Runs a command line, in a thread with a large stack.
pub fn main(args: Vec<OsString>) -> ExitCode {
    tell_no_guarded_panic();
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || run(&args));
    // A panic has told what it has to tell.
    let code = worker.map_or(2, |worker| worker.join().unwrap_or(101));
    ExitCode::from(code)
}

/// Leaves the words for a library's panic to whoever called the library.
fn tell_no_guarded_panic() {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !guarded::is_active() {
            tell(panic);
        }
    }));
}

fn run(args: &[OsString]) -> u8 {
    if completion::answer(args, Cli::command) {
        return 0;
    }
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return tell_usage(&error, args),
    };
    let context = CommandContext::new(&cli.shared, cli.command.format());
    match commands::run(cli.command, &context, Cli::command) {
        Ok(status) => status.code(),
        Err(error) => failure::tell(&context, &error),
    }
}

/// Tells what is wrong with a command line, or helps.
fn tell_usage(error: &clap::Error, args: &[OsString]) -> u8 {
    // Styles of the message and control characters of an argument would be the same to a terminal.
    if args.iter().any(|arg| arg.to_string_lossy().contains(char::is_control)) {
        Console::new(ColorWhen::Never).note(&error.to_string());
    } else {
        // Where the reader is gone there is nobody to tell.
        let _ = error.print();
    }
    if error.use_stderr() { 2 } else { 0 }
}
