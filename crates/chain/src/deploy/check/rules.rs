use std::collections::{BTreeMap, BTreeSet};

use alloy::eips::BlockId;
use alloy::providers::Provider;
use maci_protocol::ids::{EthAddress, PollId, PollRef};
use maci_protocol::poll::{PollConfig, PollParameters};
use maci_protocol::vote::empty_ballot_roots;

use super::Ground;
use crate::contracts::Generation;
use crate::contracts::keys::IVerifyingKeysRegistry;
use crate::contracts::policies::IPolicy;
use crate::deploy::{
    Complaint, DeployError, Design, KeySet, MaciDesign, PolicyDesign, PollDesign, VerifierKind, VoiceCredits,
};
use crate::reader::{KeySlot, Registry};
use crate::rpc::{Rpc, RpcError};
use crate::words::{address, eth_address};

/// Voting may have begun this many seconds ago when it is deployed: preparing takes a while.
const LATE: u64 = 600;

struct Checking<'a> {
    rpc: &'a Rpc,
    ground: &'a Ground,
    caller: EthAddress,
    has_begun: bool,
    complaints: Vec<Complaint>,
}

/// Every rule a design breaks.
pub(super) async fn complaints(
    rpc: &Rpc,
    ground: &Option<Ground>,
    caller: EthAddress,
    has_begun: bool,
    design: &Design,
) -> Result<Vec<Complaint>, DeployError> {
    let Some(ground) = ground else {
        return Ok(Vec::new());
    };
    let mut checking = Checking {
        rpc,
        ground,
        caller,
        has_begun,
        complaints: Vec::new(),
    };
    let registry = checking.maci(&design.maci).await?;
    checking.keys(registry, &design.maci).await?;
    let mut names = BTreeSet::new();
    for (place, poll) in design.polls.iter().enumerate() {
        let pointer = format!("/polls/{place}");
        if !names.insert(&poll.name) {
            checking.complain(&pointer, "name", "is another poll's; every poll has a name of its own");
        }
        checking.poll(&pointer, poll).await?;
        checking.keys_of_poll(&pointer, poll, registry, &design.maci).await?;
    }
    Ok(checking.complaints)
}

impl Checking<'_> {
    fn complain(&mut self, pointer: &str, field: &str, rule: impl Into<String>) {
        self.complaints.push(Complaint::new(format!("{pointer}/{field}"), rule));
    }

    async fn has_code(&self, at: EthAddress) -> Result<bool, RpcError> {
        let code = self.rpc.provider().get_code_at(address(at)).latest().await;
        Ok(!code.map_err(RpcError::doing("reading a contract's code"))?.is_empty())
    }

    async fn expect_code(&mut self, pointer: &str, field: &str, at: EthAddress) -> Result<bool, RpcError> {
        let is_there = self.has_code(at).await?;
        if !is_there {
            let chain = self.rpc.chain();
            self.complain(
                pointer,
                field,
                format!("names {at}, where chain {chain} has no contract"),
            );
        }
        Ok(is_there)
    }

    /// Checks MACI; the registry its polls will use, if that is there already.
    async fn maci(&mut self, design: &MaciDesign) -> Result<Option<EthAddress>, DeployError> {
        match design {
            MaciDesign::New(new) => {
                if let Err(error) = empty_ballot_roots(new.state_tree_depth) {
                    let depth = new.state_tree_depth;
                    self.complain("/maci", "stateTreeDepth", format!("is {depth}: {error}"));
                }
                self.policy("/maci/policy", &new.sign_up_policy).await?;
                if let VerifierKind::There(at) = new.verifier {
                    self.expect_code("/maci", "verifier", at).await?;
                }
                if let Some(at) = new.registry {
                    self.expect_code("/maci", "verifyingKeysRegistry", at).await?;
                }
                for (number, given) in (3..).zip(new.poseidon) {
                    if let Some(at) = given {
                        self.expect_code("/maci/poseidon", &format!("poseidonT{number}"), at)
                            .await?;
                    }
                }
                Ok(new.registry)
            }
            MaciDesign::There { maci, .. } => {
                if self.ground.generation == Generation::A && self.ground.verifier_and_registry.is_none() {
                    let rule = format!(
                        "must be given with verifyingKeysRegistry: MACI {maci} is of generation A, whose polls name both"
                    );
                    self.complain("/maci", "verifier", rule);
                }
                if let Some((verifier, registry)) = self.ground.verifier_and_registry {
                    self.expect_code("/maci", "verifier", verifier).await?;
                    self.expect_code("/maci", "verifyingKeysRegistry", registry).await?;
                }
                Ok(self.ground.verifier_and_registry.map(|(_, registry)| registry))
            }
        }
    }

    /// The sets of keys among themselves and against the registry.
    async fn keys(&mut self, registry: Option<EthAddress>, design: &MaciDesign) -> Result<(), DeployError> {
        let depth = self.ground.state_tree_depth;
        // the registry forgets the batch size: two sizes of it would be one slot
        let mut seen: BTreeMap<String, (usize, &maci_protocol::groth16::VerifyingKey)> = BTreeMap::new();
        for (place, set) in design.keys().iter().enumerate() {
            let pointer = format!("/maci/verifyingKeys/{place}");
            if set.depths.state_tree() != depth {
                let theirs = set.depths.state_tree();
                let rule = format!("is {theirs}, but MACI's is {depth}; such keys would never be looked up");
                self.complain(&pointer, "stateTreeDepth", rule);
            }
            for (slot, key) in set.slots() {
                match seen.get(&slot.to_string()) {
                    Some((before, other)) if *other != key => {
                        let rule = format!(
                            "asks for another {slot} than /maci/verifyingKeys/{before}, and a registry has room for one (it does not tell batch sizes apart)"
                        );
                        self.complain(&pointer, "messageBatchSize", rule);
                    }
                    Some(_) => {}
                    None => {
                        seen.insert(slot.to_string(), (place, key));
                    }
                }
            }
        }
        let Some(registry) = registry else {
            return Ok(());
        };
        if !self.has_code(registry).await? {
            return Ok(());
        }
        let mut is_missing = false;
        for (place, set) in design.keys().iter().enumerate() {
            for (slot, key) in set.slots() {
                match Registry::new(self.rpc.clone(), registry).key(slot).await? {
                    None => is_missing = true,
                    Some(there) if there == *key => {}
                    Some(_) => self.complain(
                        "/maci/verifyingKeys",
                        &place.to_string(),
                        format!("asks for another {slot} than registry {registry} has, where keys cannot be replaced"),
                    ),
                }
            }
        }
        if is_missing {
            let contract = IVerifyingKeysRegistry::new(address(registry), self.rpc.provider().clone());
            let owner = contract
                .owner()
                .block(BlockId::latest())
                .call()
                .await
                .ok()
                .map(eth_address);
            if owner != Some(self.caller) {
                let owner = owner.map_or("nobody known".to_owned(), |owner| owner.to_string());
                let rule = format!(
                    "asks for keys that registry {registry} has not, and only its owner {owner} can add them, not {}",
                    self.caller
                );
                self.complain("/maci", "verifyingKeys", rule);
            }
        }
        Ok(())
    }

    async fn policy(&mut self, pointer: &str, design: &PolicyDesign) -> Result<(), DeployError> {
        match design {
            PolicyDesign::New(policy) => {
                for (argument, at) in policy.outside_contracts() {
                    self.expect_code(pointer, argument, at).await?;
                }
            }
            PolicyDesign::There(at) => {
                if !self.expect_code(pointer, "address", *at).await? {
                    return Ok(());
                }
                let contract = IPolicy::new(address(*at), self.rpc.provider().clone());
                let latest = BlockId::latest();
                let (guarded, owner) = (
                    contract.guarded().block(latest).call().await.ok().map(eth_address),
                    contract.owner().block(latest).call().await.ok().map(eth_address),
                );
                match (guarded, owner) {
                    (None, _) | (_, None) => {
                        self.complain(
                            pointer,
                            "address",
                            format!("names {at}, which does not answer as a policy does"),
                        );
                    }
                    (Some(guarded), _) if !guarded.is_zero() && !self.has_begun => {
                        let rule = format!("names {at}, which guards {guarded} already; a policy guards one contract");
                        self.complain(pointer, "address", rule);
                    }
                    (Some(guarded), Some(owner)) if guarded.is_zero() && owner != self.caller => {
                        let rule = format!(
                            "names {at}, whose owner is {owner}: {} cannot make it guard anything",
                            self.caller
                        );
                        self.complain(pointer, "address", rule);
                    }
                    (Some(_), Some(_)) => {}
                }
            }
        }
        Ok(())
    }

    async fn poll(&mut self, pointer: &str, poll: &PollDesign) -> Result<(), DeployError> {
        let (ours, theirs) = (poll.depths.state_tree(), self.ground.state_tree_depth);
        if ours != theirs {
            let rule = format!("is {ours}, but MACI's is {theirs}; such a poll could not be finalised");
            self.complain(pointer, "stateTreeDepth", rule);
        }
        let (start, end, now) = (poll.period.start, poll.period.end, self.ground.now);
        if end <= start {
            self.complain(pointer, "endDate", format!("is {end}, not after startDate {start}"));
        }
        // a deployment that was interrupted may go on after its poll should have begun, and be told again when it is over
        if !self.has_begun && end <= now {
            self.complain(
                pointer,
                "endDate",
                format!("is {end}, and now it is {now} (Unix seconds)"),
            );
        }
        if !self.has_begun && start.saturating_add(LATE) < now {
            self.complain(
                pointer,
                "startDate",
                format!("is {start}, and now it is {now} (Unix seconds)"),
            );
        }
        let parameters = PollParameters {
            poll: PollRef {
                chain: self.rpc.chain(),
                maci: EthAddress::ZERO,
                // its number is not known yet and not part of what is checked
                poll: PollId(0),
            },
            mode: poll.mode,
            depths: poll.depths,
            message_batch_size: poll.message_batch_size,
            vote_options: poll.vote_options,
            coordinator_public_key: poll.coordinator,
        };
        if PollConfig::new(parameters).is_err() {
            if poll.message_batch_size == 0 {
                self.complain(pointer, "messageBatchSize", "must be at least 1");
            }
            let (options, room) = (poll.vote_options, poll.depths.vote_option_capacity());
            if options == 0 || options > room as u64 {
                let depth = poll.depths.vote_option_tree();
                let rule = format!("is {options}; with voteOptionTreeDepth {depth} there is room for 1 to {room}");
                self.complain(pointer, "voteOptions", rule);
            }
        }
        self.policy(&format!("{pointer}/policy"), &poll.policy).await?;
        let credits = format!("{pointer}/voiceCredits");
        match poll.credits {
            VoiceCredits::Constant(_) => {}
            VoiceCredits::Proxy(at) => {
                self.expect_code(&credits, "address", at).await?;
            }
            VoiceCredits::Erc20Votes { token, factor, .. } => {
                self.expect_code(&credits, "token", token).await?;
                if factor.is_zero() {
                    self.complain(&credits, "factor", "must be at least 1: balances are divided by it");
                }
            }
        }
        Ok(())
    }

    /// A poll whose keys nobody registered could not be joined, nor finalised.
    async fn keys_of_poll(
        &mut self,
        pointer: &str,
        poll: &PollDesign,
        registry: Option<EthAddress>,
        design: &MaciDesign,
    ) -> Result<(), DeployError> {
        let depths = poll.depths;
        let slots = [
            KeySlot::PollJoining(depths.state_tree()),
            KeySlot::PollJoined(depths.state_tree()),
            KeySlot::Process {
                depths,
                message_batch_size: poll.message_batch_size,
                mode: poll.mode,
            },
            KeySlot::Tally {
                depths,
                mode: poll.mode,
            },
        ];
        let sets = design.keys();
        let fits = |set: &&KeySet| {
            set.message_batch_size == poll.message_batch_size
                && set.depths.vote_option_tree() == depths.vote_option_tree()
        };
        for slot in slots {
            let name = slot.to_string();
            let has = |set: &KeySet| set.slots().iter().any(|(one, _)| one.to_string() == name);
            let is_designed = match slot {
                // one slot for all batch sizes: only a set of this poll's size can be meant
                KeySlot::Process { .. } => sets.iter().filter(fits).any(has),
                KeySlot::PollJoining(_) | KeySlot::PollJoined(_) | KeySlot::Tally { .. } => sets.iter().any(has),
            };
            if is_designed {
                continue;
            }
            let there = match registry {
                Some(registry) if self.has_code(registry).await? => {
                    Registry::new(self.rpc.clone(), registry).key(slot).await?.is_some()
                }
                Some(_) | None => false,
            };
            if !there {
                let batch = poll.message_batch_size;
                let rule =
                    format!("no verifying key of {slot} is registered for it (batch size {batch}), nor asked for");
                self.complaints.push(Complaint::new(pointer, rule));
            }
        }
        Ok(())
    }
}
