// The pages in a real browser, over the demo registry: `node --test run.mjs`.
//
// Needs Chromium (`CHROMIUM`, default /usr/bin/chromium) and the program (`TRIALIST`, default target/debug/trialist).
// Screenshots for a look by eye are left in screenshots/, one a page, width and colour scheme.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { contrast, focus, overflow, structure, targets } from "./accessible.mjs";
import { count, launch, open, tabTo, withPage } from "./browser.mjs";
import { root, start } from "./site.mjs";

/** Largest weight of a page on the first visit: everything it loads, compressed, with headers. */
const HEAVIEST = 60_000;
/** Largest shift of the layout while loading, as browsers score it (0 is none). */
const MOST_SHIFT = 0.01;
/** A trial with results, one with 43 sites, and one that restates a real record. */
const [WITH_RESULTS, MANY_SITES, RESTATED] = ["NCT90000001", "NCT90000004", "NCT05507697"];

const PAGES = [
  { name: "home", path: "/" },
  { name: "search", path: "/search?q=diabetes" },
  { name: "all studies", path: "/search" },
  { name: "filtered search", path: "/search?q=diabetes&status=RECRUITING&sort=LastUpdatePostDate%3Adesc" },
  { name: "no hits", path: "/search?q=heart+failure+zzyzzx" },
  { name: "unreadable query", path: "/search?q=AREA%5BPhas%5DPHASE3", status: 400 },
  { name: "no such study", path: "/study/NCT99999999", status: 404 },
  { name: "no such page", path: "/nowhere", status: 404 },
  { name: "api", path: "/api" },
  { name: "screen", path: "/screen?study=NCT90000004" },
  { name: "study with results", path: `/study/${WITH_RESULTS}` },
  { name: "study with many sites", path: `/study/${MANY_SITES}` },
  { name: "restated study", path: `/study/${RESTATED}` },
  { name: "criteria alone", path: `/study/${RESTATED}/criteria` },
  { name: "protocol", path: `/study/${RESTATED}/protocol` },
  { name: "protocol of a trial with results", path: `/study/${WITH_RESULTS}/protocol` },
  { name: "dates of a participant", path: `/study/${RESTATED}/calendar?start=2026-03-02` },
  { name: "compare", path: `/compare?ids=${RESTATED},${WITH_RESULTS},${MANY_SITES}` },
  { name: "lint", path: "/lint" },
  { name: "history", path: `/study/${MANY_SITES}/history` },
  { name: "history of one version", path: `/study/${RESTATED}/history` },
  { name: "saved searches", path: "/searches" },
  { name: "scores", path: "/score" },
  { name: "score", path: "/score/tcss" },
  { name: "score by formula", path: "/score/egfr_ckdepi2021" },
  { name: "match", path: "/match" },
  { name: "matched note", path: "/match", note: "A 50-year-old woman with type 2 diabetes and albuminuria, HbA1c 8.1 %, on metformin." },
  { name: "match without a person", path: "/match", note: "", status: 400 },
];

const SCREENSHOTS = join(root, "tests/browser/screenshots");

let site;
let browser;

before(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  site = await start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  const ended = await site?.stop();
  // Asked to end, the program ends by itself and says that all went well.
  if (ended) assert.deepEqual(ended, { code: 0, signal: null });
});

/** Opens a page; one with a note is the answer to that note. */
async function visit(page, { path, status, note }) {
  if (note === undefined) return open(page, site.address + path, status);
  await open(page, site.address + path);
  page.bytes = 0;
  page.expectedFailure = status ? site.address + path : undefined;
  await page.fill("#note", note);
  const send = page.locator("form.person button[type=submit]");
  const [response] = await Promise.all([page.waitForNavigation({ waitUntil: "networkidle" }), send.click()]);
  assert.equal(response.status(), status ?? 200);
  return response;
}

for (const wanted of PAGES) {
  describe(wanted.name, () => {
    test("loads, asks nothing of other machines, is light, does not shift, complains of nothing", () =>
      withPage(browser, {}, async (page) => {
        const response = await visit(page, wanted);
        const policy = response.headers()["content-security-policy"] ?? "";
        assert.match(policy, /default-src 'self'/);
        assert.doesNotMatch(policy, /unsafe-|https?:|\*/);
        const elsewhere = page.requests.filter((r) => new URL(r).origin !== site.address && !r.startsWith("data:"));
        assert.deepEqual(elsewhere, []);
        assert.deepEqual(page.complaints, []);
        assert.ok(page.bytes > 0 && page.bytes < HEAVIEST, `${page.bytes} bytes`);
        const shift = await page.evaluate(() => globalThis.shifted);
        assert.ok(shift <= MOST_SHIFT, `the layout shifts by ${shift}`);
      }));

    for (const colorScheme of ["light", "dark"]) {
      test(`names, labels, headings, landmarks, contrast: ${colorScheme}`, () =>
        withPage(browser, { colorScheme }, async (page) => {
          await visit(page, wanted);
          assert.deepEqual(await page.evaluate(structure), []);
          assert.deepEqual(await page.evaluate(targets), []);
          assert.deepEqual(await page.evaluate(contrast), []);
        }));

      test(`every stop of the Tab key is seen: ${colorScheme}`, () =>
        withPage(browser, { colorScheme }, async (page) => {
          await visit(page, wanted);
          assert.deepEqual(await faultsOfFocus(page), []);
        }));

      for (const width of [360, 1280]) {
        test(`screenshot at ${width} px: ${colorScheme}`, () =>
          withPage(browser, { colorScheme, viewport: { width, height: 900 } }, async (page) => {
            await visit(page, wanted);
            const file = `${wanted.name.replaceAll(" ", "-")}-${width}-${colorScheme}.png`;
            const picture = await page.screenshot({ path: join(SCREENSHOTS, file), fullPage: true });
            assert.ok(picture.length > 1000);
          }));
      }
    }

    test("fits 360 px, and 1280 px at 200 %", async () => {
      for (const viewport of [{ width: 360, height: 740 }, { width: 640, height: 450 }]) {
        await withPage(browser, { viewport, deviceScaleFactor: 2 }, async (page) => {
          await visit(page, wanted);
          assert.deepEqual(await page.evaluate(overflow), [], `at ${viewport.width} px`);
          await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
          assert.deepEqual(await page.evaluate(overflow), [], `at ${viewport.width} px, all unfolded`);
        });
      }
    });

    test("is printed with all its content", () =>
      withPage(browser, {}, async (page) => {
        await visit(page, wanted);
        const words = () => page.evaluate(wordsOfContent);
        const shown = await words();
        await page.emulateMedia({ media: "print" });
        const printed = new Set(await words());
        assert.ok(shown.length > 0);
        assert.deepEqual(shown.filter((w) => !printed.has(w)), []);
      }));

    test("says the same without JavaScript", async () => {
      const read = (javaScriptEnabled) =>
        withPage(browser, { javaScriptEnabled }, async (page) => {
          await visit(page, wanted);
          return (await page.locator("main").textContent()).replace(/\s+/g, " ");
        });
      assert.equal(await read(false), await read(true));
    });
  });
}

/** Walks the page with Tab, at most 60 stops. */
async function faultsOfFocus(page) {
  const faults = [];
  for (let stop = 0; stop < 60; stop++) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(focus);
    if (seen.end) {
      assert.ok(stop > 0, "Tab leads nowhere");
      break;
    }
    if (seen.fault) faults.push(`${seen.fault}: ${seen.what}`);
  }
  return faults;
}

/** The pieces of text in the main part that one sees, but for what only serves the screen. Runs in the page. */
function wordsOfContent() {
  const out = [];
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim();
    const e = walk.currentNode.parentElement;
    if (text && e.checkVisibility() && !e.closest("form, nav, button, .toolbar, script")) out.push(text);
  }
  return out;
}

describe("with the keyboard", () => {
  test("tab to the box, type, enter", () =>
    withPage(browser, {}, async (page) => {
      await open(page, `${site.address}/`);
      assert.ok((await tabTo(page, "input[type=search]")) <= 8, "the box is among the first stops");
      await page.keyboard.type("heart failure");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/search\?.*heart/);
      assert.ok((await count(page)) > 0);
      await tabTo(page, ".hits h2 a, .hits a[href^='/study/']");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/study\/NCT\d{8}$/);
    }));

  test("the skip link is the first stop and leads to the content", () =>
    withPage(browser, {}, async (page) => {
      await open(page, `${site.address}/search?q=diabetes`);
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "#main");
      const box = await page.evaluate(() => document.activeElement.getBoundingClientRect().toJSON());
      assert.ok(box.left >= 0 && box.top >= 0 && box.width > 0, "it is seen");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      assert.ok(await page.evaluate(() => document.querySelector("main").contains(document.activeElement)));
    }));

  for (const javaScriptEnabled of [true, false]) {
    test(`a facet is ticked, and the results narrow: JavaScript ${javaScriptEnabled ? "on" : "off"}`, () =>
      withPage(browser, { javaScriptEnabled }, async (page) => {
        await open(page, `${site.address}/search`);
        const all = await count(page);
        await tabTo(page, 'input[type=checkbox][name=status][value="RECRUITING"]');
        await page.keyboard.press("Space");
        if (!javaScriptEnabled) {
          await tabTo(page, ".facets button[type=submit]", 300);
          await page.keyboard.press("Enter");
        }
        await page.waitForURL(/status=RECRUITING/);
        const some = await count(page);
        assert.ok(some > 0 && some < all, `${some} of ${all}`);
      }));
  }
});

describe("with the mouse", () => {
  test("a facet narrows, its count is kept, its chip widens again, back and forth work", () =>
    withPage(browser, {}, async (page) => {
      await open(page, `${site.address}/search`);
      const all = await count(page);
      const facet = page.locator('.facets li:has(input[name=phase][value="PHASE3"])');
      const promised = Number((await facet.locator(".count").innerText()).replaceAll(",", ""));
      await facet.locator("input[type=checkbox]").click();
      await page.waitForURL(/phase=PHASE3/);
      assert.equal(await count(page), promised);
      assert.ok(await page.locator('.facets input[name=phase][value="PHASE3"]').isChecked());
      await page.goBack({ waitUntil: "networkidle" });
      assert.equal(await count(page), all);
      await page.goForward({ waitUntil: "networkidle" });
      assert.equal(await count(page), promised);
      await page.locator(".chips a").first().click();
      await page.waitForURL((url) => !url.search.includes("phase"));
      assert.equal(await count(page), all);
    }));

  test("two values of one facet are alternatives, two facets must both hold", () =>
    withPage(browser, {}, async (page) => {
      const counted = async (query) => {
        await open(page, `${site.address}/search?${query}`);
        return count(page);
      };
      const one = await counted("status=RECRUITING");
      const two = await counted("status=RECRUITING&status=COMPLETED");
      const both = await counted("status=RECRUITING&sex=FEMALE");
      assert.ok(two > one && both < one, `${one}, ${two}, ${both}`);
    }));

  test("the pages of a search hold every study once", () =>
    withPage(browser, {}, async (page) => {
      await open(page, `${site.address}/search`);
      const all = await count(page);
      const seen = [];
      for (;;) {
        seen.push(...(await page.locator(".hits > li h2 a").evaluateAll((l) => l.map((a) => a.getAttribute("href").split("?")[0]))));
        const next = page.locator("a[rel=next]");
        if ((await next.count()) === 0) break;
        await Promise.all([page.waitForNavigation({ waitUntil: "networkidle" }), next.click()]);
      }
      assert.equal(seen.length, all);
      assert.equal(new Set(seen).size, all);
    }));

  test("an id in the box opens the study", () =>
    withPage(browser, {}, async (page) => {
      await open(page, `${site.address}/`);
      await page.fill("input[type=search]", RESTATED);
      await page.keyboard.press("Enter");
      await page.waitForURL(`${site.address}/study/${RESTATED}`);
    }));

  test("the raw record is one click away", () =>
    withPage(browser, {}, async (page) => {
      await open(page, `${site.address}/study/${RESTATED}`);
      const address = await page.locator("#raw a", { hasText: /JSON/ }).first().getAttribute("href");
      const answer = await page.request.get(new URL(address, site.address).href);
      assert.match(answer.headers()["content-type"], /json/);
      assert.equal((await answer.json()).protocolSection.identificationModule.nctId, RESTATED);
    }));

  test("the JSON link of a search gives what the page shows", () =>
    withPage(browser, {}, async (page) => {
      await open(page, `${site.address}/search?q=diabetes&status=RECRUITING`);
      const all = await count(page);
      const shown = await page.locator(".hits > li h2 a").evaluateAll((l) => l.map((a) => a.getAttribute("href").match(/NCT\d{8}/)[0]));
      const address = await page.locator("main a", { hasText: /^JSON$/ }).getAttribute("href");
      const url = new URL(address, site.address);
      url.searchParams.set("countTotal", "true");
      url.searchParams.set("pageSize", "1000");
      const answer = await (await page.request.get(url.href)).json();
      assert.equal(answer.totalCount, all);
      const ids = answer.studies.map((s) => s.protocolSection.identificationModule.nctId);
      assert.deepEqual(ids.slice(0, shown.length), shown);
    }));
});

describe("a study's page", () => {
  test("its side index leads to every section, and every section stands in it", () =>
    withPage(browser, {}, async (page) => {
      await open(page, `${site.address}/study/${WITH_RESULTS}`);
      const links = await page.locator("nav.index a").evaluateAll((l) => l.map((a) => a.getAttribute("href").slice(1)));
      const sections = await page.locator(".sections > section").evaluateAll((l) => l.map((s) => s.id));
      assert.deepEqual(links, sections);
      for (const id of ["eligibility", "sites", "results", "related", "raw"]) assert.ok(sections.includes(id), id);
    }));

  test("a criterion has an address", () =>
    withPage(browser, {}, async (page) => {
      await open(page, `${site.address}/study/${RESTATED}#inclusion-1`);
      assert.ok(await page.locator("#inclusion-1").isVisible());
      assert.ok(await page.evaluate(() => document.querySelector(":target")?.id === "inclusion-1"));
    }));

  test("a criterion stands beside what was understood, and below it on a small screen", async () => {
    for (const [width, beside] of [[1280, true], [360, false]]) {
      await withPage(browser, { viewport: { width, height: 800 } }, async (page) => {
        await open(page, `${site.address}/study/${RESTATED}`);
        const box = (part) => page.locator(`#inclusion-1 ${part}`).boundingBox();
        const [said, read] = [await box(".said"), await box(".read")];
        assert.equal(read.x >= said.x + said.width, beside);
        assert.equal(read.y >= said.y + said.height, !beside);
        assert.match(await page.locator("#inclusion-1 .level").innerText(), /^✓ resolved$/);
      });
    }
  });

  test("pointing at a part that was understood shows its words in the text", () =>
    withPage(browser, {}, async (page) => {
      await open(page, `${site.address}/study/${RESTATED}`);
      const marked = () => page.evaluate(() => [...(CSS.highlights.get("said") ?? [])].map((r) => {
        const range = new Range();
        range.setStart(r.startContainer, r.startOffset);
        range.setEnd(r.endContainer, r.endOffset);
        return range.toString();
      }));
      await page.locator("#exclusion-2 .read li").first().hover();
      const [words] = await marked();
      assert.ok(words && (await page.locator("#exclusion-2 .said").innerText()).includes(words), words);
      await page.locator("h1").hover();
      assert.deepEqual(await marked(), []);
    }));

  test("words that are left to a person are underlined and named", () =>
    withPage(browser, {}, async (page) => {
      await open(page, `${site.address}/study/${RESTATED}`);
      assert.ok((await page.locator("#exclusion-2 .said u").count()) > 0);
      assert.match(await page.locator("#exclusion-2 .left").first().innerText(), /left to a person: /);
    }));
});

describe("a person", () => {
  const NOTE = "A 50-year-old woman with type 2 diabetes, HbA1c 8.1 %, on metformin.";

  for (const javaScriptEnabled of [true, false]) {
    test(`the match follows what is corrected: ${javaScriptEnabled ? "with" : "without"} JavaScript`, () =>
      withPage(browser, { javaScriptEnabled }, async (page) => {
        await visit(page, { path: "/match", note: NOTE });
        const cited = () => page.locator(".found li li", { hasText: "HbA1c 8.1 %" }).count();
        assert.ok((await cited()) > 0);
        await page.locator(".known li", { hasText: "HbA1c 8.1 %" }).locator("input").check();
        await Promise.all([page.waitForNavigation(), page.click("form.person button[type=submit]")]);
        assert.equal(await cited(), 0);
        assert.equal(await page.inputValue("#note"), NOTE);
      }));
  }

  test("a study opens to its criteria by keyboard", () =>
    withPage(browser, {}, async (page) => {
      await visit(page, { path: "/match", note: NOTE });
      const first = page.locator("details.why").first();
      await first.locator("summary").focus();
      await page.keyboard.press("Enter");
      assert.ok(await first.locator(".found li").first().isVisible());
      assert.match(await first.locator(".level").first().innerText(), /(met|unknown|person|presumption)$/);
    }));

  test("a file is matched, and nothing of it stands in the address", () =>
    withPage(browser, {}, async (page) => {
      await open(page, `${site.address}/match`);
      const record = JSON.stringify({ resourceType: "Patient", id: "p1", gender: "male", birthDate: "1960-01-01" });
      await page.setInputFiles("#file", { name: "p.json", mimeType: "application/json", buffer: Buffer.from(record) });
      await Promise.all([page.waitForNavigation(), page.click("form.person button[type=submit]")]);
      assert.equal(page.url(), `${site.address}/match`);
      assert.match(await page.locator("#person").innerText(), /Male, born 1 Jan 1960/);
    }));
});
