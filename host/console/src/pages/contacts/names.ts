import { useTranslation } from "react-i18next";
import { useAgents, useMe, useTimeline } from "../../api/queries.ts";
import type { Contact } from "../../api/types.ts";

/** What people call the agents and legs of a contact. */
export interface Names {
  agent: (id: string) => string;
  leg: (id: string) => string;
}

export function useNames(contact: Contact): Names {
  const { t } = useTranslation();
  const me = useMe().data;
  const agents = useAgents(me?.role !== "agent");
  const timeline = useTimeline(contact.id, contact.ended_at === null);

  const people = new Map(agents.data?.map(({ id, name }) => [id, name]));
  // An agent may not list the others; the id is that of the user, by another prefix.
  if (me) people.set(me.id.replace(/^us_/, "ag_"), me.display_name);
  const agent = (id: string) => people.get(id) ?? `…${id.slice(-6)}`;

  const legs = new Map<string, string>();
  for (const fact of timeline.data ?? []) {
    if (fact.kind === "contact_started" && fact.body.leg) {
      legs.set(fact.body.leg, t("contacts.page.callerLeg"));
    }
    if (fact.kind === "agent_connected" && fact.agent && fact.body.leg) {
      legs.set(fact.body.leg, agent(fact.agent));
    }
  }
  return { agent, leg: (id) => legs.get(id) ?? `…${id.slice(-6)}` };
}
