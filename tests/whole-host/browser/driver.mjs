/**
 * Browsers as people use them, for the tests in `tests/browser.rs`: reads one JSON request a line
 * on stdin, answers one JSON line on stdout. `{id, do, page, ...}` gives `{id, value}` or
 * `{id, error}`. Requests are done in order; those of several pages too.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const EAR = fileURLToPath(new URL("ear.js", import.meta.url));
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A page behind another one must keep its timers: an agent's console is often in the background.
  "--disable-background-timer-throttling",
  "--disable-renderer-backgrounding",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--allow-loopback-in-peer-connection",
  "--autoplay-policy=no-user-gesture-required",
];

/** A browser per microphone: what it hears is a flag of the whole browser. */
const browsers = new Map();
/** Page name to `{page, log}`. */
const pages = new Map();

function browserHearing(tone) {
  if (!browsers.has(tone)) {
    const args = tone ? [...FLAGS, `--use-file-for-fake-audio-capture=${tone}`] : FLAGS;
    browsers.set(tone, chromium.launch({ executablePath: "/usr/bin/chromium", args }));
  }
  return browsers.get(tone);
}

const STEPS = {
  /** Opens a page of its own session; `microphone` is a WAV file that is heard again and again. */
  async open({ page: name, url, microphone = "", language = "en", width = 1440, height = 900 }) {
    const browser = await browserHearing(microphone);
    const context = await browser.newContext({
      baseURL: url,
      locale: language,
      viewport: { width, height },
      permissions: ["microphone"],
      // A host that makes its own certificate.
      ignoreHTTPSErrors: true,
    });
    await context.addInitScript({ path: EAR });
    const page = await context.newPage();
    const log = [];
    page.on("console", (message) => log.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => log.push(`uncaught: ${error.stack ?? error}`));
    page.on("requestfailed", (request) =>
      log.push(`failed: ${request.url()} ${request.failure()?.errorText}`),
    );
    pages.set(name, { page, log });
  },
  async goto({ page, path }) {
    await at(page).goto(path);
  },
  async reload({ page }) {
    await at(page).reload();
  },
  async click({ page, on, within }) {
    await at(page).locator(on).first().click({ timeout: within });
  },
  async fill({ page, on, text }) {
    await at(page).locator(on).first().fill(text);
  },
  async key({ page, key }) {
    await at(page).keyboard.press(key);
  },
  /** Waits until something is seen; gives its text. */
  async see({ page, on, within }) {
    const seen = at(page).locator(on).first();
    await seen.waitFor({ state: "visible", timeout: within });
    return seen.innerText();
  },
  /** Waits until nothing of the kind is seen. */
  async gone({ page, on, within }) {
    await at(page).locator(on).first().waitFor({ state: "hidden", timeout: within });
  },
  /** The texts of all that match. */
  async texts({ page, on }) {
    return at(page).locator(on).allInnerTexts();
  },
  /** Gives the value of an expression in the page, awaited. */
  async evaluate({ page, expression }) {
    return at(page).evaluate(expression);
  },
  /** Waits until `expression` is true in the page, whose content policy forbids to ask there. */
  async until({ page, expression, within }) {
    const deadline = Date.now() + within;
    while (!(await at(page).evaluate(expression))) {
      if (Date.now() > deadline) throw new Error(`not true within ${within} ms`);
      await new Promise((done) => setTimeout(done, 50));
    }
  },
  /** Waits until the page plays a tone; gives the milliseconds since the last click. */
  async hears({ page, hz, within }) {
    return at(page).evaluate(([hz, within]) => globalThis.ear.hears(hz, within), [hz, within]);
  },
  /** Waits until the page plays any sound; gives the milliseconds since the last click. */
  async hearsSound({ page, within }) {
    return at(page).evaluate((within) => globalThis.ear.hearsSound(within), within);
  },
  async screenshot({ page, path, full = true }) {
    await at(page).screenshot({ path, fullPage: full });
  },
  async resize({ page, width, height }) {
    await at(page).setViewportSize({ width, height });
  },
  /** What a page wrote into its console. */
  async log({ page }) {
    return pages.get(page).log;
  },
  /** A picture and the console of every page, for whoever looks into a failure. */
  async report({ folder }) {
    mkdirSync(folder, { recursive: true });
    for (const [name, { page, log }] of pages) {
      writeFileSync(join(folder, `${name}.log`), `${log.join("\n")}\n`);
      await page.screenshot({ path: join(folder, `${name}.png`), timeout: 5_000 }).catch(() => {});
    }
  },
  async close({ page }) {
    await at(page).context().close();
    pages.delete(page);
  },
};

function at(name) {
  const open = pages.get(name);
  if (!open) throw new Error(`no page ${name}`);
  return open.page;
}

async function end() {
  for (const browser of browsers.values()) await (await browser.catch(() => null))?.close();
  process.exit(0);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, do: step, ...rest } = JSON.parse(line);
  const answer = await STEPS[step](rest).then(
    (value) => ({ id, value: value ?? null }),
    (error) => ({ id, error: String(error.message ?? error) }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await end();
