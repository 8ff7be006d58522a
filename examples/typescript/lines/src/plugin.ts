/**
 * A flow language of three statements, one a line, for offices whose telephone needs no more:
 *
 *     say Welcome to the workshop.
 *     press 1 sales
 *     press 2 bicycles
 *     queue support
 *
 * What is said, which key leads to which queue, and where everybody else goes; without a `queue` the
 * call ends. `hotline plugin build examples/typescript/lines --out flows/demo` puts
 * `ts_lines.language.wasm` there: from then on `main.flow.ts_lines` beside it is a flow.
 *
 * `check` turns a script into an artifact once, on save, or says what is wrong at which line;
 * `interpret` gives the flow that an artifact is.
 */
import { defineInterpreter, type Diagnostic } from "@hotline/sdk/flow-language";
import { defineFlow, goTo, node, type Step, wait } from "@hotline/sdk/ivr";

/** The artifact. */
interface Script {
  say: string[];
  /** The queue behind each key. */
  press: Record<string, string>;
  /** For whom no key leads anywhere. */
  queue: string | null;
}

/** What the call waits for. */
type Place = "start" | "choosing" | "queued" | "leaving";

/** What is wrong with a line, and what to do about it. */
type Mistake = Pick<Diagnostic, "code" | "message" | "hint">;

/** A step has at most 32 actions, and an announcement is one. */
const MOST_SAID = 20;

export default defineInterpreter<Script>({
  /** All mistakes in one go: whoever writes a script sees them together. */
  check([source]) {
    // The script comes first; this language includes nothing.
    const { path, text } = source ?? { path: "", text: "" };
    const script: Script = { say: [], press: {}, queue: null };
    const lines = text.split("\n");
    const diagnostics = lines.flatMap((line, place): Diagnostic[] => {
      const mistake = read(line.trim(), script);
      return mistake ? [{ ...mistake, path, line: place + 1, column: 1, length: [...line].length }] : [];
    });
    if (diagnostics.length > 0) {
      return { diagnostics };
    }
    if (script.queue === null && Object.keys(script.press).length === 0) {
      diagnostics.push({
        code: "lines.no-queue",
        severity: "warning",
        path,
        line: lines.length,
        column: 1,
        message: "nobody is ever connected: the call ends after the announcement",
      });
    }
    return { artifact: script, diagnostics };
  },

  interpret: (script) =>
    defineFlow<Place>({
      start: "start",
      step(_, place, event) {
        if (place === "start" && event.type === "started") {
          return greeting(script);
        }
        if (place === "choosing" && event.type === "input") {
          const to = script.press[event.input.digits] ?? script.queue;
          return to === null
            ? goTo<Place>("leaving").hangUp()
            : goTo<Place>("queued").passing(to).enqueue(to);
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
      describe() {
        const ways = { ...script.press, ...(script.queue === null ? {} : { else: script.queue }) };
        const kind = Object.keys(script.press).length === 0 ? "say" : "menu";
        const queues = [...new Set(Object.values(ways))].sort();
        return [
          node("greeting", kind, [...script.say.join(" ")].slice(0, 40).join(""), ways),
          ...queues.map((queue) => node(queue, "queue", queue)),
        ];
      },
    }).exports.flow,
});

/** Takes a line into the script, or says what is wrong with it. */
function read(line: string, script: Script): Mistake | null {
  const [word = "", ...words] = line.split(" ");
  const rest = words.join(" ").trim();
  switch (word) {
    case "":
      return null;
    case "say":
      if (rest === "") {
        return { code: "lines.nothing-said", message: "says nothing", hint: "write `say WORDS`" };
      }
      script.say.push(rest);
      return script.say.length > MOST_SAID
        ? {
            code: "lines.too-much-said",
            message: `is announcement ${script.say.length} of at most ${MOST_SAID}`,
            hint: "say it in fewer lines",
          }
        : null;
    case "press": {
      const [, key, queue] = /^([0-9*]) +(\S.*)$/.exec(rest) ?? [];
      if (key === undefined || queue === undefined) {
        return {
          code: "lines.bad-key",
          message: `\`${rest}\` is not a key and a queue`,
          hint: "write `press KEY QUEUE`, where KEY is a digit or `*`",
        };
      }
      const before = script.press[key];
      script.press[key] = queue;
      return before === undefined
        ? null
        : {
            code: "lines.key-twice",
            message: `key ${key} leads to \`${before}\` already`,
            hint: "give each key one queue",
          };
    }
    case "queue":
      if (rest === "") {
        return { code: "lines.no-name", message: "names no queue", hint: "write `queue NAME`" };
      }
      if (script.queue !== null) {
        return {
          code: "lines.queue-twice",
          message: "is the second `queue`",
          hint: "everybody for whom no key leads anywhere goes to one queue",
        };
      }
      script.queue = rest;
      return null;
    default:
      return {
        code: "lines.unknown-word",
        message: `\`${word}\` begins no line of this language`,
        hint: "a line begins with `say`, `press` or `queue`",
      };
  }
}

function greeting({ say, press, queue }: Script): Step<Place> {
  const greeted = (place: Place) => goTo<Place>(place).passing("greeting").answer();
  if (Object.keys(press).length > 0) {
    // The last words may be interrupted by a key.
    const asking = said(greeted("choosing"), say.slice(0, -1));
    return asking.collect({ maxDigits: 1, say: say.slice(-1), firstWithinMs: 8_000 });
  }
  return queue === null
    ? said(greeted("leaving"), say).hangUp()
    : said(greeted("queued"), say).passing(queue).enqueue(queue);
}

function said(step: Step<Place>, say: string[]): Step<Place> {
  return say.reduce((soFar, words) => soFar.play(words), step);
}
