import type { Schema } from "@cfworker/json-schema";
import {
  Alert,
  Button,
  FileInput,
  Group,
  JsonInput,
  Modal,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../../api/problem.ts";
import type { PluginKind, VersionDetail } from "../../api/types.ts";
import { Loaded, Loading } from "../../components/states.tsx";
import { kindOf, type Manifest, manifestOf } from "./manifest.ts";
import { useChoices, useConfiguration, useUpload } from "./queries.ts";

const SchemaForm = lazy(() => import("./configuration/schema-form.tsx"));

const KINDS: PluginKind[] = ["flow", "policy", "qa", "connector", "language"];

interface Props {
  /** None of a plugin that is new. */
  kind?: PluginKind;
  name?: string;
  onClose: () => void;
  onDone: (version: VersionDetail, kind: PluginKind) => void;
}

/** Sends a file as a new version. Nothing changes for callers before somebody stages it. */
export function UploadDialog({ kind, name, onClose, onDone }: Props) {
  const { t, i18n } = useTranslation();
  const [chosenKind, setKind] = useState<PluginKind>(kind ?? "flow");
  const [chosenName, setName] = useState(name ?? "");
  const [file, setFile] = useState<File | null>(null);
  const [manifest, setManifest] = useState<Manifest>();
  const [value, setValue] = useState<object>();
  const [config, setConfig] = useState("");
  const [note, setNote] = useState("");
  const upload = useUpload();
  const schema = manifest?.config_schema;
  const choices = useChoices(schema !== undefined);
  const active = useConfiguration({ kind: chosenKind, name: chosenName }, name !== undefined);

  const pick = async (picked: File | null) => {
    setFile(picked);
    const said = picked && manifestOf(new Uint8Array(await picked.arrayBuffer()));
    setManifest(said ?? undefined);
    setValue(undefined);
    if (!said || name !== undefined) return;
    setKind(kindOf(said.world) ?? chosenKind);
    setName(said.name);
  };
  const send = (config: string) => {
    if (!file) return;
    upload.mutate(
      { of: { kind: chosenKind, name: chosenName.trim() }, file, config, note },
      { onSuccess: (version) => onDone(version, chosenKind) },
    );
  };

  const words = i18n.language === "zh-CN" ? "zh-CN" : "en";
  const description = manifest?.description?.[words];
  const foot = (
    <Stack mt="md">
      <Textarea
        label={t("flows.note")}
        description={t("flows.noteHelp")}
        maxLength={500}
        autosize
        minRows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {upload.error && (
        <Alert color="red" role="alert">
          {explain(upload.error, t)}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button
          type="submit"
          loading={upload.isPending}
          disabled={!file || !chosenName.trim()}
          data-testid="upload-send"
        >
          {t("flows.uploadSend")}
        </Button>
      </Group>
    </Stack>
  );
  return (
    <Modal opened onClose={onClose} title={t("flows.uploadTitle")} size="lg">
      <Stack>
        <FileInput
          label={t("flows.file")}
          description={t("flows.fileHelp")}
          placeholder={t("flows.filePick")}
          leftSection={<IconFileUpload size={17} />}
          value={file}
          onChange={(picked) => void pick(picked)}
          clearable
        />
        {description && <Text size="sm">{description}</Text>}
        {name === undefined && (
          <Group grow align="flex-start">
            <Select
              label={t("flows.column.kind")}
              data={KINDS.map((value) => ({ value, label: t(`flows.kind.${value}`) }))}
              value={chosenKind}
              onChange={(value) => setKind((value as PluginKind | null) ?? "flow")}
              allowDeselect={false}
            />
            <TextInput
              label={t("flows.column.name")}
              value={chosenName}
              onChange={(event) => setName(event.currentTarget.value)}
              data-testid="upload-name"
            />
          </Group>
        )}
        {schema ? (
          <Loaded of={choices}>
            {(offered) => (
              <Suspense fallback={<Loading />}>
                <SchemaForm
                  schema={schema as Schema}
                  value={value ?? active.data?.value ?? {}}
                  choices={{ ...offered, secret: (manifest.secrets ?? []).map((one) => one.name) }}
                  disabled={upload.isPending}
                  refused={{}}
                  onChange={setValue}
                  onSubmit={(filled) => send(JSON.stringify(filled))}
                >
                  {foot}
                </SchemaForm>
              </Suspense>
            )}
          </Loaded>
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              send(config);
            }}
          >
            <JsonInput
              label={t("flows.config")}
              description={t("flows.configHelp")}
              autosize
              minRows={2}
              maxRows={12}
              formatOnBlur
              validationError={t("flows.configWrong")}
              value={config}
              onChange={setConfig}
            />
            {foot}
          </form>
        )}
      </Stack>
    </Modal>
  );
}
