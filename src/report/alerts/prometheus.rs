//! The rules file of Prometheus.

use std::fmt::Write as _;

use super::list::{ALERTS, Alert, spelled};
use super::values::Values;

/// Groups of alerting rules, as YAML. What has no threshold, since its page is not there or is off, is
/// left out and named.
pub fn prometheus(values: &Values<'_>) -> String {
    let (mut groups, mut left_out) = (String::new(), Vec::new());
    let mut collectors = Vec::new();
    for group in ALERTS {
        let mut rules = String::new();
        for alert in group.alerts {
            match written(alert, values) {
                Ok(text) => {
                    rules += &text;
                    let collector = alert.collector.filter(|name| !collectors.contains(name));
                    collectors.extend(collector);
                }
                Err(because) => left_out.push(format!("{} ({because})", alert.name)),
            }
        }
        if !rules.is_empty() {
            let _ = write!(groups, "  - name: {}\n    rules:\n{rules}", group.name);
        }
    }
    let mut out = String::from(
        "# Alerting rules for postgres_exporter, with the thresholds of pgtriage's rule pages.\n\
         # `pgtriage explain RULE` says what each means and what to do; [rules] in pgtriage.toml sets thresholds.\n",
    );
    for collector in &collectors {
        let _ = writeln!(
            out,
            "# The exporter needs --collector.{collector}, which is off by default."
        );
    }
    out += "# Not among them: the age of the last base backup, which postgres_exporter does not know.\n";
    for alert in left_out {
        let _ = writeln!(out, "# Left out: {alert}.");
    }
    format!("{out}groups:\n{groups}")
}

fn written(alert: &Alert, values: &Values<'_>) -> Result<String, String> {
    if let Some(rule) = alert.rule.filter(|rule| !values.is_on(rule)) {
        return Err(format!("there is no rule {rule}, or it is off"));
    }
    let fill = |text: &str| {
        let filled = values.fill(text);
        filled.map_err(|name| format!("not known: {name}"))
    };
    let mut out = format!("      - alert: {}\n", alert.name);
    if let Some(collector) = alert.collector {
        let _ = writeln!(out, "        # Needs --collector.{collector}.");
    }
    let _ = writeln!(
        out,
        "        expr: {}",
        quoted(&fill(&spelled(alert.expr))?)
    );
    let _ = writeln!(out, "        for: {}", fill(alert.wait)?);
    let _ = writeln!(
        out,
        "        labels:\n          severity: {}",
        alert.severity
    );
    let _ = writeln!(out, "        annotations:");
    let _ = writeln!(out, "          summary: {}", quoted(&fill(alert.summary)?));
    let _ = writeln!(
        out,
        "          description: {}",
        quoted(&fill(alert.detail)?)
    );
    if let Some(rule) = alert.rule {
        let _ = writeln!(out, "          rule: {rule}");
    }
    Ok(out)
}

/// A scalar of YAML in single quotes, in which nothing but the quote is special.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
