import { Anchor, Grid, Group, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { useContact, useMe } from "../../api/queries.ts";
import type { Contact } from "../../api/types.ts";
import { Attributes } from "../../components/attributes.tsx";
import { duration, durationIfAny, instant } from "../../components/format.ts";
import { Panel } from "../../components/panel.tsx";
import { WhyWaiting } from "../../components/routing/why-waiting.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { Elapsed } from "../../components/timers.tsx";
import { word } from "../../i18n/index.ts";
import { EndReason } from "./end-reason.tsx";
import { useNames } from "./names.ts";
import { Recording } from "./recording.tsx";
import { Timeline } from "./timeline.tsx";
import { ContactUsagePanel } from "./usage.tsx";

/** One contact: what it was, how it sounded, and every decision on its way. */
export default function ContactPage() {
  const { t } = useTranslation();
  const { id = "" } = useParams();
  const contact = useContact(id);

  useEffect(() => {
    document.title = `${contact.data?.caller ?? t("contacts.title")} · ${t("brand")}`;
  }, [t, contact.data?.caller]);

  return (
    <Stack gap="md">
      <Anchor component={Link} to="/contacts" size="sm" w="fit-content">
        <Group gap={4}>
          <IconArrowLeft size={14} />
          {t("contacts.page.back")}
        </Group>
      </Anchor>
      <Loaded of={contact}>
        {(data) => (
          <>
            <Head contact={data} />
            <Grid gap="md">
              <Grid.Col span={{ base: 12, lg: 8 }} order={{ base: 2, lg: 1 }}>
                <Timeline contact={data} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, lg: 4 }} order={{ base: 1, lg: 2 }}>
                <Side contact={data} />
              </Grid.Col>
            </Grid>
          </>
        )}
      </Loaded>
    </Stack>
  );
}

function Side({ contact }: { contact: Contact }) {
  // Listening to recordings, and asking why somebody waits, is for supervisors.
  const listens = useMe().data?.role !== "agent";
  return (
    <Stack gap="md">
      {listens && contact.live?.stage === "waiting" && <Waiting contact={contact} />}
      {listens && <Recording contact={contact} />}
      <Media contact={contact} />
      {listens && <ContactUsagePanel contact={contact} />}
    </Stack>
  );
}

function Waiting({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const names = useNames(contact);
  return (
    <Panel title={t("routing.why.ask")}>
      <WhyWaiting contact={contact.id} name={names.agent} />
    </Panel>
  );
}

function Head({ contact }: { contact: Contact }) {
  const { t, i18n } = useTranslation();
  const open = contact.ended_at === null;
  return (
    <section className="panel" style={{ padding: "var(--mantine-spacing-md)" }}>
      <Group gap="sm" align="baseline">
        <Title order={1} fz={26} style={{ overflowWrap: "anywhere" }}>
          {contact.caller}
        </Title>
        <Text className="quiet">
          {t(`channel.${contact.channel}`)} → {contact.dialled} · {contact.flow}
        </Text>
        <EndReason of={contact} />
      </Group>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm" mt="sm">
        <Item label={t("contacts.page.started")}>{instant(contact.started_at, i18n.language)}</Item>
        <Item label={t("contacts.page.length")}>
          {open ? (
            <Elapsed since={contact.started_at} />
          ) : (
            duration((contact.ended_at ?? 0) - contact.started_at)
          )}
        </Item>
        <Item label={t("contacts.columns.queue")}>{contact.queue_names.join(", ") || "–"}</Item>
        <Item label={t("contacts.columns.agent")}>{contact.agent_names.join(", ") || "–"}</Item>
        <Item label={`${t("contacts.page.waited")} / ${t("contacts.page.talked")}`}>
          {durationIfAny(contact.waited_ms)} / {durationIfAny(contact.talked_ms)}
        </Item>
        <Item label={t("contacts.page.disposition")}>
          {contact.disposition ? word(t, "disposition", contact.disposition) : "–"}
        </Item>
      </SimpleGrid>
      <Group gap="lg" mt="sm" align="flex-start">
        {contact.attributes.length > 0 && (
          <Item label={t("contacts.page.attributes")}>
            <Attributes of={contact.attributes} />
          </Item>
        )}
        {contact.flow_versions.length > 0 && (
          <Item label={t("contacts.page.versions")}>
            <Text ff="monospace" size="sm">
              {contact.flow_versions.join(", ")}
            </Text>
          </Item>
        )}
        <Item label={t("contacts.page.id")}>
          <Text ff="monospace" size="sm" style={{ overflowWrap: "anywhere" }}>
            {contact.id}
          </Text>
        </Item>
      </Group>
    </section>
  );
}

function Item({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="xs" className="quiet">
        {label}
      </Text>
      <Text component="div" size="sm" fw={600} className="figures">
        {children}
      </Text>
    </div>
  );
}

function Media({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const names = useNames(contact);
  return (
    <Panel title={t("contacts.page.media")} flush testId="media">
      {contact.media.length === 0 ? (
        <Empty>{t("contacts.page.noMedia")}</Empty>
      ) : (
        <div className="scroll-x">
          <Table style={{ minWidth: 0 }}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("contacts.page.leg")}</Table.Th>
                <Table.Th className="number">{t("contacts.page.received")}</Table.Th>
                <Table.Th className="number">{t("contacts.page.lost")}</Table.Th>
                <Table.Th className="number">{t("contacts.page.jitter")}</Table.Th>
                <Table.Th className="number">{t("contacts.page.gap")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {contact.media.map(({ leg, statistics }) => (
                <Table.Tr key={leg}>
                  <Table.Td title={leg}>{names.leg(leg)}</Table.Td>
                  <Table.Td className="number">{statistics.packets_received}</Table.Td>
                  <Table.Td className="number" c={statistics.packets_lost > 0 ? "red" : undefined}>
                    {statistics.packets_lost}
                  </Table.Td>
                  <Table.Td className="number">
                    {t("agent.audio.ms", { value: statistics.jitter_ms.toFixed(1) })}
                  </Table.Td>
                  <Table.Td className="number">
                    {t("agent.audio.ms", { value: statistics.largest_gap_ms })}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </Panel>
  );
}
