// A headless Chromium, and pages that note what they ask for and what they complain about.

import { chromium } from "playwright-core";

const ARGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser: `CHROMIUM` if that is set, else the system's. */
export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGS });
}

/**
 * Runs `body` with a fresh page (its own cookies and cache), and closes it.
 *
 * The page carries `requests` (every address asked for), `complaints` (errors of the console and of scripts) and
 * `bytes` (what came over the wire, compressed, headers included).
 */
export async function withPage(browser, options, body) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  try {
    const page = await context.newPage();
    await watch(context, page);
    return await body(page, context);
  } finally {
    await context.close();
  }
}

async function watch(context, page) {
  page.requests = [];
  page.complaints = [];
  page.bytes = 0;
  context.on("request", (request) => page.requests.push(request.url()));
  page.on("console", (message) => {
    // A page that answers 400 or 404 on purpose is noted by the browser as a failed load of itself.
    if (message.type() === "error" && message.location().url !== page.expectedFailure) {
      page.complaints.push(`${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  wire.on("Network.loadingFinished", (event) => (page.bytes += event.encodedDataLength));
  await page.addInitScript(() => {
    globalThis.shifted = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifted += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** Opens an address that answers with `status` and waits until nothing more is loaded. */
export async function open(page, address, status = 200) {
  page.expectedFailure = status === 200 ? undefined : address;
  const response = await page.goto(address, { waitUntil: "networkidle" });
  if (response.status() !== status) throw new Error(`${address} answered ${response.status()}, not ${status}`);
  return response;
}

/** The number of studies that the heading of a search page tells. */
export async function count(page) {
  const heading = await page.locator("h1").innerText();
  const number = heading.match(/^([\d,]+) stud/);
  if (!number) throw new Error(`the heading "${heading}" tells no number`);
  return Number(number[1].replaceAll(",", ""));
}

/** Presses Tab until the focus is on what `selector` finds; says so if `most` presses do not lead there. */
export async function tabTo(page, selector, most = 80) {
  for (let pressed = 1; pressed <= most; pressed++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return pressed;
  }
  throw new Error(`${most} presses of Tab do not lead to ${selector}`);
}
