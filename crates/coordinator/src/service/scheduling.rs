use maci_protocol::ids::PollRef;

use super::{FinalisationRequest, Service, ServiceError};
use crate::actor::Actor;
use crate::schedule::{ScheduleDocument, ScheduleId, ScheduleView};

impl Service {
    /// Finalises a poll at its end. The poll is watched from now on.
    ///
    /// # Errors
    /// Code 28 when it is scheduled already, 29 when it is tallied already, 2 without such a poll.
    pub async fn schedule_finalisation(
        &self,
        _actor: &Actor,
        _request: FinalisationRequest,
    ) -> Result<ScheduleId, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Whether a poll is scheduled to be finalised at its end.
    ///
    /// # Errors
    /// Code 29 when it is tallied already, 2 without such a poll.
    pub async fn finalisation_scheduled(&self, _poll: PollRef) -> Result<bool, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Calls off the finalisation of a poll; nothing happens if it was not scheduled.
    ///
    /// # Errors
    /// When the actor is no operator.
    pub async fn unschedule_finalisation(&self, _actor: &Actor, _poll: PollRef) -> Result<(), ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Schedules what a document says, and answers the entries it became: one, or five for a round.
    ///
    /// # Errors
    /// When the document contradicts itself or asks for what cannot be done.
    pub async fn create_schedule(
        &self,
        _actor: &Actor,
        _document: ScheduleDocument,
    ) -> Result<Vec<ScheduleView>, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// The schedule, the newest entry first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn schedules(&self) -> Result<Vec<ScheduleView>, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// An entry of the schedule.
    ///
    /// # Errors
    /// [`ServiceError::NoSuchSchedule`].
    pub async fn schedule(&self, _id: ScheduleId) -> Result<ScheduleView, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Calls an entry off; of a round, every step that has not begun.
    ///
    /// # Errors
    /// [`ServiceError::NoSuchSchedule`], that it is over, or the actor is no operator.
    pub async fn cancel_schedule(&self, _actor: &Actor, _id: ScheduleId) -> Result<ScheduleView, ServiceError> {
        Err(ServiceError::Draining)
    }
}
