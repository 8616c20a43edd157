//! Findings as Checkstyle XML.

use super::place::xml;
use super::view::View;
use crate::facts::escape;

/// The report.
pub fn render(view: &View<'_>) -> String {
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n");
    let mut open: Option<String> = None;
    for finding in view.by_place() {
        let place = view.place(finding);
        // What stands in no file is told under the name of its database or server.
        let file = place.as_ref().map_or_else(
            || finding.scope.name().to_owned(),
            |place| place.path.clone(),
        );
        if open.as_ref() != Some(&file) {
            if open.is_some() {
                out += "  </file>\n";
            }
            out += &format!("  <file name=\"{}\">\n", xml(&escape::line(&file)));
            open = Some(file);
        }
        out += "    <error";
        let numbers = place.map_or([None, None], |place| [place.line, place.column]);
        for (name, number) in ["line", "column"].into_iter().zip(numbers) {
            if let Some(number) = number {
                out += &format!(" {name}=\"{number}\"");
            }
        }
        out += &format!(
            " severity=\"{}\" message=\"{}\" source=\"pgtriage.{}\"/>\n",
            finding.severity,
            xml(&view.message(finding)),
            xml(&finding.rule),
        );
    }
    if open.is_some() {
        out += "  </file>\n";
    }
    out += "</checkstyle>\n";
    out
}
