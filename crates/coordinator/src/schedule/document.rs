use maci_protocol::ids::EthAddress;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Moment;
use crate::deploy::{PollConfig, PollShape};
use crate::senders::SenderChoice;
use crate::service::ServiceError;

/// Something to be done at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum ScheduleDocument {
    /// Bring a poll to its result once it is over.
    Finalise {
        /// The poll.
        poll: ThisPoll,
        /// Not before this moment; right after the poll's end if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Moment>,
        /// Who sends: a sender's name, or `session:` and the address of a delegated key; the poll's own if not given.
        #[serde(default, skip_serializing_if = "SenderChoice::is_default")]
        #[schemars(with = "String")]
        sender: SenderChoice,
    },
    /// Deploy a poll of the newest MACI recorded for the chain.
    DeployPoll {
        /// What people call it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// When.
        at: Moment,
        /// Where: a chain's name or id.
        chain: String,
        /// What; the same as `POST /v1/deploy/poll` takes.
        config: PollConfig,
        /// The coordinator key to deploy it with; a key of its own is made if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
        /// Who sends: a sender's name, or `session:` and the address of a delegated key; the chain's default if not given.
        #[serde(default, skip_serializing_if = "SenderChoice::is_default")]
        #[schemars(with = "String")]
        sender: SenderChoice,
    },
    /// A whole round, from its deployment to its published result.
    Round(RoundDocument),
}

/// Which poll, as a document names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ThisPoll {
    /// A chain's name or id.
    pub chain: String,
    /// The MACI contract.
    #[schemars(with = "String")]
    pub maci_address: EthAddress,
    /// The poll's number there.
    pub poll_id: u64,
}

/// A whole round on one timeline. The poll is deployed at `deploy`, takes votes from `open` to `close`, is merged and
/// proved from `finalise` on, and its proofs and results go on chain from `publish` on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoundDocument {
    /// What people call it.
    pub name: String,
    /// Where: a chain's name or id.
    pub chain: String,
    /// When the poll is deployed.
    pub deploy: Moment,
    /// The first moment of voting; whole seconds.
    pub open: Moment,
    /// The last moment of voting; whole seconds.
    pub close: Moment,
    /// When merging and proving begin; right after `close` if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finalise: Option<Moment>,
    /// When proofs and results go on chain; as soon as everything is proved if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish: Option<Moment>,
    /// What kind of poll it is; its dates are taken from the timeline.
    pub poll: PollShape,
    /// The coordinator key to deploy it with; a key of its own is made if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Who sends: a sender's name, or `session:` and the address of a delegated key; the chain's default if not given.
    #[serde(default, skip_serializing_if = "SenderChoice::is_default")]
    #[schemars(with = "String")]
    pub sender: SenderChoice,
}

impl RoundDocument {
    /// Refuses a timeline whose moments are out of order, and a poll that cannot be deployed.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`], or what [`PollConfig::check`] says.
    pub fn check(&self) -> Result<(), ServiceError> {
        let Self {
            deploy,
            open,
            close,
            finalise,
            publish,
            ..
        } = self;
        let moments = [
            ("deploy", Some(deploy)),
            ("open", Some(open)),
            ("close", Some(close)),
            ("finalise", finalise.as_ref()),
            ("publish", publish.as_ref()),
        ];
        let mut before: Option<(&str, &Moment)> = None;
        for (name, moment) in moments {
            let Some(moment) = moment else { continue };
            if let Some((earlier, known)) = before
                && moment < known
            {
                return Err(ServiceError::invalid(format!(
                    "the timeline is out of order: {name} ({moment}) is before {earlier} ({known})"
                )));
            }
            before = Some((name, moment));
        }
        if self.name.is_empty() || self.name.len() > 100 {
            return Err(ServiceError::invalid("a round's name has 1 to 100 characters"));
        }
        self.poll_config().check()
    }

    /// The poll to deploy.
    #[must_use]
    pub fn poll_config(&self) -> PollConfig {
        self.poll.on(self.open.unix_seconds(), self.close.unix_seconds())
    }
}

/// The JSON schema of [`ScheduleDocument`], as it is published.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(ScheduleDocument).to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the schema is published.
    const PUBLISHED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schema/schedule.json");

    #[test]
    fn the_published_schema_is_the_one_documents_are_read_by() {
        let published = std::fs::read_to_string(PUBLISHED).unwrap();
        let ours = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
        assert!(
            published == ours,
            "write the new schema to docs/schema/schedule.json:\n{ours}"
        );
    }

    #[test]
    fn a_misspelt_field_of_a_timeline_is_refused_and_not_ignored() {
        let wrong = serde_json::json!({
            "kind": "round", "name": "a", "chain": "localhost", "deploy": "2026-01-01T00:00:00Z",
            "open": "2026-01-01T00:00:00Z", "close": "2026-01-02T00:00:00Z", "finalize": "2026-01-03T00:00:00Z",
        });
        let error = serde_json::from_value::<ScheduleDocument>(wrong).unwrap_err();
        assert!(error.to_string().contains("finalize"), "{error}");
    }
}
