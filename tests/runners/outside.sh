#!/bin/sh
# Runs the compiler as if Cargo had not started it.
unset CARGO_MANIFEST_DIR
exec "$@"
