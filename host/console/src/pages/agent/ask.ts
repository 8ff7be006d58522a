import type { AgentRequest } from "../../api/types.ts";

/** Asks something of the host for the agent; a refusal is shown. */
export type Ask = (request: AgentRequest) => void;
