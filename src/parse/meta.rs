//! The commands of psql inside a script: where they end and what they do to the statement before.

use super::keywords::Keyword;
use super::lexer::Lexer;
use super::tokens::{Options, TokenKind};

/// What a command does to the statement that stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It stays open.
    None,
    /// It is sent.
    Sends,
    /// It is thrown away.
    Discards,
    /// Nothing, but the lines after the command's own are data.
    CopiesFromStdin,
}

/// A command in a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Command {
    pub effect: Effect,
    /// One past its last character.
    pub end: usize,
    /// Where SQL goes on: behind a closing `\\`, at the next command, or at the line end.
    pub resume: usize,
}

/// Reads the command whose backslash stands at `start`, in the line that ends at `line_end`.
pub(super) fn read(script: &str, start: usize, line_end: usize) -> Command {
    let line = &script[start..line_end];
    let name_end = line[1..]
        .find(|c: char| c.is_ascii_whitespace() || c == '\\')
        .map_or(line.len(), |n| n + 1);
    let name = &line[1..name_end];
    let (end, resume) = match name {
        "!" | "copy" | "ef" | "ev" | "h" | "help" | "sf" | "sv" => (line.len(), line.len()),
        _ => arguments_end(line, name_end, can_pipe(name)),
    };
    let effect = match name {
        "crosstabview" | "g" | "gdesc" | "gexec" | "gset" | "gx" | "parse" | "sendpipeline"
        | "watch" => Effect::Sends,
        "r" | "reset" => Effect::Discards,
        "copy" if copies_from_stdin(line) => Effect::CopiesFromStdin,
        _ => Effect::None,
    };
    Command {
        effect,
        end: start + line[..end].trim_end().len(),
        resume: start + resume,
    }
}

/// Whether an argument that begins with `|` takes the rest of the line.
fn can_pipe(name: &str) -> bool {
    matches!(name, "g" | "gx" | "o" | "out" | "w" | "write")
}

/// The end of the arguments and the place where SQL goes on.
fn arguments_end(line: &str, from: usize, can_pipe: bool) -> (usize, usize) {
    let bytes = line.as_bytes();
    let mut pos = from;
    while let Some(&byte) = bytes.get(pos) {
        match byte {
            b'\\' if bytes.get(pos + 1) == Some(&b'\\') => return (pos, pos + 2),
            b'\\' => return (pos, pos),
            b'|' if can_pipe && bytes[pos - 1].is_ascii_whitespace() => break,
            b'\'' | b'"' | b'`' => pos = quote_end(bytes, pos),
            _ => pos += 1,
        }
    }
    (line.len(), line.len())
}

/// One past the closing quote; only single quotes know backslash escapes.
fn quote_end(line: &[u8], start: usize) -> usize {
    let quote = line[start];
    let mut pos = start + 1;
    while let Some(&byte) = line.get(pos) {
        pos += if byte == b'\\' && quote == b'\'' {
            2
        } else {
            1
        };
        if byte == quote {
            return pos;
        }
    }
    line.len()
}

/// Whether a `\copy` line holds `FROM STDIN` outside parentheses.
fn copies_from_stdin(line: &str) -> bool {
    let mut parens = 0usize;
    let mut after_from = false;
    for token in Lexer::new(line, Options::default()).filter(|t| !t.is_trivia()) {
        let mut is_from = false;
        match token.kind {
            TokenKind::LeftParen => parens += 1,
            TokenKind::RightParen => parens = parens.saturating_sub(1),
            TokenKind::Word if parens == 0 => match Keyword::find(token.text(line)) {
                Some(Keyword::Stdin | Keyword::Stdout) if after_from => return true,
                word => is_from = word == Some(Keyword::From),
            },
            _ => {}
        }
        after_from = is_from;
    }
    false
}
