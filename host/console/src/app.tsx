import { Anchor, Center, Stack, Title } from "@mantine/core";
import { lazy, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, Route, Routes, useLocation } from "react-router";
import { Problem } from "./api/problem.ts";
import { useMe } from "./api/queries.ts";
import type { Me, Role } from "./api/types.ts";
import { StandingLegProvider } from "./audio/use-standing-leg.tsx";
import { Frame } from "./components/frame.tsx";
import { Failed, Loading } from "./components/states.tsx";
import { suggestLanguage } from "./i18n/index.ts";
import { LiveProvider } from "./live/provider.tsx";
import { rememberedTenant, SignIn } from "./pages/sign-in.tsx";

const AgentPage = lazy(() => import("./pages/agent/agent-page.tsx"));
const WallboardPage = lazy(() => import("./pages/wallboard/wallboard-page.tsx"));
const ContactsPage = lazy(() => import("./pages/contacts/contacts-page.tsx"));
const ContactPage = lazy(() => import("./pages/contacts/contact-page.tsx"));
const RoutingPage = lazy(() => import("./pages/routing/routing-page.tsx"));
const FlowsPage = lazy(() => import("./pages/flows/flows-page.tsx"));
const UsagePage = lazy(() => import("./pages/usage/usage-page.tsx"));
const QueuePage = lazy(() => import("./pages/admin/queue/queue-page.tsx"));
const AdminPage = lazy(() => import("./pages/admin/admin-page.tsx"));

export function App() {
  return (
    <Routes>
      <Route path="/sign-in" element={<SignIn />} />
      <Route element={<SignedIn />}>
        <Route index element={<Start />} />
        <Route path="/desk" element={<AgentPage />} />
        <Route path="/wallboard" element={<WallboardPage />} />
        <Route path="/contacts" element={<ContactsPage />} />
        <Route path="/contacts/:id" element={<ContactPage />} />
        <Route path="/routing" element={<RoutingPage />} />
        <Route path="/flows" element={<FlowsPage />} />
        <Route path="/flows/:name" element={<FlowsPage />} />
        <Route path="/flows/:kind/:name" element={<FlowsPage />} />
        <Route path="/usage" element={<UsagePage />} />
        <Route path="/admin" element={<Navigate to="/admin/users" replace />} />
        <Route path="/admin/queues/:id" element={<QueuePage />} />
        <Route path="/admin/:section" element={<AdminPage />} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}

const START: Record<Role, string> = {
  agent: "/desk",
  supervisor: "/wallboard",
  admin: "/wallboard",
};

function Start() {
  const me = useMe().data;
  return me ? <Navigate to={START[me.role]} replace /> : null;
}

/** Everything behind the sign-in: one live connection and, for agents, one audio leg. */
function SignedIn() {
  const me = useMe();
  const location = useLocation();
  if (me.data) return <Signed me={me.data} />;
  if (me.error instanceof Problem && me.error.status === 401) {
    const query = new URLSearchParams();
    if (rememberedTenant()) query.set("tenant", rememberedTenant());
    if (location.pathname !== "/") query.set("next", location.pathname + location.search);
    return <Navigate to={`/sign-in?${query}`} replace />;
  }
  if (me.error) return <Failed error={me.error} retry={() => void me.refetch()} />;
  return <Loading />;
}

function Signed({ me }: { me: Me }) {
  useEffect(() => suggestLanguage(me.language), [me.language]);
  const frame = <Frame me={me} />;
  return (
    <LiveProvider>
      {me.role === "agent" ? <StandingLegProvider>{frame}</StandingLegProvider> : frame}
    </LiveProvider>
  );
}

function NotFound() {
  const { t } = useTranslation();
  return (
    <Center mih={300}>
      <Stack align="center">
        <Title order={1}>{t("notFound.title")}</Title>
        <Anchor component={Link} to="/">
          {t("notFound.back")}
        </Anchor>
      </Stack>
    </Center>
  );
}
