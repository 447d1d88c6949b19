//! Compiles the schema tree beside this file into OUT_DIR.

fn main() {
    eventc_build::Builder::new().run();
}
