/** Plays the host to a connector: performs its requests by a function of the test. */
import type {
  Activity,
  Answer,
  ConnectorPlugin,
  ContactQuery,
  HttpResponse,
  Operation,
  Task,
} from "../connector.ts";
import { encode } from "../utf8.ts";
import type { Types } from "../wit/connector.ts";
import { caller } from "./flow.ts";
import { FakeHost, MONDAY_TEN_O_CLOCK, purely } from "./host.ts";

/** Rounds of requests that an operation may take. */
const ROUNDS = 6;
/** Requests that one round may have. */
const REQUESTS = 8;

/** What a test's server is asked; the body as the text that it is. */
export interface Asked extends Omit<Types.HttpRequest, "body"> {
  body: string;
}

/** A response with this status and JSON text, or this value as JSON; the bench gives it its id. */
export function responds(status: number, body: unknown): HttpResponse {
  return {
    id: "",
    status,
    headers: [["content-type", "application/json"]],
    body: encode(typeof body === "string" ? body : JSON.stringify(body)),
    failure: null,
    cached: false,
    ext: [],
  };
}

/** No response. */
export function fails(failure: Types.Failure): HttpResponse {
  return { ...responds(0, ""), headers: [], failure };
}

/** Looks for whoever fits what is given. */
export function findContact(wanted: Partial<ContactQuery>): Operation {
  const nothing = { id: null, phone: null, email: null, text: null, limit: 5, ext: [] };
  return { tag: "find-contact", val: { ...nothing, ...wanted } };
}

/** A call of one minute that an agent answered. */
export function logActivity(told: Partial<Activity>): Operation {
  const call: Activity = {
    contact: null,
    interactionId: caller().id,
    subject: "Call",
    body: "",
    direction: "inbound",
    channel: "phone",
    startedAt: MONDAY_TEN_O_CLOCK,
    durationMs: 60_000,
    agent: "Li",
    disposition: null,
    fields: [],
    ext: [],
  };
  return { tag: "log-activity", val: { ...call, ...told } };
}

/**
 * Runs an operation to its end; `server` answers each request. Nothing is handed on but the returned
 * state. Throws the connector's fault, or an error when two equal calls differ, when it asks for too
 * much, or names two requests alike.
 */
export function run(
  plugin: ConnectorPlugin,
  operation: Operation,
  server: (request: Asked) => HttpResponse,
  host = new FakeHost(),
): Answer {
  const { begin, resume } = plugin.exports.connector;
  const task: Task = { operation, interaction: caller(), at: host.nowMs, ext: [] };
  let progress = purely(host, 0, () => begin(structuredClone(task)));
  for (let round = 1; progress.tag !== "done"; round++) {
    if (progress.tag === "ext") {
      throw new Error(`\`${progress.val[0]}\` is no progress of this contract`);
    }
    if (round > ROUNDS) {
      throw new Error(`more than ${ROUNDS} rounds of requests`);
    }
    const { state, requests } = progress.val;
    if (requests.length < 1 || requests.length > REQUESTS) {
      throw new Error(`${requests.length} requests in one round; from 1 to ${REQUESTS} are allowed`);
    }
    if (new Set(requests.map(({ id }) => id)).size < requests.length) {
      throw new Error("two requests with the same id");
    }
    const responses = requests.map((request) => ({
      ...server({ ...request, body: new TextDecoder().decode(request.body ?? new Uint8Array()) }),
      id: request.id,
    }));
    const continuation = { state, responses, round, ext: [] };
    progress = purely(host, round, () => resume(structuredClone(continuation)));
  }
  return progress.val;
}
