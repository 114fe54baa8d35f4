"use strict";
const { io } = require("socket.io-client");

/**
 * Asks for a poll's proofs over Socket.IO, and tells each batch as the service does. With the event `follow-generation`
 * nothing is asked for: what the service does by itself is told until it is done.
 */
function generate({ session, tell, body, event = "start-generation" }) {
  const socket = io(session.url, { auth: { token: session.token }, extraHeaders: headers(session) });
  return new Promise((resolve, reject) => {
    const end = (settle, value) => {
      socket.close();
      settle(value);
    };
    socket.on("start-generation", ({ kind, attempt }) => tell({ kind, attempt }));
    socket.on("progress-generation", ({ phase, current, total }) => tell({ phase, current, total }));
    socket.on("finish-generation", ({ proofs, tallyData }) =>
      end(resolve, { proofs: proofs.length, results: tallyData?.results?.tally }),
    );
    socket.on("exception", (said) => end(reject, new Error(`exception: ${JSON.stringify(said)}`)));
    socket.on("connect_error", (error) => end(reject, error));
    socket.emit(event, body);
  });
}

function headers({ token }) {
  return token ? { authorization: `Bearer ${token}` } : {};
}

module.exports = { generate };
