"use strict";
// An operator who runs a round through the service's API, logged in with their Ethereum account.
//
// Request:  { url, key?, actions: [{ action, … }] }: the service, and the operator's private key
// Answers:  one line per action, in order, and one for everything an action tells meanwhile:
//           { action, ok: true, … }, { action, progress: { … } } or { action, ok: false, error }

const { answer, readRequest, run } = require("./session");

const ACTIONS = {
  ...require("./operator/account"),
  ...require("./operator/calls"),
  ...require("./operator/follow"),
  ...require("./operator/generate"),
};

run(async () => {
  const { actions, ...common } = await readRequest();
  const session = { ...common };
  for (const { action, ...details } of actions) {
    const act = ACTIONS[action];
    if (!act) {
      throw new Error(`no action ${action}; there are ${Object.keys(ACTIONS).join(", ")}`);
    }
    const tell = (progress) => answer({ action, progress });
    try {
      answer({ action, ok: true, ...(await act({ session, tell, ...details })) });
    } catch (error) {
      answer({ action, ok: false, error: error.message });
      throw error;
    }
  }
});
