// A Helia node that adds what it is given, and fetches by the trustless gateway protocol what it is told of.
//
// Request:  { gateway?, actions: [{ action, … }] }: where to fetch from (http://127.0.0.1:3000); actions.mjs has the actions
// Answers:  one JSON line per action

import { fallbackRouter } from "@helia/fallback-router";
import { withHTTP } from "@helia/http";
import { createHeliaLight } from "helia";

import { ACTIONS, read } from "./actions.mjs";

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
