import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHost, qa } from "@hotline/sdk/bench";
import plugin from "./plugin.ts";

const DICTATED = qa.said(`
  agent: May I have your number?
  customer: It is 4111 1111, wait,
  agent: Yes?
  customer: one one one one 1111.
  agent: Thank you, 4000 0000 0000 0002.
`);

test("a number that is dictated in pieces is found, and not quoted", () => {
  const host = new FakeHost();
  const findings = qa.judge(plugin, DICTATED, host);
  assert.deepEqual(
    findings.map(({ verdict, severity, atTurn, evidence }) => [verdict, severity, atTurn, evidence]),
    [["failed", "critical", 3, "•••• 1111"]],
  );
  assert.deepEqual(host.metrics, [["card_numbers", 1]]);
});

test("numbers that are none of a card pass", () => {
  for (const words of [
    "My order is 4111 1111 1111 1112.",
    "Call me at 4930 123456 or 4930 654321.",
    "0000 0000 0000 0000",
    "我的订单号是一二三四五六七八",
  ]) {
    const [finding] = qa.judge(plugin, qa.said(`customer: ${words}`));
    assert.equal(finding?.verdict, "passed", words);
  }
});

test("digits in Chinese are digits", () => {
  const turns = qa.said("customer: 卡号是 四一一一 一一一一 幺幺幺幺 一一一一");
  assert.equal(qa.judge(plugin, turns)[0]?.verdict, "failed");
});

test("the agent is warned once, in the middle of the number", () => {
  assert.deepEqual(
    qa.listen(plugin, DICTATED).map(([place, { audience, severity }]) => [place, audience, severity]),
    [[1, "agent", "critical"]],
  );
});

test("the advice is the configuration's", () => {
  const host = new FakeHost();
  host.config = { advice: "请让客户按键输入卡号。" };
  const [[, hint] = [0, undefined]] = qa.listen(plugin, DICTATED, host);
  assert.equal(hint?.text, "请让客户按键输入卡号。");
});
