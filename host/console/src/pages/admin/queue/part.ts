import type { UseFormReturnType } from "@mantine/form";
import type { QueueValues } from "./form.ts";

/** What every section of the queue's page is given. */
export interface Part {
  form: UseFormReturnType<QueueValues>;
  /** None for a queue that is being made. */
  queue: string | null;
}
