/**
 * A connector in two rounds. The help desk behind it has people and tickets:
 *
 *     GET  /people?phone=+8613800138000        [{"id": 7, "name": "Li", "phone": "..."}]
 *     GET  /people/7/tickets?state=open        [{"id": 81, "subject": "Lost parcel"}]
 *     POST /tickets                            {"id": 82, "url": "https://..."}
 *     GET  /me                                 {"account": "Example Ltd"}
 */
import { Fault } from "@hotline/sdk";
import {
  connected,
  type Contact,
  contact,
  contacts,
  type ContactQuery,
  defineConnector,
  done,
  get,
  type HttpResponse,
  json,
  need,
  type NewCase,
  type Next,
  post,
  stored,
  unknownOperation,
} from "@hotline/sdk/connector";

const DESK = "desk";
/** People whose tickets are looked at: as many requests as one round may have. */
const MOST_PEOPLE = 8;

interface Person {
  id: number;
  name: string;
  phone?: string;
}

interface Ticket {
  id: number;
  subject: string;
}

/** What was asked, until it is answered. */
type Asked =
  | { asked: "people"; limit: number }
  | { asked: "tickets"; people: Person[] }
  | { asked: "ticket" }
  | { asked: "account" };

export default defineConnector<Asked>({
  begin({ operation, interaction }) {
    switch (operation.tag) {
      case "find-contact":
        return find(operation.val);
      case "open-case":
        return open(operation.val, interaction?.id);
      case "check-connection":
        return need({ asked: "account" }, get(DESK, "/me"));
      default:
        throw unknownOperation("this help desk finds people and opens tickets");
    }
  },

  resume(state, [response, ...more]) {
    if (response === undefined) {
      throw new Fault("help-desk.response", "a response was expected");
    }
    switch (state.asked) {
      case "people":
        return tickets(json<Person[]>(response).slice(0, state.limit));
      case "tickets":
        return done(contacts(withTickets(state.people, [response, ...more])));
      case "ticket": {
        const { id, url } = json<{ id: number; url?: string }>(response);
        return done(stored(String(id), true, url));
      }
      case "account":
        return done(connected(`Connected to ${json<{ account: string }>(response).account}.`));
    }
  },
});

function find({ phone, email, limit }: ContactQuery): Next<Asked> {
  const by: Record<string, string> = phone !== null ? { phone } : email !== null ? { email } : {};
  if (Object.keys(by).length === 0) {
    return done(contacts([]));
  }
  const most = Math.min(limit, MOST_PEOPLE);
  const query = { ...by, limit: String(most) };
  return need({ asked: "people", limit: most }, get(DESK, "/people", { query, cacheMs: 60_000 }));
}

/** The second round: everyone's open tickets, side by side. */
function tickets(people: Person[]): Next<Asked> {
  if (people.length === 0) {
    return done(contacts([]));
  }
  const requests = people.map(({ id }) =>
    get(DESK, `/people/${Number(id)}/tickets`, { query: { state: "open" } }),
  );
  return need({ asked: "tickets", people }, ...requests);
}

function withTickets(people: Person[], responses: HttpResponse[]): Contact[] {
  return people.map(({ id, name, phone }, place) => {
    const response = responses[place];
    // Someone without the right to see tickets is still someone.
    const open = response?.status === 200 ? json<Ticket[]>(response) : [];
    return contact(String(id), name, {
      phones: phone === undefined ? [] : [phone],
      fields: open.slice(0, 5).map(({ id, subject }) => [`ticket ${id}`, subject]),
    });
  });
}

function open(wanted: NewCase, interaction: string | undefined): Next<Asked> {
  const ticket = {
    person: wanted.contact,
    subject: wanted.subject,
    text: wanted.description,
    priority: wanted.priority ?? "normal",
  };
  // The same call never opens two tickets on one subject, although the host may repeat the request.
  // In ASCII, as headers are, and of bounded length.
  const subject = encodeURIComponent(wanted.subject).slice(0, 150);
  const key = interaction === undefined ? {} : { idempotencyKey: `${interaction}-${subject}` };
  return need({ asked: "ticket" }, post(DESK, "/tickets", ticket, key));
}
