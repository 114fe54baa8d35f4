//! One measured thing beside its peer.

/// A figure and what it is in.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unit {
    /// Milliseconds.
    Millis,
    /// Bytes.
    Bytes,
    /// Things counted.
    Count,
}

/// One line of the report.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// What is measured.
    pub(crate) what: String,
    /// Ours.
    pub(crate) ours: f64,
    /// What ours is compared with.
    pub(crate) peer_name: String,
    /// The peer's, from the same run.
    pub(crate) peer: f64,
    /// What both are in.
    pub(crate) unit: Unit,
    /// The largest ratio of ours to the peer's that reaches the goal, if there is one.
    pub(crate) goal: Option<f64>,
}

impl Row {
    /// Ours divided by the peer's.
    pub(crate) fn ratio(&self) -> f64 {
        self.ours / self.peer
    }

    /// The line in the report's table.
    pub(crate) fn markdown(&self) -> String {
        let (goal, reached) = self.goal.map_or_else(
            || (String::from("–"), ""),
            |goal| {
                (
                    format!("≤ {}", ratio(goal)),
                    if self.ratio() <= goal { "yes" } else { "**no**" },
                )
            },
        );
        let [ours, peer] = [self.ours, self.peer].map(|figure| self.unit.write(figure));
        format!(
            "| {} | {ours} | {} | {peer} | {} | {goal} | {reached} |",
            self.what,
            self.peer_name,
            ratio(self.ratio())
        )
    }
}

impl Unit {
    fn write(self, figure: f64) -> String {
        match self {
            Self::Millis if figure >= 10_000.0 => format!("{:.1} s", figure / 1000.0),
            Self::Millis if figure >= 1000.0 => format!("{:.2} s", figure / 1000.0),
            Self::Millis if figure >= 10.0 => format!("{figure:.0} ms"),
            Self::Millis => format!("{figure:.3} ms"),
            Self::Bytes => format!("{:.0} MiB", figure / f64::from(1 << 20)),
            Self::Count => grouped(figure),
        }
    }
}

/// Two significant digits where they matter: 0.0021, 0.58, 1.7.
fn ratio(value: f64) -> String {
    if value >= 1.0 {
        format!("{value:.2}")
    } else if value >= 0.1 {
        format!("{value:.3}")
    } else {
        format!("{value:.5}")
    }
}

fn grouped(figure: f64) -> String {
    let digits = format!("{figure:.0}");
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Row, Unit};

    #[test]
    fn a_row_says_whether_its_goal_is_reached() {
        let row = Row {
            what: "proof".into(),
            ours: 5_000.0,
            peer_name: "rapidsnark".into(),
            peer: 10_000.0,
            unit: Unit::Millis,
            goal: Some(0.65),
        };
        assert_eq!(
            row.markdown(),
            "| proof | 5.00 s | rapidsnark | 10.0 s | 0.500 | ≤ 0.650 | yes |"
        );
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!(Unit::Count.write(522_493.0), "522,493");
        assert_eq!(Unit::Count.write(493.0), "493");
    }
}
