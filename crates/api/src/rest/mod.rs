//! The routes: each decodes, calls the service, encodes.
//!
//! - `extract`      what routes take of a request
//! - `repeat`       requests that come again
//! - `health`, `proof`, `deploy`, `scheduler`, `session_keys`, `subgraph`   the original service's routes
//! - `deployments`  whole deployments from one document
//! - `results`      contracts and tallies
//! - `polls`        polls, and everything about one
//! - `publication`  a poll's whole result under one root
//! - `jobs`, `schedules`, `keys`   what they say
//! - `relay`        votes without gas
//! - `senders`, `transactions`, `exports`   who sends, and what was sent
//! - `unknown`      everything else

mod deploy;
mod deployments;
mod exports;
mod extract;
mod health;
mod jobs;
mod keys;
mod polls;
mod proof;
mod publication;
mod relay;
mod repeat;
mod results;
mod scheduler;
mod schedules;
mod senders;
mod session_keys;
mod subgraph;
mod transactions;
mod unknown;

pub(crate) use extract::{Query, Viewer};
pub(crate) use proof::generate_request;
pub(crate) use repeat::once;
pub(crate) use subgraph::no_deploy_key;
pub(crate) use unknown::{no_method, no_route};

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::ApiState;

/// Every route, with its description.
pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::default()
        .routes(routes!(health::check))
        .routes(routes!(proof::public_key))
        .routes(routes!(proof::merge))
        .routes(routes!(proof::generate))
        .routes(routes!(proof::submit))
        .routes(routes!(deploy::maci))
        .routes(routes!(deploy::poll))
        .routes(routes!(deployments::plan))
        .routes(routes!(deployments::apply))
        .routes(routes!(deployments::schema))
        .routes(routes!(session_keys::generate))
        .routes(routes!(session_keys::delete))
        .routes(routes!(session_keys::list))
        .routes(routes!(session_keys::explain))
        .routes(routes!(session_keys::keep))
        .routes(routes!(subgraph::deploy))
        .routes(routes!(scheduler::register))
        .routes(routes!(scheduler::status))
        .routes(routes!(scheduler::delete))
        .routes(routes!(results::contracts))
        .routes(routes!(results::contracts_short))
        .routes(routes!(results::tally))
        .routes(routes!(results::tally_short))
        .routes(routes!(polls::list, polls::watch))
        .routes(routes!(polls::show, polls::unwatch))
        .routes(routes!(polls::timeline))
        .routes(routes!(polls::contracts))
        .routes(routes!(polls::proofs))
        .routes(routes!(polls::tally))
        .routes(routes!(polls::verification))
        .routes(routes!(polls::warnings))
        .routes(routes!(polls::dry_run))
        .routes(routes!(polls::finalise))
        .routes(routes!(publication::show, publication::publish))
        .routes(routes!(publication::content))
        .routes(routes!(publication::import))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::show, jobs::cancel))
        .routes(routes!(jobs::result))
        .routes(routes!(schedules::list, schedules::create))
        .routes(routes!(schedules::show, schedules::cancel))
        .routes(routes!(schedules::schema))
        .routes(routes!(senders::list))
        .routes(routes!(senders::pause))
        .routes(routes!(senders::resume))
        .routes(routes!(transactions::list))
        .routes(routes!(transactions::show))
        .routes(routes!(transactions::bump))
        .routes(routes!(transactions::cancel))
        .routes(routes!(exports::list))
        .routes(routes!(exports::sent))
        .routes(routes!(exports::withdraw))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::import))
        .routes(routes!(keys::unlock))
        .routes(routes!(keys::backup))
        .routes(routes!(keys::restore))
        .routes(routes!(relay::publish))
        .routes(routes!(relay::message))
        .routes(routes!(relay::batches_by_query, relay::batches))
        .routes(routes!(relay::relay))
        .routes(routes!(relay::of_poll))
}
