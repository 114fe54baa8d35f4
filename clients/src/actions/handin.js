"use strict";
const {
  generateProofSnarkjs,
  formatProofForVerifierContract,
  generateVote,
  getPoll,
  getMessageBatches,
  getRelayedMessages,
  relayMessages,
} = require("@maci-protocol/sdk");
const { Poll__factory } = require("@maci-protocol/contracts/typechain-types");
const { hashLeftRight } = require("@maci-protocol/crypto");
const { Keypair, PrivateKey, PublicKey, StateLeaf, blankStateLeafHash } = require("@maci-protocol/domainobjs");
const http = require("node:http");

/** The leaves of a poll's state tree, in order. */
async function leavesOf(contract) {
  const joined = await contract.queryFilter(contract.filters.PollJoined(), 0);
  const leaves = [blankStateLeafHash];
  for (const { args } of joined) {
    const key = new PublicKey([args._pollPublicKeyX, args._pollPublicKeyY]);
    leaves[Number(args._pollStateIndex)] = new StateLeaf(key, args._voiceCreditBalance).hash();
  }
  return leaves;
}

/** The root of the complete subtree of that height that ends with leaf `last`. */
function subtree(leaves, last, height) {
  if (height === 0) {
    return leaves[last];
  }
  const half = 2 ** (height - 1);
  return hashLeftRight(subtree(leaves, last - half, height - 1), subtree(leaves, last, height - 1));
}

/**
 * A proof that the key has joined, which verifies at any time: the contract keeps for leaf i the root of the largest
 * complete subtree that ends with it.
 */
async function joinedProof({ contract, privateKey, stateIndex, zkey, wasm }) {
  const leaves = await leavesOf(contract);
  const { stateTreeDepth } = await contract.treeDepths();
  const joined = await contract.queryFilter(contract.filters.PollJoined(), 0);
  const own = joined.find(({ args }) => Number(args._pollStateIndex) === Number(stateIndex));
  const height = Math.log2((Number(stateIndex) + 1) & -(Number(stateIndex) + 1));
  const pathElements = [];
  for (let level = 0; level < Number(stateTreeDepth); level += 1) {
    const left = level < height ? subtree(leaves, Number(stateIndex) - 2 ** level, level) : 0n;
    pathElements.push([left.toString()]);
  }
  const { proof } = await generateProofSnarkjs({
    inputs: {
      privateKey: PrivateKey.deserialize(privateKey).asCircuitInputs(),
      voiceCreditsBalance: own.args._voiceCreditBalance.toString(),
      pathElements,
      index: (2 ** height - 1).toString(),
      actualStateTreeDepth: height.toString(),
      stateRoot: subtree(leaves, Number(stateIndex), height).toString(),
    },
    zkeyPath: zkey,
    wasmPath: wasm,
  });
  return formatProofForVerifierContract(proof);
}

async function pollOf({ signer, maci, pollId }) {
  const { address } = await getPoll({ maciAddress: maci, pollId: BigInt(pollId), signer });
  return Poll__factory.connect(address, signer);
}

function encrypted(contractKey, { pollId, privateKey, stateIndex, option, weight, nonce }) {
  const { message, ephemeralKeypair } = generateVote({
    pollId: BigInt(pollId),
    voteOptionIndex: BigInt(option),
    nonce: BigInt(nonce),
    privateKey: PrivateKey.deserialize(privateKey),
    stateIndex: BigInt(stateIndex),
    voteWeight: BigInt(weight),
    coordinatorPublicKey: new PublicKey([contractKey.x, contractKey.y]),
    maxVoteOption: 1000n,
  });
  return { message, key: ephemeralKeypair.publicKey };
}

/** The body that hands votes in: what is posted to a relayer. */
async function relayBody({ signer, maci, pollId, privateKey, stateIndex, votes, zkey, wasm }) {
  const contract = await pollOf({ signer, maci, pollId });
  const coordinator = await contract.coordinatorPublicKey();
  const messages = votes.map((vote) => {
    const { message, key } = encrypted(coordinator, { ...vote, pollId, privateKey, stateIndex });
    return { data: message.data.map(String), publicKey: key.serialize() };
  });
  const proof = await joinedProof({ contract, privateKey, stateIndex, zkey, wasm });
  return {
    body: {
      stateLeafIndex: Number(stateIndex),
      proof: proof.map(String),
      poll: Number(pollId),
      maciContractAddress: maci,
      messages,
    },
  };
}

/** Hands votes in without gas. */
async function handIn({ url, ...vote }) {
  const { body } = await relayBody(vote);
  const response = await fetch(`${url}/v1/messages/publish`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json(), body };
}

/** What the library's relayer would do: puts hashes on chain itself, from an account the poll names. */
async function relayOnChain({ signer, provider, maci, pollId, ipfsHash, messages }) {
  const { hash } = await relayMessages({ maciAddress: maci, pollId: BigInt(pollId), ipfsHash, messages, signer, provider });
  return { transaction: hash };
}

/** The relayed messages as the library reads them, from the gateway that it finds in IPFS_GATEWAY_URL. */
async function relayedMessages({ signer, provider, maci, pollId, gateway, publicKeys, messageHashes }) {
  if (gateway) {
    process.env.IPFS_GATEWAY_URL = gateway;
  }
  return getRelayedMessages({ maciAddress: maci, pollId: BigInt(pollId), signer, provider, publicKeys, messageHashes });
}

/** Batches as the library asks for them: with a body on a GET, which `fetch` itself cannot send. */
async function batches({ url, maci, pollId, limit = 20, skip = 0, ...filter }) {
  const plain = global.fetch;
  global.fetch = getWithBody;
  try {
    return await getMessageBatches({ url, limit, skip, maciContractAddress: maci, poll: Number(pollId), ...filter });
  } finally {
    global.fetch = plain;
  }
}

/** A `fetch` that sends what the library gives it. */
function getWithBody(url, { method, headers, body }) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers: { ...headers, "Content-Length": Buffer.byteLength(body) } });
    request.on("error", reject);
    request.on("response", (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ json: async () => JSON.parse(Buffer.concat(chunks).toString("utf8")) }));
    });
    request.end(body);
  });
}

module.exports = { handIn, relayBody, relayOnChain, relayedMessages, batches };
