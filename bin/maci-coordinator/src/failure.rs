//! How a command ends badly: what failed and why, who acts now, and an exit code for scripts.
//!
//! | code | meaning |
//! | --- | --- |
//! | 1 | it failed, and running it again may succeed |
//! | 2 | the command line is wrong |
//! | 3 | a person has to change something first |
//! | 4 | nothing will make this succeed |
//! | 5 | a result was checked and does not hold |

use std::process::ExitCode;

use maci_chain::Remedy;
use maci_chain::deploy::DeployError;
use maci_chain::reader::ReadError;
use maci_chain::rpc::RpcError;
use maci_chain::send::SendError;
use maci_coordinator_core::finalise::FinaliseError;
use maci_coordinator_core::ipfs::IpfsError;
use maci_coordinator_core::publication::PublicationError;
use maci_coordinator_core::service::ServiceError;
use maci_coordinator_core::verify::{EvidenceError, VerifyError};
use serde_json::json;

use crate::output::Output;

/// A result that was checked and does not hold.
#[derive(Debug, thiserror::Error)]
#[error("it does not hold; the lines above say what differs")]
pub(crate) struct DoesNotHold;

/// Something would keep the service from its work.
#[derive(Debug, thiserror::Error)]
#[error("something would keep the service from its work; the lines above say what, and what to do")]
pub(crate) struct Unwell;

/// Tells the error and gives the exit code that fits it.
pub(crate) fn report(error: &anyhow::Error, output: &Output) -> ExitCode {
    let (code, advice) = judge(error);
    let mut causes: Vec<String> = Vec::new();
    for cause in error.chain() {
        let text = cause.to_string();
        // errors that pass their cause on as their own text are told once
        if causes.last().is_none_or(|last| !last.contains(&text)) {
            causes.push(text);
        }
    }
    let text = causes.join(": ");
    match output {
        Output::Json => println!(
            "{}",
            json!({ "event": "error", "error": text, "advice": advice, "exitCode": code })
        ),
        Output::Lines | Output::Terminal(_) => {
            eprintln!("error: {text}");
            if let Some(advice) = advice {
                eprintln!("{advice}");
            }
        }
    }
    ExitCode::from(code)
}

fn judge(error: &anyhow::Error) -> (u8, Option<&'static str>) {
    if error.is::<DoesNotHold>() {
        return (5, None);
    }
    if error.is::<Unwell>() {
        return (3, None);
    }
    let remedy = error
        .downcast_ref::<FinaliseError>()
        .map(FinaliseError::remedy)
        .or_else(|| error.downcast_ref::<PublicationError>().map(PublicationError::remedy))
        .or_else(|| error.downcast_ref::<EvidenceError>().map(EvidenceError::remedy))
        .or_else(|| error.downcast_ref::<VerifyError>().map(VerifyError::remedy))
        .or_else(|| error.downcast_ref::<IpfsError>().map(IpfsError::remedy))
        .or_else(|| error.downcast_ref::<DeployError>().map(DeployError::remedy))
        .or_else(|| error.downcast_ref::<ServiceError>().map(ServiceError::remedy))
        .or_else(|| error.downcast_ref::<ReadError>().map(ReadError::remedy))
        .or_else(|| error.downcast_ref::<SendError>().map(SendError::remedy))
        .or_else(|| error.downcast_ref::<RpcError>().map(RpcError::remedy));
    match remedy {
        Some(Remedy::Retry) => (1, Some("nothing is lost; run the same command again")),
        Some(Remedy::AskOperator) => (
            3,
            Some("nothing is lost; mend what is named above, then run the same command again"),
        ),
        Some(Remedy::Abandon) => (4, Some("running it again will not help")),
        None => (3, None),
    }
}
