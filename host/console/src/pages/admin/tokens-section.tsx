import {
  Alert,
  Button,
  Code,
  CopyButton,
  Group,
  Modal,
  Select,
  Stack,
  Table,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../../api/client.ts";
import { keys, useChange, useTokens } from "../../api/queries.ts";
import type { Role } from "../../api/types.ts";
import { instant } from "../../components/format.ts";
import { Empty, Loaded } from "../../components/states.tsx";
import { word } from "../../i18n/index.ts";
import { FormDialog, List, RowButtons, Section } from "./section.tsx";

export function TokensSection() {
  const { t, i18n } = useTranslation();
  const tokens = useTokens();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const remove = useChange(
    (id: string) => ask(api.DELETE("/api/v1/tokens/{id}", { params: { path: { id } } })),
    keys.tokens,
  );

  return (
    <Section addLabel={t("admin.token.add")} onAdd={() => setAdding(true)}>
      <Loaded of={tokens}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{t("admin.token.empty")}</Empty>
          ) : (
            <List head={[t("admin.token.name"), t("admin.token.role"), t("admin.token.created")]}>
              {rows.map((token) => (
                <Table.Tr key={token.id}>
                  <Table.Td fw={600}>{token.name}</Table.Td>
                  <Table.Td>
                    {token.scopes.map((scope) => word(t, "account.role", scope)).join(", ")}
                  </Table.Td>
                  <Table.Td className="figures">
                    {instant(token.created_at, i18n.language)}
                  </Table.Td>
                  <RowButtons name={token.name} onDelete={() => remove.mutateAsync(token.id)} />
                </Table.Tr>
              ))}
            </List>
          )
        }
      </Loaded>
      {adding && (
        <TokenDialog
          onClose={() => setAdding(false)}
          onCreated={(created) => {
            setAdding(false);
            setSecret(created);
          }}
        />
      )}
      <Modal
        opened={secret !== null}
        onClose={() => setSecret(null)}
        title={t("admin.token.add")}
        closeOnClickOutside={false}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Stack>
          <Alert color="blue">{t("admin.token.once")}</Alert>
          <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
            {secret}
          </Code>
          <Group justify="flex-end">
            <CopyButton value={secret ?? ""}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? t("copied") : t("copy")}
                </Button>
              )}
            </CopyButton>
            <Button onClick={() => setSecret(null)}>{t("close")}</Button>
          </Group>
        </Stack>
      </Modal>
    </Section>
  );
}

interface DialogProps {
  onClose: () => void;
  onCreated: (secret: string) => void;
}

function TokenDialog({ onClose, onCreated }: DialogProps) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { name: "", role: "supervisor" as Role },
    validate: { name: (value: string) => (value.trim() ? null : t("signIn.required")) },
  });
  const save = useChange(async (body: typeof form.values) => {
    onCreated((await ask<{ secret: string }>(api.POST("/api/v1/tokens", { body }))).secret);
  }, keys.tokens);

  return (
    <FormDialog
      title={t("admin.token.add")}
      form={form}
      error={save.error}
      saving={save.isPending}
      onClose={onClose}
      onSave={(values) => save.mutate(values)}
    >
      <TextInput
        label={t("admin.token.name")}
        description={t("admin.token.nameHint")}
        data-autofocus
        {...form.getInputProps("name")}
      />
      <Select
        label={t("admin.token.role")}
        allowDeselect={false}
        data={(["supervisor", "admin"] as const).map((role) => ({
          value: role,
          label: t(`account.role.${role}`),
        }))}
        {...form.getInputProps("role")}
      />
    </FormDialog>
  );
}
