// A Helia node that adds what it is given, and fetches by the trustless gateway protocol what it is told of.
//
// Request:  { gateway?, actions: [{ action, … }] }: where to fetch from (http://127.0.0.1:3000)
// Actions:  json { value }             adds an object as MACI's relayer does
//           file { content }           adds a file; contents are base64
//           directory { files }        adds files by path, in a directory of their own
//           fetchJson { cid }          the object a CID names, fetched and hashed by Helia
//           fetchTree { cid }          every file below a CID, by path, fetched and hashed by Helia
// Answers:  one JSON line per action: { cid }, { value } or { files }

import { fallbackRouter } from "@helia/fallback-router";
import { json } from "@helia/json";
import { withHTTP } from "@helia/http";
import { unixfs } from "@helia/unixfs";
import { createHeliaLight } from "helia";
import { CID } from "multiformats/cid";

const bytes = (base64) => Uint8Array.from(Buffer.from(base64, "base64"));

const read = async (source) => {
  const chunks = [];
  for await (const chunk of source) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const ACTIONS = {
  async json({ helia, value }) {
    return { cid: String(await json(helia).add(value)) };
  },

  async file({ helia, content }) {
    return { cid: String(await unixfs(helia).addBytes(bytes(content))) };
  },

  async directory({ helia, files }) {
    const source = Object.entries(files).map(([path, content]) => ({ path, content: bytes(content) }));
    let root;
    for await (const entry of unixfs(helia).addAll(source, { wrapWithDirectory: true })) {
      root = entry.cid;
    }
    return { cid: String(root) };
  },

  async fetchJson({ helia, cid }) {
    return { value: await json(helia).get(CID.parse(cid)) };
  },

  async fetchTree({ helia, cid }) {
    const fs = unixfs(helia);
    const files = {};
    const walk = async (at, path) => {
      const stat = await fs.stat(at);
      if (stat.type !== "directory") {
        files[path.join("/")] = (await read(fs.cat(at))).toString("base64");
        return;
      }
      for await (const entry of fs.ls(at)) {
        await walk(entry.cid, [...path, entry.name]);
      }
    };
    await walk(CID.parse(cid), []);
    return { files };
  },
};

const { gateway, actions } = JSON.parse((await read(process.stdin)).toString());
let helia = createHeliaLight();
if (gateway) {
  helia = withHTTP(helia, {
    allowInsecure: true,
    allowLocal: true,
    delegatedRouters: [],
    recursiveGateways: [],
  });
  // Helia waits for ever when it has nothing but fallbacks, so this one is none.
  const router = fallbackRouter({ gateways: [gateway] });
  helia.addRouter({ name: "gateway", findProviders: (...asked) => router.findProviders(...asked) });
}
await helia.start();
for (const { action, ...details } of actions) {
  const act = ACTIONS[action];
  if (!act) {
    throw new Error(`no action ${action}; there are ${Object.keys(ACTIONS).join(", ")}`);
  }
  const answer = `${JSON.stringify(await act({ helia, ...details }))}\n`;
  // the process ends below, and a pipe takes its time
  await new Promise((written) => process.stdout.write(answer, written));
}
await helia.stop();
process.exit(0);
