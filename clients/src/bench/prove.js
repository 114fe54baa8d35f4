"use strict";
// Times snarkjs's Groth16 prover and asks snarkjs what it thinks of a proof.
//
// Request: { zkey, wtns, rounds? }: prove the witness; the zkey is read in every
//          round, as snarkjs always does. Answers { roundsMs, bestMs, peakBytes, verified }.
//      or: { verificationKey, proof, publicSignals }: file names. Answers { verified }.

const { readFile } = require("node:fs/promises");
const snarkjs = require("snarkjs");
const { answer, readRequest, run } = require("../session");

const readJson = async (file) => JSON.parse(await readFile(file, "utf8"));

run(async () => {
  const request = await readRequest();
  answer(request.zkey ? await prove(request) : await verify(request));
});

async function prove({ zkey, wtns, rounds = 1 }) {
  const roundsMs = [];
  let proved;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    proved = await snarkjs.groth16.prove(zkey, wtns);
    roundsMs.push(performance.now() - start);
  }
  const key = await snarkjs.zKey.exportVerificationKey(zkey);
  return {
    roundsMs,
    bestMs: Math.min(...roundsMs),
    peakBytes: process.resourceUsage().maxRSS * 1024,
    verified: await snarkjs.groth16.verify(key, proved.publicSignals, proved.proof),
  };
}

async function verify({ verificationKey, proof, publicSignals }) {
  const [key, pi, signals] = await Promise.all([verificationKey, proof, publicSignals].map(readJson));
  return { verified: await snarkjs.groth16.verify(key, signals, pi) };
}
