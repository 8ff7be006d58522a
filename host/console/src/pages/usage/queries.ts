import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../../api/client.ts";
import type { ContactUsage, DayUsage } from "../../api/types.ts";

/** Pages of 500 rows that are read at most. */
const PAGES = 20;

interface UsageOfDays {
  rows: DayUsage[];
  /** Whether there is more than was read. */
  cut: boolean;
}

/** What was used from the first to the last day, the newest first. */
export const useUsageOfDays = (first: string, last: string) =>
  useQuery({
    queryKey: ["usage-days", first, last],
    queryFn: async (): Promise<UsageOfDays> => {
      const rows: DayUsage[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < PAGES; page += 1) {
        const answer: { items: DayUsage[]; next_cursor: string | null } = await ask(
          api.GET("/api/v1/usage/days", {
            params: { query: { first, last, limit: 500, ...(cursor ? { cursor } : {}) } },
          }),
        );
        rows.push(...answer.items);
        cursor = answer.next_cursor;
        if (cursor === null) return { rows, cut: false };
      }
      return { rows, cut: true };
    },
    placeholderData: (before) => before,
    refetchInterval: 15_000,
  });

/** What plugins used for one contact. */
export const useContactUsage = (id: string, open: boolean) =>
  useQuery({
    queryKey: ["contact-usage", id],
    queryFn: async () =>
      (
        await ask<{ items: ContactUsage[] }>(
          api.GET("/api/v1/contacts/{id}/usage", { params: { path: { id } } }),
        )
      ).items,
    refetchInterval: open ? 3_000 : false,
  });
