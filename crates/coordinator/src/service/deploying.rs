//! Deployments: what they would do, and doing it.

use super::{DeployMaciRequest, DeployPollRequest, JobHandle, Service, ServiceError};
use crate::actor::{Actor, Role};
use crate::deploy::{Description, Outline};
use crate::jobs::Work;

impl Service {
    /// Deploys MACI. The result is `{ address, … }`.
    ///
    /// # Errors
    /// Codes 15 to 17 for what nobody knows.
    pub async fn deploy_maci(&self, actor: &Actor, request: DeployMaciRequest) -> Result<JobHandle, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let DeployMaciRequest { chain, config, sender } = request;
        let sender = self.known_sender(chain, sender).await?;
        config.policy.kind()?;
        config.depths()?;
        self.expect_contracts()?;
        self.begin(actor, &Work::DeployMaci { chain, config, sender }).await
    }

    /// What deploying MACI would do and cost. Nothing is sent.
    ///
    /// # Errors
    /// As [`Self::deploy_maci`], and every rule it breaks.
    pub async fn plan_maci(&self, actor: &Actor, request: DeployMaciRequest) -> Result<Outline, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let sender = self.known_sender(request.chain, request.sender).await?;
        self.means.plan_maci(request.chain, &request.config, &sender).await
    }

    /// Deploys a poll of the newest MACI recorded for the chain, and watches it. The result is
    /// `{ pollId, maci, chain, … }`.
    ///
    /// # Errors
    /// Codes 15 to 17 for what nobody knows, 20 to 22 when MACI was not deployed.
    pub async fn deploy_poll(&self, actor: &Actor, request: DeployPollRequest) -> Result<JobHandle, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let DeployPollRequest {
            chain,
            config,
            key,
            sender,
        } = request;
        let sender = self.known_sender(chain, sender).await?;
        config.check()?;
        self.expect_contracts()?;
        self.means.recorded(chain)?;
        let work = Work::DeployPoll {
            chain,
            config,
            key,
            paused: false,
            schedule: None,
            sender,
        };
        self.begin(actor, &work).await
    }

    /// What deploying a poll would do and cost. Nothing is sent.
    ///
    /// # Errors
    /// As [`Self::deploy_poll`], and every rule it breaks.
    pub async fn plan_poll(&self, actor: &Actor, request: DeployPollRequest) -> Result<Outline, ServiceError> {
        self.admit(actor, Role::Operator)?;
        request.config.check()?;
        let sender = self.known_sender(request.chain, request.sender).await?;
        self.means.plan_poll(request.chain, &request.config, &sender).await
    }

    /// What applying a description would do and cost. Nothing is sent.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] with every rule it breaks, and where.
    pub async fn plan_deployment(&self, actor: &Actor, description: Description) -> Result<Outline, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let chain = description.chain(&self.means.parts.chains)?;
        self.known_sender(chain, description.sender.clone()).await?;
        self.means.plan(chain, &description).await
    }

    /// Brings a description about, and watches its polls. Told again, it goes on where it was; told when all is there, it
    /// sends nothing. The result is `{ name, chain, maci: { address, … }, polls: [{ pollId, … }] }`.
    ///
    /// # Errors
    /// What can be seen without the chain; everything else is the job's failure.
    pub async fn apply_deployment(&self, actor: &Actor, description: Description) -> Result<JobHandle, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let chain = description.chain(&self.means.parts.chains)?;
        self.known_sender(chain, description.sender.clone()).await?;
        description.coordinators()?;
        self.expect_contracts()?;
        self.begin(actor, &Work::Apply { chain, description }).await
    }

    fn expect_contracts(&self) -> Result<(), ServiceError> {
        let contracts = self.means.parts.contracts.as_ref();
        contracts.map(drop).ok_or(ServiceError::NoContracts)
    }
}
