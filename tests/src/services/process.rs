//! Programs that end with the test run, however that ends.

use std::{
    fs::File,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    thread,
    time::Duration,
};

/// Starts the program of its arguments, and stops it when nobody holds the other end of its input any more. `$stop` stops it.
const WATCH: &str = r#""$@" </dev/null & service=$!; cat >/dev/null; eval "$stop"; wait "$service""#;

/// A program that runs until this value, or the process that holds it, is gone.
#[derive(Debug)]
pub(super) struct Running {
    watch: Child,
    /// What the watch waits for the end of.
    held: Option<ChildStdin>,
}

impl Running {
    /// Starts a program whose output goes to a file; `stop` is the shell command that stops it.
    pub(super) fn start(program: &Command, stop: &str, log: &Path) -> Self {
        let output = File::create(log).expect("the log can be made");
        let mut watch = Command::new("sh");
        watch.args(["-c", WATCH, "sh"]).arg(program.get_program()).args(program.get_args()).env("stop", stop);
        for (name, value) in program.get_envs() {
            watch.env(name, value.unwrap_or_default());
        }
        watch.stdin(Stdio::piped()).stderr(output.try_clone().expect("the log can be shared")).stdout(output);
        let mut watch = watch.spawn().expect("sh starts");
        let held = watch.stdin.take();
        Self { watch, held }
    }

    /// Waits until the program does its work.
    pub(super) fn wait_until(&mut self, log: &Path, is_ready: impl Fn() -> bool) {
        for _ in 0..600 {
            if is_ready() {
                return;
            }
            let ended = self.watch.try_wait().expect("the program can be asked").is_some();
            assert!(!ended, "the service ended: {}", tail(log));
            thread::sleep(Duration::from_millis(100));
        }
        panic!("the service is not ready: {}", tail(log));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.held.take());
        // A service that does not stop leaves its end to the machine; there is nobody to tell.
        let _ = self.watch.wait();
    }
}

fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

/// Returns ports of loopback that nobody listens on.
pub(super) fn free_ports<const COUNT: usize>() -> [u16; COUNT] {
    let listeners = [(); COUNT].map(|()| TcpListener::bind(("127.0.0.1", 0)).expect("a port is free"));
    listeners.map(|listener| listener.local_addr().expect("a bound port").port())
}

/// Returns whether somebody listens on a port of loopback.
pub(super) fn listens(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}
