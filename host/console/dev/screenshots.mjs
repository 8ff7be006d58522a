/**
 * Walks through every page against the mock host and takes pictures at a desk's and a phone's width
 * in both languages: `npm run build && npm run screenshots -- [folder] [only-names-with-this]`.
 */
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import * as data from "./mock-data.mjs";
import { MockHost } from "./mock-server.mjs";

const folder = process.argv[2] ?? join(tmpdir(), "hotline-console");
const only = process.argv[3] ?? "";
mkdirSync(folder, { recursive: true });

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--allow-loopback-in-peer-connection",
  "--autoplay-policy=no-user-gesture-required",
];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
const helper = await (await browser.newContext()).newPage();

/** A page that answers offers and sends a tone. */
const answer = (sdp) =>
  helper.evaluate(async (offer) => {
    const peer = new RTCPeerConnection();
    globalThis.peers = [...(globalThis.peers ?? []), peer];
    const context = new AudioContext();
    const tone = context.createOscillator();
    const out = context.createMediaStreamDestination();
    tone.connect(out);
    tone.start();
    await peer.setRemoteDescription({ type: "offer", sdp: offer });
    peer.addTrack(out.stream.getAudioTracks()[0]);
    await peer.setLocalDescription(await peer.createAnswer());
    while (peer.iceGatheringState !== "complete") await new Promise((done) => setTimeout(done, 20));
    return peer.localDescription.sdp;
  }, sdp);
const mock = new MockHost(answer);
await mock.listen(8_090);
const BASE = "http://127.0.0.1:8090";
await helper.goto(`${BASE}/hotline.svg`);

const noise = [];

async function open(user, size, language, scheme = "light") {
  const context = await browser.newContext({
    baseURL: BASE,
    viewport: size,
    colorScheme: scheme,
    locale: language,
    permissions: ["microphone"],
  });
  await context.addInitScript((tag) => localStorage.setItem("hotline.language", tag), language);
  if (user) await context.addCookies([{ name: "hotline_session", value: user, url: BASE }]);
  const page = await context.newPage();
  page.on("pageerror", (error) => noise.push(`${user}: ${error}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) noise.push(`${user}: ${message.text()}`);
  });
  return page;
}

const now = () => Date.now();
const desk = async (page) => {
  await page.goto("/desk");
  await page.locator('[data-testid="audio-leg-state"][data-state="connected"]').waitFor();
};

/** Name, user and how to get there. */
const SCENES = {
  "sign-in": [null, (page) => page.goto("/sign-in?tenant=demo")],
  "sign-in-wrong": [
    null,
    async (page) => {
      await page.goto("/sign-in?tenant=demo");
      await page.getByTestId("sign-in-user-name").fill("ana");
      await page.getByTestId("sign-in-password").fill("wrong");
      await page.getByTestId("sign-in-submit").click();
      await page.getByTestId("sign-in-problem").waitFor();
    },
  ],
  "desk-paused": ["ana", desk],
  "desk-diagnostics": [
    "ana",
    async (page) => {
      await desk(page);
      await page.getByTestId("audio-diagnostics-button").click();
      await page.waitForTimeout(1_500);
    },
  ],
  "desk-ready": [
    "ana",
    async (page) => {
      await desk(page);
      await page.getByTestId("ready-button").click();
      await page.locator('[data-testid="agent-state"][data-state="ready"]').waitFor();
      await page.waitForTimeout(400);
    },
  ],
  "desk-no-microphone": [
    "ana",
    async (page) => {
      await page.addInitScript(() => {
        navigator.mediaDevices.getUserMedia = () =>
          Promise.reject(new DOMException("no", "NotAllowedError"));
      });
      await page.goto("/desk");
      await page.getByTestId("microphone-problem").waitFor();
    },
  ],
  "desk-offer": [
    "ana",
    async (page) => {
      await desk(page);
      const rings = {
        state: "offered",
        offer: data.offer().offer,
        offers: [data.offer()],
        contact: data.id("ct", 1),
        since: now(),
      };
      mock.update("ana", rings, { customers: data.customers });
      await page.getByTestId("offer-card").waitFor();
    },
  ],
  "desk-call": [
    "ana",
    async (page) => {
      await desk(page);
      const rings = {
        state: "offered",
        offer: data.offer().offer,
        offers: [data.offer()],
        contact: data.id("ct", 1),
        since: now(),
      };
      mock.update("ana", rings, { customers: data.customers });
      await page.getByTestId("accept-offer").waitFor();
      await page.keyboard.press("Alt+a");
      await page.getByTestId("hang-up").waitFor();
    },
  ],
  "desk-wrap-up": [
    "ana",
    async (page) => {
      await SCENES["desk-call"][1](page);
      await page.getByTestId("hang-up").click();
      await page.getByTestId("disposition-resolved").waitFor();
      await page
        .getByText(/^(Resolved|已解决)$/)
        .first()
        .click();
    },
  ],
  "desk-tasks": [
    "ana",
    async (page) => {
      await page.goto("/desk");
      await page.getByTestId("agent-state").waitFor();
      const offer = { ...data.offer(), contact: data.id("ct", 7), offer: data.id("of", 7) };
      const call = {
        contact: data.id("ct", 1),
        medium: "voice",
        stage: "handling",
        segment: data.id("sg", 1),
        since: now() - 62_000,
      };
      const rings = {
        contact: offer.contact,
        medium: "task",
        stage: "offered",
        offer: offer.offer,
      };
      const work = [data.task(8, now() - 300_000), call, { ...rings, since: now() }];
      const contacts = data.live().contacts.filter(({ id }) => id === call.contact);
      mock.update(
        "ana",
        {
          ...call,
          state: "talking",
          work,
          offers: [
            { ...offer, channel: "task", caller: "Claim 4711", attributes: [["form", "claim"]] },
          ],
        },
        {
          contacts: [
            ...contacts,
            { ...contacts[0], id: data.id("ct", 8), channel: "task", caller: "Claim 4702" },
          ],
        },
      );
      await page.getByTestId("task-panel").waitFor();
    },
  ],
  wallboard: [
    "sam",
    async (page) => {
      await page.goto("/wallboard");
      await page.getByTestId("agents").waitFor();
      await page.waitForTimeout(6_500);
    },
  ],
  contacts: [
    "sam",
    async (page) => {
      await page.goto("/contacts");
      await page.locator("[data-contact]").first().waitFor();
    },
  ],
  contact: [
    "sam",
    async (page) => {
      await page.goto(`/contacts/${data.id("ct", 10)}`);
      await page.locator("[data-fact]").first().waitFor();
      await page.locator("canvas:visible").waitFor();
      await page.waitForTimeout(500);
    },
  ],
  flows: [
    "sam",
    async (page) => {
      await page.goto("/flows");
      await page.locator(".react-flow__node").first().waitFor();
      await page.waitForTimeout(500);
    },
  ],
  users: [
    "ada",
    async (page) => {
      await page.goto("/admin/users");
      await page.getByRole("row").nth(1).waitFor();
    },
  ],
  "user-form": [
    "ada",
    async (page) => {
      await page.goto("/admin/users");
      await page.getByRole("row").nth(1).getByRole("button").click();
      await page.getByRole("dialog").waitFor();
      await page.waitForTimeout(400);
    },
  ],
  routing: [
    "ada",
    async (page) => {
      await page.goto("/routing");
      await page.getByTestId("what-if-result").waitFor();
      await page.locator("canvas").first().waitFor();
      await page.getByTestId("decisions").getByRole("button").first().click();
      await page.getByTestId("score-bar").first().waitFor();
      await page.waitForTimeout(400);
    },
  ],
  queues: [
    "ada",
    async (page) => {
      await page.goto("/admin/queues");
      await page.getByRole("row").nth(1).waitFor();
    },
  ],
  "queue-form": [
    "ada",
    async (page) => {
      await page.goto(`/admin/queues/${data.id("qu", 1)}`);
      await page.getByTestId("qualifying").first().waitFor();
      await page.waitForTimeout(400);
    },
  ],
  calendars: [
    "ada",
    async (page) => {
      await page.goto("/admin/calendars");
      await page.getByRole("row").nth(1).waitFor();
    },
  ],
  "calendar-form": [
    "ada",
    async (page) => {
      await page.goto("/admin/calendars");
      await page.getByRole("row").nth(1).getByRole("button").first().click();
      await page.getByRole("dialog").waitFor();
      await page.waitForTimeout(400);
    },
  ],
  monitors: [
    "sam",
    async (page) => {
      await page.goto("/wallboard");
      await page.getByTestId("monitors").click();
      await page.getByRole("dialog").waitFor();
      await page.waitForTimeout(400);
    },
  ],
  "why-waiting": [
    "sam",
    async (page) => {
      await page.goto("/wallboard");
      await page.getByTestId("why-button").first().click();
      await page.getByTestId("why-waiting").waitFor();
      await page.waitForTimeout(400);
    },
  ],
  numbers: [
    "ada",
    async (page) => {
      await page.goto("/admin/numbers");
      await page.getByRole("row").nth(1).waitFor();
    },
  ],
  "call-idle": [
    null,
    async (page) => {
      await page.goto("/call/demo");
      await page.getByTestId("call-button").waitFor();
    },
  ],
  "call-answered": [
    null,
    async (page) => {
      await page.goto("/call/demo");
      await page.getByTestId("call-button").click();
      await page.locator('[data-testid="call-state"][data-state="answered"]').waitFor();
      await page.getByTestId("key-1").click();
      await page.keyboard.press("2");
      await page.getByTestId("key-hash").click();
      await page.waitForTimeout(700);
    },
  ],
  "call-refused": [
    null,
    async (page) => {
      await page.addInitScript(() => {
        navigator.mediaDevices.getUserMedia = () =>
          Promise.reject(new DOMException("no", "NotAllowedError"));
      });
      await page.goto("/call/demo");
      await page.getByTestId("call-button").click();
      await page.getByTestId("call-problem").waitFor();
    },
  ],
};

const SIZES = { desk: { width: 1_440, height: 900 }, phone: { width: 390, height: 844 } };
for (const [name, [user, visit]] of Object.entries(SCENES)) {
  if (!name.includes(only)) continue;
  for (const [where, size] of Object.entries(SIZES)) {
    for (const language of ["en", "zh-CN"]) {
      const scheme = where === "desk" && language === "zh-CN" ? "dark" : "light";
      const page = await open(user, size, language, scheme);
      mock.desks.clear();
      try {
        await visit(page);
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (wide > 0) noise.push(`${name} ${where} ${language}: ${wide} px too wide`);
      } catch (error) {
        noise.push(`${name} ${where} ${language}: ${String(error).slice(0, 300)}`);
      }
      await page.screenshot({
        path: join(folder, `${name}-${where}-${language}.png`),
        fullPage: true,
      });
      await page.context().close();
    }
  }
}
await browser.close();
mock.close();
console.log([...new Set(noise)].join("\n") || "no complaints");
console.log(folder);
