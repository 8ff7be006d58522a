import type { Texts } from "../texts.ts";
import { admin } from "./admin.ts";
import { agent } from "./agent.ts";
import { call } from "./call.ts";
import { common } from "./common.ts";
import { configuration } from "./configuration.ts";
import { connector } from "./connector.ts";
import { contacts } from "./contacts.ts";
import { faults } from "./faults.ts";
import { flows } from "./flows.ts";
import { routing } from "./routing.ts";
import { usage } from "./usage.ts";
import { wallboard } from "./wallboard.ts";

export const zhCN: Texts = {
  ...common,
  agent,
  wallboard,
  contacts,
  faults,
  flows,
  configuration,
  connector,
  routing,
  usage,
  admin,
  call,
};
