import i18next, { type TFunction } from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en/index.ts";
import { zhCN } from "./zh-CN/index.ts";

export const LANGUAGES = ["en", "zh-CN"] as const;
export type Language = (typeof LANGUAGES)[number];

const CHOSEN = "hotline.language";

function closest(tag: string | null | undefined): Language | undefined {
  if (tag?.toLowerCase().startsWith("zh")) return "zh-CN";
  return tag?.toLowerCase().startsWith("en") ? "en" : undefined;
}

/** The language that this person chose here before, if any. */
export function chosenLanguage(): Language | undefined {
  return closest(localStorage.getItem(CHOSEN));
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(CHOSEN, language);
  void i18next.changeLanguage(language);
}

/** Follows a profile's language unless this person chose another one here. */
export function suggestLanguage(tag: string | null | undefined): void {
  const language = closest(tag);
  if (language && !chosenLanguage()) void i18next.changeLanguage(language);
}

/** For visitors: a tenant's language, unless their browser speaks one of ours. */
export function fallBackTo(tag: string | null | undefined): void {
  if (!closest(navigator.language)) suggestLanguage(tag);
}

/** A word that the server may add to at any time: translated where we know it, as it is otherwise. */
export function word(t: TFunction, group: string, value: string): string {
  const key = `${group}.${value.replaceAll(/[^a-z0-9_]/g, "_")}`;
  return (t as (key: string, options: object) => string)(key, {
    defaultValue: value.replaceAll("_", " "),
  });
}

i18next.on("languageChanged", (language) => {
  document.documentElement.lang = language;
});

void i18next.use(initReactI18next).init({
  resources: { en: { translation: en }, "zh-CN": { translation: zhCN } },
  lng: chosenLanguage() ?? closest(navigator.language) ?? "en",
  fallbackLng: "en",
  interpolation: { escapeValue: false },
  returnNull: false,
});

export { i18next };
