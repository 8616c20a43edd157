//! A script run as psql would: statements one by one, rows for COPY out of the script.

use super::error::TraceError;
use crate::collect::connect::{ReadError, Session};
use crate::parse::item::ItemKind;
use crate::parse::split::split;

/// A statement of a script that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Its first line, from 1.
    pub line: usize,
    /// What the server says.
    pub message: String,
}

/// Runs a script; what fails is told, and the next statement run.
pub async fn load(session: &Session, script: &str) -> Result<Vec<Failed>, TraceError> {
    let mut failed = Vec::new();
    let items = split(script);
    for (at, item) in items.iter().enumerate() {
        if item.kind != ItemKind::Sql {
            continue;
        }
        let text = item.text(script);
        let rows = items
            .get(at + 1)
            .filter(|next| next.kind == ItemKind::CopyData);
        let outcome = match rows {
            None => session.run(&text).await.map(|_| ()),
            Some(rows) => {
                let rows = rows.text(script).into_owned().into_bytes();
                session.copy_in(&text, rows).await
            }
        };
        match outcome {
            Ok(()) => {}
            Err(error @ ReadError::Server(_)) => failed.push(Failed {
                line: item.first.line,
                message: error.to_string(),
            }),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(failed)
}
