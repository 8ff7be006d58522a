/**
 * World `crm-connector`: a customer's records in somebody else's system. A connector describes HTTP
 * requests; the host performs them, with secrets that the plugin never holds.
 */
import { Fault } from "./fault.ts";
import type { Plugin } from "./plugin.ts";
import { decodeState, encodeState } from "./state.ts";
import { decode, encode } from "./utf8.ts";
import type { Connector, Types } from "./wit/connector.ts";

export type Operation = Types.Operation;
export type Task = Types.Task;
export type Contact = Types.Contact;
export type ContactQuery = Types.ContactQuery;
export type Activity = Types.Activity;
export type NewCase = Types.NewCase;
export type Choice = Types.Choice;
export type Answer = Types.Answer;
export type HttpResponse = Types.HttpResponse;

/** The host keeps no more of an operation between its requests and their responses. */
const STATE_BYTES = 32 * 1024;

/** Names and values: an object, or pairs where one name comes twice. */
export type Pairs = Readonly<Record<string, string>> | readonly (readonly [string, string])[];

/** A request that the host shall perform; see `http-request` in `wit/deps/connector`. */
export interface Request {
  /** Unique among the requests of one answer; their places, from 1, unless said. */
  id?: string;
  /** The name of an endpoint of the manifest. */
  endpoint: string;
  /** One that the manifest declares for the endpoint. */
  method: string;
  /** Added to the endpoint's base URL; what is put into it must be percent-encoded. */
  path: string;
  /** Encoded by the host. */
  query?: Pairs;
  headers?: Pairs;
  /** Text is sent as UTF-8. */
  body?: string | Uint8Array;
  /** For the whole exchange; 10 s unless said. */
  timeoutMs?: number;
  /** How long the host may answer it again from its cache; `GET` alone. */
  cacheMs?: number;
  /** Without one the host never repeats a request that changes something. */
  idempotencyKey?: string;
}

type Further = Partial<Omit<Request, "endpoint" | "method" | "path">>;

export function get(endpoint: string, path: string, further: Further = {}): Request {
  return { ...further, endpoint, method: "GET", path };
}

/** Sends the value as JSON. */
export function post(endpoint: string, path: string, value: unknown, further: Further = {}): Request {
  return sending("POST", endpoint, path, value, further);
}

/** Sends the value as JSON. */
export function put(endpoint: string, path: string, value: unknown, further: Further = {}): Request {
  return sending("PUT", endpoint, path, value, further);
}

/** Sends the value as JSON. */
export function patch(
  endpoint: string,
  path: string,
  value: unknown,
  further: Further = {},
): Request {
  return sending("PATCH", endpoint, path, value, further);
}

function sending(
  method: string,
  endpoint: string,
  path: string,
  value: unknown,
  further: Further,
): Request {
  const headers = [...pairs(further.headers), ["content-type", "application/json"] as const];
  return { ...further, endpoint, method, path, headers, body: JSON.stringify(value) };
}

/** How an operation goes on. */
export type Next<State> = { state: State; requests: Request[] } | { answer: Answer };

/** From 1 to 8 requests, performed side by side; `resume` gets the state back, as JSON holds it. */
export function need<State>(state: State, ...requests: Request[]): Next<State> {
  return { state, requests };
}

export function done(answer: Answer): Next<never> {
  return { answer };
}

export interface ConnectorDefinition<State> {
  begin(task: Task): Next<State>;
  /** `responses` are in the order of the requests. Asked at most 6 times for an operation. */
  resume(state: State, responses: HttpResponse[]): Next<State>;
}

export type ConnectorPlugin = Plugin<{ connector: Connector.Functions }>;

export function defineConnector<State>(connector: ConnectorDefinition<State>): ConnectorPlugin {
  const what = "the connector's state";
  return {
    world: "crm-connector",
    exports: {
      connector: {
        begin: (task) => progress(connector.begin(task), what),
        resume({ state, responses }) {
          const kept = decodeState(state, what) as State;
          return progress(connector.resume(kept, responses), what);
        },
      },
    },
  };
}

function progress(next: Next<unknown>, what: string): Types.Progress {
  if ("answer" in next) {
    return { tag: "done", val: next.answer };
  }
  const requests = next.requests.map((request, place) => ({
    id: request.id ?? String(place + 1),
    endpoint: request.endpoint,
    method: request.method,
    path: request.path,
    query: pairs(request.query),
    headers: pairs(request.headers),
    body: typeof request.body === "string" ? encode(request.body) : (request.body ?? null),
    timeoutMs: request.timeoutMs ?? null,
    cacheMs: request.cacheMs ?? null,
    idempotencyKey: request.idempotencyKey ?? null,
    ext: [],
  }));
  return { tag: "need", val: { state: encodeState(next.state, what, STATE_BYTES), requests, ext: [] } };
}

function pairs(given: Pairs = []): [string, string][] {
  const entries = "length" in given ? (given as readonly (readonly [string, string])[]) : null;
  return (entries ?? Object.entries(given as Record<string, string>)).map(([name, value]) => [
    name,
    value,
  ]);
}

/**
 * The body of a success (2xx).
 *
 * @throws Fault `connector.timed-out`, `.unreachable`, `.forbidden`, `.unauthenticated` (also 401 and
 * 403), `.not-found` (404), `.rate-limited` (429), `.refused` (other 4xx) or `.failed`.
 */
export function success(response: HttpResponse): Uint8Array {
  const { failure, status, body } = response;
  if (failure === null && status >= 200 && status < 300) {
    return body;
  }
  const [code, message, retryable] =
    failure === null ? refused(status, body) : notSent(failure);
  throw new Fault(`connector.${code}`, message, retryable);
}

/**
 * The value in the body of a success (2xx), which is not checked against `T`.
 *
 * @throws Fault as `success` does, and `connector.response` when the body is no JSON.
 */
export function json<T>(response: HttpResponse): T {
  const body = success(response);
  try {
    return JSON.parse(decode(body)) as T;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault("connector.response", `cannot read the response: ${why}`);
  }
}

/** By its name in small letters. */
export function header(response: HttpResponse, name: string): string | undefined {
  return response.headers.find(([found]) => found === name)?.[1];
}

type Why = [code: string, message: string, retryable: boolean];

function refused(status: number, body: Uint8Array): Why {
  const kinds: Record<number, string> = {
    401: "unauthenticated",
    403: "unauthenticated",
    404: "not-found",
    429: "rate-limited",
  };
  const kind = kinds[status] ?? (status >= 400 && status < 500 ? "refused" : "failed");
  return [kind, `status ${status}: ${beginning(body)}`, status === 429 || status >= 500];
}

function notSent(failure: Types.Failure): Why {
  switch (failure.tag) {
    case "timed-out":
      return ["timed-out", "no response in time", true];
    case "unreachable":
      return ["unreachable", "no connection", true];
    case "circuit-open":
      return ["unreachable", "it failed too often; the host gives it a rest", true];
    case "forbidden":
    case "unauthenticated":
      return [failure.tag, failure.val, false];
    case "too-large":
      return ["failed", "the response is too large", false];
    default:
      return ["failed", failure.val[0], false];
  }
}

/** Enough of an error page to recognise it by. */
function beginning(body: Uint8Array): string {
  const shown = Array.from(body.subarray(0, 200), (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "\ufffd",
  );
  return shown.join("");
}

/** A contact that the other system knows by this id. */
export function contact(
  id: string,
  name: string,
  known: Partial<Omit<Contact, "id" | "name" | "ext">> = {},
): Contact {
  const rest = { phones: [], emails: [], company: null, url: null, fields: [], ext: [] };
  return { ...rest, ...known, id, name };
}

/** Answers `find-contact`; best fit first, at most as many as were asked for. */
export function contacts(found: Contact[]): Answer {
  return { tag: "contacts", val: found };
}

/** Answers what stores something, by the other system's id of it. */
export function stored(id: string, created: boolean, url: string | null = null): Answer {
  return { tag: "stored", val: { id, created, url, ext: [] } };
}

/** Answers `picklist`. */
export function choices(found: Omit<Choice, "ext">[]): Answer {
  return { tag: "choices", val: found.map((choice) => ({ ...choice, ext: [] })) };
}

/** Answers `check-connection` in one sentence for an administrator. */
export function connected(summary: string): Answer {
  return { tag: "connected", val: { summary, ext: [] } };
}

/** The fault for an operation that a connector does not do. */
export function unknownOperation(message: string): Fault {
  return new Fault("connector.unknown-operation", message);
}
