// How does the page talk to the emulators: what it asks, what it orders, and what it hears live?
// Must not talk to anybody else.

// Nobody answered: `lost` says so to whoever listens, and everything is looked at again when the line heals.
class Unanswered extends Error {}

// What was asked for is not there yet: another night is being set, and then everything is looked at again.
class Absent extends Error {}

async function asked(method, path, wish) {
  const options = { method, headers: {} };
  if (wish !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(wish);
  }
  const response = await fetch(`/sim${path}`, options).catch(() => {
    throw new Unanswered("The emulators do not answer.");
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    const words = typeof answer.detail === "string" ? answer.detail : `${path}: ${response.status}`;
    throw response.status === 404 ? new Absent(words) : new Error(words);
  }
  return answer;
}

export const get = (path) => asked("GET", path);
export const put = (path, wish) => asked("PUT", path, wish);
export const post = (path, wish = {}) => asked("POST", path, wish);
export const remove = (path) => asked("DELETE", path);

const KINDS = [
  "stage", "story", "product", "faults", "behaviour", "handset", "heard", "said", "pressed", "waiting", "text",
  "slack_message", "slack_ephemeral", "slack_modal", "slack_home",
];

// Calls `hear(event)` for each thing that happens after the event `after`, and `lost(isLost)` as the line breaks and
// heals. Returns what ends it.
export function listen(after, hear, lost) {
  const source = new EventSource(`/sim/events?after=${after}`);
  for (const kind of KINDS) source.addEventListener(kind, (event) => hear(JSON.parse(event.data)));
  source.addEventListener("open", () => lost(false));
  source.addEventListener("error", () => lost(true));
  return () => source.close();
}

// A look that is asked for again and again while it runs is repeated once, afterwards.
export function repeatable(look) {
  let running = false;
  let again = false;
  return async function refresh() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        await look();
      } while (again);
    } catch (problem) {
      if (!(problem instanceof Unanswered || problem instanceof Absent)) reportError(problem);
    } finally {
      running = false;
    }
  };
}
