import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Otherwise, QueueRow } from "../../../api/types.ts";

interface Props {
  label: string;
  value?: Otherwise;
  onChange?: (value: Otherwise) => void;
  error?: React.ReactNode;
  /** Where a contact may be sent instead. */
  queues: QueueRow[];
}

const PLAIN = ["tell_flow", "callback", "voicemail", "hang_up"] as const;
const QUEUE = "queue:";

/** What becomes of a contact that the queue will not have. */
export function OtherwiseSelect({ label, value = "tell_flow", onChange, error, queues }: Props) {
  const { t } = useTranslation();
  return (
    <Select
      label={label}
      allowDeselect={false}
      error={error}
      data={[
        ...PLAIN.map((each) => ({
          value: each as string,
          label: t(`admin.queue.otherwise.${each}`),
        })),
        ...queues.map(({ id, name }) => ({
          value: QUEUE + id,
          label: t("admin.queue.otherwise.queue", { name }),
        })),
      ]}
      value={typeof value === "string" ? value : QUEUE + value.queue}
      onChange={(chosen) => {
        if (!chosen) return;
        const isQueue = chosen.startsWith(QUEUE);
        onChange?.(
          isQueue ? { queue: chosen.slice(QUEUE.length) } : (chosen as (typeof PLAIN)[number]),
        );
      }}
    />
  );
}
