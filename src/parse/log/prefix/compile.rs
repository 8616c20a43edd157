//! The setting as steps.

use thiserror::Error;

/// What an escape of `log_line_prefix` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// `%a`
    Application,
    /// `%u`
    User,
    /// `%d`
    Database,
    /// `%r`: host and port
    Remote,
    /// `%h`, `%L`: an address
    Host,
    /// `%b`
    BackendType,
    /// `%p`
    Pid,
    /// `%P`
    LeaderPid,
    /// `%t`, `%m`
    Time,
    /// `%n`
    Epoch,
    /// `%s`
    SessionStart,
    /// `%i`
    CommandTag,
    /// `%e`
    Sqlstate,
    /// `%c`
    Session,
    /// `%l`, `%x`
    Number,
    /// `%v`
    VirtualTransaction,
    /// `%Q`
    QueryId,
}

impl Field {
    /// Whether its value may be any text.
    pub(super) fn is_name(self) -> bool {
        matches!(
            self,
            Self::Application
                | Self::User
                | Self::Database
                | Self::Remote
                | Self::Host
                | Self::BackendType
                | Self::CommandTag
        )
    }

    /// Whether some processes write nothing for it.
    pub(super) fn may_be_empty(self) -> bool {
        self.is_name() || matches!(self, Self::LeaderPid | Self::VirtualTransaction)
    }
}

/// A step of reading a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Literal(Vec<u8>),
    Field {
        field: Field,
        /// Bytes that the value takes at least: blanks stand before it, or after it where the
        /// width is negative, as in `%-10u`. 0 without padding.
        width: i32,
    },
    /// `%q`: processes without a session write no more.
    Stop,
}

/// A `log_line_prefix`, ready to read lines by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix {
    text: String,
    pub(super) steps: Vec<Step>,
}

/// A text that is no `log_line_prefix`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PrefixError {
    /// An escape that no version has.
    #[error(
        "log_line_prefix {prefix:?} has the unknown escape {escape:?} at byte {at}; PostgreSQL has %a %u %d %r %h %L %b %p %P %t %m %n %i %e %c %l %s %v %x %q %Q and %%"
    )]
    Escape {
        /// The setting.
        prefix: String,
        /// The escape.
        escape: String,
        /// Its offset in the setting.
        at: usize,
    },
}

/// Widths above this are read as this one.
const WIDEST: i32 = 1_000;

impl Prefix {
    /// Reads a setting. Padding (`%-10u`, `%5p`) is understood.
    pub fn compile(text: &str) -> Result<Self, PrefixError> {
        let mut steps = Vec::new();
        let mut literal = Vec::new();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c != '%' {
                literal.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            let sign = if chars.next_if(|(_, c)| *c == '-').is_some() {
                -1
            } else {
                1
            };
            let mut width = 0;
            while let Some((_, digit)) = chars.next_if(|(_, c)| c.is_ascii_digit()) {
                let digit = i32::try_from(digit.to_digit(10).unwrap_or_default());
                width = (width * 10 + digit.unwrap_or_default()).min(WIDEST);
            }
            let width = sign * width;
            let Some((end, escape)) = chars.next() else {
                // The server writes nothing for a sign at the end.
                break;
            };
            if escape == '%' {
                literal.push(b'%');
                continue;
            }
            if !literal.is_empty() {
                steps.push(Step::Literal(std::mem::take(&mut literal)));
            }
            if escape == 'q' {
                steps.push(Step::Stop);
                continue;
            }
            let field = field(escape).ok_or_else(|| PrefixError::Escape {
                prefix: text.to_owned(),
                escape: text[at..end + escape.len_utf8()].to_owned(),
                at,
            })?;
            steps.push(Step::Field { field, width });
        }
        if !literal.is_empty() {
            steps.push(Step::Literal(literal));
        }
        Ok(Self {
            text: text.to_owned(),
            steps,
        })
    }

    /// The setting.
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn field(escape: char) -> Option<Field> {
    Some(match escape {
        'a' => Field::Application,
        'u' => Field::User,
        'd' => Field::Database,
        'r' => Field::Remote,
        'h' | 'L' => Field::Host,
        'b' => Field::BackendType,
        'p' => Field::Pid,
        'P' => Field::LeaderPid,
        't' | 'm' => Field::Time,
        'n' => Field::Epoch,
        's' => Field::SessionStart,
        'i' => Field::CommandTag,
        'e' => Field::Sqlstate,
        'c' => Field::Session,
        'l' | 'x' => Field::Number,
        'v' => Field::VirtualTransaction,
        'Q' => Field::QueryId,
        _ => return None,
    })
}
