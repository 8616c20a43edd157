//! Fixes that are collected to become migrations.

use crate::engine::{Finding, Scope, Severity};

use super::effect::{Effect, Request};
use super::overlays::{Answer, Ask, Overlay};
use super::state::App;

/// A fix that is to become a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Key of the finding that it mends.
    pub key: String,
    /// That finding's rule.
    pub rule: String,
    /// Database that the finding is of; `None`: of the server.
    pub database: Option<String>,
    /// What the finding is about.
    pub object: String,
    /// Its sentence.
    pub detail: String,
    /// The SQL, as it will be written.
    pub sql: String,
    /// SQL that takes it back.
    pub undo: Option<String>,
    /// The SQL is not that of the finding any more.
    pub is_edited: bool,
    /// What the linter says of it.
    pub lint: Lint,
}

/// What the linter says of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lint {
    /// Not yet known.
    Asked,
    /// Its statements.
    Known(Vec<DraftStatement>),
    /// It could not be linted, because of this.
    Failed(String),
}

/// A statement of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DraftStatement {
    /// Its text.
    pub text: String,
    /// Locks that it takes, the strongest first: mode and relation.
    pub locks: Vec<(String, String)>,
    /// Level of the strongest, 1 to 8.
    pub lock_level: Option<i64>,
    /// What takes time under them: scans, writes anew, builds an index.
    pub work: Vec<String>,
    /// It has to run outside a transaction block.
    pub is_alone: bool,
    /// What is to be said against it: severity, rule, sentence.
    pub findings: Vec<(Severity, String, String)>,
}

impl Draft {
    /// That of the finding of a row; else a sentence saying why none.
    pub fn of_row(finding: Option<&Finding>) -> Result<Self, &'static str> {
        let finding = finding.ok_or("nothing is selected")?;
        Self::of(finding).ok_or("no SQL mends this one; R shows its rule")
    }

    /// That of a finding; `None`: no SQL mends it.
    pub fn of(finding: &Finding) -> Option<Self> {
        Some(Self {
            key: finding.key.clone(),
            rule: finding.rule.clone(),
            database: match &finding.scope {
                Scope::Database(name) => Some(name.clone()),
                Scope::Node(_) => None,
            },
            object: finding.object.clone(),
            detail: finding.detail.clone(),
            sql: finding.fix.clone()?,
            undo: finding.undo.clone(),
            is_edited: false,
            lint: Lint::Asked,
        })
    }

    /// Statements, once they are known.
    pub fn statements(&self) -> &[DraftStatement] {
        match &self.lint {
            Lint::Known(statements) => statements,
            Lint::Asked | Lint::Failed(_) => &[],
        }
    }

    /// The gravest thing that is said against it.
    pub fn worst(&self) -> Option<Severity> {
        let statements = self.statements().iter();
        let findings = statements.flat_map(|statement| &statement.findings);
        findings.map(|(severity, ..)| *severity).max()
    }

    fn ask(&self) -> Effect {
        Effect::Ask(Request::Lint {
            key: self.key.clone(),
            database: self.database.clone(),
            sql: self.sql.clone(),
        })
    }
}

/// Collects the fix of the selected finding, or leaves it out again.
pub fn collect(app: &mut App) -> Vec<Effect> {
    let (screen, selected) = (app.screen(), app.pane().list.selected());
    let (Some(data), Some(row)) = (app.feed.data.clone(), selected) else {
        return Vec::new();
    };
    let draft = match screen.collects(&data, row) {
        Ok(draft) => draft,
        Err(why) => {
            app.complain(why);
            return Vec::new();
        }
    };
    let drafts = app.feed.drafts();
    if drafts.iter().any(|known| known.key == draft.key) {
        app.change_drafts(|drafts| drafts.retain(|known| known.key != draft.key));
        app.say("left out of the migrations again");
        return Vec::new();
    }
    let asks = vec![draft.ask()];
    app.change_drafts(|drafts| drafts.push(draft));
    let count = app.feed.drafts().len();
    app.say(&format!(
        "collected, {count} in all; 4 shows the migrations"
    ));
    asks
}

/// Collects all that is chosen on the screen and not collected yet.
pub fn collect_all(app: &mut App) -> Vec<Effect> {
    let screen = app.screen();
    let Some(data) = app.feed.data.clone() else {
        return Vec::new();
    };
    let mut drafts = screen.collects_all(&data);
    if drafts.is_empty() {
        app.complain("nothing is chosen that could be collected");
        return Vec::new();
    }
    drafts.retain(|draft| data.drafts.iter().all(|known| known.key != draft.key));
    let asks = drafts.iter().map(Draft::ask).collect();
    let new = drafts.len();
    app.change_drafts(|known| known.extend(drafts));
    let count = app.feed.drafts().len();
    app.say(&format!(
        "{new} collected, {count} in all; 4 shows the migrations"
    ));
    asks
}

/// Leaves the selected one out.
pub fn remove(app: &mut App) {
    if let Some(draft) = selected(app) {
        app.change_drafts(|drafts| drafts.retain(|other| other.key != draft.key));
        app.say(&format!("{} is left out", draft.object));
    }
}

/// Opens the selected one in the user's editor.
pub fn edit(app: &App) -> Vec<Effect> {
    let draft = selected(app);
    let effect = |draft: Draft| Effect::Edit {
        key: draft.key,
        text: draft.sql,
    };
    draft.map(effect).into_iter().collect()
}

/// Takes what the editor left.
pub fn edited(app: &mut App, key: &str, result: Result<String, String>) -> Vec<Effect> {
    let text = match result {
        Ok(text) => text,
        Err(why) => {
            app.complain(&why);
            return Vec::new();
        }
    };
    let mut asks = Vec::new();
    app.change_drafts(|drafts| {
        let found = drafts.iter_mut().find(|draft| draft.key == key);
        if let Some(draft) = found.filter(|draft| draft.sql.trim_end() != text.trim_end()) {
            text.trim_end().clone_into(&mut draft.sql);
            draft.is_edited = true;
            draft.lint = Lint::Asked;
            asks.push(draft.ask());
        }
    });
    if asks.is_empty() {
        app.say("nothing was changed");
    }
    asks
}

/// Takes what the linter says; of a text that was changed since it says nothing.
pub fn linted(app: &mut App, key: &str, sql: &str, result: Result<Vec<DraftStatement>, String>) {
    let lint = match result {
        Ok(statements) => Lint::Known(statements),
        Err(why) => Lint::Failed(why),
    };
    app.change_drafts(|drafts| {
        let mut found = drafts.iter_mut();
        if let Some(draft) = found.find(|draft| draft.key == key && draft.sql == sql) {
            draft.lint = lint;
        }
    });
}

/// Asks for the folder to write to.
pub fn ask_folder(app: &mut App) {
    if app.feed.drafts().is_empty() {
        app.complain("nothing is collected; m on a finding collects its fix");
        return;
    }
    let ask = Ask::new(
        "write to folder: ",
        "a folder",
        "migrations",
        Answer::Folder,
    );
    app.overlays.push(Overlay::Ask(ask));
}

/// Has the migrations written to the folder that was given.
pub fn write(app: &mut App, folder: &str) -> Vec<Effect> {
    let folder = folder.trim().to_owned();
    if folder.is_empty() {
        app.complain("no folder was given, so nothing is written");
        return Vec::new();
    }
    let drafts = app.feed.drafts().to_vec();
    vec![Effect::Ask(Request::Write { folder, drafts })]
}

/// Tells what became of it.
pub fn written(app: &mut App, result: Result<Vec<String>, String>) {
    match result {
        Ok(files) => app.say(&format!("written: {}", files.join(", "))),
        Err(why) => app.complain(&why),
    }
}

fn selected(app: &App) -> Option<Draft> {
    let row = app.pane().list.selected()?;
    app.feed.drafts().get(row).cloned()
}
