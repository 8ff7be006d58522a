import { Stack, Title } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Decisions } from "./decisions.tsx";
import { Policies } from "./policies.tsx";
import { WhatIfPanel } from "./what-if-panel.tsx";

/** Who decides in which queue, how they decided lately, and how others would have. */
export default function RoutingPage() {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${t("routing.title")} · ${t("brand")}`;
  }, [t]);
  return (
    <Stack gap="md">
      <Title order={1}>{t("routing.title")}</Title>
      <Policies />
      <WhatIfPanel />
      <Decisions />
    </Stack>
  );
}
