/** Tested natively: the bench plays the host, a function the other system. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connector } from "@hotline/sdk/bench";
import { contact, contacts } from "@hotline/sdk/connector";
import plugin from "./plugin.ts";

const find = connector.findContact({ phone: "+8613800138000" });

test("a customer is found by number", () => {
  const found = connector.run(plugin, find, ({ method, path, query }) => {
    assert.deepEqual([method, path, query[0]], ["GET", "/customers", ["phone", "+8613800138000"]]);
    return connector.responds(200, [{ id: 7, name: "Li" }]);
  });
  assert.deepEqual(found, contacts([contact("7", "Li")]));
});

test("without a number nobody is asked", () => {
  const found = connector.run(plugin, connector.findContact({}), () => assert.fail("no request"));
  assert.deepEqual(found, contacts([]));
});

test("what goes wrong is told by its code", () => {
  for (const [status, body, code] of [
    [401, "", "connector.unauthenticated"],
    [429, "", "connector.rate-limited"],
    [500, "", "connector.failed"],
    [200, "[{", "connector.response"],
  ] as const) {
    assert.throws(() => connector.run(plugin, find, () => connector.responds(status, body)), { code });
  }
});

test("a call is logged once, and no id leads astray", () => {
  const answer = connector.run(plugin, connector.logActivity({ contact: "7" }), (request) => {
    assert.equal(request.path, "/customers/7/calls");
    assert.equal(request.idempotencyKey, "contact-1");
    return connector.responds(201, { id: 81 });
  });
  assert.equal(answer.tag, "stored");
  const astray = connector.logActivity({ contact: "../admin" });
  assert.throws(() => connector.run(plugin, astray, () => assert.fail("no request")), {
    code: "my-plugin.customer",
  });
});
