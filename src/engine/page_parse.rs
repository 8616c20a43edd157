//! From the text of a rule page to a [`Page`], with every mistake found on the way.

use std::ops::Range;

use super::front::Reader;
use super::markdown::{self, Block, BlockKind};
use super::page::{FAMILIES, Origin, Page, Section, Sql};
use super::shared;
use super::source::{Source, SourceError, suggest};

const PROSE: [&str; 4] = [
    "What it finds",
    "Why it matters",
    "How to fix it",
    "When to ignore it",
];
const SECTIONS: [&str; 7] = [
    "What it finds",
    "Why it matters",
    "How to fix it",
    "When to ignore it",
    "Query",
    "Cannot judge",
    "Cases",
];
const OPTIONAL: &str = "Cannot judge";

/// Reads a rule page. All mistakes that can be told apart are reported, in the order of the text.
pub fn parse(source: Source, origin: Origin) -> Result<Page, Vec<SourceError>> {
    let document = markdown::parse(&source).map_err(|error| vec![error])?;
    let mut errors = Vec::new();
    let id = id(&source, origin, &mut errors);
    let mut reader = Reader {
        source: &source,
        start: document.front_start,
        errors: &mut errors,
    };
    let front = reader.read(&document.front);
    let (mut needs, mut params, mut yields_to) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(front) = &front {
        reader.check(front);
        needs = reader.needs(front);
        params = reader.params(front);
        yields_to = front
            .yields_to
            .iter()
            .map(|id| reader.located(id))
            .collect();
    }
    let mut body = Body {
        source: &source,
        errors: &mut errors,
    };
    let sections = body.sections(document.blocks);
    let prose = PROSE.into_iter().filter_map(|title| {
        let blocks = sections.iter().find(|s| s.title == title)?.blocks.clone();
        Some(Section { title, blocks })
    });
    let prose = prose.collect();
    let query = body.one_sql(&sections, "Query");
    let cannot_judge = body.one_sql(&sections, OPTIONAL);
    let queries = query.iter().chain(&cannot_judge);
    let queries: Vec<&str> = queries.map(|sql| sql.text.as_str()).collect();
    let family = id.split_once('/').map_or("", |(family, _)| family);
    params.extend(shared::used(family, &queries, &params));
    let cases = sections
        .iter()
        .find(|s| s.title == "Cases")
        .map(|s| body.cases(s))
        .unwrap_or_default();
    match (front, query) {
        (Some(front), Some(query)) if errors.is_empty() => Ok(Page {
            id,
            source,
            origin,
            title: front.title.into_inner(),
            severity: front.severity,
            since: front.since.into_inner(),
            min_server: front.min_server,
            max_server: front.max_server,
            needs,
            yields_to,
            references: front
                .references
                .into_iter()
                .map(toml::Spanned::into_inner)
                .collect(),
            no_fix: front.no_fix.map(toml::Spanned::into_inner),
            off: front.off.map(toml::Spanned::into_inner),
            params,
            sections: prose,
            query,
            cannot_judge,
            cases,
        }),
        _ => {
            errors.sort_by_key(|error| error.span.start);
            Err(errors)
        }
    }
}

/// `<family>/<name>` from the last two parts of the path.
fn id(source: &Source, origin: Origin, errors: &mut Vec<SourceError>) -> String {
    let path = source.path.replace('\\', "/");
    let stem = path.strip_suffix(".md").unwrap_or(&path);
    let mut parts = stem.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let family = parts.next().unwrap_or_default();
    let kebab = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && !word.ends_with('-')
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if !kebab(family) || !kebab(name) || stem == path {
        let message = "a rule's id is the end of its path";
        errors.push(
            source
                .error(0..0, message)
                .help("call the file `<family>/<name>.md`, small letters, digits and dashes"),
        );
    } else if origin == Origin::Builtin && !FAMILIES.contains(&family) {
        let message = format!("`{family}` is no family of rules");
        errors.push(
            source
                .error(0..0, message)
                .help(suggest(family, FAMILIES.iter().copied())),
        );
    }
    format!("{family}/{name}")
}

pub(super) struct Part {
    pub title: String,
    pub span: Range<usize>,
    pub blocks: Vec<Block>,
}

pub(super) struct Body<'a> {
    pub source: &'a Source,
    pub errors: &'a mut Vec<SourceError>,
}

impl Body<'_> {
    pub fn fail(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.errors
            .push(self.source.error(span, message).help(help));
    }

    fn sections(&mut self, blocks: Vec<Block>) -> Vec<Part> {
        let mut parts = self.split(blocks, 2);
        let mut last = 0;
        for at in 0..parts.len() {
            let (title, span) = (parts[at].title.clone(), parts[at].span.clone());
            let Some(place) = SECTIONS.iter().position(|known| *known == title) else {
                let help = suggest(&title, SECTIONS.iter().copied());
                self.fail(
                    span,
                    format!("`{title}` is no section of a rule page"),
                    help,
                );
                continue;
            };
            if parts[..at].iter().any(|part| part.title == title) {
                self.fail(
                    span,
                    format!("a second section `{title}`"),
                    "put its text into the first",
                );
            } else if place < last {
                self.fail(
                    span,
                    format!("`{title}` stands behind `{}`", SECTIONS[last]),
                    format!("the order is: {}", SECTIONS.join(", ")),
                );
            } else if parts[at].blocks.is_empty() {
                self.fail(span, format!("section `{title}` is empty"), "write it");
            }
            last = last.max(place);
        }
        for title in SECTIONS {
            if title != OPTIONAL && !parts.iter().any(|part| part.title == title) {
                self.fail(0..3, format!("section `## {title}` is missing"), "add it");
            }
        }
        parts.retain(|part| SECTIONS.contains(&part.title.as_str()));
        parts
    }

    /// Splits blocks at headings of one level; anything before the first is an error.
    pub fn split(&mut self, blocks: Vec<Block>, at_level: usize) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for block in blocks {
            match (&block.kind, parts.last_mut()) {
                (BlockKind::Heading { level, text }, _) if *level == at_level => parts.push(Part {
                    title: text.clone(),
                    span: block.span,
                    blocks: Vec::new(),
                }),
                (BlockKind::Heading { level, .. }, _) if *level < at_level => {
                    let marks = "#".repeat(at_level);
                    self.fail(
                        block.span,
                        "this heading's level is not used in a rule page",
                        format!("sections start with `{marks}`, cases with `###`"),
                    );
                }
                (_, Some(part)) => part.blocks.push(block),
                (_, None) => self.fail(
                    block.span,
                    "text before the first heading",
                    "put it under `## What it finds`",
                ),
            }
        }
        parts
    }

    fn one_sql(&mut self, parts: &[Part], title: &str) -> Option<Sql> {
        let part = parts.iter().find(|part| part.title == title)?;
        let mut fences = fences(&part.blocks, "sql");
        let first = fences.next();
        if first.is_none() && !part.blocks.is_empty() {
            self.fail(
                part.span.clone(),
                format!("section `{title}` has no query"),
                "put it into a fence opened with ```sql",
            );
        }
        if let Some(second) = fences.next() {
            self.fail(
                second.span,
                format!("a second query in section `{title}`"),
                "a rule is one query: use WITH or UNION ALL",
            );
        }
        first
    }
}

pub(super) fn fences<'a>(blocks: &'a [Block], wanted: &'a str) -> impl Iterator<Item = Sql> + 'a {
    blocks.iter().filter_map(move |block| match &block.kind {
        BlockKind::Fence {
            info,
            body,
            body_span,
        } if info == wanted => Some(Sql {
            text: body.clone(),
            span: body_span.clone(),
        }),
        _ => None,
    })
}
