import { Alert, Button, Center, Loader, Stack, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../api/problem.ts";

export function Loading() {
  const { t } = useTranslation();
  return (
    <Center py="xl">
      <Loader size="sm" aria-label={t("loading")} />
    </Center>
  );
}

export function Empty({ children, icon }: { children: ReactNode; icon?: ReactNode }) {
  return (
    <Stack align="center" gap={6} py="xl" px="md" className="quiet">
      {icon}
      <Text size="sm" ta="center" maw={420}>
        {children}
      </Text>
    </Stack>
  );
}

/** Something could not be read or done; says why, and offers another try where that makes sense. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  return (
    <Alert
      color="red"
      icon={<IconAlertCircle size={18} />}
      title={t("problem.title")}
      role="alert"
      m="md"
    >
      <Stack gap="xs" align="flex-start">
        {explain(error, t)}
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            {t("problem.retry")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

interface Answer<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** An answer of the API: loading, failed, or its content. A failed refresh keeps the old content. */
export function Loaded<T>({ of, children }: { of: Answer<T>; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return children(of.data);
  if (of.error) return <Failed error={of.error} retry={() => void of.refetch()} />;
  return <Loading />;
}
