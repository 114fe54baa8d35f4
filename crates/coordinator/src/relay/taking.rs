use std::sync::PoisonError;
use std::time::Duration;

use maci_chain::reader::Period;
use maci_crypto::Fr;
use maci_protocol::ids::PollRef;
use maci_store::{NewRelayed, Taken};
use metrics::counter;

use super::budget::Reached;
use super::relayer::Relayer;
use super::submission::hash_of;
use super::venue::SharedVenue;
use super::{Accepted, Receipt, RelayError, Spent, Submission, SubmittedMessage};

impl Relayer {
    /// Takes a voter's messages: checked, on the disk, and promised, in this order. All of them are taken, or none.
    ///
    /// What costs least is checked first, and nothing is asked of a chain for what is refused anyway.
    ///
    /// # Errors
    /// Why they are not taken.
    pub async fn take(&self, submission: Submission) -> Result<Vec<Accepted>, RelayError> {
        let taken = self.taken(submission).await;
        if let Err(error) = &taken {
            counter!("maci_relay_refused_total").increment(1);
            tracing::debug!(%error, "messages were not taken");
        }
        taken
    }

    async fn taken(&self, submission: Submission) -> Result<Vec<Accepted>, RelayError> {
        let (settings, poll, index) = (self.settings(), submission.poll, submission.state_index);
        let count = submission.messages.len();
        if !(1..=settings.per_request).contains(&count) {
            let most = settings.per_request;
            return Err(RelayError::Count { most });
        }
        for (number, message) in submission.messages.iter().enumerate() {
            if let Some(objection) = message.objection() {
                return Err(RelayError::Message { number, objection });
            }
        }
        let now = self.now();
        let wait = |wait: Duration| RelayError::Spent {
            poll,
            spent: Spent::Address(wait),
        };
        if let Some(rest) = self.bad_proofs().wait(submission.from, now) {
            return Err(wait(rest));
        }
        self.callers().spend(submission.from, count, now).map_err(wait)?;
        let venue = self.venue(poll).await?;
        let look = self.look(poll).await?;
        let chain_time = look.standing.at.timestamp.max(now.unix_seconds());
        self.open_at(&venue, chain_time)?;
        let root = venue.root(index, look.standing.leaves).await?;
        if !venue.checker.holds(root, submission.proof).await? {
            // counted when it has proved nothing, so that honest voters behind one address are not
            let _ = self.bad_proofs().spend(submission.from, 1, now);
            return Err(RelayError::ProofRefused { poll, index });
        }
        let end = venue.reader.period().end;
        let promised_by = now.after(settings.promise);
        let request = NewRelayed {
            poll,
            state_index: index,
            messages: submission.messages.iter().map(|message| message.content()).collect(),
            taken_at: now,
            promised_by: promised_by.min(maci_protocol::time::Timestamp::from_unix_seconds(end)),
        };
        self.kept(&venue, request, submission.messages).await
    }

    /// Keeps what was checked, within the limits, and signs for it.
    async fn kept(
        &self,
        venue: &SharedVenue,
        request: NewRelayed,
        messages: Vec<SubmittedMessage>,
    ) -> Result<Vec<Accepted>, RelayError> {
        let (poll, voter, count) = (request.poll, request.state_index, request.messages.len() as u64);
        let signer = self.signer(poll.chain).await?;
        let limits = (self.settings().per_voter, self.settings().per_poll);
        let budget = || venue.budget.lock().unwrap_or_else(PoisonError::into_inner);
        budget()
            .reserve(voter, count, limits)
            .map_err(|reached| RelayError::Spent {
                poll,
                spent: match reached {
                    Reached::Voter => Spent::Voter(voter),
                    Reached::Poll => Spent::Poll,
                },
            })?;
        let times = (request.taken_at, request.promised_by);
        let hashes: Vec<Fr> = request.messages.iter().map(hash_of).collect();
        let taken = self.keeper().keep(request).await;
        if !matches!(taken, Ok(Taken::At(_))) {
            budget().give_back(voter, count);
        }
        if let Taken::Duplicate(number) = taken? {
            let hash = hashes.get(number).copied().unwrap_or_default();
            return Err(RelayError::Duplicate { number, hash });
        }
        venue.nudge.notify_one();
        let promise = |(message, hash): (SubmittedMessage, Fr)| {
            Some(Accepted {
                receipt: Receipt::sign(&signer, poll, hash, times)?,
                message: message.0,
                hash,
            })
        };
        let accepted: Option<Vec<_>> = messages.into_iter().zip(hashes).map(promise).collect();
        accepted.ok_or(RelayError::Damaged { poll })
    }

    /// Refuses messages outside of the time in which they can land.
    fn open_at(&self, venue: &SharedVenue, chain_time: u64) -> Result<(), RelayError> {
        let (poll, Period { start, end }): (PollRef, _) = (venue.poll(), venue.reader.period());
        if chain_time < start {
            return Err(RelayError::TooEarly { poll, start });
        }
        let until = end.saturating_sub(self.settings().close_before_end.as_secs());
        if chain_time > until {
            return Err(RelayError::TooLate { poll, until, end });
        }
        Ok(())
    }
}
