//! The cases of a rule page: facts, migrations, and what is expected of them.

use super::markdown::{Block, BlockKind};
use super::page::{Case, CaseFile, Expect, Expected, Sql};
use super::page_parse::{Body, Part, fences};
use super::severity::Severity;

/// Words that may stand behind `sql migration`.
const WORDS: &str = "wrapped, autocommit, script, down, earlier, no-schema, layout=NAME, name=PATH, change=WORD, versions=14-";

impl Body<'_> {
    pub fn cases(&mut self, section: &Part) -> Vec<Case> {
        let parts = self.split(section.blocks.clone(), 3);
        parts
            .into_iter()
            .filter_map(|part| self.case(&part))
            .collect()
    }

    fn case(&mut self, part: &Part) -> Option<Case> {
        let (word, name) = part.title.split_once(':').unwrap_or((&part.title, ""));
        let name = name.trim().to_owned();
        if name.is_empty() || !["Fires", "Silent", "Cannot judge"].contains(&word) {
            self.fail(
                part.span.clone(),
                format!("`{}` is no heading of a case", part.title),
                "write `### Fires: what is special`, `### Silent: …` or `### Cannot judge: …`",
            );
            return None;
        }
        let facts = self.at_most_one(part, "sql facts");
        let schema = self.at_most_one(part, "sql schema");
        let mut case = Case {
            name,
            expect: Expect::Silent,
            facts: facts.clone().unwrap_or(Sql {
                text: String::new(),
                span: part.span.clone(),
            }),
            files: Vec::new(),
            schema,
            without_schema: false,
            versions: (None, None),
            span: part.span.clone(),
        };
        self.files(part, &mut case);
        if facts.is_none() && case.files.is_empty() {
            self.fail(
                part.span.clone(),
                "a case has exactly one fence of facts",
                "open it with ```sql facts, or a file of migrations with ```sql migration",
            );
            return None;
        }
        let expected = self.expected(part, word == "Silent");
        case.expect = match word {
            "Fires" => Expect::Fires(expected),
            "Silent" => Expect::Silent,
            _ => Expect::CannotJudge(expected),
        };
        Some(case)
    }

    fn at_most_one(&mut self, part: &Part, info: &str) -> Option<Sql> {
        let mut found = fences(&part.blocks, info);
        let first = found.next();
        if let Some(second) = found.next() {
            self.fail(
                second.span,
                format!("a second fence of {} in this case", &info[4..]),
                "put its text into the first",
            );
        }
        first
    }

    fn files(&mut self, part: &Part, case: &mut Case) {
        for block in &part.blocks {
            let Block {
                kind:
                    BlockKind::Fence {
                        info,
                        body,
                        body_span,
                    },
                span,
            } = block
            else {
                continue;
            };
            let Some(words) = info.strip_prefix("sql migration") else {
                continue;
            };
            let mut file = CaseFile {
                sql: Sql {
                    text: body.clone(),
                    span: body_span.clone(),
                },
                path: None,
                layout: None,
                transaction: "autocommit",
                is_down: false,
                is_earlier: false,
                change: None,
            };
            for word in words.split_whitespace() {
                if attribute(word, &mut file, case).is_none() {
                    self.fail(
                        span.clone(),
                        format!("`{word}` says nothing of a file of migrations"),
                        format!("write one of: {WORDS}"),
                    );
                }
            }
            case.files.push(file);
        }
    }

    fn expected(&mut self, part: &Part, silent: bool) -> Vec<Expected> {
        let found: Vec<Sql> = fences(&part.blocks, "expect").collect();
        match (found.as_slice(), silent) {
            ([], true) => Vec::new(),
            ([fence], false) if !fence.text.trim().is_empty() => {
                fence.text.lines().filter_map(expected_line).collect()
            }
            ([fence, ..], true) => {
                self.fail(
                    fence.span.clone(),
                    "a silent case expects nothing",
                    "remove this fence, or call the case `### Fires: …`",
                );
                Vec::new()
            }
            (_, false) => {
                self.fail(
                    part.span.clone(),
                    "this case needs one ```expect fence",
                    "name in it the objects that are found, one a line",
                );
                Vec::new()
            }
        }
    }
}

/// Takes a word of a fence of migrations; none where it means nothing.
fn attribute(word: &str, file: &mut CaseFile, case: &mut Case) -> Option<()> {
    match word.split_once('=') {
        None => match word {
            "wrapped" => file.transaction = "wrapped",
            "autocommit" => file.transaction = "autocommit",
            "script" => file.transaction = "script",
            "down" => file.is_down = true,
            "earlier" => file.is_earlier = true,
            "no-schema" => case.without_schema = true,
            _ => return None,
        },
        Some(("layout", name)) => file.layout = Some(name.to_owned()),
        Some(("name", path)) => file.path = Some(path.to_owned()),
        Some(("change", change)) => {
            let known = ["added", "modified", "renamed"];
            file.change = Some(known.into_iter().find(|known| *known == change)?);
        }
        Some(("versions", range)) => {
            let (first, last) = range.split_once('-')?;
            let number = |text: &str| match text {
                "" => Some(None),
                _ => text.parse().ok().map(Some),
            };
            case.versions = (number(first)?, number(last)?);
        }
        Some(_) => return None,
    }
    Some(())
}

/// `error public.orders L3`: severity and line are there where they matter.
fn expected_line(line: &str) -> Option<Expected> {
    let line = line.trim();
    if line.is_empty() {
        return None;
    }
    let graded = line
        .split_once(' ')
        .and_then(|(word, object)| Some((Some(word.parse::<Severity>().ok()?), object.trim())));
    let (severity, object) = graded.unwrap_or((None, line));
    let placed = object
        .rsplit_once(" L")
        .and_then(|(object, line)| Some((object.trim(), Some(line.parse().ok()?))));
    let (object, line) = placed.unwrap_or((object, None));
    Some(Expected {
        object: object.to_owned(),
        severity,
        line,
    })
}
