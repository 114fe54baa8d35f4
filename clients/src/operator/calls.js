"use strict";

/** One call of the API; anything but success is an error that says what the service said. */
async function call({ session, method = "GET", path, body, expect }) {
  const response = await fetch(`${session.url}${path}`, {
    method,
    headers: {
      ...(body == null ? {} : { "content-type": "application/json" }),
      ...(session.token ? { authorization: `Bearer ${session.token}` } : {}),
    },
    body: body == null ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const said = parsed(text);
  if (expect === undefined ? !response.ok : response.status !== expect) {
    throw new Error(`${method} ${path} answers ${response.status}: ${text.slice(0, 2000)}`);
  }
  return { status: response.status, body: said };
}

function parsed(text) {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return text;
  }
}

module.exports = { call };
