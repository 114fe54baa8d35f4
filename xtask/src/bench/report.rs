//! docs/benchmarks.md: the latest run of every part. A run replaces the sections it measured and leaves the others as they
//! are, whichever machine they were measured on.

use std::fs;

use anyhow::{Context, Result};

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
    /// The part's table and notes.
    pub(crate) fn markdown(&self) -> String {
        let mut text = String::new();
        if !self.rows.is_empty() {
            text.push_str(TABLE);
        }
        for row in &self.rows {
            text.push_str(&row.markdown());
            text.push('\n');
        }
        for note in &self.notes {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(note);
            text.push('\n');
        }
        text
    }

    /// The part's section: how and where it was measured, and what came of it.
    fn section(&self, machine: &Machine, profile: Profile) -> Section {
        let dev = if profile == Profile::Dev { " --dev" } else { "" };
        let text = format!(
            "\n`cargo xtask bench{dev} {}` on {}\n\n{}",
            self.name,
            machine.line(),
            self.markdown()
        );
        Section {
            title: self.title.to_owned(),
            text,
        }
    }

    /// Writes the part into the report, in place of what it said before.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub(crate) fn write(&self, place: &Place, machine: &Machine, profile: Profile) -> Result<()> {
        let report = place.at("docs/benchmarks.md");
        let before = fs::read_to_string(&report).unwrap_or_default();
        let after = with_section(&before, self.section(machine, profile));
        fs::write(&report, after).with_context(|| format!("cannot write {}", report.display()))?;
        println!("wrote {} into {}", self.title, place.shown(&report));
        Ok(())
    }
}

/// What stands below a heading.
#[derive(Debug)]
struct Section {
    title: String,
    text: String,
}

/// The sections of a report, in their order.
fn sections(report: &str) -> Vec<Section> {
    let mut found: Vec<Section> = Vec::new();
    for line in report.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            found.push(Section {
                title: title.to_owned(),
                text: String::new(),
            });
        } else if let Some(section) = found.last_mut() {
            section.text.push_str(line);
            section.text.push('\n');
        }
    }
    found
}

/// The report with a section in place of the one of that title, or behind all others.
fn with_section(report: &str, new: Section) -> String {
    let mut all = sections(report);
    match all.iter_mut().find(|section| section.title == new.title) {
        Some(before) => *before = new,
        None => all.push(new),
    }
    let bodies = all.iter().map(|Section { title, text }| {
        let text = text.trim_end();
        format!("\n## {title}\n{text}\n")
    });
    std::iter::once(HEAD.to_owned()).chain(bodies).collect()
}

#[cfg(test)]
mod tests {
    use super::{HEAD, Section, with_section};

    fn section(title: &str, text: &str) -> Section {
        Section {
            title: title.to_owned(),
            text: format!("\n{text}\n"),
        }
    }

    #[test]
    fn a_part_that_is_measured_again_replaces_its_section_and_leaves_the_others() {
        let one = with_section("", section("Replay", "first"));
        let two = with_section(&one, section("Service", "as it was"));
        let three = with_section(&two, section("Replay", "second"));
        assert_eq!(
            three,
            format!("{HEAD}\n## Replay\n\nsecond\n\n## Service\n\nas it was\n")
        );
    }

    #[test]
    fn the_checked_in_report_is_left_as_it_is_around_a_new_section() {
        let report = include_str!("../../../docs/benchmarks.md");
        let longer = with_section(report, section("A part of this test", "its text"));
        let without = longer.strip_suffix("\n## A part of this test\n\nits text\n");
        assert_eq!(without, Some(report));
    }
}
