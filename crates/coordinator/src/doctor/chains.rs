use std::time::Duration;

use alloy::primitives::utils::format_ether;
use alloy::providers::Provider;
use futures::future::join_all;
use maci_chain::rpc::{Endpoint, Patience, Rpc};
use maci_chain::words::address;
use maci_protocol::ids::{ChainId, EthAddress};
use maci_protocol::time::Timestamp;

use super::{Finding, Reach};
use crate::networks::{is_development, network_name};

/// How long an endpoint may take to answer.
const PATIENCE: Patience = Patience {
    request: Duration::from_secs(8),
    rounds: 1,
    first_wait: Duration::ZERO,
};

/// A head older than this, in seconds, is of an endpoint that is behind or of a chain that stands still.
const OLD: i64 = 600;

/// A head this far ahead, in seconds, is seen by a clock that is late.
const AHEAD: i64 = 60;

/// Every endpoint on its own: one that is down hides behind the others until they are down too.
pub(super) async fn look(reaches: &[Reach], sender: Option<EthAddress>, now: Timestamp) -> Vec<Finding> {
    if reaches.is_empty() {
        let remedy = "add [[chains]] to the settings, or set COORDINATOR_RPC_URL";
        return vec![Finding::problem("chains", "no chain is configured", remedy)];
    }
    let endpoints = reaches.iter().flat_map(|reach| {
        let chain = reach.chain;
        reach.endpoints.iter().map(move |endpoint| (chain, endpoint))
    });
    let looks = endpoints.map(|(chain, endpoint)| one(chain, endpoint, sender, now));
    join_all(looks).await.into_iter().flatten().collect()
}

async fn one(
    expected: Option<ChainId>,
    endpoint: &Endpoint,
    sender: Option<EthAddress>,
    now: Timestamp,
) -> Vec<Finding> {
    let about = format!("endpoint {endpoint}");
    let rpc = match Rpc::connect(vec![endpoint.clone()], expected, PATIENCE).await {
        Ok(rpc) => rpc,
        Err(error) => {
            let remedy = "check the URL and its key, or take the endpoint out of the settings";
            return vec![Finding::problem(about, error.to_string(), remedy)];
        }
    };
    let chain = rpc.chain();
    let head = match rpc.head().await {
        Ok(head) => head,
        Err(error) => return vec![Finding::problem(about, error.to_string(), "ask the provider")],
    };
    let found = format!("serves {} ({chain}), block {}", network_name(chain), head.number);
    let mut findings = vec![Finding::good(about.clone(), found)];
    findings.push(clock(&about, chain, head.timestamp, now));
    if let Some(sender) = sender {
        findings.push(funds(&rpc, sender).await);
    }
    findings
}

/// The head's time against ours.
fn clock(about: &str, chain: ChainId, head: u64, now: Timestamp) -> Finding {
    let now = now.0.div_euclid(1_000);
    let age = now.saturating_sub(i64::try_from(head).unwrap_or(i64::MAX));
    let about = format!("clock against {about}");
    if is_development(chain) {
        return Finding::good(
            about,
            format!("the newest block is {age} s old; development chains keep their own time"),
        );
    }
    if age > OLD {
        let remedy = "wait until it has caught up, or ask another provider; if all are alike, set this machine's clock";
        return Finding::warning(about, format!("the newest block is {age} s old"), remedy);
    }
    if age < -AHEAD {
        let found = format!("the newest block is {} s ahead of this machine", age.unsigned_abs());
        return Finding::warning(
            about,
            found,
            "set this machine's clock; logins and schedules depend on it",
        );
    }
    Finding::good(about, format!("the newest block is {age} s old"))
}

async fn funds(rpc: &Rpc, sender: EthAddress) -> Finding {
    let chain = rpc.chain();
    let about = format!("funds on {} ({chain})", network_name(chain));
    match rpc.provider().get_balance(address(sender)).await {
        Ok(balance) if balance.is_zero() => {
            let remedy = format!("send ether for gas to {sender}");
            Finding::problem(about, format!("{sender}, who pays for gas, has nothing"), remedy)
        }
        Ok(balance) => Finding::good(about, format!("{sender} has {} ether", format_ether(balance))),
        Err(error) => Finding::warning(
            about,
            format!("the balance cannot be read: {error}"),
            "ask the provider",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

    fn seen(head: u64, now: i64) -> Verdict {
        clock("an endpoint", ChainId(1), head, Timestamp(now * 1_000)).verdict
    }

    #[test]
    fn a_late_clock_and_a_late_chain_are_told_apart_from_a_little_delay() {
        assert_eq!(seen(1_000, 1_020), Verdict::Good);
        assert_eq!(seen(1_020, 1_000), Verdict::Good);
        assert_eq!(seen(1_000, 9_000), Verdict::Warning);
        assert_eq!(seen(9_000, 1_000), Verdict::Warning);
    }

    #[tokio::test]
    async fn an_endpoint_that_nobody_answers_on_is_a_problem_with_a_remedy() {
        let reach = Reach {
            chain: Some(ChainId(1)),
            endpoints: vec!["http://127.0.0.1:9/secret".parse().unwrap()],
        };
        let findings = look(&[reach], None, Timestamp(0)).await;
        assert_eq!(findings[0].verdict, Verdict::Problem);
        assert!(findings[0].remedy.is_some());
        assert!(!findings[0].to_string().contains("secret"), "{}", findings[0]);
    }

    #[tokio::test]
    async fn no_chain_at_all_is_a_problem() {
        assert_eq!(look(&[], None, Timestamp(0)).await[0].verdict, Verdict::Problem);
    }
}
