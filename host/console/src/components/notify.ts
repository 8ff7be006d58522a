import { notifications } from "@mantine/notifications";
import { explain } from "../api/problem.ts";
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
