use anyhow::Result;
use maci_coordinator_core::doctor::{Diagnosis, Finding, Verdict};

use crate::build;
use crate::failure::Unwell;
use crate::world::World;

/// Looks at everything without starting the service, and ends with an error if something would keep it from its work.
pub(crate) async fn doctor(world: &World) -> Result<()> {
    let settings = &world.settings;
    let mut diagnosis = Diagnosis {
        findings: build::doubts(settings),
    };
    diagnosis.findings.push(build::port(settings));
    let store = match build::store(settings).await {
        Ok(store) => Some(store),
        Err(error) => {
            let remedy = "mend what is named; nothing works without the store";
            diagnosis
                .findings
                .push(Finding::problem("store", format!("{error:#}"), remedy));
            None
        }
    };
    let (chains, vault) = (build::chains(settings)?, build::vault(world)?);
    let examination = build::examination(settings, chains, &vault, store);
    diagnosis.findings.extend(examination.examine().await.findings);
    let lines: Vec<String> = diagnosis.findings.iter().map(ToString::to_string).collect();
    world
        .output
        .result(&serde_json::to_value(&diagnosis)?, &lines.join("\n"));
    match diagnosis.verdict() {
        Verdict::Good | Verdict::Warning => Ok(()),
        Verdict::Problem => Err(Unwell.into()),
    }
}
