import { Alert, Button, Checkbox, Group, Stack, Table, Text } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { explain } from "../../../api/problem.ts";
import type { ConnectorStatus, ConnectorUse } from "../../../api/types.ts";
import { count } from "../../../components/format.ts";
import { notifyDone, notifyFailure } from "../../../components/notify.ts";
import { Panel } from "../../../components/panel.tsx";
import { Empty, Loaded } from "../../../components/states.tsx";
import { useConnector, useConnectorChecked, useConnectorUses } from "../queries.ts";
import { BreakerBadge } from "./breaker-badge.tsx";
import { ExchangesPanel } from "./exchanges-panel.tsx";
import { JobsPanel } from "./jobs-panel.tsx";
import { SecretsPanel } from "./secrets-panel.tsx";

/** How a connector stands with the other system: secrets, uses, requests, and what it has to do. */
export function ConnectorPanel({ name }: { name: string }) {
  const connector = useConnector(name);
  return (
    <Loaded of={connector}>
      {(status) => (
        <Stack gap="md">
          <SecretsPanel status={status} />
          <UsesPanel status={status} />
          <EndpointsPanel status={status} />
          <JobsPanel name={name} />
          <ExchangesPanel name={name} />
        </Stack>
      )}
    </Loaded>
  );
}

const USES: ConnectorUse[] = ["screen_pop", "log_activity"];

/** What the host asks it for, and whether it would be answered. */
function UsesPanel({ status }: { status: ConnectorStatus }) {
  const { t } = useTranslation();
  const uses = useConnectorUses(status.name);
  const checked = useConnectorChecked(status.name);
  const choose = (chosen: string[]) =>
    uses.mutate(chosen as ConnectorUse[], {
      onSuccess: () => notifyDone(t("connector.usesSaved")),
      onError: notifyFailure,
    });
  return (
    <Panel
      title={t("connector.use")}
      aside={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlugConnected size={16} />}
          loading={checked.isPending}
          onClick={() => checked.mutate()}
          data-testid="connector-check"
        >
          {t("connector.check")}
        </Button>
      }
    >
      <Stack gap="sm">
        <Checkbox.Group value={status.uses} onChange={choose}>
          <Group gap="xl">
            {USES.map((use) => (
              <Checkbox
                key={use}
                value={use}
                label={t(`connector.uses.${use}`)}
                disabled={uses.isPending}
              />
            ))}
          </Group>
        </Checkbox.Group>
        {checked.error && (
          <Alert color="red" role="alert">
            {explain(checked.error, t)}
          </Alert>
        )}
        {checked.data && !checked.isPending && (
          <Alert color={checked.data.connected ? "green" : "red"} role="status">
            {t(checked.data.connected ? "connector.connected" : "connector.notConnected", {
              summary: checked.data.summary,
            })}
          </Alert>
        )}
      </Stack>
    </Panel>
  );
}

function EndpointsPanel({ status }: { status: ConnectorStatus }) {
  const { t, i18n } = useTranslation();
  return (
    <Panel title={t("connector.endpoints")} flush={status.endpoints.length > 0}>
      {status.endpoints.length === 0 ? (
        <Empty>{t("connector.noEndpoints")}</Empty>
      ) : (
        <div className="scroll-x">
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("connector.column.endpoint")}</Table.Th>
                <Table.Th>{t("connector.column.breaker")}</Table.Th>
                <Table.Th ta="right">{t("connector.column.requests")}</Table.Th>
                <Table.Th ta="right">{t("connector.column.failures")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {status.endpoints.map((endpoint) => (
                <Table.Tr key={endpoint.name}>
                  <Table.Td>
                    <Text size="sm" ff="monospace">
                      {endpoint.name}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <BreakerBadge state={endpoint.breaker} />
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {count(endpoint.requests, i18n.language)}
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {count(endpoint.failures, i18n.language)}
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
