//! The same messages, signed, encrypted and published by the official client on a real chain.

use std::{collections::BTreeMap, fs, io, path::PathBuf};

use super::{Craft, Intent, Script};
use crate::{
    clients::{Action, ClientError, Clients, Round, Vote},
    places,
};

/// The PollJoining circuit's files.
#[derive(Debug, Clone)]
pub struct Joining {
    /// Proving key.
    pub zkey: PathBuf,
    /// Witness calculator.
    pub wasm: PathBuf,
}

impl Joining {
    /// Those of the tiny circuits, with the development key that was made for them.
    ///
    /// # Errors
    /// When the circuit was not compiled, or has no key yet.
    pub fn tiny() -> io::Result<Self> {
        let folder = places::zkeys().join("PollJoining_5");
        let mut files = fs::read_dir(&folder)?.flatten().map(|entry| entry.path());
        let zkey = files.find(|path| path.extension().is_some_and(|kind| kind == "zkey"));
        Ok(Self {
            zkey: zkey.ok_or_else(|| io::Error::other(format!("no key in {}", folder.display())))?,
            wasm: folder.join("PollJoining_5_js/PollJoining_5.wasm"),
        })
    }
}

/// Where a script is played.
#[derive(Debug)]
pub struct Stage<'s> {
    /// The clients that play.
    pub clients: &'s Clients,
    /// Chain and MACI.
    pub round: &'s Round,
    /// The poll.
    pub poll_id: u64,
    /// What joining is proved with.
    pub joining: &'s Joining,
}

impl Script {
    /// Lets everybody sign up, join and publish. The poll must be open and nobody have joined it.
    ///
    /// # Errors
    /// When a client fails.
    pub async fn play(&self, stage: &Stage<'_>) -> Result<(), ClientError> {
        let names = self.keys();
        let pairs = stage.clients.keys(names.len()).await?;
        let keys: BTreeMap<&str, (String, String)> = names.into_iter().zip(pairs).collect();
        let private = |name: &str| keys.get(name).map(|(private, _)| private.clone()).unwrap_or_default();
        let public = |name: &str| keys.get(name).map(|(_, public)| public.clone()).unwrap_or_default();

        let sign_ups = self.joined.iter().map(|name| Action::Signup {
            public_key: public(name),
        });
        let joins = self.joined.iter().map(|name| Action::Join {
            poll_id: stage.poll_id,
            private_key: private(name),
            zkey: stage.joining.zkey.clone(),
            wasm: stage.joining.wasm.clone(),
        });
        let messages = self
            .messages
            .iter()
            .map(|intent| intent.action(stage.poll_id, private(intent.signed_by), public(intent.new_key)));
        let actions: Vec<Action> = sign_ups.chain(joins).chain(messages).collect();
        stage.clients.vote(stage.round, &actions).await.map(drop)
    }
}

impl Intent {
    fn action(&self, poll_id: u64, private_key: String, new_public_key: String) -> Action {
        let vote = Vote {
            state_index: self.state_index,
            option: self.option,
            weight: self.weight,
            nonce: self.nonce,
        };
        let point = |[x, y]: [&str; 2]| [x.to_owned(), y.to_owned()];
        let (new_key, encryption_key) = match self.craft {
            Craft::Ordinary => {
                return Action::Publish {
                    poll_id,
                    private_key,
                    new_public_key: Some(new_public_key),
                    vote,
                };
            }
            Craft::Garbled => (None, None),
            Craft::EncryptedTo(key) => (None, Some(point(key))),
            Craft::NewKey(key) => (Some(point(key)), None),
        };
        let garbled = self.craft == Craft::Garbled;
        Action::Craft {
            poll_id,
            private_key,
            vote,
            garbled,
            new_key,
            encryption_key,
        }
    }
}
