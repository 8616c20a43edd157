//! Sizes of pools under inputs that the user changes.

use crate::advise::pool::{Inputs, Known, Sized, sizes};
use crate::report::pool::{Size, Sizes, Usual};

/// Sizes of pools under inputs that the user changes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Calculator {
    /// What sizes are worked out from.
    pub known: Known,
    /// Range of sizes that an application instance usually has.
    pub usual: Usual,
    /// What the user asked for.
    inputs: Inputs,
    /// The sizes for that.
    pub sizes: Sizes,
}

impl Calculator {
    /// With inputs that nobody changed.
    pub fn new(known: Known, sizes: Sizes, usual: Usual) -> Self {
        let mut calculator = Self {
            known,
            usual,
            inputs: Inputs::default(),
            sizes,
        };
        calculator.set(Inputs::default());
        calculator
    }

    /// What the user asked for.
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// Works everything out for other inputs.
    pub fn set(&mut self, inputs: Inputs) {
        let rows = sizes(&self.known, &inputs).into_iter();
        self.sizes.rows = rows.map(row).collect();
        self.inputs = inputs;
    }

    /// Cores that are reckoned with.
    pub fn cores(&self) -> Option<f64> {
        self.inputs.cores.or(self.known.cores)
    }
}

fn row(sized: Sized) -> Size {
    Size {
        database: sized.database,
        peak: sized.peak,
        method: sized.method.to_owned(),
        window_ms: Some(sized.window_ms),
        per_s: Some(sized.per_s),
        hold_ms: Some(sized.hold_ms),
        cpu_ms: sized.cpu_ms,
        busy: Some(sized.busy),
        utilization: sized.utilization,
        needed: sized.needed.map(i64::from),
        capacity: sized.capacity,
        low: sized.low.map(i64::from),
        high: sized.high.map(i64::from),
        usable: sized.usable,
        reason: Some(sized.reason.to_owned()),
        is_lifetime: sized.is_lifetime,
        transactions: Some(sized.transactions),
        busy_samples: sized.busy_samples,
        cores: sized.cores,
        capacity_is_least: sized.capacity_is_least,
        max_connections: sized.max_connections,
        reserved: sized.reserved,
        others: sized.others,
        instances: sized.instances.map(i64::from),
        per_instance: sized.per_instance.map(i64::from),
        notes: sized.notes,
    }
}
