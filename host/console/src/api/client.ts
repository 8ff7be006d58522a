import createClient from "openapi-fetch";
import { sawServerDate } from "../live/clock.ts";
import { Problem } from "./problem.ts";
import type { paths } from "./schema.d.ts";

/** The session is a cookie of the same origin; nothing is kept in script's reach. */
export const api = createClient<paths>({ baseUrl: "", credentials: "same-origin" });

api.use({
  onResponse({ response }) {
    const date = response.headers.get("date");
    if (date) sawServerDate(date);
  },
});

interface Result {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/**
 * The body of a request that went well, as the noun that it is (a generated schema spells pairs as
 * plain arrays); otherwise throws a {@link Problem}.
 */
export async function ask<T = unknown>(request: Promise<Result>): Promise<T> {
  let result: Result;
  try {
    result = await request;
  } catch {
    throw Problem.unreachable();
  }
  if (!result.response.ok) throw Problem.from(result.response.status, result.error);
  return result.data as T;
}
