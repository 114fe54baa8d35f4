"use strict";
const { readFile } = require("node:fs/promises");
const { generateTallyCommitments, verify: verifyWithSdk } = require("@maci-protocol/sdk");

/** Checks a tally.json against the chain, as a third party would. */
async function verify({ signer, maci, pollId, tallyFile, voteOptionTreeDepth }) {
  const tallyData = JSON.parse(await readFile(tallyFile, "utf8"));
  const verified = await verifyWithSdk({
    pollId: BigInt(pollId),
    tallyData,
    maciAddress: maci,
    tallyCommitments: generateTallyCommitments({ tallyData, voteOptionTreeDepth }),
    totalVoteOptions: 5 ** voteOptionTreeDepth,
    voteOptionTreeDepth,
    signer,
  });
  return { verified, results: tallyData.results.tally };
}

module.exports = { verify };
