/**
 * A script language of two words, one line each:
 *
 *     say Welcome to the workshop.
 *     queue support
 *
 * `check` turns a script into an artifact once, on save, or says what is wrong where. The flow then
 * reads the artifact at each step. In a tenant's flows folder the plugin is `NAME.language.wasm`, and
 * `SCRIPT.flow.NAME` is written in it.
 */
import { defineInterpreter, type Diagnostic, type Source } from "@hotline/sdk/flow-language";
import { defineFlow, goTo, node, wait } from "@hotline/sdk/ivr";

interface Script {
  say: string[];
  queue: string | null;
}

/** What the call waits for. */
type Place = "start" | "queued" | "leaving";

export default defineInterpreter<Script>({
  check(sources) {
    const script: Script = { say: [], queue: null };
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
        } else if (word !== "") {
          diagnostics.push(unknown(source, place + 1, word));
        }
      }
    }
    return diagnostics.length > 0 ? { diagnostics } : { artifact: script, diagnostics };
  },

  interpret: (script) =>
    defineFlow<Place>({
      start: "start",
      step(_, place, event) {
        if (place === "start" && event.type === "started") {
          const next = script.queue === null ? "leaving" : "queued";
          const greeted = script.say.reduce((step, words) => step.play(words), goTo<Place>(next).answer());
          return script.queue === null ? greeted : greeted.enqueue(script.queue);
        }
        const connected = event.type === "agent" && event.what === "connected";
        // The queue is full, closed, or gave up on them.
        const refused = event.type === "failed" || (event.type === "agent" && !connected);
        if (place === "queued" && refused) {
          return goTo<Place>("leaving").play("Please call again later.");
        }
        if (place === "leaving" && event.type === "done") {
          return goTo<Place>("leaving").hangUp();
        }
        return wait<Place>(place);
      },
      describe: () => [
        node("say", "say", "What is said", { next: "queue" }),
        node("queue", "queue", script.queue ?? "hang up"),
      ],
    }).exports.flow,
});

function unknown({ path }: Source, line: number, word: string): Diagnostic {
  return {
    code: "script.unknown-line",
    path,
    line,
    column: 1,
    length: [...word].length,
    message: `\`${word}\` begins no line of this language`,
    hint: "write `say WORDS` or `queue NAME`",
  };
}
