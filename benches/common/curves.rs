//! Curves, as they are measured point by point.

use std::fmt::Write as _;
use std::fs;

use super::chart::{self, Line, Panel, number};

const RESULTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/results");

/// A diagram and a curve in it, with the points so far.
struct Curve {
    diagram: &'static str,
    across: &'static str,
    line: Line,
}

#[derive(Default)]
pub(crate) struct Curves(Vec<Curve>);

impl Curves {
    /// Prints a point and keeps it.
    pub(crate) fn point(
        &mut self,
        diagram: &'static str,
        across: &'static str,
        name: &str,
        at: [f64; 2],
    ) {
        let [x, y] = at.map(number);
        println!("| {diagram} | {name} | {x} {across} | {y} |");
        let is_it = |curve: &&mut Curve| curve.diagram == diagram && curve.line.name == name;
        if let Some(curve) = self.0.iter_mut().find(is_it) {
            curve.line.points.push(at);
        } else {
            let line = Line {
                name: name.to_owned(),
                points: vec![at],
            };
            self.0.push(Curve {
                diagram,
                across,
                line,
            });
        }
    }

    /// Writes all of them as a table and as a chart.
    pub(crate) fn write(self, facts: &[String]) {
        let mut table = format!("# {}\ndiagram\tcurve\tacross\tx\ty\n", facts.join("\n# "));
        let mut panels: Vec<Panel> = Vec::new();
        for Curve {
            diagram,
            across,
            line,
        } in self.0
        {
            for [x, y] in &line.points {
                let _ = writeln!(table, "{diagram}\t{}\t{across}\t{x:.0}\t{y:.3}", line.name);
            }
            match panels.iter_mut().find(|panel| panel.title == diagram) {
                Some(panel) => panel.lines.push(line),
                None => panels.push(Panel {
                    title: diagram.to_owned(),
                    across,
                    lines: vec![line],
                }),
            }
        }
        fs::create_dir_all(RESULTS).unwrap();
        fs::write(format!("{RESULTS}/scaling.tsv"), table).unwrap();
        let note = [facts[2].as_str(), facts[facts.len() - 1].as_str()].join("; ");
        let chart = chart::panels("How the cost of a scan grows", &note, &panels);
        fs::write(format!("{RESULTS}/scaling.svg"), chart).unwrap();
    }
}
