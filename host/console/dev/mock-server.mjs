/**
 * Stands in for the host while developing the console: `npm run build && npm run mock`, then
 * http://127.0.0.1:8090/sign-in?tenant=demo with any user of mock-data.mjs and any password but
 * "wrong". Audio is answered only when the caller gives a way to answer offers.
 */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import * as data from "./mock-data.mjs";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export class MockHost {
  /** @param {(sdp: string) => Promise<string>} answer how an SDP offer is answered */
  constructor(answer) {
    this.answer = answer;
    this.sockets = new Map();
    this.desks = new Map();
    this.calls = new Map();
    this.requests = [];
    this.plugins = data.plugins();
    this.empty = false;
    this.server = createServer((request, response) => {
      this.handle(request, response).catch((error) => {
        problem(response, 500, "internal", String(error));
      });
    });
    const upgrades = new WebSocketServer({ noServer: true });
    this.server.on("upgrade", (request, socket, head) => {
      upgrades.handleUpgrade(request, socket, head, (ws) => this.connected(request, ws));
    });
  }

  listen(port) {
    return new Promise((resolve) => this.server.listen(port, "127.0.0.1", resolve));
  }

  close() {
    clearInterval(this.ticker);
    for (const socket of this.sockets.keys()) socket.terminate();
    this.server.closeAllConnections();
    this.server.close();
  }

  desk(me) {
    if (!this.desks.has(me.id)) {
      this.desks.set(me.id, {
        agent: {
          id: me.id.replace("us_", "ag_"),
          name: me.display_name,
          state: "paused",
          reason: "signed_in",
          since: Date.now(),
          device: "browser",
          browser_up: false,
          desk_phone_up: false,
          pause_next: null,
          offers: [],
          work: [],
        },
        contacts: [],
        customers: [],
        queues: data.queues.map(({ id, name }) => ({ id, name })),
        pause_reasons: ["break", "lunch", "meeting", "training", "admin"],
        dispositions: [
          "resolved",
          "follow_up",
          "callback",
          "escalated",
          "wrong_number",
          "sale",
          "other",
        ],
      });
    }
    return this.desks.get(me.id);
  }

  /** Changes an agent's desk and pushes it. */
  update(userName, agent, more = {}) {
    const me = data.people.find((each) => each.user_name === userName);
    const desk = this.desk(me);
    const { id, name, device, browser_up, desk_phone_up } = desk.agent;
    const kept = { id, name, device, browser_up, desk_phone_up, pause_next: null, offers: [] };
    const work = data.inHand(agent);
    this.desks.set(me.id, {
      ...desk,
      agent: agent.state ? { ...kept, work, ...agent } : { ...desk.agent, ...agent },
      ...more,
    });
    this.push(me.id, { type: "agent", agent: this.desk(me) });
  }

  push(user, message) {
    for (const [socket, owner] of this.sockets) {
      if (!user || owner.id === user) socket.send(JSON.stringify(message));
    }
  }

  setPlugin(status) {
    this.plugins = this.plugins.map((each) => (each.name === status.name ? status : each));
    this.push(null, { type: "plugin", status });
  }

  picture(owner) {
    const live = data.live(Date.now(), owner.role === "agent" ? this.desk(owner) : null);
    return this.empty ? { ...live, queues: [], agents: [], contacts: [] } : live;
  }

  connected(request, socket) {
    // A page that is closed in the middle is no error.
    socket.on("error", () => {});
    const url = new URL(request.url, "http://mock");
    const call = url.pathname.match(/public\/calls\/(.+)/)?.[1];
    if (call) {
      this.calls.set(call, socket);
      const tell = (state) => socket.send(JSON.stringify({ type: "state", ...state }));
      tell({ state: "ringing" });
      setTimeout(() => tell({ state: "answered" }), 800);
      return;
    }
    const owner = session(request);
    if (!owner) return socket.close();
    this.sockets.set(socket, owner);
    socket.on("close", () => this.sockets.delete(socket));
    socket.send(JSON.stringify({ type: "hello", cursor: null }));
    if (owner.role === "agent") {
      socket.send(JSON.stringify({ type: "agent", agent: this.desk(owner) }));
    }
    socket.send(JSON.stringify({ type: "live", live: this.picture(owner) }));
    this.ticker ??= setInterval(() => {
      for (const [each, who] of this.sockets) {
        each.send(JSON.stringify({ type: "live", live: this.picture(who) }));
      }
    }, 1_000);
  }

  async handle(request, response) {
    const url = new URL(request.url, "http://mock");
    if (!url.pathname.startsWith("/api/v1/")) return file(url.pathname, response);
    const path = url.pathname.slice("/api/v1/".length).split("/");
    const body = await read(request);
    const send = (value, status = 200, headers = {}) => json(response, status, value, headers);

    if (path[0] === "session" && request.method === "POST") {
      const me = data.people.find((each) => each.user_name === body.user_name);
      if (!me || body.password === "wrong" || body.tenant !== "demo") {
        return problem(response, 401, "wrong-credentials", "the credentials are not right");
      }
      return send({ token: "t", me }, 200, {
        "set-cookie": `hotline_session=${me.user_name}; Path=/`,
      });
    }
    if (path[0] === "public") return this.public(path, body, response);
    const me = session(request);
    if (!me) return problem(response, 401, "unauthorized", "sign in first");

    const lists = {
      users: data.users,
      numbers: data.numbers,
      calendars: data.calendars,
      tokens: data.tokens,
      queues: data.queues.map((queue) => ({ ...queue, live: null })),
      agents: data.live().agents.map((agent) => ({ ...agent, skills: [], queues: [] })),
      flows: this.plugins,
    };
    switch (path[0]) {
      case "session":
        return send(undefined, 204);
      case "me":
        return send(me);
      case "agent":
        return this.agent(me, path[1], body, response);
      case "contacts": {
        const rows = data.contactRows();
        const row = rows.find((each) => each.id === path[1]);
        if (path[1] && !row) return problem(response, 404, "not-found", "no such contact");
        if (path[2] === "waiting") return send({ why: data.whyWaiting() });
        if (path[2] === "timeline") return send({ items: data.timeline(row) });
        if (path[2] === "recording") {
          response.writeHead(200, { "content-type": "audio/wav" });
          return response.end(data.recording());
        }
        if (row) return send(data.contact(row));
        return send({ items: this.empty ? [] : rows, next_cursor: "more" });
      }
      case "skills":
        return send(data.qualifying(url.searchParams.get("expression") ?? ""));
      case "routing":
        if (path[1] === "what-if") {
          const whatIf = data.whatIf();
          return send(path[2] ? whatIf : { what_if: { ...whatIf, result: null } });
        }
        return send({ items: path[1] === "decisions" ? data.decisions() : [] });
      case "tokens":
        if (request.method === "POST") {
          return send(
            { ...data.tokens[0], name: body.name, secret: "ht_5fN0kq3W9rB1vYx7sJ2mT4" },
            201,
          );
        }
        break;
      case "users":
        if (request.method === "POST" && (body.password ?? "").length < 10) {
          return problem(response, 400, "invalid", "a field is wrong", [
            { field: "password", message: "must have at least 10 characters" },
          ]);
        }
    }
    if (request.method === "DELETE") return send(undefined, 204);
    if (request.method !== "GET") return send(body);
    if (lists[path[0]]) return send({ items: this.empty ? [] : lists[path[0]] });
    return problem(response, 404, "not-found", "there is no such address");
  }

  async agent(me, what, body, response) {
    const desk = this.desk(me);
    if (what === "audio") {
      if (!this.answer) return problem(response, 503, "overloaded", "no media here");
      const sdp = await this.answer(body.sdp);
      setTimeout(() => this.update(me.user_name, { browser_up: true }), 300);
      return json(response, 200, { leg: data.id("lg", 1), sdp });
    }
    if (what !== "requests") return json(response, 200, desk);
    this.requests.push(body);
    const now = Date.now();
    const contact = data.live().contacts.find((each) => each.id === data.id("ct", 1));
    const next = {
      ready: () => [{ state: "ready", since: now }],
      pause: () => [{ state: "paused", reason: body.reason, since: now }],
      use_device: () => [{ device: body.device }],
      accept_offer: () => [
        { state: "talking", contact: contact.id, segment: data.id("sg", 1), since: now },
        { contacts: [contact] },
      ],
      reject_offer: () => [{ state: "ready", since: now }],
      hang_up: () => [
        {
          state: "wrap_up",
          contact: contact.id,
          segment: data.id("sg", 1),
          since: now,
          until: now + 30_000,
        },
        { contacts: [] },
      ],
      dispose: () => [{ state: "ready", since: now }],
    }[body.request];
    if (!next) return problem(response, 400, "invalid", `unknown request ${body.request}`);
    this.update(me.user_name, ...next());
    return json(response, 204);
  }

  async public(path, body, response) {
    if (path[1] !== "demo") return problem(response, 404, "not-found", "no such tenant");
    if (path[2] === "calls") {
      const sdp = await this.answer(body.sdp);
      return json(response, 201, { call: data.id("lg", 5), token: "secret", sdp });
    }
    return json(response, 200, {
      display_name: "Demo Travel",
      language: "en",
      lines: data.numbers
        .filter((each) => each.click_to_call)
        .map(({ dialled, flow }) => ({ number: dialled, flow })),
    });
  }
}

function session(request) {
  const name = request.headers.cookie?.match(/hotline_session=(\w+)/)?.[1];
  return data.people.find((each) => each.user_name === name);
}

async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString();
  return text ? JSON.parse(text) : {};
}

function json(response, status, value, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(value === undefined ? undefined : JSON.stringify(value));
}

function problem(response, status, code, detail, errors = []) {
  response.writeHead(status, { "content-type": "application/problem+json" });
  response.end(
    JSON.stringify({ type: `/errors/${code}`, title: code, status, detail, code, errors }),
  );
}

function file(path, response) {
  const page = path.startsWith("/call/") ? "/call.html" : "/index.html";
  const wanted = join(DIST, path);
  const found = existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(DIST, page);
  response.writeHead(200, { "content-type": TYPES[extname(found)] ?? "application/octet-stream" });
  createReadStream(found).pipe(response);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await new MockHost(undefined).listen(8_090);
  console.log("http://127.0.0.1:8090/sign-in?tenant=demo");
}
