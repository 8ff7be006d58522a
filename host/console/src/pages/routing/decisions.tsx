import { ActionIcon, Anchor, Table, Text } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useAgents } from "../../api/queries.ts";
import { type DecisionRow, versionLabel } from "../../api/types.ts";
import { count, moment } from "../../components/format.ts";
import { Panel } from "../../components/panel.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { RoutingDetails } from "../contacts/routing-details.tsx";
import { useDecisions } from "./queries.ts";

/** The latest decisions; each opens to everything that led to it. */
export function Decisions() {
  const { t } = useTranslation();
  const decisions = useDecisions();
  const agents = useAgents();
  const people = new Map(agents.data?.map(({ id, name }) => [id, name]));
  const name = (id: string) => people.get(id) ?? `…${id.slice(-6)}`;
  return (
    <Panel title={t("routing.recent.title")} flush testId="decisions">
      <Loaded of={decisions}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{t("routing.recent.empty")}</Empty>
          ) : (
            <div className="scroll-x">
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th aria-hidden />
                    <Table.Th>{t("routing.recent.at")}</Table.Th>
                    <Table.Th>{t("wallboard.queue")}</Table.Th>
                    <Table.Th>{t("routing.recent.chosen")}</Table.Th>
                    <Table.Th className="number">{t("routing.candidates")}</Table.Th>
                    <Table.Th>{t("routing.policies.version")}</Table.Th>
                    <Table.Th className="number">{t("routing.recent.fuel")}</Table.Th>
                    <Table.Th>{t("routing.recent.contact")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rows.map((row) => (
                    <Row key={`${row.fact.epoch}.${row.fact.sequence}`} row={row} name={name} />
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Row({ row, name }: { row: DecisionRow; name: (agent: string) => string }) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState(false);
  const { fact, queue_name } = row;
  if (fact.kind !== "routing_decided") return null;
  const decision = fact.body;
  return (
    <Fragment>
      <Table.Tr className="figures">
        <Table.Td>
          <ActionIcon
            variant="subtle"
            size="sm"
            color="gray"
            aria-expanded={open}
            aria-label={t("routing.recent.open")}
            onClick={() => setOpen(!open)}
          >
            {open ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
          </ActionIcon>
        </Table.Td>
        <Table.Td>{moment(fact.at, i18n.language)}</Table.Td>
        <Table.Td>{queue_name ?? "–"}</Table.Td>
        <Table.Td fw={decision.chosen ? 600 : 400}>
          {decision.chosen ? name(decision.chosen) : t("routing.recent.nobody")}
        </Table.Td>
        <Table.Td className="number">{decision.candidates_total}</Table.Td>
        <Table.Td>
          <Text span size="xs" ff="monospace">
            {decision.version ? versionLabel(decision.version) : t("contacts.timeline.builtIn")}
          </Text>
        </Table.Td>
        <Table.Td className="number">
          {decision.usage.fuel > 0 ? count(decision.usage.fuel, i18n.language) : "–"}
        </Table.Td>
        <Table.Td>
          {fact.contact && (
            <Anchor component={Link} to={`/contacts/${fact.contact}`} size="sm">
              …{fact.contact.slice(-6)}
            </Anchor>
          )}
        </Table.Td>
      </Table.Tr>
      {open && (
        <Table.Tr>
          <Table.Td aria-hidden />
          <Table.Td colSpan={7} style={{ whiteSpace: "normal" }}>
            <RoutingDetails decision={decision} name={name} />
          </Table.Td>
        </Table.Tr>
      )}
    </Fragment>
  );
}
