"use strict";
const { parseEther } = require("ethers");
const { getPoll, getResults } = require("@maci-protocol/sdk");

/** Moves a development chain's clock to `timestamp` (Unix seconds) and mines a block there. */
async function advanceTo({ provider, timestamp }) {
  const now = (await provider.getBlock("latest")).timestamp;
  if (now < timestamp) {
    await provider.send("evm_setNextBlockTimestamp", [Number(timestamp)]);
  }
  await provider.send("evm_mine", []);
  return { timestamp: (await provider.getBlock("latest")).timestamp };
}

/** Sends `ether` (decimal text) from the session's account. */
async function fund({ signer, to, ether }) {
  const sent = await signer.sendTransaction({ to, value: parseEther(ether) });
  const receipt = await sent.wait();
  return { transaction: receipt.hash };
}

/** What the chain's clock says. */
async function now({ provider }) {
  const { number, timestamp } = await provider.getBlock("latest");
  return { block: number, timestamp };
}

/** A poll as the library reads it. */
async function poll({ signer, maci, pollId }) {
  const { id, address, startDate, endDate, totalSignups, isMerged, mode } = await getPoll({
    maciAddress: maci,
    pollId: BigInt(pollId),
    signer,
  });
  return { id, address, startDate, endDate, totalSignups, isMerged, mode };
}

/** The results on chain, option by option. */
async function results({ signer, maci, pollId }) {
  const values = await getResults({ maciAddress: maci, pollId: String(pollId), signer });
  return { results: values.map(({ value, isSet }) => ({ value, isSet })) };
}

/** Remembers a development chain as it is; `goBack` returns to it, once. */
async function remember({ provider }) {
  return { snapshot: await provider.send("evm_snapshot", []) };
}

/** Returns to what was remembered. */
async function goBack({ provider, snapshot }) {
  if (!(await provider.send("evm_revert", [snapshot]))) {
    throw new Error(`the chain has no snapshot ${snapshot}`);
  }
  return {};
}

module.exports = { advanceTo, fund, goBack, now, poll, remember, results };
