import { Button, Group, Kbd, Progress, Stack, Text, Title } from "@mantine/core";
import { IconClipboardCheck, IconPhone, IconPhoneOff, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { KnownCustomers, OfferLive } from "../../api/types.ts";
import { Attributes } from "../../components/attributes.tsx";
import { duration } from "../../components/format.ts";
import { serverNow, useNow } from "../../live/clock.ts";
import type { Ask } from "./ask.ts";
import { Customers } from "./customers.tsx";
import { useAttention } from "./use-attention.ts";
import { useShortcut } from "./use-shortcut.ts";

interface Props {
  offer: OfferLive;
  customers: KnownCustomers[];
  /** The desk phone rings too, and only it can take the call. */
  onDeskPhone: boolean;
  /** Of several that ring, the one that the keys and the bell are for. */
  first: boolean;
  ask: Ask;
}

/** A contact rings: who, for which queue, how long still. Alt+A takes it, Alt+R does not. */
export function OfferCard({ offer, customers, onDeskPhone, first, ask }: Props) {
  const { t } = useTranslation();
  const now = useNow();
  const [firstSeen] = useState(serverNow);
  const leftMs = Math.max(0, offer.rings_until - now);
  const wholeMs = Math.max(1, offer.rings_until - firstSeen);
  const accept = () => !onDeskPhone && ask({ request: "accept_offer", offer: offer.offer });
  const reject = () => ask({ request: "reject_offer", offer: offer.offer });
  const isCall = offer.channel !== "task";
  const words = isCall ? "offer" : "task";
  const title = isCall ? t("agent.offer.title") : t("agent.task.offered");

  return (
    <section
      className="panel"
      aria-label={title}
      data-testid="offer-card"
      data-contact={offer.contact}
      style={{ border: "2px solid var(--state-offered)", overflow: "hidden" }}
    >
      {first && <Bell offer={offer} title={title} accept={accept} reject={reject} />}
      <Progress
        value={(100 * leftMs) / wholeMs}
        size="sm"
        radius={0}
        color="orange.7"
        aria-label={t("agent.offer.left", { seconds: Math.round(leftMs / 1_000) })}
      />
      <Stack p="md" gap="md">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div role="alert">
            <Text size="sm" fw={600} style={{ color: "var(--state-offered)" }}>
              {title}
            </Text>
            <Title order={1} fz={30} lh={1.2} style={{ overflowWrap: "anywhere" }}>
              {offer.caller || t("agent.task.nobody")}
            </Title>
            <Text mt={4}>
              <b>{t("agent.offer.queue", { queue: offer.queue_name })}</b>
              <span className="quiet">
                {" "}
                · {t("agent.offer.waited", { time: duration(offer.waited_ms) })}
              </span>
            </Text>
          </div>
          <Text className="figures quiet" size="sm" style={{ whiteSpace: "nowrap" }}>
            {t("agent.offer.left", { seconds: Math.round(leftMs / 1_000) })}
          </Text>
        </Group>
        <Customers of={customers} />
        <Attributes of={offer.attributes} />
        <Group grow gap="sm">
          <Button
            size="lg"
            px="sm"
            color="green.8"
            autoFocus={first}
            leftSection={isCall ? <IconPhone size={20} /> : <IconClipboardCheck size={20} />}
            rightSection={first && <Kbd visibleFrom="sm">Alt A</Kbd>}
            onClick={accept}
            disabled={onDeskPhone}
            data-testid="accept-offer"
          >
            {onDeskPhone ? t("agent.offer.pickUp") : t(`agent.${words}.accept`)}
          </Button>
          <Button
            size="lg"
            px="sm"
            variant="default"
            leftSection={isCall ? <IconPhoneOff size={20} /> : <IconX size={20} />}
            rightSection={first && <Kbd visibleFrom="sm">Alt R</Kbd>}
            onClick={reject}
            data-testid="reject-offer"
          >
            {t(`agent.${words}.reject`)}
          </Button>
        </Group>
      </Stack>
    </section>
  );
}

interface BellProps {
  offer: OfferLive;
  title: string;
  accept: () => void;
  reject: () => void;
}

/** Rings, and listens to the keys. */
function Bell({ offer, title, accept, reject }: BellProps) {
  useShortcut("KeyA", accept);
  useShortcut("KeyR", reject);
  useAttention(`${title} · ${offer.caller}`, offer.queue_name);
  return null;
}
