use std::collections::{BTreeMap, VecDeque};

use alloy::primitives::U256;
use futures::future::{BoxFuture, FutureExt};
use futures::stream::{self, FuturesUnordered, StreamExt};

use super::sender::Ready;
use super::{Call, Intent, Landed, Purpose, SendError, Sender};

/// Transactions of one sender that wait to be mined at the same time; nodes keep about so many for an account.
const IN_FLIGHT: usize = 16;

/// A call by its place among those that were given.
type Placed<T> = (usize, T);

/// A call that was signed, or what became of it before or instead.
type Begun = Result<Result<Landed, Intent>, SendError>;

/// Something that was waited for.
enum Event {
    /// Calls were signed and stored: each with the most it can cost, in wei.
    Signed(Vec<Placed<(Begun, u128)>>),
    /// A transaction ended.
    Ended(Placed<Result<Landed, SendError>>, u128),
}

/// Calls of one sender on their way. All that is waited for is waited for together: who is left alone while others are
/// waited for would keep what it holds, such as a database connection.
struct Flight<'a> {
    sender: &'a Sender,
    waiting: VecDeque<Placed<Call>>,
    events: FuturesUnordered<BoxFuture<'a, Event>>,
    /// Whether calls are being signed: one group after the other, so that nonces are in the calls' order.
    signing: bool,
    flying: usize,
    /// The most that all in flight together can cost, in wei.
    promised: u128,
    landed: BTreeMap<usize, Result<Landed, SendError>>,
}

impl Sender {
    /// Does calls that do not depend on one another, with consecutive nonces in their order. As soon as one has ended,
    /// whichever it is, the next one takes its place.
    pub(super) async fn fly(&self, calls: Vec<Call>) -> Vec<Result<Landed, SendError>> {
        let mut flight = Flight {
            sender: self,
            waiting: calls.into_iter().enumerate().collect(),
            events: FuturesUnordered::new(),
            signing: false,
            flying: 0,
            promised: 0,
            landed: BTreeMap::new(),
        };
        flight.sign_more();
        while let Some(event) = flight.events.next().await {
            flight.note(event);
            flight.sign_more();
        }
        flight.landed.into_values().collect()
    }

    /// Tries calls out and prices them together, then signs and stores them in their order, as long as the sender can
    /// pay for all of it and for what is `promised` already: a call that the others leave no money for would keep its
    /// nonce, and everything behind it, waiting.
    async fn sign_group(&self, group: Vec<Placed<Call>>, mut promised: u128) -> Vec<Placed<(Begun, u128)>> {
        let places: Vec<usize> = group.iter().map(|(place, _)| *place).collect();
        let ready = stream::iter(group)
            .map(|(_, call)| self.ready(call))
            .buffered(IN_FLIGHT);
        let ready: Vec<Result<Ready, SendError>> = ready.collect().await;
        let mut begun = Vec::with_capacity(places.len());
        for (place, ready) in places.into_iter().zip(ready) {
            let (ready, cost) = match ready {
                Ok(Ready::New(new)) => {
                    let with_this = promised.saturating_add(new.2);
                    match self.can_pay(&new.0.purpose, with_this).await {
                        Ok(()) => {
                            promised = with_this;
                            let cost = new.2;
                            (Ok(Ready::New(new)), cost)
                        }
                        Err(poor) => (Err(poor), 0),
                    }
                }
                other => (other, 0),
            };
            let outcome = match ready {
                Ok(ready) => self.begin(ready).await,
                Err(error) => Err(error),
            };
            begun.push((place, (outcome, cost)));
        }
        begun
    }

    async fn can_pay(&self, purpose: &Purpose, promised: u128) -> Result<(), SendError> {
        let balance = self.balance().await?;
        if U256::from(promised) <= balance {
            return Ok(());
        }
        Err(SendError::Poor {
            purpose: purpose.clone(),
            sender: self.address(),
            balance: balance.to_string(),
            needed: promised.to_string(),
        })
    }
}

impl Flight<'_> {
    /// Has the next calls signed, if there is room for them.
    fn sign_more(&mut self) {
        let room = IN_FLIGHT.saturating_sub(self.flying);
        if self.signing || room == 0 || self.waiting.is_empty() {
            return;
        }
        self.signing = true;
        let group = self.waiting.drain(..room.min(self.waiting.len())).collect();
        let (sender, promised) = (self.sender, self.promised);
        let signed = async move { Event::Signed(sender.sign_group(group, promised).await) };
        self.events.push(signed.boxed());
    }

    fn note(&mut self, event: Event) {
        match event {
            Event::Signed(group) => {
                self.signing = false;
                for (place, (begun, cost)) in group {
                    match begun {
                        Ok(Ok(landed)) => drop(self.landed.insert(place, Ok(landed))),
                        Ok(Err(intent)) => self.follow(place, intent, cost),
                        Err(error) => drop(self.landed.insert(place, Err(error))),
                    }
                }
            }
            Event::Ended((place, outcome), cost) => {
                self.flying = self.flying.saturating_sub(1);
                self.promised = self.promised.saturating_sub(cost);
                self.landed.insert(place, outcome);
            }
        }
    }

    fn follow(&mut self, place: usize, intent: Intent, cost: u128) {
        self.flying += 1;
        self.promised = self.promised.saturating_add(cost);
        let sender = self.sender;
        let ended = async move { Event::Ended((place, sender.follow(intent).await), cost) };
        self.events.push(ended.boxed());
    }
}
