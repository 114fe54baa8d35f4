"use strict";
// A voter who uses the official client library.
//
// Request:  { rpc, senderKey? | sender?, maci?, actions: [{ action, … }] }
// Answers:  one line per action, in order: { action, ok: true, … } or
//           { action, ok: false, error }. A failed action ends the run with
//           exit code 1, unless it says `"mayFail": true`.

const { answer, connect, readRequest, run } = require("./session");

const ACTIONS = {
  ...require("./actions/keys"),
  ...require("./actions/signup"),
  ...require("./actions/join"),
  ...require("./actions/publish"),
  ...require("./actions/craft"),
  ...require("./actions/relay"),
  ...require("./actions/handin"),
  ...require("./actions/verify"),
  ...require("./actions/chain"),
};

run(async () => {
  const { actions, ...common } = await readRequest();
  const session = common.rpc ? await connect(common) : {};
  for (const { action, mayFail = false, ...details } of actions) {
    const act = ACTIONS[action];
    if (!act) {
      throw new Error(`no action ${action}; there are ${Object.keys(ACTIONS).join(", ")}`);
    }
    try {
      const result = await act({ ...session, maci: common.maci, ...details });
      answer({ action, ok: true, ...result });
    } catch (error) {
      const reason = error.shortMessage ?? error.message ?? String(error);
      answer({ action, ok: false, error: reason });
      if (!mayFail) {
        throw new Error(`${action}: ${reason}`);
      }
    }
  }
});
