"use strict";
// A frontend that asks for proofs over Socket.IO with the official client.
//
// in:  { url, transport: "websocket" | "polling", authorisation?, auth?, body, event?, until?: number }
//      `authorisation` is sent as a header of the handshake, `auth` as its payload. With `until`, the client leaves after
//      that many progress events, without a goodbye.
// out: one line per event: { event, data }, the last being the one that ended it

const { io } = require("socket.io-client");
const { answer, readRequest, run } = require("./session");

const LAST = new Set(["finish-generation", "finish-deploy", "exception"]);
const TOLD = [...LAST, "start-generation", "progress-generation", "progress-deploy"];

async function main() {
  const request = await readRequest();
  const { url, transport, authorisation, auth, body, event = "start-generation", until } = request;
  const socket = io(url, {
    transports: [transport],
    extraHeaders: authorisation ? { Authorization: authorisation } : {},
    auth,
    reconnection: false,
  });
  let progress = 0;
  await new Promise((resolve, reject) => {
    socket.on("connect_error", (error) => reject(new Error(`cannot connect: ${error.message}`)));
    socket.on("disconnect", (reason) => reject(new Error(`disconnected: ${reason}`)));
    socket.on("connect", () => socket.emit(event, body));
    for (const name of TOLD) {
      socket.on(name, (data) => {
        answer({ event: name, data });
        progress += name === "progress-generation" ? 1 : 0;
        if (LAST.has(name) || progress === until) {
          resolve();
        }
      });
    }
  });
  socket.removeAllListeners();
  socket.disconnect();
}

run(main);
