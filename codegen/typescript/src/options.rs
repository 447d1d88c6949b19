//! The options under `[targets.typescript]`.

use schemars::JsonSchema;
use serde::Deserialize;

/// Options of the TypeScript output.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TypeScriptOptions {
    /// Name of the npm package. Default `events`.
    pub package: String,
    /// TypeScript, or JavaScript with declarations that runs without a compiler. Default `ts`.
    pub output: FileKind,
    /// The endings by which TypeScript files import each other. Default `js`.
    pub specifiers: Specifiers,
    /// The type of integers that a JavaScript number does not hold. Default `number`.
    pub integers: Integers,
}

impl Default for TypeScriptOptions {
    fn default() -> Self {
        Self { package: "events".into(), output: FileKind::Ts, specifiers: Specifiers::Js, integers: Integers::Number }
    }
}

impl TypeScriptOptions {
    /// Returns whether TypeScript is asked for.
    pub(super) fn is_ts(&self) -> bool {
        self.output == FileKind::Ts
    }

    /// Returns whether integers beyond 2^53 are bigints.
    pub(super) fn has_bigints(&self) -> bool {
        self.integers == Integers::Bigint
    }
}

/// The kind of files that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// `.ts` files, compiled by `tsc` or a bundler.
    Ts,
    /// `.js` files, each with its `.d.ts`, for Node 20 and later.
    Js,
}

/// The ending of import specifiers in TypeScript files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Specifiers {
    /// `./runtime.js`: for `tsc` (`nodenext` and `bundler`), bundlers, and sources that are copied into another project.
    Js,
    /// `./runtime.ts`: besides, Node 22.18 and later runs the sources by stripping types; needs TypeScript 5.7.
    Ts,
}

/// The type of integers that a JavaScript number does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Integers {
    /// The nearest double, as `JSON.parse` has it.
    Number,
    /// A `bigint`: integers beyond 2^53 are read, judged and written with all their digits. Smaller ones stay numbers.
    Bigint,
}
