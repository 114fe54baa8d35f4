// What a Helia node can be told to do. Each takes { helia, … } and gives its answer:
//
// json { value }         adds an object as MACI's relayer does          → { cid }
// file { content }       adds a file; contents are base64               → { cid }
// directory { files }    adds files by path, in a directory of their own → { cid }
// fetchJson { cid }      the object a CID names, fetched and hashed by Helia → { value }
// fetchTree { cid }      every file below a CID, by path, fetched and hashed by Helia → { files }

import { json } from "@helia/json";
import { unixfs } from "@helia/unixfs";
import { CID } from "multiformats/cid";

const bytes = (base64) => Uint8Array.from(Buffer.from(base64, "base64"));

export const read = async (source) => {
  const chunks = [];
  for await (const chunk of source) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

export const ACTIONS = {
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
