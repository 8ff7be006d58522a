import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** In development, `/call/{tenant}` is the click-to-call page, as the host serves it. */
function callPage(): Plugin {
  return {
    name: "hotline-call-page",
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        if (request.url?.startsWith("/call/")) request.url = "/call.html";
        next();
      });
    },
  };
}

const host = process.env.HOTLINE_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), callPage()],
  resolve: {
    // The form library's helpers for tests want it. It makes code of schemas, which here come from
    // strangers: `configuration/validator.ts` stands in its place.
    alias: {
      "@rjsf/validator-ajv8": fileURLToPath(
        new URL("src/pages/flows/configuration/no-validator.ts", import.meta.url),
      ),
    },
  },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 700,
    rolldownOptions: { input: { index: "index.html", call: "call.html" } },
  },
  server: {
    proxy: { "/api": { target: host, ws: true, changeOrigin: false } },
  },
  test: { include: ["src/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
