/**
 * A customer's records in another system, which has customers and their calls:
 *
 *     GET  /customers?phone=+8613800138000   [{"id": 7, "name": "Li", "phone": "..."}]
 *     POST /customers/7/calls                {"id": 81}
 *
 * The host asks `begin` what to request, performs the requests, and hands their responses to `resume`.
 * The plugin holds no secret and no connection.
 */
import { Fault } from "@hotline/sdk";
import {
  type Activity,
  connected,
  contact,
  contacts,
  defineConnector,
  done,
  get,
  json,
  need,
  type Next,
  post,
  stored,
  success,
  unknownOperation,
} from "@hotline/sdk/connector";

/** An endpoint of `hotline.plugin.json`. */
const CRM = "crm";

/** What was asked, until it is answered. */
type Asked = { asked: "customers"; limit: number } | { asked: "call" } | { asked: "connection" };

/** As the other system writes one. */
interface Customer {
  id: number;
  name: string;
  phone?: string;
}

export default defineConnector<Asked>({
  begin({ operation }) {
    switch (operation.tag) {
      case "find-contact": {
        const { phone, limit } = operation.val;
        if (phone === null) {
          return done(contacts([]));
        }
        const query = { phone, limit: String(limit) };
        const request = get(CRM, "/customers", { query, cacheMs: 60_000 });
        return need({ asked: "customers", limit }, request);
      }
      case "log-activity":
        return log(operation.val);
      case "check-connection":
        return need({ asked: "connection" }, get(CRM, "/customers", { query: { limit: "1" } }));
      default:
        throw unknownOperation("this plugin finds customers and logs calls");
    }
  },

  resume(state, [response]) {
    if (response === undefined) {
      throw new Fault("my-plugin.responses", "one response was expected");
    }
    switch (state.asked) {
      case "customers": {
        const found = json<Customer[]>(response).slice(0, state.limit);
        return done(
          contacts(
            found.map(({ id, name, phone }) =>
              contact(String(id), name, { phones: phone === undefined ? [] : [phone] }),
            ),
          ),
        );
      }
      case "call":
        return done(stored(String(json<{ id: number }>(response).id), true));
      case "connection":
        success(response);
        return done(connected("The service answered, and took the key."));
    }
  },
});

function log(activity: Activity): Next<Asked> {
  const customer = activity.contact ?? "";
  // The id becomes part of a path: only what the service itself could have given out.
  if (!/^[0-9]+$/.test(customer)) {
    throw new Fault("my-plugin.customer", "a call needs the id of a customer");
  }
  const call = {
    subject: activity.subject,
    text: activity.body,
    seconds: Math.floor(activity.durationMs / 1000),
    agent: activity.agent,
  };
  // The same call told twice has the same key, so that the host may repeat it.
  const idempotencyKey = activity.interactionId;
  return need({ asked: "call" }, post(CRM, `/customers/${customer}/calls`, call, { idempotencyKey }));
}
