//! The command `eventc`.

fn main() -> std::process::ExitCode {
    eventc_cli::main(std::env::args_os().collect())
}
