import { Alert } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useAgentRequest } from "../../api/queries.ts";
import type { AgentDesk } from "../../api/types.ts";
import { notifyFailure } from "../../components/notify.ts";
import { Loading } from "../../components/states.tsx";
import { useLive } from "../../live/provider.tsx";
import type { Ask } from "./ask.ts";
import { AudioPanel } from "./audio-panel.tsx";
import { CallPanel } from "./call-panel.tsx";
import styles from "./desk.module.css";
import { IdlePanel } from "./idle-panel.tsx";
import { OfferCard } from "./offer-card.tsx";
import { QueueFigures } from "./queue-figures.tsx";
import { RecentContacts } from "./recent-contacts.tsx";
import { StateCard } from "./state-card.tsx";
import { WrapUpForm } from "./wrap-up-form.tsx";

/** The agent's desk. Every part of it follows what the host pushes. */
export default function AgentPage() {
  const { t } = useTranslation();
  const desk = useLive((state) => state.desk);
  const lost = useLive((state) => state.status === "lost");
  const { mutate, isPending } = useAgentRequest();
  const ask: Ask = (request) => mutate(request, { onError: notifyFailure });

  useEffect(() => {
    if (desk?.agent.state !== "offered") document.title = `${t("agent.title")} · ${t("brand")}`;
  }, [t, desk?.agent.state]);

  if (!desk) return <Loading />;
  return (
    <div className={styles.desk}>
      {lost && (
        <Alert
          className={styles.alert}
          color="red"
          icon={<IconPlugConnectedX size={18} />}
          role="alert"
          py="xs"
        >
          {t("connection.lostAgent")}
        </Alert>
      )}
      <div className={styles.column}>
        <StateCard desk={desk} ask={ask} busy={isPending} />
        <div className={styles.later}>
          <AudioPanel agent={desk.agent} ask={ask} />
        </div>
      </div>
      <div className={styles.column}>
        <Now desk={desk} ask={ask} />
        <div className={styles.last}>
          <QueueFigures queues={desk.queues} />
          <RecentContacts agent={desk.agent.id} state={desk.agent.state} />
        </div>
      </div>
    </div>
  );
}

/** What there is to do at this moment. */
function Now({ desk, ask }: { desk: AgentDesk; ask: Ask }) {
  const { agent } = desk;
  switch (agent.state) {
    case "offered":
      return agent.offer ? (
        <OfferCard
          key={agent.offer.offer}
          offer={agent.offer}
          onDeskPhone={agent.device === "desk_phone"}
          ask={ask}
        />
      ) : null;
    case "talking":
      return <CallPanel contact={desk.contact} agent={agent} ask={ask} />;
    case "wrap_up":
      return (
        <WrapUpForm
          key={agent.contact}
          contact={agent.contact}
          caller={(desk.contact ?? desk.last_contact)?.caller ?? ""}
          until={agent.until}
          dispositions={desk.dispositions}
          ask={ask}
        />
      );
    default:
      return <IdlePanel state={agent.state} />;
  }
}
