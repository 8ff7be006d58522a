import { Button, SimpleGrid, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;
const NAMES: Record<string, string> = { "*": "star", "#": "hash" };
const LETTERS: Record<string, string> = {
  "2": "ABC",
  "3": "DEF",
  "4": "GHI",
  "5": "JKL",
  "6": "MNO",
  "7": "PQRS",
  "8": "TUV",
  "9": "WXYZ",
};

/** A telephone's keys; those of the keyboard work too. Shows what was pressed. */
export function KeyPad({ press, disabled }: { press: (key: string) => void; disabled: boolean }) {
  const { t } = useTranslation();
  const [pressed, setPressed] = useState("");
  const latest = useRef(press);
  latest.current = (key) => {
    setPressed((before) => (before + key).slice(-24));
    press(key);
  };

  useEffect(() => {
    if (disabled) return;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      if ((KEYS as readonly string[]).includes(event.key)) latest.current(event.key);
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [disabled]);

  const label = (key: string) =>
    key === "*" ? t("call.star") : key === "#" ? t("call.hash") : t("call.key", { key });
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }} aria-label={t("call.keypad")}>
      <Text
        ta="center"
        ff="monospace"
        fz="lg"
        h={28}
        aria-live="polite"
        aria-label={t("call.pressed")}
        data-testid="pressed-keys"
      >
        {pressed}
      </Text>
      <SimpleGrid cols={3} spacing={8}>
        {KEYS.map((key) => (
          <Button
            key={key}
            variant="default"
            h={56}
            disabled={disabled}
            aria-label={label(key)}
            onClick={() => latest.current(key)}
            data-testid={`key-${NAMES[key] ?? key}`}
          >
            <span style={{ display: "block", lineHeight: 1.1 }}>
              <span style={{ fontSize: 22, fontWeight: 600 }}>{key}</span>
              <span className="quiet" style={{ display: "block", fontSize: 10, minHeight: 11 }}>
                {LETTERS[key] ?? ""}
              </span>
            </span>
          </Button>
        ))}
      </SimpleGrid>
      <Text size="xs" className="quiet" ta="center" mt={6}>
        {t("call.keypadHint")}
      </Text>
    </fieldset>
  );
}
