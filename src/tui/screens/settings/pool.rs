//! Sizes of connection pools: the load as it is and its multiples, for cores and instances that the
//! user can change.

use crate::facts::human;
use crate::report::pool::{POOLS, Size, advised, nothing, peak, told};
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::inputs::Input;
use crate::tui::keymap::{Action, Context};
use crate::tui::list::{Cell, Row};
use crate::tui::overlays::Overlay;
use crate::tui::screens::screen::{Copy, Jump, Screen};
use crate::tui::theme::{Glyphs, Role};

/// The view.
pub struct Pool;

#[rustfmt::skip]
static COLUMNS: [Column; 9] = [
    Column { name: "database", min: 14, drop: 1, right: false },
    Column { name: "load", min: 5, drop: 0, right: false },
    Column { name: "advised", min: 10, drop: 2, right: true },
    Column { name: "each", min: 8, drop: 4, right: true },
    Column { name: "needed", min: 8, drop: 3, right: true },
    Column { name: "cores-used", min: 10, drop: 5, right: true },
    Column { name: "tx/s", min: 10, drop: 6, right: true },
    Column { name: "busy", min: 8, drop: 7, right: true },
    Column { name: "decides", min: 20, drop: 8, right: false },
];

/// Word for all databases together.
const ALL: &str = "all";

/// The loads: with a single database, which is all there is, those of the server only.
fn shown(data: &Data) -> &[Size] {
    let sizes = &data.calculator.sizes;
    match sizes.databases().count() {
        0 | 1 => sizes.whole(),
        _ => &sizes.rows,
    }
}

impl Screen for Pool {
    fn name(&self) -> &'static str {
        "Pool"
    }

    fn context(&self) -> Context {
        Context::Settings
    }

    fn columns(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn natural_order(&self) -> &'static str {
        "load"
    }

    fn inputs(&self) -> &'static [Input] {
        &[Input::Cores, Input::Instances, Input::Peaks]
    }

    fn rows(&self, data: &Data) -> Vec<Row> {
        shown(data).iter().map(row).collect()
    }

    fn detail_title(&self, data: &Data, row: usize) -> String {
        let size = shown(data).get(row);
        size.map_or_else(String::new, |size| {
            let database = size.database.as_deref().unwrap_or("all databases");
            match peak(size.peak).as_str() {
                "now" => format!("Pool of {database} for the load as it is"),
                times => format!("Pool of {database} for {times} the load"),
            }
        })
    }

    fn detail(&self, data: &Data, row: usize, _: &Glyphs) -> Doc {
        let size = shown(data).get(row);
        size.map_or_else(Doc::new, |size| text(data, size))
    }

    fn empty(&self, data: &Data) -> Doc {
        let mut doc = Doc::new();
        doc.line(Role::Strong, "No sizes.");
        for sentence in nothing(&data.calculator.sizes) {
            doc.line(Role::Text, &sentence);
        }
        doc
    }

    fn copy(&self, data: &Data, row: usize) -> Result<Copy, &'static str> {
        let mut all = self.copies(data, row).into_iter();
        all.next().ok_or("nothing is selected")
    }

    fn copies(&self, data: &Data, row: usize) -> Vec<Copy> {
        let calculator = &data.calculator;
        let Some(size) = shown(data).get(row) else {
            return Vec::new();
        };
        let copy = |what, text| Copy { what, text };
        let mut all = vec![copy("text", text(data, size).plain())];
        if let Some(settings) = calculator.sizes.settings_of(size, calculator.usual) {
            all.extend(
                POOLS
                    .iter()
                    .map(|pool| copy(pool.name, pool.settings(&settings))),
            );
        }
        all
    }

    fn open(&self, _: Action, _: &Data, _: Option<usize>) -> Option<Overlay> {
        None
    }

    fn jump(&self, _: &Data, _: usize) -> Result<Jump, &'static str> {
        Err("sizes of pools rest on the whole load, not on one finding")
    }

    fn summary(&self, data: &Data) -> Vec<(Role, String)> {
        let cores = match data.calculator.cores() {
            Some(cores) => format!("cores {cores}"),
            None => "cores not known".to_owned(),
        };
        let instances = match data.calculator.inputs().instances {
            Some(instances) => format!("instances {instances}"),
            None => "instances not given".to_owned(),
        };
        vec![(Role::Text, cores), (Role::Text, instances)]
    }
}

fn row(size: &Size) -> Row {
    let number = |value: Option<f64>, text: fn(f64) -> String| match value {
        Some(value) => Cell::number(Role::Text, value, &text(value)),
        None => Cell::unknown(),
    };
    let count = |value: Option<i64>| number(value.map(|n| n as f64), human::count);
    let database = size.database.as_deref().unwrap_or(ALL);
    let advised_cell = match (advised(size), size.high) {
        (Some(text), Some(high)) => Cell::number(Role::Strong, high as f64, &text),
        _ => Cell::unknown(),
    };
    let each = match (size.per_instance, size.instances) {
        (Some(each), _) => count(Some(each)),
        // They are too many for the connections.
        (None, Some(_)) => Cell::text(Role::Warning, "pooler"),
        (None, None) => Cell::unknown(),
    };
    let needed = match size.needed {
        Some(needed) => count(Some(needed)),
        None => Cell::number(Role::Error, f64::INFINITY, "too many"),
    };
    let used = size.utilization.map_or_else(Cell::unknown, |used| {
        Cell::number(Role::Text, used * 100.0, &human::percent(used))
    });
    let cells = vec![
        Cell::text(Role::Text, database),
        Cell::number(Role::Text, size.peak, &peak(size.peak)),
        advised_cell,
        each,
        needed,
        used,
        number(size.per_s, human::count),
        number(size.busy, human::count),
        Cell::text(Role::Dim, size.reason.as_deref().unwrap_or_default()),
    ];
    let key = format!("{}@{}", size.database.as_deref().unwrap_or(""), size.peak);
    Row::new(key, &COLUMNS, cells, &[])
}

fn text(data: &Data, size: &Size) -> Doc {
    let calculator = &data.calculator;
    let mut doc = Doc::new();
    inputs(&mut doc, data);
    for (heading, sentences) in told(&calculator.sizes, size, calculator.usual) {
        doc.heading(heading);
        for (warns, sentence) in sentences {
            let role = if warns { Role::Warning } else { Role::Text };
            doc.line(role, &sentence);
        }
    }
    if let Some(settings) = calculator.sizes.settings_of(size, calculator.usual) {
        doc.heading("Settings of pools (Y copies those of one)");
        for pool in &POOLS {
            doc.blank().pieces(&[
                (Role::Label, pool.name),
                (Role::Dim, "  "),
                (Role::Dim, pool.place),
            ]);
            doc.code(&pool.settings(&settings));
        }
    }
    doc
}

/// What it was worked out from, and the keys that change it.
fn inputs(doc: &mut Doc, data: &Data) {
    let calculator = &data.calculator;
    let (given, known) = (calculator.inputs(), &calculator.known);
    let cores = match (given.cores, known.cores) {
        (Some(cores), _) => format!("{cores}, as you say"),
        (None, Some(cores)) => {
            let source = known.cores_source.as_deref();
            source.map_or_else(
                || cores.to_string(),
                |source| format!("{cores}, by {source}"),
            )
        }
        (None, None) => "not known, so this is the demand only: c gives them".to_owned(),
    };
    let instances = given
        .instances
        .map_or_else(|| "not given: i gives them".to_owned(), |n| n.to_string());
    let peaks: Vec<String> = given.peaks.iter().map(|times| peak(*times)).collect();
    doc.fields(&[
        ("cores".to_owned(), Role::Strong, cores),
        ("instances".to_owned(), Role::Strong, instances),
        (
            "loads".to_owned(),
            Role::Strong,
            format!("now, {}", peaks.join(", ")),
        ),
    ]);
    doc.pieces(&[
        (Role::Key, "e"),
        (Role::Dim, " changes them, "),
        (Role::Key, "c"),
        (Role::Dim, "/"),
        (Role::Key, "C"),
        (Role::Dim, " one core more or less, "),
        (Role::Key, "i"),
        (Role::Dim, "/"),
        (Role::Key, "I"),
        (Role::Dim, " one instance"),
    ]);
}
