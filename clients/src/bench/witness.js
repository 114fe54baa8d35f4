"use strict";
// Times circom's own wasm witness calculator under Node: the witness_calculator.js
// that circom writes beside the wasm.
//
// Request: { calculator, wasm, inputs, wtns?, rounds? }: that file, the circuit's
// wasm, a JSON file of circuit inputs, where to leave the witness, how often to
// measure.
// Answer:  { buildMs, roundsMs, bestMs, bytes }

const { readFile, writeFile } = require("node:fs/promises");
const path = require("node:path");
const { answer, readRequest, run } = require("../session");

run(async () => {
  const { calculator: file, wasm, inputs, wtns, rounds = 3 } = await readRequest();
  const [code, values] = await Promise.all([readFile(wasm), readFile(inputs, "utf8")]);
  const parsed = JSON.parse(values);

  const start = performance.now();
  const build = require(path.resolve(file));
  const calculator = await build(code);
  const buildMs = performance.now() - start;

  const roundsMs = [];
  let witness;
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now();
    witness = await calculator.calculateWTNSBin(parsed, false);
    roundsMs.push(performance.now() - begin);
  }
  if (wtns) {
    await writeFile(wtns, witness);
  }
  answer({ buildMs, roundsMs, bestMs: Math.min(...roundsMs), bytes: witness.length });
});
