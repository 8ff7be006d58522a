/**
 * A script language of three words, one line each:
 *
 *     say Welcome to the workshop.
 *     queue support
 *     sorry Please call again later.
 *
 * `check` turns a script into an artifact once, on save, or says what is wrong where. The flow then
 * reads the artifact at each step. In a tenant's flows folder the plugin is `NAME.language.wasm`, and
 * `SCRIPT.flow.NAME` is written in it.
 *
 * Calls in progress go on in a script that was saved meanwhile, or with a new build of this plugin:
 * `migrate` is asked about each of them, once, at the call's next event.
 */
import { defineInterpreter, type Diagnostic, type Source } from "@hotline/sdk/flow-language";
import { defineFlow, type FlowPlugin, goTo, type Moved, node, wait } from "@hotline/sdk/ivr";

interface Script {
  say: string[];
  queue: string | null;
  /** For whom nobody could be found. */
  sorry: string | null;
}

/** What the call waits for. */
type Place = { at: "start" } | { at: "queued"; queue: string } | { at: "leaving" };

export default defineInterpreter<Script>({
  check(sources) {
    const script: Script = { say: [], queue: null, sorry: null };
    const diagnostics: Diagnostic[] = [];
    // The script comes first.
    for (const source of sources.slice(0, 1)) {
      for (const [place, line] of source.text.split("\n").entries()) {
        const [word = "", ...rest] = line.trim().split(" ");
        const words = rest.join(" ");
        if (word === "say" && words !== "") {
          script.say.push(words);
        } else if (word === "queue" && words !== "") {
          script.queue = words;
        } else if (word === "sorry" && words !== "") {
          script.sorry = words;
        } else if (word !== "") {
          diagnostics.push(unknown(source, place + 1, word));
        }
      }
    }
    return diagnostics.length > 0 ? { diagnostics } : { artifact: script, diagnostics };
  },

  interpret: (script) => flow(script).exports.flow,

  migrate: (script, earlier) => flow(script).exports.migration?.migrate(earlier) ?? { tag: "stay" },
});

/** The flow that a script is. */
function flow(script: Script): FlowPlugin {
  return defineFlow<Place>({
    start: { at: "start" },

    step(_, place, event) {
      if (place.at === "start" && event.type === "started") {
        const { queue } = script;
        const next: Place = queue === null ? { at: "leaving" } : { at: "queued", queue };
        const greeted = script.say.reduce((step, words) => step.play(words), goTo<Place>(next).answer());
        return queue === null ? greeted : greeted.enqueue(queue);
      }
      const connected = event.type === "agent" && event.what === "connected";
      // The queue is full, closed, or gave up on them.
      const refused = event.type === "failed" || (event.type === "agent" && !connected);
      if (place.at === "queued" && refused) {
        return goTo<Place>({ at: "leaving" }).play(script.sorry ?? "Please call again later.");
      }
      if (place.at === "leaving" && event.type === "done") {
        return goTo<Place>(place).hangUp();
      }
      return wait<Place>(place);
    },

    migrate: ({ state }) => moved(state, script),

    describe: () => [
      node("say", "say", "What is said", { next: "queue" }),
      node("queue", "queue", script.queue ?? "hang up"),
    ],
  });
}

/**
 * Who waits in a queue to which the new script leads too goes on in it. Everybody else ends with the
 * script that they began with: what they heard said so.
 */
function moved(state: unknown, { queue }: Script): Moved<Place> {
  const kept = Object(state) as { at?: unknown; queue?: unknown };
  const waits = kept.at === "queued" && queue !== null && kept.queue === queue;
  return waits ? { to: { at: "queued", queue } } : "stay";
}

function unknown({ path }: Source, line: number, word: string): Diagnostic {
  return {
    code: "script.unknown-line",
    path,
    line,
    column: 1,
    length: [...word].length,
    message: `\`${word}\` begins no line of this language`,
    hint: "write `say WORDS`, `queue NAME` or `sorry WORDS`",
  };
}
