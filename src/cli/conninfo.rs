//! The argument that may be a connection string, but never a mistyped command.

use std::ffi::OsStr;

use clap::builder::TypedValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};

use crate::engine::source::nearest;

/// Takes what holds `=` or `://`; anything else is a command that does not exist.
#[derive(Debug, Clone, Copy)]
pub struct ConnInfoParser;

impl TypedValueParser for ConnInfoParser {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        _: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, Error> {
        let text = value.to_string_lossy();
        if text.contains('=') || text.contains("://") {
            return Ok(text.into_owned());
        }
        let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        if names.is_empty() {
            let message = format!(
                "`{text}` is no connection string (it holds no `=` and no `://`); a database by its name is -d {text}\n"
            );
            return Err(Error::raw(ErrorKind::ValueValidation, message).with_cmd(command));
        }
        if names.contains(&text.as_ref()) {
            let message = format!("put the options behind the command: pgtriage {text} …\n");
            return Err(Error::raw(ErrorKind::ArgumentConflict, message).with_cmd(command));
        }
        let mut error = Error::new(ErrorKind::InvalidSubcommand).with_cmd(command);
        let typed = text.to_string();
        let near = nearest(&typed, names).map(str::to_owned);
        error.insert(ContextKind::InvalidSubcommand, ContextValue::String(typed));
        if let Some(near) = near {
            let near = ContextValue::Strings(vec![near]);
            error.insert(ContextKind::SuggestedSubcommand, near);
        }
        Err(error)
    }
}
