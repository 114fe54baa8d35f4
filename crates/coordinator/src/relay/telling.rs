use std::collections::BTreeSet;

use maci_chain::relaying::Guard;
use maci_chain::words::eth_address;
use maci_crypto::field::fr_to_be_bytes;
use maci_crypto::keys::PublicKey;
use maci_crypto::{Fr, poseidon};
use maci_protocol::cid::ContentDigest;
use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, PollRef, TxHash};
use maci_protocol::time::Timestamp;
use maci_protocol::vote::Message;
use maci_store::{BatchFilter, BatchState, RelayCounts, RelayedBatchRow, RelayedMessageRow};

use super::relayer::Relayer;
use super::submission::message_of;
use super::venue::Way;
use super::{Receipt, RelayError};

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageStanding {
    /// It is on the disk here.
    Stored,
    /// It is in a batch.
    Batched,
    /// Its batch was published and read back.
    Pinned,
    /// A transaction with it may be on its way.
    Sent,
    /// It is on chain.
    Mined,
    /// It is on chain, in a block that will stay.
    Final,
    /// Voting ended before it was on chain.
    Missed,
}

impl MessageStanding {
    /// All of them, in order.
    pub const ALL: [Self; 7] = [
        Self::Stored,
        Self::Batched,
        Self::Pinned,
        Self::Sent,
        Self::Mined,
        Self::Final,
        Self::Missed,
    ];

    /// The word that clients read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Batched => "batched",
            Self::Pinned => "pinned",
            Self::Sent => "sent",
            Self::Mined => "mined",
            Self::Final => "final",
            Self::Missed => "missed",
        }
    }
}

/// That a message is in a poll's message chain: from `before`, with the message and those that follow, hashed one after
/// the other, comes `after`, which the contract announced in the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// The message's place in the poll; the placeholder has 0.
    pub index: u64,
    /// The chain hash before it.
    pub before: Fr,
    /// The hashes of the messages after it in its batch.
    pub following: Vec<Fr>,
    /// The chain hash after all of them.
    pub after: Fr,
}

impl Inclusion {
    /// Whether it is about this message.
    #[must_use]
    pub fn holds(&self, message_hash: &Fr) -> bool {
        let first = poseidon::hash2(self.before, *message_hash);
        let last = self
            .following
            .iter()
            .fold(first, |hash, next| poseidon::hash2(hash, *next));
        last == self.after
    }
}

/// Everything about one message.
#[derive(Debug, Clone)]
pub struct MessageView {
    /// The poll.
    pub poll: PollRef,
    /// Its hash.
    pub hash: Fr,
    /// How far it has come.
    pub standing: MessageStanding,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// By when it was promised to be on chain.
    pub promised_by: Timestamp,
    /// The batch it is in.
    pub batch: Option<ContentDigest>,
    /// Its place in the batch.
    pub position: Option<u64>,
    /// Where it is on chain.
    pub on_chain: Option<(TxHash, BlockNumber)>,
    /// That it is there.
    pub inclusion: Option<Inclusion>,
    /// What was promised.
    pub receipt: Option<Receipt>,
}

/// A batch as clients see it.
#[derive(Debug, Clone)]
pub struct BatchView {
    /// The poll.
    pub poll: PollRef,
    /// Its content's digest.
    pub digest: ContentDigest,
    /// Its messages, with their hashes.
    pub messages: Vec<(Message, Fr)>,
}

/// Which batches a client wants.
#[derive(Debug, Clone)]
pub struct BatchQuery {
    /// Of which poll.
    pub poll: PollRef,
    /// How many.
    pub limit: u32,
    /// How many to leave out first.
    pub skip: u64,
    /// With one of these digests; all if empty.
    pub digests: Vec<ContentDigest>,
    /// With a message encrypted with one of these keys; all if empty.
    pub keys: Vec<PublicKey>,
    /// With a message of one of these hashes; all if empty.
    pub hashes: Vec<Fr>,
}

/// The relayer, as voters and operators see it.
#[derive(Debug, Clone)]
pub struct RelayView {
    /// Per chain that the service works on, or why it is not known there.
    pub chains: Vec<(ChainId, Result<RelayAccounts, String>)>,
}

/// Who the relayer is on a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelayAccounts {
    /// Whose key signs receipts.
    pub signer: EthAddress,
    /// Who puts batches on chain and pays for them.
    pub payer: EthAddress,
    /// The payer's contract that batches go through. Polls name it among their relayers.
    pub guard: EthAddress,
}

/// How relaying for one poll goes.
#[derive(Debug, Clone)]
pub struct PollRelayView {
    /// The poll.
    pub poll: PollRef,
    /// Whether several messages go in one call, through the guard.
    pub guarded: bool,
    /// Until when messages are taken, in Unix seconds.
    pub takes_until: u64,
    /// How far they have come.
    pub counts: RelayCounts,
    /// Messages that the poll's budget still has room for.
    pub budget_left: u64,
    /// Messages may miss the end of voting, or have missed it.
    pub late: bool,
    /// Why they do not get on.
    pub trouble: Option<String>,
}

/// Batches that are looked through at once.
const PAGE: u32 = 200;

impl Relayer {
    /// Everything about the messages with a hash; polls may share one.
    ///
    /// # Errors
    /// [`RelayError::NoSuchMessage`], or that the store failed.
    pub async fn message(&self, hash: Fr) -> Result<Vec<MessageView>, RelayError> {
        let found = self.means().parts.store.relay().find(&fr_to_be_bytes(&hash)).await?;
        if found.is_empty() {
            return Err(RelayError::NoSuchMessage { hash });
        }
        let mut views = Vec::with_capacity(found.len());
        for (message, batch) in found {
            views.push(self.message_view(hash, message, batch).await?);
        }
        Ok(views)
    }

    async fn message_view(
        &self,
        hash: Fr,
        message: RelayedMessageRow,
        batch: Option<RelayedBatchRow>,
    ) -> Result<MessageView, RelayError> {
        let poll = message.poll;
        let together = match &batch {
            Some(batch) => {
                self.means()
                    .parts
                    .store
                    .relay()
                    .messages_of(&poll, batch.number)
                    .await?
            }
            None => Vec::new(),
        };
        let position = together.iter().position(|one| one.place == message.place);
        let times = (message.taken_at, message.promised_by);
        // without the key (it may be sealed) there is no receipt, and everything else is told
        let signer = self.signer(poll.chain).await.ok();
        Ok(MessageView {
            poll,
            hash,
            standing: standing(batch.as_ref()),
            taken_at: message.taken_at,
            promised_by: message.promised_by,
            batch: batch.as_ref().map(|batch| ContentDigest(batch.digest)),
            position: position.map(|position| position as u64),
            on_chain: batch
                .as_ref()
                .and_then(|batch| batch.on_chain)
                .map(|place| (place.transaction, place.block)),
            inclusion: batch
                .as_ref()
                .zip(position)
                .and_then(|(batch, position)| inclusion(batch, &together, position)),
            receipt: signer.and_then(|signer| Receipt::sign(&signer, poll, hash, times)),
        })
    }

    /// A poll's batches, the oldest first.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn batches(&self, query: &BatchQuery) -> Result<Vec<BatchView>, RelayError> {
        let relay = self.means().parts.store.relay();
        let (mut found, mut passed, mut skip) = (Vec::new(), 0, query.skip);
        loop {
            let filter = BatchFilter {
                poll: query.poll,
                skip: passed,
                limit: PAGE,
            };
            let rows = relay.batches(&filter).await?;
            passed += rows.len() as u64;
            let last = rows.len() < PAGE as usize;
            for row in rows.into_iter().filter(|row| is_public(row.state)) {
                let view = self.batch_view(&row).await?;
                if !query.takes(&view) {
                    continue;
                }
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                found.push(view);
                if found.len() >= query.limit as usize {
                    return Ok(found);
                }
            }
            if last {
                return Ok(found);
            }
        }
    }

    async fn batch_view(&self, row: &RelayedBatchRow) -> Result<BatchView, RelayError> {
        let poll = row.poll;
        let rows = self.means().parts.store.relay().messages_of(&poll, row.number).await?;
        let messages: Option<Vec<(Message, Fr)>> = rows
            .iter()
            .map(|row| {
                let message = message_of(row)?;
                let hash = message.hash();
                Some((message, hash))
            })
            .collect();
        Ok(BatchView {
            poll,
            digest: ContentDigest(row.digest),
            messages: messages.ok_or(RelayError::Damaged { poll })?,
        })
    }

    /// The relayer on every chain that the service works on.
    pub async fn view(&self) -> RelayView {
        let mut chains = Vec::new();
        let described = self.means().parts.chains.described();
        let named: BTreeSet<ChainId> = described.chain(self.settings().chain).collect();
        for chain in named {
            chains.push((chain, self.accounts(chain).await.map_err(|error| error.to_string())));
        }
        RelayView { chains }
    }

    async fn accounts(&self, chain: ChainId) -> Result<RelayAccounts, RelayError> {
        let signer = self.signer(chain).await?;
        let payer = self.means().sender(chain, &self.settings().sender).await?.caller();
        Ok(RelayAccounts {
            signer: eth_address(signer.address()),
            payer,
            guard: Guard { owner: payer }.address(),
        })
    }

    /// How relaying for a poll goes.
    ///
    /// # Errors
    /// When the poll is not relayed for.
    pub async fn poll_view(&self, poll: PollRef) -> Result<PollRelayView, RelayError> {
        let venue = self.venue(poll).await?;
        let shown = venue.show(|shown| shown.clone());
        let taken = venue.budget.lock().map_or(0, |budget| budget.total());
        let close = self.settings().close_before_end.as_secs();
        Ok(PollRelayView {
            poll,
            guarded: matches!(venue.way, Way::Guarded(_)),
            takes_until: venue.reader.period().end.saturating_sub(close),
            counts: self.means().parts.store.relay().counts(&poll).await?,
            budget_left: self.settings().per_poll.saturating_sub(taken),
            late: shown.late,
            trouble: shown.trouble,
        })
    }

    /// Whether a poll's messages may miss, or have missed, the end of voting.
    pub(crate) fn is_late(&self, poll: PollRef) -> bool {
        self.known_venue(poll)
            .is_some_and(|venue| venue.show(|shown| shown.late))
    }
}

impl BatchQuery {
    fn takes(&self, batch: &BatchView) -> bool {
        let has = |wanted: &dyn Fn(&(Message, Fr)) -> bool| batch.messages.iter().any(wanted);
        (self.digests.is_empty() || self.digests.contains(&batch.digest))
            && (self.hashes.is_empty() || has(&|(_, hash)| self.hashes.contains(hash)))
            && (self.keys.is_empty()
                || has(&|(message, _)| {
                    let key = message.encryption_public_key;
                    self.keys.iter().any(|wanted| wanted.point() == key)
                }))
    }
}

/// Whether a batch's content may be known: what was only packed may be packed anew.
fn is_public(state: BatchState) -> bool {
    match state {
        BatchState::Published | BatchState::Sent | BatchState::Landed | BatchState::Final | BatchState::Missed => true,
        BatchState::Packed | BatchState::Dissolved => false,
    }
}

fn standing(batch: Option<&RelayedBatchRow>) -> MessageStanding {
    match batch.map(|batch| batch.state) {
        None | Some(BatchState::Dissolved) => MessageStanding::Stored,
        Some(BatchState::Packed) => MessageStanding::Batched,
        Some(BatchState::Published) => MessageStanding::Pinned,
        Some(BatchState::Sent) => MessageStanding::Sent,
        Some(BatchState::Landed) => MessageStanding::Mined,
        Some(BatchState::Final) => MessageStanding::Final,
        Some(BatchState::Missed) => MessageStanding::Missed,
    }
}

fn inclusion(batch: &RelayedBatchRow, together: &[RelayedMessageRow], position: usize) -> Option<Inclusion> {
    let (before, after) = batch.on_chain?.chain?;
    let word = |word: &[u8; 32]| maci_crypto::field::fr_from_be_bytes(word).ok();
    let hashes: Vec<Fr> = together
        .iter()
        .map(|row| word(&row.message.hash))
        .collect::<Option<_>>()?;
    let (earlier, rest) = hashes.split_at_checked(position)?;
    let (own, following) = rest.split_first()?;
    let start = word(&before.hash)?;
    let inclusion = Inclusion {
        index: before.messages.saturating_add(position as u64),
        before: earlier.iter().fold(start, |hash, next| poseidon::hash2(hash, *next)),
        following: following.to_vec(),
        after: word(&after)?,
    };
    inclusion.holds(own).then_some(inclusion)
}
