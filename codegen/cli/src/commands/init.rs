//! `eventc init`

mod answers;
mod files;
mod public;

use anyhow::Result;
use eventc_codegen::output::{self, OutputError};
use eventc_model::text::display_path;

pub(crate) use self::answers::Args;
use self::{
    answers::Answers,
    files::{Start, files},
};
use crate::{context::CommandContext, status::Status};

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let answers = Answers::of(args, &std::env::current_dir()?, context)?;
    for Start { folder, path, text, otherwise } in files(&answers)? {
        let told = folder.join(&path);
        match output::create(&told, &text) {
            Ok(()) => context.console.print(&format!("{}\n", display_path(&told)))?,
            Err(OutputError::Foreign { .. }) => {
                context.console.note(&format!("{} exists and stays as it is\n{otherwise}", display_path(&told)));
            }
            Err(error) => return Err(error.into()),
        }
    }
    context.console.note(if answers.is_grown {
        "next: `eventc check`, and `eventc check --write-baseline` to accept what it finds today; then `eventc release`, so that the gate \
         has something to compare with, and `eventc generate`\n"
    } else {
        "next: `eventc generate`, then `eventc check`; `eventc release` when the first contracts are right, so that the gate has \
         something to compare with\n"
    });
    Ok(Status::Clean)
}
