import {
  Alert,
  Button,
  FileInput,
  Group,
  JsonInput,
  Modal,
  Select,
  Stack,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../../api/problem.ts";
import type { PluginKind, VersionDetail } from "../../api/types.ts";
import { useUpload } from "./queries.ts";

const KINDS: PluginKind[] = ["flow", "policy", "qa", "connector"];

interface Props {
  /** None of a plugin that is new. */
  kind?: PluginKind;
  name?: string;
  onClose: () => void;
  onDone: (version: VersionDetail) => void;
}

/** Sends a file as a new version. Nothing changes for callers before somebody stages it. */
export function UploadDialog({ kind, name, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const [chosenKind, setKind] = useState<PluginKind>(kind ?? "flow");
  const [chosenName, setName] = useState(name ?? "");
  const [file, setFile] = useState<File | null>(null);
  const [config, setConfig] = useState("");
  const [note, setNote] = useState("");
  const upload = useUpload();
  const send = () => {
    if (!file) return;
    upload.mutate(
      { of: { kind: chosenKind, name: chosenName.trim() }, file, config, note },
      { onSuccess: onDone },
    );
  };
  return (
    <Modal opened onClose={onClose} title={t("flows.uploadTitle")} size="lg">
      <Stack>
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
        <FileInput
          label={t("flows.file")}
          description={t("flows.fileHelp")}
          placeholder={t("flows.filePick")}
          leftSection={<IconFileUpload size={17} />}
          accept=".wasm,.yaml,.yml"
          value={file}
          onChange={setFile}
          clearable
        />
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
            onClick={send}
            loading={upload.isPending}
            disabled={!file || !chosenName.trim()}
            data-testid="upload-send"
          >
            {t("flows.uploadSend")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
