import { Alert } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useAgentRequest } from "../../api/queries.ts";
import { notifyFailure } from "../../components/notify.ts";
import { Loading } from "../../components/states.tsx";
import { useLive } from "../../live/provider.tsx";
import type { Ask } from "./ask.ts";
import { AudioPanel } from "./audio-panel.tsx";
import styles from "./desk.module.css";
import { InHand } from "./in-hand.tsx";
import { QueueFigures } from "./queue-figures.tsx";
import { RecentContacts } from "./recent-contacts.tsx";
import { StateCard } from "./state-card.tsx";

/** The agent's desk. Every part of it follows what the host pushes. */
export default function AgentPage() {
  const { t } = useTranslation();
  const desk = useLive((state) => state.desk);
  const lost = useLive((state) => state.status === "lost");
  const rings = (desk?.agent.offers.length ?? 0) > 0;
  const { mutate, isPending } = useAgentRequest();
  const ask: Ask = (request) => mutate(request, { onError: notifyFailure });

  useEffect(() => {
    if (!rings) document.title = `${t("agent.title")} · ${t("brand")}`;
  }, [t, rings]);

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
        <InHand desk={desk} ask={ask} />
        <div className={styles.last}>
          <QueueFigures queues={desk.queues} />
          <RecentContacts agent={desk.agent.id} state={desk.agent.state} />
        </div>
      </div>
    </div>
  );
}
