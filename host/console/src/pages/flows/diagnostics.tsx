import { Alert, Anchor, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Diagnostic } from "../../api/types.ts";

interface Props {
  title: string;
  diagnostics: (Diagnostic & { page?: string })[];
  colour?: string;
  testId?: string;
  /** What it means for callers. */
  children?: ReactNode;
}

/** What was wrong with something saved or sent: where, what, and what to do. */
export function Diagnostics({ title, diagnostics, colour = "red", testId, children }: Props) {
  const { t } = useTranslation();
  return (
    <Alert
      color={colour}
      icon={<IconAlertTriangle size={20} />}
      title={title}
      role="alert"
      data-testid={testId}
    >
      <Stack gap="sm">
        {diagnostics.map((each, index) => (
          <div key={index}>
            <Text size="sm" ff="monospace" fw={600} style={{ overflowWrap: "anywhere" }}>
              {each.line === null
                ? each.path
                : t("flows.place", { path: each.path, line: each.line, column: each.column ?? 1 })}
            </Text>
            <Text style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>{each.message}</Text>
            {each.hint && (
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                <b>{t("flows.hint")}:</b> {each.hint}
              </Text>
            )}
            <Text size="xs" ff="monospace" className="quiet">
              {t(`flows.severity.${each.severity}`)} · {each.code}
              {each.page && (
                <>
                  {" · "}
                  <Anchor href={each.page} target="_blank" rel="noreferrer" inherit>
                    {t("flows.explained")}
                  </Anchor>
                </>
              )}
            </Text>
          </div>
        ))}
        {children && (
          <Text size="sm" fw={600}>
            {children}
          </Text>
        )}
      </Stack>
    </Alert>
  );
}
