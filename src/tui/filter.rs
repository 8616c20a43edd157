//! The filter language: words, `column:value`, `column>5`, `!not`, `"two words"`. All must hold.

use super::compare::Comparison;
use super::list::Row;

/// A filter, understood.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq)]
struct Term {
    /// As it was typed.
    raw: String,
    not: bool,
    field: Option<String>,
    /// What the figure of the field is compared with, in place of a text to look for.
    comparison: Option<Comparison>,
    text: String,
}

impl Filter {
    /// Reads a filter. Every text is one: what stands before a colon is a column only if a row has
    /// a field of that name.
    pub fn parse(text: &str) -> Self {
        Self {
            terms: words(text).filter_map(|word| Term::parse(&word)).collect(),
        }
    }

    /// Does a row match?
    pub fn matches(&self, row: &Row) -> bool {
        self.terms.iter().all(|term| term.matches(row))
    }

    /// The filter without its terms about a field, and with others about it.
    pub fn with_field(&self, field: &str, terms: &str) -> String {
        let others = self
            .terms
            .iter()
            .filter(|term| term.field.as_deref() != Some(field));
        let words = others
            .map(|term| term.raw.clone())
            .chain([terms.to_owned()]);
        let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
        words.join(" ")
    }
}

impl Term {
    fn parse(word: &str) -> Option<Self> {
        let (not, rest) = match word.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, word),
        };
        if let Some((field, comparison)) = Comparison::parse(rest) {
            return Some(Self {
                raw: word.to_owned(),
                not,
                field: Some(field),
                comparison: Some(comparison),
                text: rest.to_lowercase(),
            });
        }
        let (field, text) = match rest.split_once(':') {
            Some((field, text)) if !field.is_empty() && !field.contains('"') => {
                (Some(field.to_lowercase()), text)
            }
            _ => (None, rest),
        };
        let text = text.replace('"', "").to_lowercase();
        (!text.is_empty()).then(|| Self {
            raw: word.to_owned(),
            not,
            field,
            comparison: None,
            text,
        })
    }

    fn matches(&self, row: &Row) -> bool {
        let fields = row.fields();
        if let (Some(comparison), Some(field)) = (&self.comparison, &self.field) {
            let is_column = fields.iter().any(|(name, _)| name == field);
            if is_column {
                let figure = row.number(field);
                return figure.is_some_and(|figure| comparison.holds(figure)) != self.not;
            }
            // What names no column is part of the text.
            return fields.iter().any(|(_, value)| value.contains(&self.text)) != self.not;
        }
        let named = self.field.as_ref().and_then(|field| {
            let mut of_name = fields.iter().filter(|(name, _)| name == field).peekable();
            of_name.peek()?;
            Some(of_name.any(|(_, value)| value.contains(&self.text)))
        });
        let found = named.unwrap_or_else(|| {
            // A colon that names no column is part of the text.
            let text = match &self.field {
                Some(field) => format!("{field}:{}", self.text),
                None => self.text.clone(),
            };
            fields.iter().any(|(_, value)| value.contains(&text))
        });
        found != self.not
    }
}

/// Splits at white space outside double quotes.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut quoted = false;
    text.split(move |c: char| {
        quoted ^= c == '"';
        c.is_whitespace() && !quoted
    })
    .map(str::to_owned)
}
