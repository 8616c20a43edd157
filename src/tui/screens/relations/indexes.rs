//! The indexes: those that could be made, those that may go, and the others, the largest first.

use crate::report::json;
use crate::report::listing::{Object, one};
use crate::tui::advising::{Stage, choice};
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::drafts::Draft;
use crate::tui::inputs::Input;
use crate::tui::keymap::{Action, Context};
use crate::tui::list::Row;
use crate::tui::overlays::{Overlay, Page};
use crate::tui::screens::screen::{Copy, Jump, Screen};
use crate::tui::theme::{Glyphs, Role};

use super::about;
use super::chosen;
use super::ground_text::ground_text;
use super::index_rows::{COLUMNS, Item, items, row};
use super::index_text::index_text;
use super::proposal_text::{better_text, proposal_text};

/// The view.
pub struct Indexes;

/// What the search is asked for.
pub const INPUTS: [Input; 3] = [Input::Budget, Input::SearchTime, Input::Planner];

/// The item of a row.
fn item(data: &Data, row: usize) -> Option<Item<'_>> {
    items(data).into_iter().nth(row)
}

/// What keeps a search from an answer, then what there is to say of the index.
fn shown(data: &Data, item: &Item<'_>) -> Doc {
    let mut doc = Doc::new();
    if let Stage::Failed(why) = &data.advising.stage {
        doc.line(Role::Error, &format!("No search: {why}")).blank();
    }
    doc.append(&text(data, item));
    doc
}

fn text(data: &Data, item: &Item<'_>) -> Doc {
    match item {
        Item::Proposal(place, proposal) => proposal_text(data, *place, proposal),
        Item::Better(target, _) => better_text(target),
        Item::Existing(index) => index_text(data, index),
    }
}

impl Screen for Indexes {
    fn name(&self) -> &'static str {
        "Indexes"
    }

    fn context(&self) -> Context {
        Context::Indexes
    }

    fn columns(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn natural_order(&self) -> &'static str {
        "plan, size"
    }

    fn rows(&self, data: &Data) -> Vec<Row> {
        items(data).iter().map(|item| row(data, item)).collect()
    }

    fn detail_title(&self, data: &Data, row: usize) -> String {
        let indexes = &data.relations.indexes;
        match item(data, row) {
            Some(Item::Existing(index)) => data.relations.name(indexes, index),
            Some(Item::Proposal(_, proposal)) => proposal.chosen.name.clone(),
            Some(Item::Better(..)) => "the best so far".to_owned(),
            None => String::new(),
        }
    }

    fn detail(&self, data: &Data, row: usize, _: &Glyphs) -> Doc {
        let item = item(data, row);
        item.map_or_else(Doc::new, |item| shown(data, &item))
    }

    fn empty(&self, data: &Data) -> Doc {
        about::empty(&data.relations.indexes)
    }

    fn copy(&self, data: &Data, row: usize) -> Result<Copy, &'static str> {
        let mut all = self.copies(data, row).into_iter();
        all.next().ok_or("nothing is selected")
    }

    fn copies(&self, data: &Data, row: usize) -> Vec<Copy> {
        let copy = |what, text| Copy { what, text };
        let item = item(data, row);
        let about = item
            .as_ref()
            .map(|item| copy("text", text(data, item).plain()));
        let mut all = Vec::new();
        match &item {
            Some(Item::Proposal(_, proposal)) => {
                all.push(copy("statement", proposal.sql.clone()));
                all.push(copy("undo", proposal.undo.clone()));
            }
            Some(Item::Better(target, _)) => {
                all.push(copy("what it is on", (*target).to_owned()));
            }
            Some(Item::Existing(index)) => {
                let indexes = &data.relations.indexes;
                let definition = indexes.get(index, "definition").as_str();
                all.extend(definition.map(|text| copy("definition", text.to_owned())));
                if let Some(draft) = chosen::drop_of(data, index) {
                    all.push(copy("statement that drops it", draft.sql));
                    all.extend(draft.undo.map(|undo| copy("undo", undo)));
                }
                all.push(copy("name", choice::name(data, index)));
                all.push(copy("JSON", json::text(&one(indexes, index))));
            }
            None => {}
        }
        all.extend(about);
        all
    }

    fn open(&self, action: Action, data: &Data, _: Option<usize>) -> Option<Overlay> {
        open(action, data)
    }

    fn jump(&self, data: &Data, row: usize) -> Result<Jump, &'static str> {
        match item(data, row) {
            Some(Item::Proposal(_, proposal)) => Ok(Jump {
                screen: 4,
                view: 2,
                filter: format!("indexes:\"{}\"", proposal.chosen.name.replace('"', "")),
            }),
            Some(Item::Existing(index)) => about::jump(data, data.relations.table_of(index)),
            Some(Item::Better(..)) | None => {
                Err("what it changes is known when the search has ended")
            }
        }
    }

    fn collects(&self, data: &Data, row: usize) -> Result<Draft, &'static str> {
        match item(data, row) {
            Some(Item::Proposal(_, proposal)) => {
                chosen::create_of(data, proposal).ok_or("nothing was found")
            }
            Some(Item::Existing(index)) => chosen::drop_of(data, index)
                .ok_or("nothing advises that this index goes, so there is no fix to collect"),
            Some(Item::Better(..)) => Err("it is collected when the search has ended"),
            None => Err("nothing is selected"),
        }
    }

    fn collects_all(&self, data: &Data) -> Vec<Draft> {
        chosen::all(data)
    }

    fn is_collected_from(&self) -> bool {
        true
    }

    fn toggles(&self, data: &Data, row: usize) -> Result<(String, bool), String> {
        match item(data, row) {
            Some(Item::Proposal(place, _)) => Ok((
                choice::proposal_key(data, place),
                choice::is_created(data, place),
            )),
            Some(Item::Better(..)) => Err("it is chosen when the search has ended".to_owned()),
            Some(Item::Existing(index)) => may_toggle(data, index),
            None => Err("nothing is selected".to_owned()),
        }
    }

    fn has_toggles(&self) -> bool {
        true
    }

    fn database(&self, data: &Data, row: usize) -> Option<String> {
        let Some(Item::Existing(index)) = item(data, row) else {
            return None;
        };
        let name = data.relations.indexes.get(index, "database_name");
        name.as_str().map(str::to_owned)
    }

    fn inputs(&self) -> &'static [Input] {
        &INPUTS
    }

    fn summary(&self, data: &Data) -> Vec<(Role, String)> {
        let plain = || about::summary(data, &data.relations.indexes, "size_bytes");
        chosen::summary(data).unwrap_or_else(plain)
    }
}

/// What a key of its own opens, in either view of indexes.
pub fn open(action: Action, data: &Data) -> Option<Overlay> {
    let page = || Page::new("What the search rests on", ground_text(data));
    (action == Action::Unjudged).then(|| Overlay::Page(page()))
}

/// Whether an index that is there may be taken for gone, and whether it is.
fn may_toggle(data: &Data, index: &Object) -> Result<(String, bool), String> {
    let is_dropped = choice::is_dropped(data, index);
    match data.verdicts.duty(index.id) {
        Some(duty) if !is_dropped => Err(format!("it has to stay: {duty}")),
        _ => Ok((choice::index_key(data, index), is_dropped)),
    }
}
