import type { AgentDesk, OfferLive, Work } from "../../api/types.ts";
import type { Ask } from "./ask.ts";
import { CallPanel } from "./call-panel.tsx";
import { IdlePanel } from "./idle-panel.tsx";
import { OfferCard } from "./offer-card.tsx";
import { TaskPanel } from "./task-panel.tsx";
import { WrapUpForm } from "./wrap-up-form.tsx";

/** What there is to do at this moment: what rings, then calls, then the rest, each with its card. */
export function InHand({ desk, ask }: { desk: AgentDesk; ask: Ask }) {
  const { agent } = desk;
  const work = inOrder(agent.work);
  if (work.length === 0) return <IdlePanel state={agent.state} />;
  const rings = work.find((each) => each.stage === "offered");
  return work.map((each) => {
    const contact = desk.known?.find(({ id }) => id === each.contact);
    const customers = desk.customers.filter((known) => known.contact === each.contact);
    switch (each.stage) {
      case "offered": {
        const offer = agent.offers.find((one: OfferLive) => one.offer === each.offer);
        return (
          offer && (
            <OfferCard
              key={each.contact}
              offer={offer}
              customers={customers}
              onDeskPhone={each.medium === "voice" && agent.device === "desk_phone"}
              first={each === rings}
              ask={ask}
            />
          )
        );
      }
      case "handling":
        return each.medium === "voice" ? (
          <CallPanel
            key={each.contact}
            work={each}
            contact={contact}
            customers={customers}
            device={agent.device}
            ask={ask}
          />
        ) : (
          <TaskPanel key={each.contact} work={each} contact={contact} ask={ask} />
        );
      case "wrap_up":
        return (
          <WrapUpForm
            key={each.contact}
            contact={each.contact}
            caller={contact?.caller ?? ""}
            until={each.until}
            dispositions={desk.dispositions}
            ask={ask}
          />
        );
    }
    return null;
  });
}

/** What asks for an answer comes first, then whoever is on the line; the rest as it came. */
export function inOrder(work: Work[]): Work[] {
  const rank = (each: Work) => (each.stage === "offered" ? 0 : each.medium === "voice" ? 1 : 2);
  return [...work].sort((a, b) => rank(a) - rank(b) || a.since - b.since);
}
