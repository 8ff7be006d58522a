import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../../api/client.ts";
import type { DecisionRow, WhatIfStatus, WhatIfWish } from "../../api/types.ts";

const latest = ["what-if"] as const;

export const isUnderWay = (job: WhatIfStatus | null | undefined): boolean =>
  job?.state === "preparing" || job?.state === "simulating";

/** The latest run with its result, followed while it is under way. */
export function useWhatIf() {
  return useQuery({
    queryKey: latest,
    queryFn: async () => {
      const { what_if } = await ask<{ what_if: WhatIfStatus | null }>(
        api.GET("/api/v1/routing/what-if"),
      );
      if (what_if?.state !== "done") return what_if;
      return ask<WhatIfStatus>(
        api.GET("/api/v1/routing/what-if/{id}", { params: { path: { id: what_if.id } } }),
      );
    },
    refetchInterval: (query) => (isUnderWay(query.state.data) ? 500 : false),
  });
}

export function useStartWhatIf() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: WhatIfWish) =>
      ask<WhatIfStatus>(api.POST("/api/v1/routing/what-if", { body })),
    onSuccess: (job) => client.setQueryData(latest, job),
  });
}

export function useCancelWhatIf() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      ask(api.DELETE("/api/v1/routing/what-if/{id}", { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: latest }),
  });
}

export const useDecisions = () =>
  useQuery({
    queryKey: ["decisions"],
    queryFn: async () =>
      (
        await ask<{ items: DecisionRow[] }>(
          api.GET("/api/v1/routing/decisions", { params: { query: { limit: 30 } } }),
        )
      ).items,
    refetchInterval: 5_000,
  });
