import "@mantine/core/styles.css";
import "../global.css";
import "../i18n/index.ts";
import { Box, Group, MantineProvider, Text } from "@mantine/core";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { createRoot } from "react-dom/client";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client.ts";
import { Problem } from "../api/problem.ts";
import type { PublicTenant } from "../api/types.ts";
import { Preferences } from "../components/preferences.tsx";
import { Failed, Loading } from "../components/states.tsx";
import { fallBackTo } from "../i18n/index.ts";
import { theme } from "../theme.ts";
import { CallPage } from "./call-page.tsx";

/** `/call/{tenant}` */
const tenant = decodeURIComponent(location.pathname.split("/")[2] ?? "");

function Page() {
  const { t } = useTranslation();
  const page = useQuery({
    queryKey: ["page"],
    queryFn: () =>
      ask<PublicTenant>(api.GET("/api/v1/public/{tenant}", { params: { path: { tenant } } })),
    staleTime: Number.POSITIVE_INFINITY,
    retry: (failures, error) => failures < 3 && !(error instanceof Problem && error.status >= 400),
  });
  const name = page.data?.display_name;
  const language = page.data?.language;
  useEffect(() => {
    document.title = name ? t("call.title", { name }) : t("brand");
  }, [t, name]);
  useEffect(() => fallBackTo(language), [language]);

  return (
    <Box mih="100dvh" style={{ display: "flex", flexDirection: "column" }}>
      <Group justify="flex-end" p="sm" gap={6}>
        <Preferences />
      </Group>
      <Box m="0 auto" w="100%" maw={430} px="md" pb="xl">
        <main className="panel" style={{ padding: "var(--mantine-spacing-lg)" }}>
          {page.data && <CallPage tenant={tenant} page={page.data} />}
          {page.isPending && <Loading />}
          {page.error instanceof Problem && page.error.status === 404 ? (
            <Text>{t("call.unknown")}</Text>
          ) : (
            page.error && <Failed error={page.error} retry={() => void page.refetch()} />
          )}
        </main>
      </Box>
    </Box>
  );
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={new QueryClient()}>
        <Page />
      </QueryClientProvider>
    </MantineProvider>,
  );
}
