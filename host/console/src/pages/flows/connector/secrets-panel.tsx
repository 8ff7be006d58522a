import {
  Alert,
  Badge,
  Button,
  Group,
  Modal,
  PasswordInput,
  Stack,
  Table,
  Text,
} from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../../../api/problem.ts";
import { useUsers } from "../../../api/queries.ts";
import type { ConnectorStatus } from "../../../api/types.ts";
import { moment } from "../../../components/format.ts";
import { notifyDone } from "../../../components/notify.ts";
import { Panel } from "../../../components/panel.tsx";
import { Empty } from "../../../components/states.tsx";
import { RowButtons } from "../../admin/section.tsx";
import { useSecretDeleted, useSecretSet } from "../queries.ts";

/** A connector's secrets: which there are and who set them. Values only go in. */
export function SecretsPanel({ status }: { status: ConnectorStatus }) {
  const { t } = useTranslation();
  const [setting, setSetting] = useState<string>();
  const remove = useSecretDeleted(status.name);
  const asked = status.asks_for.map((secret) => secret.name);
  const others = status.secrets.filter((secret) => !asked.includes(secret.name));
  const names = [...asked, ...others.map((secret) => secret.name)];
  return (
    <Panel title={t("connector.secrets")} testId="connector-secrets" flush>
      <Text size="sm" className="quiet" mb="xs" px="md">
        {t("connector.secretsHelp")}
      </Text>
      {names.length === 0 ? (
        <Empty>{t("connector.noSecrets")}</Empty>
      ) : (
        <Table>
          <Table.Tbody>
            {names.map((name) => (
              <Table.Tr key={name} data-secret={name}>
                <Table.Td style={{ whiteSpace: "normal" }}>
                  <About status={status} name={name} />
                </Table.Td>
                <Table.Td w={1}>
                  <Button size="xs" variant="default" onClick={() => setSetting(name)}>
                    {isSet(status, name) ? t("connector.replace") : t("connector.set")}
                  </Button>
                </Table.Td>
                <RowButtons
                  name={name}
                  onDelete={isSet(status, name) ? () => remove.mutateAsync(name) : undefined}
                />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {setting !== undefined && (
        <SecretDialog
          connector={status.name}
          secret={setting}
          onClose={() => setSetting(undefined)}
        />
      )}
    </Panel>
  );
}

const isSet = (status: ConnectorStatus, name: string) =>
  status.secrets.some((secret) => secret.name === name);

/** What it is for, and since when it is set. */
function About({ status, name }: { status: ConnectorStatus; name: string }) {
  const { t, i18n } = useTranslation();
  const users = useUsers();
  const asked = status.asks_for.find((secret) => secret.name === name);
  const set = status.secrets.find((secret) => secret.name === name);
  const who = users.data?.find((user) => user.id === set?.set_by)?.display_name;
  const description =
    i18n.language === "zh-CN" ? asked?.description?.["zh-CN"] : asked?.description?.en;
  return (
    <>
      <Group gap="xs">
        <Text size="sm" ff="monospace">
          {name}
        </Text>
        {!set && (
          <Badge color="orange.9" tt="none">
            {t("connector.notSet")}
          </Badge>
        )}
        {!asked && (
          <Badge variant="light" color="gray" tt="none">
            {t("connector.noLongerAsked")}
          </Badge>
        )}
      </Group>
      {description && <Text size="sm">{description}</Text>}
      {set && (
        <Text size="xs" className="quiet">
          {t("connector.setBy", {
            time: moment(set.set_at, i18n.language),
            who: who ?? t("connector.byHost"),
          })}
        </Text>
      )}
    </>
  );
}

interface DialogProps {
  connector: string;
  secret: string;
  onClose: () => void;
}

function SecretDialog({ connector, secret, onClose }: DialogProps) {
  const { t } = useTranslation();
  const [value, setValue] = useState("");
  const set = useSecretSet(connector);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("connector.setTitle", { name: secret })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          set.mutate(
            { secret, value },
            {
              onSuccess: () => {
                notifyDone(t("connector.secretSet"));
                onClose();
              },
            },
          );
        }}
      >
        <Stack>
          <PasswordInput
            label={t("connector.value")}
            description={t("connector.valueHelp")}
            // No browser shall keep or fill it.
            autoComplete="new-password"
            data-autofocus
            data-testid="secret-value"
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          {set.error && (
            <Alert color="red" role="alert">
              {explain(set.error, t)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={set.isPending} disabled={!value}>
              {t("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
