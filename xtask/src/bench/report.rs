//! docs/benchmarks.md: the latest run of every part, kept beside the builds between runs.

use std::{fmt::Write as _, fs};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{machine::Machine, row::Row};
use crate::{binary::Profile, place::Place};

const HEAD: &str = "\
# Benchmarks

Written by `cargo xtask bench`; do not edit. Every ratio is ours divided by the peer's, both measured in the same run on the same
machine, with the same circuit, key and witness; below 1 ours is smaller or faster. Take ratios from here, not times: machines differ.
";

/// A part of the benchmark and what it measured.
#[derive(Debug)]
pub(crate) struct Part {
    /// Its name on the command line.
    pub(crate) name: &'static str,
    /// Its heading.
    pub(crate) title: &'static str,
    /// What it measured.
    pub(crate) rows: Vec<Row>,
    /// What a reader should know besides, a paragraph each.
    pub(crate) notes: Vec<String>,
}

const TABLE: &str = "| what | ours | peer | peer's | ratio | goal | reached |\n|---|---|---|---|---|---|---|\n";

impl Part {
    /// Keeps the part for the report, with the machine it ran on.
    pub(crate) fn keep(&self, place: &Place, machine: &Machine, profile: Profile) -> Result<()> {
        let folder = place.target.join("bench");
        fs::create_dir_all(&folder)?;
        let kept = json!({
            "title": self.title,
            "machine": machine.line(),
            "command": format!("cargo xtask bench{} {}", if profile == Profile::Dev { " --dev" } else { "" }, self.name),
            "rows": self.rows.iter().map(Row::to_json).collect::<Vec<_>>(),
            "notes": self.notes,
        });
        fs::write(folder.join(format!("{}.json", self.name)), format!("{kept:#}"))?;
        Ok(())
    }

    /// The part's table and notes.
    pub(crate) fn markdown(&self) -> String {
        let mut text = String::from(TABLE);
        for row in &self.rows {
            text.push_str(&row.markdown());
            text.push('\n');
        }
        for note in &self.notes {
            text.push('\n');
            text.push_str(note);
            text.push('\n');
        }
        text
    }
}

/// Writes the report from what every part last measured, in this order.
pub(crate) fn write(place: &Place, names: &[&str]) -> Result<()> {
    let mut text = String::from(HEAD);
    for name in names {
        let file = place.target.join("bench").join(format!("{name}.json"));
        let Ok(kept) = fs::read_to_string(&file) else { continue };
        let kept: Value = serde_json::from_str(&kept).with_context(|| format!("{} is not ours", file.display()))?;
        let word = |field| kept.get(field).and_then(Value::as_str).unwrap_or_default();
        let list = |field| kept.get(field).and_then(Value::as_array).into_iter().flatten();
        write!(
            text,
            "\n## {}\n\n`{}` on {}\n\n{TABLE}",
            word("title"),
            word("command"),
            word("machine")
        )?;
        for row in list("rows") {
            writeln!(text, "{}", Row::from_json(row)?.markdown())?;
        }
        for note in list("notes").filter_map(Value::as_str) {
            writeln!(text, "\n{note}")?;
        }
    }
    let report = place.at("docs/benchmarks.md");
    fs::write(&report, text)?;
    println!("wrote {}", place.shown(&report));
    Ok(())
}
