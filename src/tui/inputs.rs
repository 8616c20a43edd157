//! Inputs of calculators and of the search for indexes that the user changes.

use std::time::Duration;

use super::advising::{Advising, Planner};
use super::effect::{Effect, Request};
use super::overlays::{Answer, Ask, Choice, Item, Menu, Overlay};
use super::state::App;
use crate::advise::pool;
use crate::engine::params::{Kind, Value};

/// Something that a calculator goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Input {
    /// Cores of the server.
    Cores,
    /// Application instances.
    Instances,
    /// Multiples of the load.
    Peaks,
    /// How far timeouts stand above what is slow.
    Headroom,
    /// Bytes of all new indexes.
    Budget,
    /// Most time of a search.
    SearchTime,
    /// Who is asked for costs.
    Planner,
}

/// What was typed does not do.
#[derive(Debug, PartialEq, Eq)]
struct Refused;

/// Most cores that are believed.
const MOST_CORES: f64 = 4096.0;
/// Least cores: what quotas of containers give.
const LEAST_CORES: f64 = 0.05;
/// Most application instances.
const MOST_INSTANCES: u32 = 100_000;
/// Most multiples of the load, and how large they may be.
const MOST_PEAKS: usize = 6;
const MOST_PEAK: f64 = 1000.0;
/// How far timeouts may stand above what is slow.
const HEADROOMS: std::ops::RangeInclusive<f64> = 1.0..=100.0;

impl Input {
    fn label(self) -> &'static str {
        match self {
            Self::Cores => "cores of the server",
            Self::Instances => "application instances",
            Self::Peaks => "multiples of the load",
            Self::Headroom => "headroom above slow calls",
            Self::Budget => "budget of new indexes",
            Self::SearchTime => "time of the search",
            Self::Planner => "planner",
        }
    }

    fn prompt(self) -> &'static str {
        match self {
            Self::Cores => "cores (empty: as the facts know): ",
            Self::Instances => "instances (empty: not asked): ",
            Self::Peaks => "multiples of the load: ",
            Self::Headroom => "times what slow calls take: ",
            Self::Budget => "bytes of all new indexes (empty: as many as pay): ",
            Self::SearchTime => "search at most: ",
            Self::Planner => "planner: ",
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Cores => "such as 8 or 0.5",
            Self::Instances => "such as 4",
            Self::Peaks => "such as 2,3",
            Self::Headroom => "such as 3",
            Self::Budget => "such as 500MB",
            Self::SearchTime => "such as 60s",
            Self::Planner => "shadow or hypopg",
        }
    }
}

/// The value of an input as it would be typed; empty: none.
pub fn value(app: &App, input: Input) -> String {
    let Some(data) = app.data() else {
        return String::new();
    };
    let inputs = data.calculator.inputs();
    match input {
        Input::Cores => inputs.cores.map_or_else(String::new, |n| n.to_string()),
        Input::Instances => inputs.instances.map_or_else(String::new, |n| n.to_string()),
        Input::Peaks => {
            let peaks = inputs.peaks.iter().map(ToString::to_string);
            peaks.collect::<Vec<_>>().join(",")
        }
        Input::Headroom => data.headroom.to_string(),
        Input::Budget | Input::SearchTime | Input::Planner => searched(&data.advising, input),
    }
}

/// Offers the inputs of the view; a single one is asked for at once.
pub fn edit(app: &mut App) {
    match app.screen().inputs() {
        [] => app.say("the views Pool and Timeouts have inputs; ] goes to them"),
        [one] => ask(app, *one),
        all => {
            let item = |input: &Input| Item {
                label: input.label().to_owned(),
                note: match value(app, *input) {
                    none if none.is_empty() => "-".to_owned(),
                    value => value,
                },
                choice: Choice::Input(*input),
            };
            let items = all.iter().map(item).collect();
            let menu = Menu::new("Change", items, 0);
            app.overlays.push(Overlay::Menu(menu));
        }
    }
}

/// Asks for a value.
pub fn ask(app: &mut App, input: Input) {
    if input == Input::Planner {
        return other_planner(app);
    }
    let now = value(app, input);
    let ask = Ask::new(input.prompt(), input.example(), &now, Answer::Input(input));
    app.overlays.push(Overlay::Ask(ask));
}

/// Takes what was typed.
pub fn answer(app: &mut App, input: Input, text: &str) -> Vec<Effect> {
    let text = text.trim();
    if input == Input::Headroom {
        return match number(text).filter(|number| HEADROOMS.contains(number)) {
            Some(number) => vec![Effect::Ask(Request::Headroom(number))],
            None => refuse(app, input, text),
        };
    }
    if matches!(input, Input::Budget | Input::SearchTime | Input::Planner) {
        return match search(app, input, text) {
            Ok(()) => Vec::new(),
            Err(Refused) => refuse(app, input, text),
        };
    }
    let Some(data) = app.data() else {
        return Vec::new();
    };
    let inputs = data.calculator.inputs().clone();
    let changed = match input {
        Input::Cores => cores(text).map(|cores| pool::Inputs { cores, ..inputs }),
        Input::Instances => instances(text).map(|instances| pool::Inputs {
            instances,
            ..inputs
        }),
        _ => peaks(text).map(|peaks| pool::Inputs { peaks, ..inputs }),
    };
    match changed {
        Ok(changed) => app.change_inputs(changed),
        Err(Refused) => return refuse(app, input, text),
    }
    Vec::new()
}

/// One more or one less; below one it is as the facts know it.
pub fn step(app: &mut App, input: Input, more: bool) {
    if !app.screen().inputs().contains(&input) {
        app.say("cores and instances are inputs of the view Pool; ] goes to it");
        return;
    }
    let Some(data) = app.data() else { return };
    let mut inputs = data.calculator.inputs().clone();
    match input {
        Input::Cores => {
            let now = data.calculator.cores();
            inputs.cores = match (now, more) {
                (None, true) => Some(1.0),
                (Some(cores), true) => Some((cores.floor() + 1.0).min(MOST_CORES)),
                (Some(cores), false) if cores > 1.0 => Some(cores.ceil() - 1.0),
                _ => None,
            };
        }
        Input::Instances => {
            inputs.instances = match (inputs.instances, more) {
                (None, true) => Some(1),
                (Some(n), true) => Some((n + 1).min(MOST_INSTANCES)),
                (Some(n), false) if n > 1 => Some(n - 1),
                _ => None,
            };
        }
        _ => {}
    }
    app.change_inputs(inputs);
}

/// What is searched, as it would be typed.
fn searched(advising: &Advising, input: Input) -> String {
    match input {
        Input::Budget => {
            let budget = advising.budget.and_then(|bytes| i64::try_from(bytes).ok());
            budget.map_or_else(String::new, |bytes| Value::Size(bytes).to_string())
        }
        Input::SearchTime => Value::Duration(advising.time.as_secs_f64() * 1e3).to_string(),
        _ => advising.planner.word().to_owned(),
    }
}

/// Takes what is to be searched from now on.
fn search(app: &mut App, input: Input, text: &str) -> Result<(), Refused> {
    match input {
        Input::Budget if text.is_empty() => {
            app.change(|data| data.advising.budget = None);
            app.say("no budget: as many indexes as pay; a searches");
        }
        Input::Budget => {
            let Ok(Value::Size(bytes @ 1..)) = Value::typed(Kind::Size, text) else {
                return Err(Refused);
            };
            app.change(|data| data.advising.budget = Some(bytes.unsigned_abs()));
            app.say("a searches within this budget");
        }
        _ => {
            let Ok(Value::Duration(ms)) = Value::typed(Kind::Duration, text) else {
                return Err(Refused);
            };
            let time = Duration::try_from_secs_f64(ms / 1e3).map_err(|_| Refused)?;
            if time.is_zero() {
                return Err(Refused);
            }
            app.change(|data| data.advising.time = time);
        }
    }
    Ok(())
}

fn other_planner(app: &mut App) {
    app.change(|data| {
        let planner = &mut data.advising.planner;
        *planner = match *planner {
            Planner::Shadow => Planner::HypoPg,
            Planner::HypoPg => Planner::Shadow,
        };
    });
    let planner = app.data().map(|data| data.advising.planner);
    let words = planner.unwrap_or_default().words();
    app.say(&format!("the next search asks {words}"));
}

fn refuse(app: &mut App, input: Input, text: &str) -> Vec<Effect> {
    let label = input.label();
    let example = input.example();
    app.complain(&format!(
        "`{text}` does not do for the {label}: give a value {example}"
    ));
    Vec::new()
}

fn number(text: &str) -> Option<f64> {
    text.trim_end_matches(['x', '×']).trim().parse().ok()
}

fn cores(text: &str) -> Result<Option<f64>, Refused> {
    if text.is_empty() {
        return Ok(None);
    }
    let fits = |cores: &f64| (LEAST_CORES..=MOST_CORES).contains(cores);
    number(text).filter(fits).map(Some).ok_or(Refused)
}

fn instances(text: &str) -> Result<Option<u32>, Refused> {
    if text.is_empty() {
        return Ok(None);
    }
    let count: u32 = text.parse().map_err(|_| Refused)?;
    let fits = (1..=MOST_INSTANCES).contains(&count);
    fits.then_some(Some(count)).ok_or(Refused)
}

fn peaks(text: &str) -> Result<Vec<f64>, Refused> {
    if text.is_empty() {
        return Ok(pool::Inputs::default().peaks);
    }
    let all: Option<Vec<f64>> = text
        .split([',', ' '])
        .filter(|part| !part.is_empty())
        .map(number)
        .collect();
    let fits = |all: &Vec<f64>| {
        let sizes = all.iter().all(|peak| (1.0..=MOST_PEAK).contains(peak));
        sizes && (1..=MOST_PEAKS).contains(&all.len())
    };
    all.filter(fits).ok_or(Refused)
}

#[cfg(test)]
mod tests {
    use super::{cores, instances, peaks};

    #[test]
    fn what_is_typed_is_read_or_refused() {
        assert_eq!(cores(""), Ok(None));
        assert_eq!(cores("0.5"), Ok(Some(0.5)));
        assert_eq!(instances("4"), Ok(Some(4)));
        assert_eq!(peaks("2×, 3x"), Ok(vec![2.0, 3.0]));
        for (is_read, text) in [
            (cores("no").is_ok(), "a word"),
            (cores("0").is_ok(), "no cores"),
            (cores("NaN").is_ok(), "no number"),
            (instances("0").is_ok(), "no instance"),
            (instances("-1").is_ok(), "less than none"),
            (peaks("0.5").is_ok(), "less than the load"),
            (peaks("1,2,3,4,5,6,7").is_ok(), "too many"),
        ] {
            assert!(!is_read, "{text}");
        }
    }
}
