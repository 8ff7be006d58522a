/**
 * The history of a linear flow: what each step came to. A host may come to hold it one day; for now it
 * is in the flow's state, and so a call has no more steps than 16 KiB hold (some hundred).
 */
import { Fault } from "./fault.ts";
import { bytesOf, decodeState, STATE_BYTES } from "./state.ts";

export interface Entry {
  /** `collect`, `play`, ... */
  kind: string;
  /** The collect's own name, the queue's, or nothing. */
  name: string;
  result: unknown;
  /** When it ended, in milliseconds since 1970-01-01 UTC. */
  at: number;
}

export interface Journal {
  /** Of the flow's random numbers. */
  seed: number;
  /** The contact's when the call arrived. */
  attributes: [string, string][];
  began: number;
  entries: Entry[];
  /** The ids of the actions of the step that is going on. */
  actions: number[];
}

/** Where journals are kept. */
export interface JournalSource {
  /** From what the last step returned as its state. */
  read(state: Uint8Array): Journal;
  /** What the step shall return as its state. */
  write(journal: Journal): Uint8Array;
}

/** What a reader of the journal must know of its shape. */
const FORMAT = 1;

/** Keeps the whole journal in the flow's state: JSON, entries as lists, times as differences. */
export const inState: JournalSource = {
  write({ seed, attributes, began, entries, actions }) {
    let before = began;
    const rows = entries.map(({ kind, name, result, at }) => {
      const row = [kind, name, result, at - before];
      before = at;
      return row;
    });
    const bytes = bytesOf(JSON.stringify([FORMAT, seed, attributes, began, rows, actions]));
    if (bytes.length > STATE_BYTES) {
      throw new Fault(
        "linear.journal-full",
        `the journal of this call takes ${bytes.length} bytes after ${entries.length} steps; the host keeps at most ${STATE_BYTES}. ` +
          "Bound the flow's loops (attempts at a menu), or write it with defineFlow, which keeps no history",
      );
    }
    return bytes;
  },

  read(state) {
    const kept = decodeState(state);
    if (!Array.isArray(kept) || kept[0] !== FORMAT) {
      throw new Fault("sdk.state", "the flow's state is no journal: another flow wrote it");
    }
    const [, seed, attributes, began, rows, actions] = kept as [
      number,
      number,
      [string, string][],
      number,
      [string, string, unknown, number][],
      number[],
    ];
    let at = began;
    const entries = rows.map(([kind, name, result, after]) => {
      at += after;
      return { kind, name, result, at };
    });
    return { seed, attributes, began, entries, actions };
  },
};
