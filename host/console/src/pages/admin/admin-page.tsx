import { Stack, Tabs, Title } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { CalendarsSection } from "./calendar/calendars-section.tsx";
import { NumbersSection } from "./numbers-section.tsx";
import { QueuesSection } from "./queues-section.tsx";
import { TokensSection } from "./tokens-section.tsx";
import { UsersSection } from "./users-section.tsx";

const SECTIONS = {
  users: UsersSection,
  queues: QueuesSection,
  calendars: CalendarsSection,
  numbers: NumbersSection,
  tokens: TokensSection,
} as const;

/** What the tenant has set up. */
export default function AdminPage() {
  const { t } = useTranslation();
  const { section = "users" } = useParams();
  const navigate = useNavigate();
  const chosen = section in SECTIONS ? (section as keyof typeof SECTIONS) : "users";
  const Section = SECTIONS[chosen];

  useEffect(() => {
    document.title = `${t(`admin.${chosen}`)} · ${t("brand")}`;
  }, [t, chosen]);

  return (
    <Stack gap="md">
      <Title order={1}>{t("admin.title")}</Title>
      <Tabs value={chosen} onChange={(value) => value && navigate(`/admin/${value}`)}>
        <Tabs.List mb="md">
          {(Object.keys(SECTIONS) as (keyof typeof SECTIONS)[]).map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`admin.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={chosen}>
          <Section />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
