import {
  AppShell,
  Box,
  Burger,
  Group,
  Menu,
  NavLink,
  Text,
  Tooltip,
  UnstyledButton,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconAdjustments,
  IconArrowsSplit,
  IconChartBar,
  IconChevronDown,
  IconGauge,
  IconHeadset,
  IconLogout,
  IconPhoneCall,
  IconSitemap,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation } from "react-router";
import { api } from "../api/client.ts";
import type { Me, Role } from "../api/types.ts";
import { useLive } from "../live/provider.tsx";
import { CrashGuard } from "./crash.tsx";
import { Preferences } from "./preferences.tsx";
import { Loading } from "./states.tsx";

/** The console's pages in the order of the menu, with the roles that see them. */
const PAGES = [
  { to: "/desk", key: "desk", icon: IconHeadset, roles: ["agent"] },
  { to: "/wallboard", key: "wallboard", icon: IconGauge, roles: ["supervisor", "admin"] },
  {
    to: "/contacts",
    key: "contacts",
    icon: IconPhoneCall,
    roles: ["agent", "supervisor", "admin"],
  },
  { to: "/routing", key: "routing", icon: IconArrowsSplit, roles: ["supervisor", "admin"] },
  { to: "/flows", key: "flows", icon: IconSitemap, roles: ["supervisor", "admin"] },
  { to: "/usage", key: "usage", icon: IconChartBar, roles: ["supervisor", "admin"] },
  { to: "/admin", key: "admin", icon: IconAdjustments, roles: ["admin"] },
] as const satisfies readonly { to: string; key: string; icon: unknown; roles: readonly Role[] }[];

/** Head, menu and the page of the route. */
export function Frame({ me }: { me: Me }) {
  const { t } = useTranslation();
  const [menuOpen, menu] = useDisclosure(false);
  const { pathname } = useLocation();
  const pages = PAGES.filter((page) => (page.roles as readonly Role[]).includes(me.role));

  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 196, breakpoint: "md", collapsed: { mobile: !menuOpen } }}
      padding={{ base: "sm", md: "md" }}
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
            <Burger
              opened={menuOpen}
              onClick={menu.toggle}
              hiddenFrom="md"
              size="sm"
              aria-label={t("nav.open")}
            />
            <img src="/hotline.svg" width={26} height={26} alt="" />
            <Text fw={700} visibleFrom="xs">
              {t("brand")}
            </Text>
            <Text className="quiet" truncate visibleFrom="sm">
              {me.tenant.display_name}
            </Text>
          </Group>
          <Group gap={6} wrap="nowrap">
            <ConnectionBadge />
            <Preferences />
            <Account me={me} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t("nav.label")}>
        {pages.map(({ to, key, icon: Icon }) => (
          <NavLink
            key={to}
            component={Link}
            to={to}
            label={t(`nav.${key}`)}
            leftSection={<Icon size={18} stroke={1.7} />}
            active={pathname.startsWith(to)}
            aria-current={pathname.startsWith(to) ? "page" : undefined}
            onClick={menu.close}
            style={{ borderRadius: "var(--mantine-radius-md)" }}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main>
        <Box maw={1680} mx="auto">
          <CrashGuard key={pathname}>
            <Suspense fallback={<Loading />}>
              <Outlet />
            </Suspense>
          </CrashGuard>
        </Box>
      </AppShell.Main>
    </AppShell>
  );
}

function ConnectionBadge() {
  const { t } = useTranslation();
  const status = useLive((state) => state.status);
  const label = t(`connection.${status}`);
  const colour = {
    open: "var(--state-ready)",
    connecting: "var(--state-signed_out)",
    lost: "var(--state-bad)",
  }[status];
  return (
    <Tooltip label={label}>
      <Group
        gap={6}
        px={6}
        wrap="nowrap"
        role="status"
        aria-label={label}
        data-testid="connection"
        data-status={status}
      >
        <span
          aria-hidden
          className={status === "lost" ? "attention" : undefined}
          style={{ width: 9, height: 9, borderRadius: "50%", background: colour }}
        />
        <Text size="sm" visibleFrom="xs">
          {status === "open" ? label : "…"}
        </Text>
      </Group>
    </Tooltip>
  );
}

function Account({ me }: { me: Me }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const signOut = async () => {
    await api.DELETE("/api/v1/session").catch(() => undefined);
    client.clear();
    location.assign(`/sign-in?tenant=${encodeURIComponent(me.tenant.name)}`);
  };
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton aria-label={t("account.label")} px={6} py={4}>
          <Group gap={4} wrap="nowrap">
            <Text size="sm" fw={600} truncate maw={{ base: 76, sm: 180 }}>
              {me.display_name}
            </Text>
            <IconChevronDown size={14} />
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.user_name} · {t(`account.role.${me.role}`)}
          <br />
          {me.tenant.display_name}
        </Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t("account.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
