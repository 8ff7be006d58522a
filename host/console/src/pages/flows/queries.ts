import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../../api/client.ts";
import { keys, useChange } from "../../api/queries.ts";
import type {
  ConfigurationChoices,
  ConnectorJob,
  ConnectorStatus,
  ConnectorUse,
  KeptFault,
  Metered,
  OutboundExchange,
  PluginConfiguration,
  PluginKind,
  PluginPlan,
  PluginSettings,
  PluginTrial,
  ReplayReport,
  VersionDetail,
  VersionWish,
} from "../../api/types.ts";

/** Which plugin of the tenant. */
export interface PluginName {
  kind: PluginKind;
  name: string;
}

const pluginKeys = {
  version: (of: PluginName, id: string) => ["plugin", of.kind, of.name, "version", id] as const,
  trial: (of: PluginName) => ["plugin", of.kind, of.name, "trial"] as const,
  faults: (of: PluginName) => ["plugin", of.kind, of.name, "faults"] as const,
  usage: ["plugin-usage"] as const,
  choices: ["configuration-choices"] as const,
  configuration: (of: PluginName) => ["plugin", of.kind, of.name, "configuration"] as const,
  connector: (name: string) => ["connector", name] as const,
};

export const useVersion = (of: PluginName, version: string) =>
  useQuery({
    queryKey: pluginKeys.version(of, version),
    queryFn: () =>
      ask<VersionDetail>(
        api.GET("/api/v1/plugins/{kind}/{name}/versions/{version}", {
          params: { path: { ...of, version } },
        }),
      ),
  });

/** What came of the trial that is under way; counted anew every few seconds. */
export const useTrial = (of: PluginName) =>
  useQuery({
    queryKey: pluginKeys.trial(of),
    queryFn: async () =>
      (
        await ask<{ trial: PluginTrial | null }>(
          api.GET("/api/v1/plugins/{kind}/{name}/trial", { params: { path: { ...of } } }),
        )
      ).trial,
    refetchInterval: 3_000,
  });

/** The last failed calls, the newest first. */
export const useFaults = (of: PluginName) =>
  useQuery({
    queryKey: pluginKeys.faults(of),
    queryFn: async () =>
      (
        await ask<{ items: KeptFault[] }>(
          api.GET("/api/v1/plugins/{kind}/{name}/faults", {
            params: { path: { kind: of.kind, name: of.name } },
          }),
        )
      ).items,
    refetchInterval: 10_000,
  });

export const usePluginUsage = () =>
  useQuery({
    queryKey: pluginKeys.usage,
    queryFn: async () => (await ask<{ items: Metered[] }>(api.GET("/api/v1/usage/plugins"))).items,
    refetchInterval: 5_000,
  });

/** What the tenant's plugins may use. */
export const usePlan = () =>
  useQuery({
    queryKey: ["plan"],
    queryFn: () => ask<PluginPlan>(api.GET("/api/v1/plan")),
    refetchInterval: 15_000,
  });

/** Whatever changes a version changes the list, the version and the trial. */
function useVersionChange<Input, Output>(
  of: PluginName,
  change: (input: Input) => Promise<Output>,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.flows }),
        client.invalidateQueries({ queryKey: ["plugin", of.kind, of.name] }),
      ]),
  });
}

export const useMove = (of: PluginName) =>
  useVersionChange(of, (wish: { version: string; to: VersionWish; reason: string }) =>
    ask<VersionDetail>(
      api.POST("/api/v1/plugins/{kind}/{name}/versions/{version}/state", {
        params: { path: { ...of, version: wish.version } },
        body: { to: wish.to, reason: wish.reason },
      }),
    ),
  );

export const useReplay = (of: PluginName) =>
  useVersionChange(of, (version: string) =>
    ask<ReplayReport>(
      api.POST("/api/v1/plugins/{kind}/{name}/versions/{version}/replay", {
        params: { path: { ...of, version } },
      }),
    ),
  );

export const useConfigure = (of: PluginName) =>
  useVersionChange(of, (body: PluginSettings) =>
    ask<PluginSettings>(
      api.PUT("/api/v1/plugins/{kind}/{name}/settings", { params: { path: { ...of } }, body }),
    ),
  );

export interface Uploaded {
  of: PluginName;
  file: File;
  config: string;
  note: string;
}

/** Sends a version; what comes back is compiled, or rejected with its report. */
export function useUpload() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ of, file, config, note }: Uploaded) => {
      const form = new FormData();
      form.set("file", file);
      if (config.trim()) form.set("config", config);
      if (note.trim()) form.set("note", note);
      return ask<VersionDetail>(
        api.POST("/api/v1/plugins/{kind}/{name}/versions", {
          params: { path: { ...of } },
          body: form as never,
          // The form is sent as it is, with the boundary that the browser chooses.
          bodySerializer: (body: unknown) => body as FormData,
        }),
      );
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.flows }),
  });
}

/** What a form may offer of the tenant's own, for a plugin that is not here yet. */
export const useChoices = (enabled: boolean) =>
  useQuery({
    queryKey: pluginKeys.choices,
    enabled,
    queryFn: () => ask<ConfigurationChoices>(api.GET("/api/v1/configuration-choices")),
  });

export const useConfiguration = (of: PluginName, enabled: boolean) =>
  useQuery({
    queryKey: pluginKeys.configuration(of),
    enabled,
    queryFn: () =>
      ask<PluginConfiguration>(
        api.GET("/api/v1/plugins/{kind}/{name}/configuration", {
          params: { path: { kind: of.kind, name: of.name } },
        }),
      ),
  });

/** Makes a version with another configuration; what does not fit is refused by its place. */
export const useConfigured = (of: PluginName) =>
  useVersionChange(of, (wish: { value: object; note: string }) =>
    ask<VersionDetail>(
      api.PUT("/api/v1/plugins/{kind}/{name}/configuration", {
        params: { path: { kind: of.kind, name: of.name } },
        body: { value: wish.value as Record<string, never>, note: wish.note },
      }),
    ),
  );

/** What is set up for a connector, and how its endpoints fare. */
export const useConnector = (name: string) =>
  useQuery({
    queryKey: pluginKeys.connector(name),
    queryFn: () =>
      ask<ConnectorStatus>(api.GET("/api/v1/connectors/{name}", { params: { path: { name } } })),
    refetchInterval: 5_000,
  });

export const useConnectorJobs = (name: string) =>
  useQuery({
    queryKey: [...pluginKeys.connector(name), "jobs"],
    queryFn: async () =>
      (
        await ask<{ items: ConnectorJob[] }>(
          api.GET("/api/v1/connectors/{name}/jobs", { params: { path: { name } } }),
        )
      ).items,
    refetchInterval: 5_000,
  });

export const useConnectorExchanges = (name: string) =>
  useQuery({
    queryKey: [...pluginKeys.connector(name), "exchanges"],
    queryFn: async () =>
      (
        await ask<{ items: OutboundExchange[] }>(
          api.GET("/api/v1/connectors/{name}/exchanges", { params: { path: { name } } }),
        )
      ).items,
    refetchInterval: 5_000,
  });

export const useSecretSet = (name: string) =>
  useChange(
    ({ secret, value }: { secret: string; value: string }) =>
      ask(
        api.PUT("/api/v1/connectors/{name}/secrets/{secret}", {
          params: { path: { name, secret } },
          body: { value },
        }),
      ),
    pluginKeys.connector(name),
  );

export const useSecretDeleted = (name: string) =>
  useChange(
    (secret: string) =>
      ask(
        api.DELETE("/api/v1/connectors/{name}/secrets/{secret}", {
          params: { path: { name, secret } },
        }),
      ),
    pluginKeys.connector(name),
  );

export const useConnectorUses = (name: string) =>
  useChange(
    (uses: ConnectorUse[]) =>
      ask(
        api.PUT("/api/v1/connectors/{name}/uses", { params: { path: { name } }, body: { uses } }),
      ),
    pluginKeys.connector(name),
  );

export const useConnectorChecked = (name: string) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      ask<{ connected: boolean; summary: string }>(
        api.POST("/api/v1/connectors/{name}/check", { params: { path: { name } } }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: pluginKeys.connector(name) }),
  });
};

/** Jobs are known by their contacts. */
export const useJobRetried = (name: string) =>
  useChange(
    (contact: string) =>
      ask(
        api.POST("/api/v1/connectors/{name}/jobs/{id}/retry", {
          params: { path: { name, id: contact } },
        }),
      ),
    pluginKeys.connector(name),
  );
