use alloy::consensus::{Transaction, TxEnvelope};
use alloy::eips::eip2718::Decodable2718;
use alloy::network::TransactionBuilder;
use alloy::primitives::U256;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use maci_protocol::ids::TxHash;

use super::fees::Fees;
use super::recover::broadcast;
use super::{Intent, IntentState, SendError, Sender, SignedTransaction, Spending};
use crate::rpc::RpcError;
use crate::words;

impl Sender {
    /// Offers more for a transaction that waits to be mined, and answers the new attempt.
    ///
    /// # Errors
    /// When it waits no longer, is somebody else's, or the fee cap has no room.
    pub async fn bump(&self, intent: &Intent) -> Result<TxHash, SendError> {
        let mut intent = self.own_and_live(intent).await?;
        if !self.outbid(&mut intent).await? {
            return Err(self.no_room(&intent).await?);
        }
        self.broadcast_newest(&intent).await
    }

    /// Calls off a transaction that waits to be mined: the same nonce goes to a transfer of nothing to the sender
    /// itself. Whichever of the two is mined, the other never is.
    ///
    /// # Errors
    /// As [`Self::bump`].
    pub async fn cancel(&self, intent: &Intent) -> Result<TxHash, SendError> {
        let mut intent = self.own_and_live(intent).await?;
        let last = self.newest_attempt(&intent)?;
        let market = self.settings.fees.offer(&self.rpc).await?;
        let Some(better) = Fees::of(&last).outbid(market, self.settings.fee_cap) else {
            return Err(self.no_room(&intent).await?);
        };
        let own = words::address(intent.sender);
        let mut request = TransactionRequest::default()
            .with_from(own)
            .with_to(own)
            .with_value(U256::ZERO)
            .with_chain_id(self.rpc.chain().0);
        // more than 21,000 where data is paid for in gas
        let gas = self.rpc.provider().estimate_gas(request.clone()).await;
        let gas = gas.map_err(RpcError::doing("estimating a transfer"))?;
        request.set_gas_limit(gas.saturating_add(gas / 4));
        request.set_nonce(intent.nonce);
        better.apply(&mut request);
        // whoever calls off spends less than what was allowed, so a paused sender may do it too
        let mut attempt = self.sign(&intent.purpose, request).await?;
        attempt.cancels = true;
        tracing::info!(purpose = %intent.purpose, transaction = %attempt.hash, "calling a transaction off");
        self.log.add_attempt(&intent, &attempt).await?;
        intent.attempts.push(attempt);
        self.broadcast_newest(&intent).await
    }

    /// Signs the newest attempt again with a better offer and stores it; false if the cap leaves no room.
    pub(super) async fn outbid(&self, intent: &mut Intent) -> Result<bool, SendError> {
        let (Some(last), envelope) = (intent.attempts.last(), self.newest_attempt(intent)?) else {
            return Ok(false);
        };
        let cancels = last.cancels;
        let market = self.settings.fees.offer(&self.rpc).await?;
        let Some(better) = Fees::of(&envelope).outbid(market, self.settings.fee_cap) else {
            tracing::warn!(purpose = %intent.purpose, "not mined yet, and the fee cap leaves no room for a better offer");
            return Ok(false);
        };
        let gas = u128::from(envelope.gas_limit());
        let spending = Spending {
            purpose: intent.purpose.clone(),
            chain: intent.chain,
            sender: intent.sender,
            most: gas.saturating_mul(better.most()),
            reserved: gas.saturating_mul(Fees::of(&envelope).most()),
        };
        self.permitted(&spending).await?;
        let mut request = TransactionRequest::from_transaction(envelope).with_from(words::address(intent.sender));
        better.apply(&mut request);
        let mut attempt = self.sign(&intent.purpose, request).await?;
        attempt.cancels = cancels;
        tracing::info!(purpose = %intent.purpose, transaction = %attempt.hash, "not mined yet; offering more");
        self.log.add_attempt(intent, &attempt).await?;
        intent.attempts.push(attempt);
        Ok(true)
    }

    fn newest_attempt(&self, intent: &Intent) -> Result<TxEnvelope, SendError> {
        let damaged = |transaction, reason| SendError::Damaged {
            purpose: intent.purpose.clone(),
            transaction,
            reason,
        };
        let Some(SignedTransaction { hash, raw, .. }) = intent.attempts.last() else {
            return Err(damaged(TxHash([0; 32]), "nothing was signed for it".to_owned()));
        };
        TxEnvelope::decode_2718_exact(raw).map_err(|error| damaged(*hash, error.to_string()))
    }

    async fn broadcast_newest(&self, intent: &Intent) -> Result<TxHash, SendError> {
        let Some(attempt) = intent.attempts.last() else {
            return Ok(TxHash([0; 32]));
        };
        // whoever follows it, or looks next, broadcasts it again
        broadcast(&self.rpc, attempt).await;
        Ok(attempt.hash)
    }

    /// The intent as the log has it now; an error unless it is this sender's and still live.
    async fn own_and_live(&self, intent: &Intent) -> Result<Intent, SendError> {
        if intent.sender != self.address() {
            return Err(SendError::OtherSender {
                purpose: intent.purpose.clone(),
                other: intent.sender,
            });
        }
        let known = self.log.live(intent.chain, intent.sender).await?;
        let found = known.into_iter().find(|one| one.nonce == intent.nonce);
        match found {
            Some(found) if found.purpose == intent.purpose && found.state == IntentState::Live => Ok(found),
            Some(_) | None => Err(SendError::Over {
                purpose: intent.purpose.clone(),
            }),
        }
    }

    async fn no_room(&self, intent: &Intent) -> Result<SendError, SendError> {
        let offered = Fees::of(&self.newest_attempt(intent)?).most();
        Ok(SendError::TooExpensive {
            purpose: intent.purpose.clone(),
            asked: offered.saturating_add(offered.div_ceil(8)),
            cap: self.settings.fee_cap.0,
        })
    }
}
