"use strict";
// What every script here shares: one JSON document in on stdin, one JSON line
// per answer out on stdout, and a signer that never caches a stale nonce.

const { JsonRpcProvider, NonceManager, Wallet } = require("ethers");

/** Reads the whole of stdin as one JSON document. */
async function readRequest() {
  const chunks = [];
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8").trim();
  if (text === "") {
    throw new Error("expected a JSON request on stdin, got nothing");
  }
  return JSON.parse(text);
}

/** Writes one answer; big numbers become decimal strings. */
function answer(value) {
  const text = JSON.stringify(value, (_, field) =>
    typeof field === "bigint" ? field.toString() : field,
  );
  process.stdout.write(`${text}\n`);
}

/**
 * Connects to the chain.
 *
 * @param {{rpc: string, senderKey?: string, sender?: number}} request the
 *   node's URL, and who pays: a private key, or the index of an account the
 *   node itself holds unlocked (0 when neither is given)
 */
async function connect({ rpc, senderKey, sender = 0 }) {
  const provider = new JsonRpcProvider(rpc, undefined, {
    cacheTimeout: -1, // a cached block number would hide the last transaction
    staticNetwork: true,
    pollingInterval: 50,
  });
  const signer = senderKey
    ? new Wallet(senderKey, provider)
    : await provider.getSigner(sender);
  return { provider, signer: new NonceManager(signer) };
}

/** Runs `main`, reports a failure on stderr, and leaves no worker behind. */
function run(main) {
  main().then(
    () => finish(0),
    (error) => {
      process.stderr.write(`${error.shortMessage ?? error.message ?? error}\n`);
      finish(1);
    },
  );
}

// snarkjs keeps its worker threads alive, so the process has to be ended; what
// was written to a pipe is flushed first.
function finish(code) {
  process.stdout.write("", () => process.exit(code));
}

module.exports = { answer, connect, readRequest, run };
