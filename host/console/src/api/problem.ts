import type { TFunction } from "i18next";
import { word } from "../i18n/index.ts";
import type { ProblemDetails } from "./types.ts";

/** A refusal of the API (RFC 9457), or the lack of any answer (status 0). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  /** Messages by field name, for forms. */
  readonly fields: Record<string, string>;

  private constructor(status: number, code: string, message: string, fields = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  static unreachable(): Problem {
    return new Problem(0, "unreachable", "");
  }

  static from(status: number, body: unknown): Problem {
    const details = isDetails(body) ? body : undefined;
    return new Problem(
      status,
      details?.code ?? `http_${status}`,
      details?.detail ?? details?.title ?? "",
      Object.fromEntries((details?.errors ?? []).map(({ field, message }) => [field, message])),
    );
  }
}

function isDetails(body: unknown): body is ProblemDetails {
  return typeof body === "object" && body !== null && "title" in body;
}

/** The sentence for a person: our own wording where the status says it all, the server's for the rest. */
export function explain(error: unknown, t: TFunction): string {
  if (!(error instanceof Problem)) return error instanceof Error ? error.message : String(error);
  // What the switchboard refuses an agent with, in words that it may add to.
  if (error.code === "refused") return word(t, "refusal", error.message);
  const known: Record<number, string> = {
    0: t("problem.unreachable"),
    401: t("problem.signedOut"),
    403: t("problem.forbidden"),
    413: t("problem.tooLarge"),
    429: t("problem.tooMany"),
    503: t("problem.overloaded"),
  };
  return known[error.status] || error.message || t("problem.unknown", { status: error.status });
}
