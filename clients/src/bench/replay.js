"use strict";
// Times @maci-protocol/core on a poll without proofs: the benchmark's peer.
//
// Request: { mode?, voters?, messages?, stateTreeDepth?, voteOptionTreeDepth?,
//            tallyProcessingStateTreeDepth?, messageBatchSize?, tally? }
// Answer:  the times in milliseconds, per message and in total, and the
//          results, so that ours can be compared with them.

const { MaciState } = require("@maci-protocol/core");
const { generateRandomSalt, poseidon } = require("@maci-protocol/crypto");
const { Keypair, VoteCommand } = require("@maci-protocol/domainobjs");
const { answer, readRequest, run } = require("../session");

const CREDITS = 100n;

run(async () => {
  const size = {
    mode: 0,
    voters: 100,
    messages: 200,
    stateTreeDepth: 10,
    voteOptionTreeDepth: 2,
    tallyProcessingStateTreeDepth: 1,
    messageBatchSize: 20,
    tally: false,
    ...(await readRequest()),
  };
  const coordinator = new Keypair();
  const { poll, voters } = pollWithVoters(size, coordinator);

  const written = timed(() => messagesOf(size, voters, coordinator));
  const published = timed(() =>
    written.value.forEach(({ message, key }) => poll.publishMessage(message, key)),
  );
  poll.updatePoll(BigInt(poll.pollStateLeaves.length));
  const processed = timed(() => {
    do {
      poll.processMessages(0n);
    } while (poll.hasUnprocessedMessages());
  });
  const tallied = size.tally ? timed(() => tallyAll(poll, size.mode)) : undefined;

  const replay = published.ms + processed.ms;
  answer({
    ...size,
    clientMs: written.ms,
    publishMs: published.ms,
    processMs: processed.ms,
    replayMs: replay,
    replayMsPerMessage: replay / size.messages,
    tallyMs: tallied?.ms,
    results: tallied?.value,
  });
});

function timed(work) {
  const start = process.hrtime.bigint();
  const value = work();
  return { value, ms: Number(process.hrtime.bigint() - start) / 1e6 };
}

function pollWithVoters(size, coordinator) {
  const maci = new MaciState(size.stateTreeDepth);
  const voters = Array.from({ length: size.voters }, () => new Keypair());
  voters.forEach(({ publicKey }) => maci.signUp(publicKey));
  const pollId = maci.deployPoll(
    BigInt(Math.floor(Date.now() / 1000) + 3600),
    {
      stateTreeDepth: size.stateTreeDepth,
      voteOptionTreeDepth: size.voteOptionTreeDepth,
      tallyProcessingStateTreeDepth: size.tallyProcessingStateTreeDepth,
    },
    size.messageBatchSize,
    coordinator,
    BigInt(5 ** size.voteOptionTreeDepth),
    size.mode,
  );
  const poll = maci.polls.get(pollId);
  poll.updatePoll(BigInt(maci.publicKeys.length));
  voters.forEach(({ privateKey, publicKey }) => {
    const nullifier = poseidon([BigInt(privateKey.asCircuitInputs()), pollId]);
    poll.joinPoll(nullifier, publicKey, CREDITS);
  });
  return { poll, voters };
}

/** Votes of weight 1 on options in turn: the later-published one of a voter carries the earlier nonce. */
function messagesOf(size, voters, coordinator) {
  const options = 5 ** size.voteOptionTreeDepth;
  const rounds = Math.ceil(size.messages / voters.length);
  return Array.from({ length: size.messages }, (_, index) => {
    const voter = index % voters.length;
    const nonce = rounds - Math.floor(index / voters.length);
    const weight = size.mode === 2 ? CREDITS : 1n;
    const command = new VoteCommand(
      BigInt(voter + 1),
      voters[voter].publicKey,
      BigInt(index % options),
      weight,
      BigInt(nonce),
      0n,
      generateRandomSalt(),
    );
    const ephemeral = new Keypair();
    const shared = Keypair.generateEcdhSharedKey(ephemeral.privateKey, coordinator.publicKey);
    const signature = command.sign(voters[voter].privateKey);
    return { message: command.encrypt(signature, shared), key: ephemeral.publicKey };
  });
}

function tallyAll(poll, mode) {
  while (poll.hasUntalliedBallots()) {
    if (mode === 0) {
      poll.tallyVotes();
    } else {
      poll.tallyVotesNonQv();
    }
  }
  return poll.tallyResult;
}
