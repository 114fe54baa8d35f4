"use strict";
const { joinPoll } = require("@maci-protocol/sdk");

/**
 * Joins a poll: proves with snarkjs that the key is signed up.
 *
 * `zkey` and `wasm` are the PollJoining circuit's files.
 */
async function join({ signer, maci, pollId, privateKey, zkey, wasm, evidence = "0x", startBlock = 0 }) {
  const { pollStateIndex, voiceCredits, nullifier, hash } = await joinPoll({
    maciAddress: maci,
    privateKey,
    pollId: BigInt(pollId),
    signer,
    startBlock,
    pollJoiningZkey: zkey,
    pollWasm: wasm,
    useWasm: true,
    sgDataArg: evidence,
    ivcpDataArg: "0x",
  });
  return { pollStateIndex, voiceCredits, nullifier, transaction: hash };
}

module.exports = { join };
