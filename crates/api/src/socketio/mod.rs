//! Socket.IO on the same port, default namespace: proofs asked for by an event, and told as they are made.
//!
//! Everything is told to the socket that asked, and to nobody else. Whoever connects again and asks again joins the job
//! that is at work and is told what happened so far. Whoever only wants to see how a poll comes to its result follows it.
//!
//! - `caller`       who is at the other end, and what they may
//! - `exception`    what is told when something is not done
//! - `generation`   `start-generation` until `finish-generation`
//! - `following`    `follow-generation`: the same told of whatever the service does by itself
//! - `emit`         telling a socket that may be slow, and nothing twice

mod caller;
mod emit;
mod exception;
mod following;
mod generation;

use serde_json::Value;
use socketioxide::{
    SocketIo,
    extract::{AckSender, Data, SocketRef, TryData},
    layer::SocketIoLayer,
};

use crate::{auth::Guest, problem::Problem, rest, state::ApiState};

/// The longest message a client may send, in bytes.
const LONGEST_MESSAGE: u64 = 256 * 1024;

/// Messages that may wait for a slow client.
const WAITING_MESSAGES: usize = 1024;

/// A layer that answers to `/socket.io/`.
pub(crate) fn layer(api: ApiState) -> SocketIoLayer {
    let (layer, io) = SocketIo::builder()
        .max_payload(LONGEST_MESSAGE)
        .max_buffer_size(WAITING_MESSAGES)
        .build_layer();
    io.ns("/", async move |socket: SocketRef, TryData(auth): TryData<Value>| {
        connect(&api, socket, auth.ok()).await;
    });
    layer
}

async fn connect(api: &ApiState, socket: SocketRef, auth: Option<Value>) {
    let guest = Guest::at(socket.req_parts(), auth);
    let (service, asking, deploying) = (api.clone(), guest.clone(), guest.clone());
    socket.on(
        "start-generation",
        async move |socket: SocketRef, Data(body): Data<Value>, ack: AckSender| {
            if let Err(problem) = generation::start(&service, &asking, &socket, &body, ack).await {
                exception::tell(&socket, &problem);
            }
        },
    );
    let (service, looking) = (api.clone(), guest.clone());
    socket.on(
        following::FOLLOW,
        async move |socket: SocketRef, Data(body): Data<Value>, ack: AckSender| {
            if let Err(problem) = following::start(&service, &looking, &socket, &body, ack).await {
                exception::tell(&socket, &problem);
            }
        },
    );
    socket.on("start-deploy", async move |socket: SocketRef| {
        let problem: Problem = match caller::operator(&deploying, "start-deploy").await {
            Ok(_) => rest::no_deploy_key(),
            Err(problem) => problem,
        };
        exception::tell(&socket, &problem);
    });
    // A signed handshake is good for minutes: look at it now, not with the first event.
    let _ = guest.caller().await;
}
