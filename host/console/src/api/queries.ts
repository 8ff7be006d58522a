import {
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api, ask } from "./client.ts";

import type {
  AgentRequest,
  AgentRow,
  Calendar,
  Contact,
  ContactQuery,
  ContactRow,
  Fact,
  Me,
  NumberRow,
  PluginStatus,
  QueueRow,
  Token,
  User,
} from "./types.ts";

interface Items<T> {
  items: T[];
}

/** Names under which answers are cached; pushes invalidate by them. */
export const keys = {
  me: ["me"] as const,
  desk: ["desk"] as const,
  queues: ["queues"] as const,
  agents: ["agents"] as const,
  users: ["users"] as const,
  calendars: ["calendars"] as const,
  numbers: ["numbers"] as const,
  tokens: ["tokens"] as const,
  flows: ["flows"] as const,
  contacts: ["contacts"] as const,
  contact: (id: string) => ["contact", id] as const,
};

export const useMe = () =>
  useQuery({
    queryKey: keys.me,
    queryFn: () => ask<Me>(api.GET("/api/v1/me")),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export const useQueues = () =>
  useQuery({
    queryKey: keys.queues,
    queryFn: async () => (await ask<Items<QueueRow>>(api.GET("/api/v1/queues"))).items,
  });

/** For supervisors; others may not list their colleagues. */
export const useAgents = (enabled = true) =>
  useQuery({
    queryKey: keys.agents,
    enabled,
    queryFn: async () => (await ask<Items<AgentRow>>(api.GET("/api/v1/agents"))).items,
  });

export const useUsers = () =>
  useQuery({
    queryKey: keys.users,
    queryFn: async () => (await ask<Items<User>>(api.GET("/api/v1/users"))).items,
  });

export const useCalendars = () =>
  useQuery({
    queryKey: keys.calendars,
    queryFn: async () => (await ask<Items<Calendar>>(api.GET("/api/v1/calendars"))).items,
  });

/** What the monitors found; asked anew when they count more. */
export const useViolations = (counted: number) =>
  useQuery({
    queryKey: ["violations", counted],
    queryFn: async () =>
      (
        await ask<Items<Fact>>(
          api.GET("/api/v1/routing/violations", { params: { query: { limit: 20 } } }),
        )
      ).items,
  });

export const useNumbers = () =>
  useQuery({
    queryKey: keys.numbers,
    queryFn: async () => (await ask<Items<NumberRow>>(api.GET("/api/v1/numbers"))).items,
  });

export const useTokens = () =>
  useQuery({
    queryKey: keys.tokens,
    queryFn: async () => (await ask<Items<Token>>(api.GET("/api/v1/tokens"))).items,
  });

export const useFlows = () =>
  useQuery({
    queryKey: keys.flows,
    queryFn: async () => (await ask<Items<PluginStatus>>(api.GET("/api/v1/flows"))).items,
    // How many calls run on which version changes without a push.
    refetchInterval: 5_000,
  });

/** Pages of contacts, newest first. */
export const useContacts = (filter: ContactQuery, limit = 50) =>
  useInfiniteQuery({
    queryKey: [...keys.contacts, filter, limit],
    queryFn: ({ pageParam }) =>
      ask<Items<ContactRow> & { next_cursor: string | null }>(
        api.GET("/api/v1/contacts", {
          params: { query: { ...filter, limit, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const useContact = (id: string) =>
  useQuery({
    queryKey: keys.contact(id),
    queryFn: () => ask<Contact>(api.GET("/api/v1/contacts/{id}", { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data?.ended_at === null ? 3_000 : false),
  });

export const useTimeline = (id: string, open: boolean) =>
  useQuery({
    queryKey: [...keys.contact(id), "timeline"],
    queryFn: async () =>
      (
        await ask<Items<Fact>>(
          api.GET("/api/v1/contacts/{id}/timeline", { params: { path: { id } } }),
        )
      ).items,
    refetchInterval: open ? 3_000 : false,
  });

export const useAgentRequest = () =>
  useMutation({
    mutationFn: (body: AgentRequest) => ask(api.POST("/api/v1/agent/requests", { body })),
  });

/** A mutation after which the named answers are read again. */
export function useChange<Input>(
  change: (input: Input) => Promise<unknown>,
  stale: readonly string[],
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: stale }),
  });
}

/** Puts a pushed status into the cached list, and asks again for the calls per version. */
export function takePluginStatus(client: QueryClient, status: PluginStatus) {
  client.setQueryData<PluginStatus[]>(keys.flows, (rows) => {
    if (!rows) return rows;
    const known = rows.some((row) => row.name === status.name && row.kind === status.kind);
    if (!known) return [...rows, status];
    return rows.map((row) =>
      row.name === status.name && row.kind === status.kind ? { ...row, ...status } : row,
    );
  });
  void client.invalidateQueries({ queryKey: keys.flows });
}
