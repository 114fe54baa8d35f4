"use strict";

/**
 * Listens to the service's events (server-sent) about a poll until its result is verified, however often the
 * connection breaks: each time it resumes behind the last event it has seen.
 *
 * @param {{path: string, until: {kind: string, body?: object}}} request the events' path, and the event that ends it
 */
async function follow({ session, tell, path, until, query = {} }) {
  let cursor;
  for (;;) {
    const url = new URL(path, session.url);
    Object.entries(query).forEach(([name, value]) => url.searchParams.set(name, value));
    const response = await fetch(url, {
      headers: {
        accept: "text/event-stream",
        ...(session.token ? { authorization: `Bearer ${session.token}` } : {}),
        ...(cursor === undefined ? {} : { "last-event-id": cursor }),
      },
    });
    if (!response.ok) {
      throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
    }
    for await (const event of events(response.body)) {
      cursor = event.id ?? cursor;
      tell({ kind: event.event, ...event.data });
      if (ends(event, until)) {
        return { cursor };
      }
      if (event.event === "job-failed") {
        throw new Error(`a job failed: ${JSON.stringify(event.data)}`);
      }
    }
  }
}

/** Whether an event is of the kind that is waited for, with all that its body has to say. */
function ends(event, { kind, body = {} }) {
  return event.event === kind && Object.entries(body).every(([key, value]) => event.data.body?.[key] === value);
}

/** The events of a stream. */
async function* events(body) {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = { data: "" };
      for (const line of block.split("\n")) {
        const [, field, value] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
        if (field === "data") {
          event.data += value;
        } else if (field) {
          event[field] = value;
        }
      }
      if (event.data !== "") {
        yield { ...event, data: JSON.parse(event.data) };
      }
    }
  }
}

module.exports = { follow };
