import { expect, test } from "vitest";
import type { AgentDesk, AgentLive, ContactLive, Work } from "../api/types.ts";
import { withKnownContacts } from "./store.ts";

const contact = { id: "ct_1", caller: "+4930901820" } as ContactLive;

function desk(inHand: string[], present: ContactLive[]): AgentDesk {
  const base = { customers: [], queues: [], pause_reasons: [], dispositions: [], audio_leg: null };
  const work = inHand.map((id) => ({ contact: id, medium: "voice", stage: "wrap_up" }) as Work);
  return { ...base, agent: { work } as unknown as AgentLive, contacts: present };
}

test("who is being wrapped up stays known after the contact has ended", () => {
  const talking = withKnownContacts(desk(["ct_1"], [contact]), null);
  const wrapUp = withKnownContacts(desk(["ct_1"], []), talking);
  const later = withKnownContacts(desk(["ct_1", "ct_2"], []), wrapUp);
  expect(later.known?.map(({ caller }) => caller)).toEqual(["+4930901820"]);
});

test("nobody is known who is not in hand any more", () => {
  const before = withKnownContacts(desk(["ct_1"], [contact]), null);
  expect(withKnownContacts(desk(["ct_2"], []), before).known).toEqual([]);
  expect(withKnownContacts(desk([], []), before).known).toEqual([]);
});
