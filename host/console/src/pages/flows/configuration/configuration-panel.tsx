import type { Schema } from "@cfworker/json-schema";
import { Alert, Button, Group, JsonInput, Stack, Text, TextInput } from "@mantine/core";
import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { explain, Problem } from "../../../api/problem.ts";
import type { PluginConfiguration, PluginStatus } from "../../../api/types.ts";
import { notifyDone } from "../../../components/notify.ts";
import { Panel } from "../../../components/panel.tsx";
import { Empty, Loaded, Loading } from "../../../components/states.tsx";
import { Diagnostics } from "../diagnostics.tsx";
import { useConfiguration, useConfigured, useMove } from "../queries.ts";

const SchemaForm = lazy(() => import("./schema-form.tsx"));

/** A plugin's own settings, as a form of the schema in its manifest. */
export function ConfigurationPanel({ row }: { row: PluginStatus }) {
  const { t } = useTranslation();
  const configuration = useConfiguration(row, row.live !== null);
  if (row.live === null) {
    return (
      <Panel title={t("configuration.title")}>
        <Empty>{t("configuration.notLive")}</Empty>
      </Panel>
    );
  }
  return (
    <Loaded of={configuration}>
      {(data) => <Editor key={data.version + JSON.stringify(data.value)} row={row} data={data} />}
    </Loaded>
  );
}

function Editor({ row, data }: { row: PluginStatus; data: PluginConfiguration }) {
  const { t, i18n } = useTranslation();
  const [value, setValue] = useState<object>(data.value);
  const [note, setNote] = useState("");
  const configured = useConfigured(row);
  const move = useMove(row);
  const description = i18n.language === "zh-CN" ? data.description["zh-CN"] : data.description.en;
  const refused = configured.error instanceof Problem ? configured.error.fields : {};
  const isChanged = JSON.stringify(value) !== JSON.stringify(data.value);

  const isToBeUsed = useRef(true);

  const save = async (wish: object) => {
    const version = await configured.mutateAsync({ value: wish, note: note.trim() });
    if (version.state === "rejected") return;
    if (!isToBeUsed.current) {
      notifyDone(t("configuration.savedOnly"));
      return;
    }
    const to = { version: version.id, reason: note.trim() };
    if (version.state === "compiled") await move.mutateAsync({ ...to, to: { staged: {} } });
    await move.mutateAsync({ ...to, to: "active" });
    notifyDone(t("configuration.saved"));
  };
  // What goes wrong is shown from the mutations.
  const submit = (wish: object) => void save(wish).catch(() => undefined);

  const isBusy = configured.isPending || move.isPending;
  const error = configured.error ?? move.error;
  const report = configured.data?.state === "rejected" ? configured.data.report : [];
  const foot = (
    <Stack mt="md">
      {error && (
        <Alert color="red" role="alert" data-testid="configuration-refused">
          {Object.keys(refused).length > 0 ? t("configuration.refused") : explain(error, t)}
        </Alert>
      )}
      {report.length > 0 && <Diagnostics title={t("flows.rejected")} diagnostics={report} />}
      <TextInput
        label={t("flows.note")}
        description={t("flows.noteHelp")}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        {isChanged && (
          <Button variant="default" onClick={() => setValue(data.value)}>
            {t("configuration.discard")}
          </Button>
        )}
        <Button
          type="submit"
          variant="default"
          disabled={!isChanged || isBusy}
          onClick={() => {
            isToBeUsed.current = false;
          }}
        >
          {t("configuration.saveOnly")}
        </Button>
        <Button
          type="submit"
          loading={isBusy}
          disabled={!isChanged}
          onClick={() => {
            isToBeUsed.current = true;
          }}
          data-testid="configuration-save"
        >
          {t("configuration.save")}
        </Button>
      </Group>
    </Stack>
  );
  return (
    <Panel title={t("configuration.title")} testId="plugin-configuration">
      <Stack gap="sm" maw={720}>
        {description && <Text>{description}</Text>}
        <Text size="sm" className="quiet">
          {t("configuration.lead", { version: data.version })}
        </Text>
        {data.schema ? (
          <Suspense fallback={<Loading />}>
            <SchemaForm
              schema={data.schema as Schema}
              value={value}
              choices={data.choices}
              disabled={isBusy}
              refused={refused}
              onChange={setValue}
              onSubmit={submit}
            >
              {foot}
            </SchemaForm>
          </Suspense>
        ) : (
          <PlainForm value={value} onChange={setValue} onSubmit={submit} foot={foot} />
        )}
      </Stack>
    </Panel>
  );
}

interface PlainProps {
  value: object;
  onChange: (value: object) => void;
  onSubmit: (value: object) => void;
  foot: ReactNode;
}

/** For a plugin that does not say what its configuration looks like. */
function PlainForm({ value, onChange, onSubmit, foot }: PlainProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(JSON.stringify(value, null, 2));
  const typed = (text: string) => {
    setText(text);
    const read = objectOf(text);
    if (read) onChange(read);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const read = objectOf(text);
        if (read) onSubmit(read);
      }}
    >
      <JsonInput
        label={t("configuration.object")}
        description={t("configuration.noSchema")}
        autosize
        minRows={4}
        maxRows={30}
        value={text}
        onChange={typed}
        error={objectOf(text) ? undefined : t("flows.configWrong")}
      />
      {foot}
    </form>
  );
}

function objectOf(text: string): object | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null && !Array.isArray(read) ? read : undefined;
  } catch {
    return undefined;
  }
}
