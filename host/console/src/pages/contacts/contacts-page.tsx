import { Anchor, Button, Group, Select, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconPhone, IconSearch, IconVolume, IconWorld } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useAgents, useContacts, useMe, useQueues } from "../../api/queries.ts";
import type { ContactQuery, ContactRow } from "../../api/types.ts";
import { durationIfAny, moment } from "../../components/format.ts";
import { Empty, Loaded } from "../../components/states.tsx";
import { word } from "../../i18n/index.ts";
import { EndReason } from "./end-reason.tsx";

const FILTERS = ["state", "queue", "agent", "caller"] as const;

/** Every contact, newest first. The filters live in the address, so that a list can be shared. */
export default function ContactsPage() {
  const { t } = useTranslation();
  const [query, setQuery] = useSearchParams();
  const filter: ContactQuery = {};
  for (const name of FILTERS) {
    const value = query.get(name);
    if (value) Object.assign(filter, { [name]: value });
  }
  const set = (name: (typeof FILTERS)[number], value: string | null) =>
    setQuery(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  const contacts = useContacts(filter);
  const filtered = Object.keys(filter).length > 0;

  useEffect(() => {
    document.title = `${t("contacts.title")} · ${t("brand")}`;
  }, [t]);

  return (
    <Stack gap="md">
      <Title order={1}>{t("contacts.title")}</Title>
      <Filters filter={filter} set={set} clear={() => setQuery({}, { replace: true })} />
      <div className="panel" data-testid="contacts">
        <Loaded of={contacts}>
          {({ pages }) => {
            const rows = pages.flatMap((page) => page.items);
            if (rows.length === 0) {
              return <Empty>{filtered ? t("contacts.emptyFiltered") : t("contacts.empty")}</Empty>;
            }
            return <Rows rows={rows} />;
          }}
        </Loaded>
      </div>
      {contacts.data && (
        <Group justify="center" gap="md">
          <Text size="sm" className="quiet">
            {t("contacts.shown", {
              count: contacts.data.pages.reduce((sum, page) => sum + page.items.length, 0),
            })}
          </Text>
          {contacts.hasNextPage && (
            <Button
              variant="default"
              size="xs"
              loading={contacts.isFetchingNextPage}
              onClick={() => void contacts.fetchNextPage()}
            >
              {t("contacts.more")}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}

interface FiltersProps {
  filter: ContactQuery;
  set: (name: (typeof FILTERS)[number], value: string | null) => void;
  clear: () => void;
}

function Filters({ filter, set, clear }: FiltersProps) {
  const { t } = useTranslation();
  const queues = useQueues();
  const supervises = useMe().data?.role !== "agent";
  const agents = useAgents(supervises);
  const [caller, setCaller] = useState(filter.caller ?? "");
  const search = useDebouncedCallback((value: string) => set("caller", value.trim()), 300);

  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        label={t("contacts.caller")}
        placeholder={t("contacts.callerHint")}
        leftSection={<IconSearch size={14} />}
        value={caller}
        onChange={(event) => {
          setCaller(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
        w={{ base: "100%", xs: 190 }}
      />
      <Select
        label={t("contacts.state")}
        placeholder={t("all")}
        clearable
        value={filter.state ?? null}
        onChange={(value) => set("state", value)}
        data={[
          { value: "open", label: t("contacts.open") },
          { value: "ended", label: t("contacts.ended") },
        ]}
        w={130}
      />
      <Select
        label={t("contacts.queue")}
        placeholder={t("all")}
        clearable
        value={filter.queue ?? null}
        onChange={(value) => set("queue", value)}
        data={(queues.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        w={150}
      />
      {supervises && (
        <Select
          label={t("contacts.agent")}
          placeholder={t("all")}
          clearable
          searchable
          value={filter.agent ?? null}
          onChange={(value) => set("agent", value)}
          data={(agents.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          w={170}
        />
      )}
      {Object.keys(filter).length > 0 && (
        <Button
          variant="subtle"
          color="gray"
          onClick={() => {
            setCaller("");
            clear();
          }}
        >
          {t("clear")}
        </Button>
      )}
    </Group>
  );
}

function Rows({ rows }: { rows: ContactRow[] }) {
  const { t, i18n } = useTranslation();
  return (
    <div className="scroll-x">
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("contacts.columns.started")}</Table.Th>
            <Table.Th>{t("contacts.columns.caller")}</Table.Th>
            <Table.Th>{t("contacts.columns.dialled")}</Table.Th>
            <Table.Th>{t("contacts.columns.queue")}</Table.Th>
            <Table.Th>{t("contacts.columns.agent")}</Table.Th>
            <Table.Th className="number">{t("contacts.columns.waited")}</Table.Th>
            <Table.Th className="number">{t("contacts.columns.talked")}</Table.Th>
            <Table.Th>{t("contacts.columns.result")}</Table.Th>
            <Table.Th>{t("contacts.columns.ended")}</Table.Th>
            <Table.Th aria-label={t("contacts.columns.recording")} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id} data-contact={row.id}>
              <Table.Td className="figures">
                <Anchor component={Link} to={`/contacts/${row.id}`} size="sm">
                  {moment(row.started_at, i18n.language)}
                </Anchor>
              </Table.Td>
              <Table.Td fw={600}>
                <Group gap={6} wrap="nowrap">
                  {row.channel === "web" ? (
                    <IconWorld size={14} aria-label={t("channel.web")} />
                  ) : (
                    <IconPhone size={14} aria-label={t("channel.phone")} />
                  )}
                  {row.caller}
                </Group>
              </Table.Td>
              <Table.Td>{row.dialled}</Table.Td>
              <Table.Td>{row.queue_names.join(", ") || "–"}</Table.Td>
              <Table.Td>{row.agent_names.join(", ") || "–"}</Table.Td>
              <Table.Td className="number">{durationIfAny(row.waited_ms)}</Table.Td>
              <Table.Td className="number">{durationIfAny(row.talked_ms)}</Table.Td>
              <Table.Td>{row.disposition ? word(t, "disposition", row.disposition) : "–"}</Table.Td>
              <Table.Td>
                <EndReason of={row} />
              </Table.Td>
              <Table.Td>
                {row.has_recording && (
                  <IconVolume size={16} aria-label={t("contacts.columns.recording")} />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
