"use strict";
const { createHash } = require("node:crypto");
const { mkdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { getPoll } = require("@maci-protocol/sdk");
const { Poll__factory } = require("@maci-protocol/contracts/typechain-types");
const { Keypair } = require("@maci-protocol/domainobjs");
const { generateRandomSalt } = require("@maci-protocol/crypto");

/**
 * Relays `count` messages that nobody can read in one call, wherever a batch ends. What is relayed is written into
 * `folder` under the name that stands on chain.
 */
async function relay({ signer, maci, pollId, count, folder }) {
  const { address } = await getPoll({ maciAddress: maci, pollId: BigInt(pollId), signer });
  const contract = Poll__factory.connect(address, signer);
  const messages = [];
  for (let made = 0; made < count; made += 1) {
    const data = Array.from({ length: 10 }, () => generateRandomSalt());
    const [x, y] = new Keypair().publicKey.raw;
    const hash = await contract.hashMessageAndPublicKey({ data }, { x, y });
    messages.push({
      poll: Number(pollId),
      data: data.map(String),
      hash: String(hash),
      maciAddress: maci,
      publicKey: [String(x), String(y)],
    });
  }
  const content = JSON.stringify(messages);
  const digest = `0x${createHash("sha256").update(content).digest("hex")}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${digest}.json`), content);
  const hashes = messages.map(({ hash }) => hash);
  await (await contract.relayMessagesBatch(hashes, digest)).wait();
  return { digest, messages: messages.length };
}

module.exports = { relay };
