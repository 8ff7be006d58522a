import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./global.css";
import "./i18n/index.ts";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { Problem } from "./api/problem.ts";
import { keys } from "./api/queries.ts";
import { App } from "./app.tsx";
import { theme } from "./theme.ts";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof Problem && error.status >= 400),
    },
  },
});

// Whatever request finds the session over, the whole console goes to the sign-in page.
client.getQueryCache().subscribe((event) => {
  if (event.type !== "updated" || event.action.type !== "error") return;
  const { error } = event.action;
  if (error instanceof Problem && error.status === 401 && event.query.queryKey[0] !== keys.me[0]) {
    void client.resetQueries({ queryKey: keys.me });
  }
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={3} />
      <QueryClientProvider client={client}>
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
}
