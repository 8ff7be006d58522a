import { expect, test } from "vitest";
import type { AgentDesk, AgentLive, ContactLive } from "../api/types.ts";
import { withLastContact } from "./store.ts";

const contact = { id: "ct_1", caller: "+4930901820" } as ContactLive;

function desk(agent: Partial<AgentLive>, present: ContactLive | null): AgentDesk {
  const base = { queues: [], pause_reasons: [], dispositions: [], audio_leg: null };
  return { ...base, agent: agent as AgentLive, contact: present };
}

test("who is being wrapped up stays known after the contact has ended", () => {
  const talking = withLastContact(desk({ state: "talking", contact: "ct_1" }, contact), null);
  const wrapUp = withLastContact(desk({ state: "wrap_up", contact: "ct_1" }, null), talking);
  const later = withLastContact(desk({ state: "wrap_up", contact: "ct_1" }, null), wrapUp);
  expect(later.last_contact?.caller).toBe("+4930901820");
});

test("the last contact is never shown with another one, or without one", () => {
  const before = withLastContact(desk({ state: "wrap_up", contact: "ct_1" }, contact), null);
  const other = withLastContact(desk({ state: "wrap_up", contact: "ct_2" }, null), before);
  const ready = withLastContact(desk({ state: "ready" }, null), before);
  expect(other.last_contact).toBeNull();
  expect(ready.last_contact).toBeNull();
});
