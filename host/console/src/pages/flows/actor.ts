import type { TFunction } from "i18next";
import type { Actor } from "../../api/types.ts";

/** Who did it, for people. */
export function actorName(by: Actor, t: TFunction): string {
  if (by === "flows_folder") return t("flows.by.folder");
  if (by === "host") return t("flows.by.host");
  if ("person" in by) return by.person.name;
  return t("flows.by.program", { name: by.program.name });
}
