use std::fmt;

use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Good,
    /// It works, and somebody should look.
    Warning,
    /// Rounds will not come to their results.
    Problem,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at, such as `chain 10` or `disk`.
    pub about: String,
    /// How bad it is.
    pub verdict: Verdict,
    /// What was found.
    pub found: String,
    /// What to do about it; nothing if it is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// Everything that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// The findings, in the order they were looked for.
    pub findings: Vec<Finding>,
}

impl Finding {
    /// As it should be.
    pub fn good(about: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            about: about.into(),
            verdict: Verdict::Good,
            found: found.into(),
            remedy: None,
        }
    }

    /// It works, and somebody should look.
    pub fn warning(about: impl Into<String>, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Warning,
            remedy: Some(remedy.into()),
            ..Self::good(about, found)
        }
    }

    /// Rounds will not come to their results.
    pub fn problem(about: impl Into<String>, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Problem,
            ..Self::warning(about, found, remedy)
        }
    }
}

impl Diagnosis {
    /// The worst verdict; good if nothing was looked at.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let verdicts = self.findings.iter().map(|finding| finding.verdict);
        verdicts.max().unwrap_or(Verdict::Good)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.verdict {
            Verdict::Good => "ok     ",
            Verdict::Warning => "warning",
            Verdict::Problem => "PROBLEM",
        };
        write!(f, "{mark}  {}: {}", self.about, self.found)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\n           -> {remedy}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_finding_decides() {
        let mut diagnosis = Diagnosis::default();
        assert_eq!(diagnosis.verdict(), Verdict::Good);
        diagnosis.findings.push(Finding::problem("disk", "full", "make room"));
        diagnosis.findings.push(Finding::warning("clock", "late", "set it"));
        assert_eq!(diagnosis.verdict(), Verdict::Problem);
    }
}
