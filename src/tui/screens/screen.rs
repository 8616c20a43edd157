//! What a screen has to say for itself.

use jiff::Timestamp;

use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::drafts::Draft;
use crate::tui::inputs::Input;
use crate::tui::keymap::{Action, Context};
use crate::tui::list::Row;
use crate::tui::overlays::Overlay;
use crate::tui::theme::Glyphs;

/// A table over a part of the data, and a text for the selected row. Rows are named by their index
/// in what [`Screen::rows`] gave for the same data. Where a tab has several screens, each is a view
/// of one thing.
pub trait Screen: Sync {
    /// Its name.
    fn name(&self) -> &'static str;

    /// The context of its own keys.
    fn context(&self) -> Context;

    /// Columns of its table.
    fn columns(&self) -> &'static [Column];

    /// Word for the order that [`Screen::rows`] gives.
    fn natural_order(&self) -> &'static str;

    /// Its rows, in their natural order.
    fn rows(&self, data: &Data) -> Vec<Row>;

    /// Title of the text of a row.
    fn detail_title(&self, data: &Data, row: usize) -> String;

    /// Text of a row.
    fn detail(&self, data: &Data, row: usize, glyphs: &Glyphs) -> Doc;

    /// The first row is the newest, so that it can be followed.
    fn is_by_time(&self) -> bool {
        false
    }

    /// Time of the newest thing that it tells of, where that is another than the time of reading.
    fn newest(&self, _: &Data) -> Option<Timestamp> {
        None
    }

    /// What stands in place of the table when there are no rows.
    fn empty(&self, data: &Data) -> Doc;

    /// What the copy key copies; else a sentence saying why there is nothing.
    fn copy(&self, data: &Data, row: usize) -> Result<Copy, &'static str>;

    /// Everything that can be copied.
    fn copies(&self, data: &Data, row: usize) -> Vec<Copy>;

    /// What a key of its own opens.
    fn open(&self, action: Action, data: &Data, row: Option<usize>) -> Option<Overlay>;

    /// Where the row leads to on another screen; else a sentence saying why nowhere.
    fn jump(&self, data: &Data, row: usize) -> Result<Jump, &'static str>;

    /// What the collect key takes; else a sentence saying why nothing.
    fn collects(&self, _: &Data, _: usize) -> Result<Draft, &'static str> {
        Err("only fixes of findings are collected")
    }

    /// All that is chosen, to be collected.
    fn collects_all(&self, _: &Data) -> Vec<Draft> {
        Vec::new()
    }

    /// Something of its rows can be collected.
    fn is_collected_from(&self) -> bool {
        self.is_of_findings()
    }

    /// The key under which a row is chosen, and whether it is; else a sentence saying why it cannot be.
    fn toggles(&self, _: &Data, _: usize) -> Result<(String, bool), String> {
        Err("indexes are chosen in the view Indexes; [ goes to it".to_owned())
    }

    /// Its rows can be chosen.
    fn has_toggles(&self) -> bool {
        false
    }

    /// The database of a row.
    fn database(&self, _: &Data, _: usize) -> Option<String> {
        None
    }

    /// Its rows are findings: each has a rule, and may have a fix.
    fn is_of_findings(&self) -> bool {
        false
    }

    /// What it is worked out from that the user can change.
    fn inputs(&self) -> &'static [Input] {
        &[]
    }

    /// One line on the data for the second row of the header, as pieces for the narrowest screen
    /// first.
    fn summary(&self, data: &Data) -> Vec<(crate::tui::Role, String)>;
}

/// A place on another screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jump {
    /// Its number in [`super::ALL`].
    pub screen: usize,
    /// The view of it.
    pub view: usize,
    /// The filter to set there.
    pub filter: String,
}

/// Something to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// What it is, for the menu and the notice.
    pub what: &'static str,
    /// The text.
    pub text: String,
}
