//! Deployment bodies as the service takes them.

use maci_coordinator_core::deploy::{
    CreditsArgs, CreditsConfig, MaciConfig, MaciPart, Number, PolicyConfig, PollConfig, PollShape, PoseidonDescription,
    RegistryArgs, RegistryPart,
};

use super::deploy::{CreditsBody, MaciConfigBody, PolicyBody, PollConfigBody};

fn number(small: u8) -> Number {
    Number(u64::from(small))
}

impl From<PolicyBody> for PolicyConfig {
    fn from(body: PolicyBody) -> Self {
        Self {
            policy_type: body.policy_type,
            checker_type: body.checker_type,
            args: body.args,
        }
    }
}

impl From<MaciConfigBody> for MaciConfig {
    fn from(body: MaciConfigBody) -> Self {
        let size = body.registry.args;
        Self {
            policy: body.policy.into(),
            maci: MaciPart {
                state_tree_depth: number(body.maci.state_tree_depth),
                modes: body.maci.modes,
            },
            registry: RegistryPart {
                args: RegistryArgs {
                    state_tree_depth: number(size.state_tree_depth),
                    poll_state_tree_depth: number(size.poll_state_tree_depth),
                    tally_processing_state_tree_depth: number(size.tally_processing_state_tree_depth),
                    vote_option_tree_depth: number(size.vote_option_tree_depth),
                    message_batch_size: number(size.message_batch_size),
                },
            },
            poseidon: body.poseidon.map(|given| PoseidonDescription {
                poseidon_t3: given.t3,
                poseidon_t4: given.t4,
                poseidon_t5: given.t5,
                poseidon_t6: given.t6,
            }),
        }
    }
}

impl From<CreditsBody> for CreditsConfig {
    fn from(body: CreditsBody) -> Self {
        Self {
            factory_type: body.factory_type,
            r#type: body.kind,
            args: CreditsArgs {
                amount: body.args.amount.map(Number),
                snapshot_block: body.args.snapshot_block.map(Number),
                token: body.args.token,
                factor: body.args.factor.map(Number),
            },
            address: body.address,
        }
    }
}

impl From<PollConfigBody> for PollConfig {
    fn from(body: PollConfigBody) -> Self {
        Self {
            start_date: Number(body.start_date),
            end_date: Number(body.end_date),
            shape: PollShape {
                mode: body.mode,
                tally_processing_state_tree_depth: number(body.tally_processing_state_tree_depth),
                message_batch_size: number(body.message_batch_size),
                poll_state_tree_depth: number(body.poll_state_tree_depth),
                vote_option_tree_depth: number(body.vote_option_tree_depth),
                policy: body.policy.into(),
                initial_voice_credits_proxy: body.initial_voice_credits_proxy.into(),
                relayers: body.relayers.unwrap_or_default(),
                vote_options: Number(body.vote_options),
            },
        }
    }
}
