import { Anchor, Autocomplete, Checkbox, Table, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconExternalLink } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../../api/client.ts";
import { keys, useChange, useFlows, useMe, useNumbers } from "../../api/queries.ts";
import type { NumberRow } from "../../api/types.ts";
import { notifyDone } from "../../components/notify.ts";
import { Empty, Loaded } from "../../components/states.tsx";
import { FormDialog, List, RowButtons, Section } from "./section.tsx";

export function NumbersSection() {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const tenant = useMe().data?.tenant.name ?? "";
  const [edited, setEdited] = useState<NumberRow | "new" | null>(null);
  const remove = useChange(
    (dialled: string) =>
      ask(api.DELETE("/api/v1/numbers/{dialled}", { params: { path: { dialled } } })),
    keys.numbers,
  );

  return (
    <Section addLabel={t("admin.number.add")} onAdd={() => setEdited("new")}>
      <Loaded of={numbers}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{t("admin.number.empty")}</Empty>
          ) : (
            <List
              head={[
                t("admin.number.dialled"),
                t("admin.number.flow"),
                t("admin.number.clickToCall"),
              ]}
            >
              {rows.map((number) => (
                <Table.Tr key={number.dialled}>
                  <Table.Td fw={600}>{number.dialled}</Table.Td>
                  <Table.Td>{number.flow}</Table.Td>
                  <Table.Td>
                    {number.click_to_call ? (
                      <Anchor href={`/call/${tenant}`} target="_blank" size="sm">
                        {t("admin.number.page")}{" "}
                        <IconExternalLink size={13} style={{ verticalAlign: "-1px" }} />
                      </Anchor>
                    ) : (
                      t("admin.number.no")
                    )}
                  </Table.Td>
                  <RowButtons
                    name={number.dialled}
                    onEdit={() => setEdited(number)}
                    onDelete={() => remove.mutateAsync(number.dialled)}
                  />
                </Table.Tr>
              ))}
            </List>
          )
        }
      </Loaded>
      {edited && (
        <NumberDialog number={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
    </Section>
  );
}

function NumberDialog({ number, onClose }: { number: NumberRow | null; onClose: () => void }) {
  const { t } = useTranslation();
  const flows = useFlows();
  const required = (value: string) => (value.trim() ? null : t("signIn.required"));
  const form = useForm({
    initialValues: number ?? { dialled: "", flow: "", click_to_call: false },
    validate: { dialled: required, flow: required },
  });
  const save = useChange(
    ({ dialled, ...body }: NumberRow) =>
      ask(
        api.PUT("/api/v1/numbers/{dialled}", {
          params: { path: { dialled: dialled.trim() } },
          body,
        }),
      ),
    keys.numbers,
  );
  const names = (flows.data ?? []).filter(({ kind }) => kind === "flow").map(({ name }) => name);

  return (
    <FormDialog
      title={number ? t("admin.number.edit", { name: number.dialled }) : t("admin.number.add")}
      form={form}
      error={save.error}
      saving={save.isPending}
      onClose={onClose}
      onSave={(values) =>
        save.mutate(values, {
          onSuccess: () => {
            notifyDone(t("admin.saved"));
            onClose();
          },
        })
      }
    >
      <TextInput
        label={t("admin.number.dialled")}
        description={t("admin.number.dialledHint")}
        disabled={number !== null}
        data-autofocus={number === null || undefined}
        {...form.getInputProps("dialled")}
      />
      <Autocomplete label={t("admin.number.flow")} data={names} {...form.getInputProps("flow")} />
      <Checkbox
        label={t("admin.number.clickToCall")}
        {...form.getInputProps("click_to_call", { type: "checkbox" })}
      />
    </FormDialog>
  );
}
