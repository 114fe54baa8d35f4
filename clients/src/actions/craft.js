"use strict";
const { getPoll } = require("@maci-protocol/sdk");
const { Poll__factory } = require("@maci-protocol/contracts/typechain-types");
const { Keypair, PrivateKey, PublicKey, VoteCommand } = require("@maci-protocol/domainobjs");
const { generateRandomSalt, SNARK_FIELD_SIZE } = require("@maci-protocol/crypto");

const point = ([x, y]) => [BigInt(x), BigInt(y)];

/**
 * A vote that no well-meaning client would publish.
 *
 * - `newKey`: [x, y], the key to vote with from now on, on the curve or not
 * - `encryptionKey`: [x, y], published instead of the key the message was encrypted with
 * - `garbled`: whether the first element of the ciphertext is altered
 */
async function craft({ signer, maci, pollId, privateKey, newKey, encryptionKey, garbled = false, ...vote }) {
  const { address } = await getPoll({ maciAddress: maci, pollId: BigInt(pollId), signer });
  const contract = Poll__factory.connect(address, signer);
  const coordinator = await contract.coordinatorPublicKey();
  const voter = new Keypair(PrivateKey.deserialize(privateKey));

  const command = new VoteCommand(
    BigInt(vote.stateIndex),
    newKey ? offCurve(point(newKey)) : voter.publicKey,
    BigInt(vote.option),
    BigInt(vote.weight),
    BigInt(vote.nonce),
    BigInt(pollId),
    generateRandomSalt(),
  );
  const ephemeral = new Keypair();
  const shared = Keypair.generateEcdhSharedKey(ephemeral.privateKey, new PublicKey([coordinator.x, coordinator.y]));
  const { data } = command.encrypt(command.sign(voter.privateKey), shared);
  if (garbled) {
    data[0] = (BigInt(data[0]) + 1n) % SNARK_FIELD_SIZE;
  }
  const [x, y] = encryptionKey ? point(encryptionKey) : ephemeral.publicKey.raw;
  const sent = await contract.publishMessage({ data }, { x, y });
  const receipt = await sent.wait();
  return { transaction: receipt.hash };
}

/** A key the library would refuse to copy. */
function offCurve(raw) {
  const key = new PublicKey(raw, true);
  key.copy = () => key;
  return key;
}

module.exports = { craft };
