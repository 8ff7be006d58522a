import assert from "node:assert/strict";
import { test } from "node:test";
import { connector } from "@hotline/sdk/bench";
import { contact, contacts, type Operation } from "@hotline/sdk/connector";
import plugin from "./plugin.ts";

const byPhone = connector.findContact({ phone: "+8613800138000" });

test("people are found with their open tickets, in two rounds", () => {
  const asked: string[] = [];
  const found = connector.run(plugin, byPhone, ({ method, path, query }) => {
    asked.push(`${method} ${path} ${query.map((pair) => pair.join("=")).join("&")}`);
    return path === "/people"
      ? connector.responds(200, [{ id: 7, name: "Li" }, { id: 9, name: "Wang", phone: "+1" }])
      : connector.responds(200, path.includes("7") ? [{ id: 81, subject: "Lost parcel" }] : []);
  });
  assert.deepEqual(asked, [
    "GET /people phone=+8613800138000&limit=5",
    "GET /people/7/tickets state=open",
    "GET /people/9/tickets state=open",
  ]);
  const li = contact("7", "Li", { fields: [["ticket 81", "Lost parcel"]] });
  assert.deepEqual(found, contacts([li, contact("9", "Wang", { phones: ["+1"] })]));
});

test("nobody is asked without anything to look for, nor for the tickets of nobody", () => {
  const silent = connector.run(plugin, connector.findContact({}), () => assert.fail("no request"));
  assert.deepEqual(silent, contacts([]));
  assert.deepEqual(connector.run(plugin, byPhone, () => connector.responds(200, [])), contacts([]));
});

test("what goes wrong is told by its code", () => {
  const failing = (response: ReturnType<typeof connector.responds>, code: string) =>
    assert.throws(() => connector.run(plugin, byPhone, () => response), { code });
  failing(connector.responds(401, ""), "connector.unauthenticated");
  failing(connector.responds(429, ""), "connector.rate-limited");
  failing(connector.responds(503, "<html>"), "connector.failed");
  failing(connector.responds(200, "[{"), "connector.response");
  failing(connector.fails({ tag: "timed-out" }), "connector.timed-out");
});

test("a ticket is opened once", () => {
  const opened: Operation = {
    tag: "open-case",
    val: {
      contact: "7",
      subject: "Lost parcel",
      description: "Since Monday.",
      priority: null,
      category: null,
      fields: [],
      ext: [],
    },
  };
  const answer = connector.run(plugin, opened, ({ path, body, idempotencyKey }) => {
    assert.equal(path, "/tickets");
    assert.equal(idempotencyKey, "contact-1-Lost%20parcel");
    assert.equal(JSON.parse(body).priority, "normal");
    return connector.responds(201, { id: 82 });
  });
  assert.deepEqual(answer, { tag: "stored", val: { id: "82", created: true, url: null, ext: [] } });
});

test("what the help desk does not do is said so", () => {
  const asked = () => connector.run(plugin, { tag: "picklist", val: "state" }, () => assert.fail());
  assert.throws(asked, { code: "connector.unknown-operation" });
});
