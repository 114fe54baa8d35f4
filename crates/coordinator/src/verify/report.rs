use serde::Serialize;

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What, as a sentence that is true when it holds.
    pub claim: String,
    /// Whether it holds.
    pub holds: bool,
    /// What was found instead, if it does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Everything that was checked about a result, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Report {
    /// The findings.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether everything holds, and something was checked.
    #[must_use]
    pub fn verified(&self) -> bool {
        !self.findings.is_empty() && self.findings.iter().all(|finding| finding.holds)
    }

    /// Notes a finding; `detail` is kept only for one that does not hold.
    pub(super) fn note(&mut self, claim: impl Into<String>, holds: bool, detail: impl FnOnce() -> String) {
        let detail = (!holds).then(detail);
        self.findings.push(Finding {
            claim: claim.into(),
            holds,
            detail,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_without_findings_verifies_nothing() {
        assert!(!Report::default().verified());
    }

    #[test]
    fn one_claim_that_does_not_hold_spoils_the_report() {
        let mut report = Report::default();
        report.note("two is even", true, String::new);
        assert!(report.verified());
        report.note("three is even", false, || "it is odd".to_owned());
        assert!(!report.verified());
    }
}
