//! Compiles the schema tree beside this file into OUT_DIR.

fn main() {
    eventc_codegen::Builder::new().run();
}
