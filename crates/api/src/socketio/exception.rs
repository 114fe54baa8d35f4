use serde_json::{Value, json};
use socketioxide::extract::SocketRef;

use crate::problem::Problem;

/// Tells the socket, and nobody else, that something was not done.
pub(super) fn tell(socket: &SocketRef, problem: &Problem) {
    // A client that is gone needs no answer.
    let _ = socket.emit("exception", &body(problem));
}

/// A problem as the framework of the original service tells it, with our own members beside.
fn body(problem: &Problem) -> Value {
    let mut body = problem.to_json();
    if let Some(body) = body.as_object_mut() {
        body.insert("status".to_owned(), json!("error"));
    }
    body
}
