//! The scripts that make the world, cut into steps.
//!
//! A step begins with `-- step: NAME`, with `| cost: N` (its share of the progress bar, 1 if not
//! said), `| lane: X` and `| fails: SQLSTATE` behind it. Its text is sent as one simple query, so it
//! is one implicit transaction unless it is a single statement. Neighbouring steps with lanes run at
//! the same time as those of the other lanes, in order within their own.

use super::error::WorldError;

/// One file of the fixture.
pub(super) struct Script {
    pub file: &'static str,
    pub text: &'static str,
}

/// One step of it.
#[derive(Debug)]
pub(super) struct ScriptStep {
    pub name: &'static str,
    pub cost: u32,
    lane: Option<&'static str>,
    /// The SQLSTATE that the step has to fail with.
    pub fails: Option<&'static str>,
    pub sql: &'static str,
}

/// Lanes that run at the same time; a step without a lane is a stage by itself.
pub(super) type Stage = Vec<Vec<ScriptStep>>;

const MARK: &str = "-- step: ";

impl Script {
    /// The stages of the script, to be run one after the other.
    pub fn stages(&self) -> Result<Vec<Stage>, WorldError> {
        let mut stages: Vec<Stage> = Vec::new();
        for step in self.steps()? {
            let open = stages.last_mut().filter(|stage| {
                let begun = stage.first().and_then(|lane| lane.first());
                step.lane.is_some() && begun.is_some_and(|first| first.lane.is_some())
            });
            let Some(stage) = open else {
                stages.push(vec![vec![step]]);
                continue;
            };
            match stage.iter_mut().find(|lane| lane[0].lane == step.lane) {
                Some(lane) => lane.push(step),
                None => stage.push(vec![step]),
            }
        }
        Ok(stages)
    }

    fn steps(&self) -> Result<Vec<ScriptStep>, WorldError> {
        let text = self.text.strip_prefix(MARK).map(|rest| ("", rest));
        let text = text.or_else(|| self.text.split_once("\n-- step: "));
        let (_, rest) = text.ok_or_else(|| self.wrong("has no step"))?;
        rest.split("\n-- step: ")
            .map(|text| self.step(text))
            .collect()
    }

    fn step(&self, text: &'static str) -> Result<ScriptStep, WorldError> {
        let (head, sql) = text.split_once('\n').unwrap_or((text, ""));
        let mut fields = head.split(" | ");
        let mut step = ScriptStep {
            name: fields.next().unwrap_or_default(),
            cost: 1,
            lane: None,
            fails: None,
            sql,
        };
        for field in fields {
            match field.split_once(": ") {
                Some(("cost", cost)) => {
                    let cost = cost.parse();
                    step.cost = cost.map_err(|e| self.wrong(&format!("{head}: cost: {e}")))?;
                }
                Some(("lane", lane)) => step.lane = Some(lane),
                Some(("fails", state)) => step.fails = Some(state),
                _ => return Err(self.wrong(&format!("{head}: unknown field {field}"))),
            }
        }
        Ok(step)
    }

    fn wrong(&self, because: &str) -> WorldError {
        WorldError::Fixture {
            file: self.file,
            because: because.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::files::Variant;
    use super::Script;

    fn shape(text: &'static str) -> String {
        let script = Script {
            file: "test.sql",
            text,
        };
        let stages = match script.stages() {
            Ok(stages) => stages,
            Err(e) => return e.to_string(),
        };
        let lane = |lane: &Vec<super::ScriptStep>| {
            let names = lane
                .iter()
                .map(|s| format!("{}{}{}", s.name, s.cost, s.fails.unwrap_or("")));
            names.collect::<Vec<_>>().join(" ")
        };
        let stage = |stage: &super::Stage| stage.iter().map(lane).collect::<Vec<_>>().join(" & ");
        stages.iter().map(stage).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn steps_become_stages_and_lanes() {
        let text = "-- Words.\n-- step: a\nSELECT 1;\n-- step: b | cost: 4 | lane: x\n-- step: c | lane: y\n-- step: d | lane: x\n-- step: e | fails: 23505\n-- step: f | lane: x\n";
        assert_eq!(shape(text), "a1, b4 d1 & c1, e123505, f1");
    }

    #[test]
    fn mistakes_are_named() {
        let says = |text, what: &str| assert!(shape(text).contains(what), "{}", shape(text));
        says("SELECT 1;", "test.sql: has no step");
        says(
            "-- step: a | cost: much\n",
            "a | cost: much: cost: invalid digit",
        );
        says("-- step: a | price: 3\n", "unknown field price: 3");
    }

    #[test]
    fn the_scripts_of_the_fixture_are_read() {
        for variant in [Variant::Planted, Variant::Clean] {
            for script in variant.scripts() {
                let stages = script.stages().unwrap();
                let steps = stages.iter().flatten().flatten();
                assert!(steps.clone().count() > 0, "{}", script.file);
                for step in steps {
                    assert!(step.sql.contains(';'), "{}: {}", script.file, step.name);
                }
            }
        }
    }
}
