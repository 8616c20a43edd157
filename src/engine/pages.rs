//! The set of rule pages of a run: the built-in ones and the user's.

use std::collections::HashSet;

use super::builtin;
use super::check_page;
use super::glob;
use super::page::{Origin, Page, parse};
use super::source::{Source, SourceError, nearest, suggest};

/// Rule pages, sorted by id.
#[derive(Debug, Clone, Default)]
pub struct Pages {
    pages: Vec<Page>,
}

/// Which rules a run reports.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Patterns for ids; empty: all.
    pub rules: Vec<String>,
    /// Families; empty: all.
    pub families: Vec<String>,
}

impl Pages {
    /// The built-in pages and those of the user, whose texts come in. All mistakes are returned:
    /// of the user's pages their queries too, so that a broken page fails at once and not as a
    /// rule that never finds anything.
    pub fn load(user: Vec<Source>) -> Result<Self, Vec<SourceError>> {
        let mut errors = Vec::new();
        let mut pages = Vec::new();
        let builtin = builtin::sources().map(|source| (source, Origin::Builtin));
        let user = user.into_iter().map(|source| (source, Origin::User));
        for (source, origin) in builtin.chain(user) {
            match parse(source, origin) {
                Ok(page) => pages.push(page),
                Err(found) => errors.extend(found),
            }
        }
        for page in pages.iter().filter(|page| page.origin == Origin::User) {
            errors.extend(check_page::check_sql(page));
        }
        let pages = Self::new(pages, &mut errors);
        if errors.is_empty() {
            Ok(pages)
        } else {
            Err(errors)
        }
    }

    /// A set of parsed pages; what is wrong between them goes to `errors`.
    fn new(mut pages: Vec<Page>, errors: &mut Vec<SourceError>) -> Self {
        pages.sort_by(|a, b| {
            (&a.id, a.origin == Origin::User).cmp(&(&b.id, b.origin == Origin::User))
        });
        for pair in pages.windows(2) {
            if pair[0].id == pair[1].id {
                let message = format!("rule `{}` exists: {}", pair[1].id, pair[0].source.path);
                errors.push(
                    pair[1]
                        .error(0..3, message)
                        .help("give the file another name"),
                );
            }
        }
        let set = Self { pages };
        for page in &set.pages {
            for other in &page.yields_to {
                let Some(target) = set.get(&other.value) else {
                    let message = format!("yields_to names no rule: `{}`", other.value);
                    let help = suggest(&other.value, set.ids());
                    errors.push(page.error(other.span.clone(), message).help(help));
                    continue;
                };
                if set.before(target).contains(page.id.as_str()) {
                    let message = format!("`{}` yields to this rule in turn", target.id);
                    errors.push(
                        page.error(other.span.clone(), message)
                            .help("one of the two must stand, or neither would be shown"),
                    );
                }
            }
        }
        set
    }

    /// All pages, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Page> {
        self.pages.iter()
    }

    /// All ids, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> + Clone {
        self.pages.iter().map(|page| page.id.as_str())
    }

    /// The page of that id.
    pub fn get(&self, id: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == id)
    }

    /// What to say about an id that is none: the nearest one, else the ids of the nearest family.
    pub fn suggest(&self, id: &str) -> String {
        if let Some(near) = nearest(id, self.ids()) {
            return format!("did you mean `{near}`?");
        }
        let family = id.split('/').next().unwrap_or_default();
        let Some(family) = nearest(family, self.pages.iter().map(Page::family)) else {
            return "`pgtriage rules` lists them".to_owned();
        };
        let of_family = self.pages.iter().filter(|page| page.family() == family);
        let ids: Vec<String> = of_family.map(|page| format!("`{}`", page.id)).collect();
        format!("rules of family `{family}`: {}", ids.join(", "))
    }

    /// Checks that every pattern and family of a selection picks at least one rule.
    pub fn check_selection(&self, selection: &Selection) -> Result<(), String> {
        for rule in &selection.rules {
            if !self.ids().any(|id| glob::matches(rule, id)) {
                return Err(format!("no rule `{rule}`; {}", self.suggest(rule)));
            }
        }
        for family in &selection.families {
            let mut known: Vec<&str> = self.pages.iter().map(Page::family).collect();
            known.dedup();
            if !known.contains(&family.as_str()) {
                let help = suggest(family, known.iter().copied());
                return Err(format!("no family of rules `{family}`; {help}"));
            }
        }
        Ok(())
    }

    /// Ids of all rules that `page` yields to, directly or through others.
    pub(super) fn before<'a>(&'a self, page: &'a Page) -> HashSet<&'a str> {
        let mut seen = HashSet::new();
        let mut open = vec![page];
        while let Some(page) = open.pop() {
            for other in &page.yields_to {
                if let Some(target) = self.get(&other.value)
                    && seen.insert(target.id.as_str())
                {
                    open.push(target);
                }
            }
        }
        seen
    }
}

impl Selection {
    /// Is a rule of this id to be reported?
    pub fn has(&self, id: &str) -> bool {
        let family = id.split_once('/').map_or("", |(family, _)| family);
        let any = |patterns: &[String]| patterns.iter().any(|pattern| glob::matches(pattern, id));
        (self.rules.is_empty() || any(&self.rules))
            && (self.families.is_empty() || self.families.iter().any(|f| f == family))
    }
}
