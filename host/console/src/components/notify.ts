import { notifications } from "@mantine/notifications";
import { explain } from "../api/problem.ts";
import type { PluginStatus } from "../api/types.ts";
import { versionLabel } from "../api/types.ts";
import { i18next } from "../i18n/index.ts";

/** Tells that something asked for was refused or failed. */
export function notifyFailure(error: unknown): void {
  notifications.show({
    color: "red",
    title: i18next.t("problem.title"),
    message: explain(error, i18next.t),
    autoClose: 8_000,
  });
}

export function notifyDone(message: string): void {
  notifications.show({ color: "green", message, autoClose: 2_500 });
}

/** Tells wherever one is in the console that a saved plugin went live, or was refused. */
export function tellPluginStatus({ name, live, problem }: PluginStatus): void {
  // The page of the flows shows it by itself.
  if (location.pathname.startsWith("/flows")) return;
  if (problem) {
    notifications.show({
      id: `plugin/${name}`,
      color: "red",
      title: i18next.t("flows.wasRefused", { name }),
      message: problem[0]?.message ?? "",
      autoClose: 10_000,
    });
  } else if (live) {
    notifyDone(i18next.t("flows.wentLive", { version: versionLabel(live) }));
  }
}
