"use strict";
const { publish: publishWithSdk, publishBatch: publishBatchWithSdk } = require("@maci-protocol/sdk");
const { MACI__factory, Poll__factory } = require("@maci-protocol/contracts/typechain-types");
const { Keypair, PrivateKey } = require("@maci-protocol/domainobjs");

const vote = ({ stateIndex, option, weight, nonce, salt }) => ({
  stateIndex: BigInt(stateIndex),
  voteOptionIndex: BigInt(option),
  newVoteWeight: BigInt(weight),
  nonce: BigInt(nonce),
  salt: salt === undefined ? undefined : BigInt(salt),
});

const publicKeyOf = (privateKey) => new Keypair(PrivateKey.deserialize(privateKey)).publicKey.serialize();

/** One vote. `newPublicKey` changes the voter's key; left out, it stays. */
async function publish({ signer, maci, pollId, privateKey, newPublicKey, ...command }) {
  const { hash, privateKey: ephemeralKey } = await publishWithSdk({
    ...vote(command),
    pollId: BigInt(pollId),
    maciAddress: maci,
    publicKey: newPublicKey ?? publicKeyOf(privateKey),
    privateKey,
    signer,
  });
  return { transaction: hash, ephemeralKey };
}

/** Several votes of one voter, in the order of their nonces; the library publishes them reversed. */
async function publishBatch({ signer, maci, pollId, privateKey, newPublicKey, votes }) {
  const { hash } = await publishBatchWithSdk({
    messages: votes.map(vote),
    pollId: BigInt(pollId),
    maciAddress: maci,
    publicKey: newPublicKey ?? publicKeyOf(privateKey),
    privateKey,
    signer,
  });
  return { transaction: hash };
}

/** A message as it is: ten field elements and an encryption key, for messages no client would make. */
async function publishRaw({ signer, maci, pollId, data, encryptionKey: [x, y] }) {
  const { poll } = await MACI__factory.connect(maci, signer).getPoll(BigInt(pollId));
  const sent = await Poll__factory.connect(poll, signer).publishMessage({ data }, { x, y });
  const receipt = await sent.wait();
  return { transaction: receipt.hash };
}

module.exports = { publish, publishBatch, publishRaw };
