import { Anchor, Badge, Button, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ConnectorJob } from "../../../api/types.ts";
import { moment } from "../../../components/format.ts";
import { notifyDone, notifyFailure } from "../../../components/notify.ts";
import { Panel } from "../../../components/panel.tsx";
import { Empty, Loaded } from "../../../components/states.tsx";
import { useConnectorJobs, useJobRetried } from "../queries.ts";

const COLOUR: Record<ConnectorJob["state"], string> = {
  waiting: "blue",
  done: "gray",
  given_up: "red.8",
};

/** What the connector still has to tell the other system, what it gave up, and what it did last. */
export function JobsPanel({ name }: { name: string }) {
  const { t } = useTranslation();
  const jobs = useConnectorJobs(name);
  return (
    <Panel title={t("connector.jobs")} testId="connector-jobs" flush>
      <Loaded of={jobs}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{t("connector.noJobs")}</Empty>
          ) : (
            <div className="scroll-x">
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("connector.column.state")}</Table.Th>
                    <Table.Th>{t("connector.column.job")}</Table.Th>
                    <Table.Th>{t("connector.column.contact")}</Table.Th>
                    <Table.Th ta="right">{t("connector.column.tries")}</Table.Th>
                    <Table.Th>{t("connector.column.problem")}</Table.Th>
                    <Table.Th aria-hidden />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rows.map((job) => (
                    <Row key={job.contact + job.use_for} name={name} job={job} />
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

function Row({ name, job }: { name: string; job: ConnectorJob }) {
  const { t, i18n } = useTranslation();
  const retry = useJobRetried(name);
  return (
    <Table.Tr>
      <Table.Td>
        <Badge
          color={COLOUR[job.state]}
          variant={job.state === "done" ? "light" : "filled"}
          tt="none"
        >
          {t(`connector.jobState.${job.state}`)}
        </Badge>
        {job.state === "waiting" && (
          <Text size="xs" className="quiet">
            {t("connector.nextTry", { time: moment(job.due_at, i18n.language) })}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{t(`connector.uses.${job.use_for}`)}</Table.Td>
      <Table.Td>
        <Anchor component={Link} to={`/contacts/${job.contact}`} size="sm">
          {moment(job.created_at, i18n.language)}
        </Anchor>
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {job.tries}
      </Table.Td>
      <Table.Td>
        <Text size="sm" className="wide-detail" miw={220}>
          {job.problem ?? "–"}
        </Text>
      </Table.Td>
      <Table.Td>
        {job.state === "given_up" && (
          <Button
            size="xs"
            variant="default"
            loading={retry.isPending}
            onClick={() =>
              retry.mutate(job.contact, {
                onSuccess: () => notifyDone(t("connector.retried")),
                onError: notifyFailure,
              })
            }
          >
            {t("connector.retry")}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
