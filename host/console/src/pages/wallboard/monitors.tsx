import { Alert, Anchor, Button, Modal, Stack, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconShieldCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useViolations } from "../../api/queries.ts";
import type { Fact, Live } from "../../api/types.ts";
import { count, instant } from "../../components/format.ts";
import { Empty, Loaded } from "../../components/states.tsx";

/** Whether everything holds that must; what did not is told with who and how. */
export function Monitors({ live }: { live: Live }) {
  const { t, i18n } = useTranslation();
  const [opened, dialog] = useDisclosure(false);
  const broken = live.monitors.reduce((sum, { violated }) => sum + violated, 0);
  if (live.monitors.length === 0) return null;
  return (
    <>
      <Button
        size="xs"
        variant={broken > 0 ? "filled" : "default"}
        color={broken > 0 ? "red" : undefined}
        leftSection={
          broken > 0 ? (
            <IconAlertTriangle size={15} />
          ) : (
            <IconShieldCheck size={15} color="var(--state-ready)" />
          )
        }
        onClick={dialog.open}
        data-testid="monitors"
        data-broken={broken}
      >
        {broken > 0
          ? t("wallboard.monitors.broken", { count: broken })
          : t("wallboard.monitors.holds")}
      </Button>
      <Modal
        opened={opened}
        onClose={dialog.close}
        title={t("wallboard.monitors.title")}
        size="xl"
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Text size="sm" className="quiet">
          {t("wallboard.monitors.hint")}
        </Text>
        <Table mt="xs" fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("wallboard.monitors.invariant")}</Table.Th>
              <Table.Th className="number">{t("wallboard.monitors.checked")}</Table.Th>
              <Table.Th className="number">{t("wallboard.monitors.violated")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {live.monitors.map((monitor) => (
              <Table.Tr key={monitor.invariant} c={monitor.violated > 0 ? "red" : undefined}>
                <Table.Td>{t(`invariant.${monitor.invariant}`)}</Table.Td>
                <Table.Td className="number">{count(monitor.checked, i18n.language)}</Table.Td>
                <Table.Td className="number">{count(monitor.violated, i18n.language)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Violations live={live} broken={broken} />
      </Modal>
    </>
  );
}

function Violations({ live, broken }: { live: Live; broken: number }) {
  const { t } = useTranslation();
  const violations = useViolations(broken);
  return (
    <>
      <Text fw={600} mt="md">
        {t("wallboard.monitors.latest")}
      </Text>
      <Loaded of={violations}>
        {(facts) =>
          facts.length === 0 ? (
            <Empty>{t("wallboard.monitors.none")}</Empty>
          ) : (
            <Stack gap="sm" mt="xs">
              {facts.map((fact) => (
                <Violation key={`${fact.epoch}.${fact.sequence}`} fact={fact} live={live} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </>
  );
}

function Violation({ fact, live }: { fact: Fact; live: Live }) {
  const { t, i18n } = useTranslation();
  if (fact.kind !== "invariant_violated") return null;
  const { invariant, contacts, agents, detail, trail } = fact.body;
  const name = (id: string) => live.agents.find((agent) => agent.id === id)?.name ?? id;
  return (
    <Alert color="red" title={t(`invariant.${invariant}`)} data-testid="violation">
      <Text size="xs" className="figures">
        {instant(fact.at, i18n.language)}
        {contacts.map((contact) => (
          <span key={contact}>
            {" · "}
            <Anchor component={Link} to={`/contacts/${contact}`} size="xs">
              {t("wallboard.monitors.contact")} …{contact.slice(-6)}
            </Anchor>
          </span>
        ))}
        {agents.length > 0 && ` · ${agents.map(name).join(", ")}`}
      </Text>
      <Text size="sm">{detail}</Text>
      {trail.length > 0 && (
        <details>
          <summary>{t("wallboard.monitors.trail")}</summary>
          <ol className="reasons">
            {trail.map((step, place) => (
              <li key={place}>{step}</li>
            ))}
          </ol>
        </details>
      )}
    </Alert>
  );
}
