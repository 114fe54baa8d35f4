// A Helia node among others: it listens, connects, and exchanges blocks over Bitswap with whoever is connected.
//
// Requests: JSON lines on stdin, each { action, … }; it ends with stdin. actions.mjs has the actions, and there are
//           dial { address }       connects to a peer                                        → {}
//           block { cid }          a block's bytes, base64, from here or from whoever has it → { content }
//           presence { cid, peer } asks one peer whether it has a block                      → { has }
// Answers:  first { addresses }, then a JSON line per request; { error } if it failed

import { createInterface } from "node:readline";

import { withBitswap } from "@helia/bitswap";
import { withLibp2pLight } from "@helia/libp2p";
import { identify } from "@libp2p/identify";
import { peerIdFromString } from "@libp2p/peer-id";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createHeliaLight } from "helia";
import { CID } from "multiformats/cid";

import { ACTIONS, read } from "./actions.mjs";

// How long a block is waited for, in milliseconds.
const PATIENCE = 30_000;

const helia = withBitswap(
  withLibp2pLight(createHeliaLight(), {
    addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify() },
  }),
);

const PEER_ACTIONS = {
  ...ACTIONS,

  async dial({ address }) {
    await helia.libp2p.dial(multiaddr(address));
    return {};
  },

  async block({ cid }) {
    const signal = AbortSignal.timeout(PATIENCE);
    return { content: (await read(helia.blockstore.get(CID.parse(cid), { signal }))).toString("base64") };
  },

  async presence({ cid, peer }) {
    const { bitswap } = helia.blockBrokers.find((broker) => broker.name === "bitswap");
    const signal = AbortSignal.timeout(PATIENCE);
    const { has } = await bitswap.wantList.wantSessionPresence(CID.parse(cid), peerIdFromString(peer), { signal });
    return { has };
  },
};

// a pipe takes its time
const say = (answer) => new Promise((written) => process.stdout.write(`${JSON.stringify(answer)}\n`, written));

await helia.start();
await say({ addresses: helia.libp2p.getMultiaddrs().map(String) });
for await (const line of createInterface({ input: process.stdin })) {
  const { action, ...details } = JSON.parse(line);
  try {
    await say(await PEER_ACTIONS[action]({ helia, ...details }));
  } catch (error) {
    await say({ error: String(error) });
  }
}
await helia.stop();
process.exit(0);
