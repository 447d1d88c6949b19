//! The command `cargo eventc`: the same as `eventc`.

fn main() -> std::process::ExitCode {
    let mut args: Vec<_> = std::env::args_os().collect();
    // Cargo names the subcommand again before what the person wrote.
    if args.get(1).is_some_and(|arg| arg == "eventc") {
        args.remove(1);
    }
    eventc_cli::main(args)
}
