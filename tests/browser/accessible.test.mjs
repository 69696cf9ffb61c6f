// The checks themselves: each finds the fault it is there for, and is content with a good page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { contrast, focus, overflow, structure, targets } from "./accessible.mjs";
import { launch, withPage } from "./browser.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const GOOD = `<a href="#main">Skip</a><header><nav aria-label="Site"><a href="/">Home</a></nav></header>
  <main id="main"><h1>One</h1><h2>Two</h2>BODY</main><footer>End</footer>`;

/** Runs a check on a page whose main part ends with `body`. */
const run = (check, body, style = "") =>
  withPage(browser, { viewport: { width: 360, height: 600 } }, async (page) => {
    const html = body.includes("<main") ? body : GOOD.replace("BODY", body);
    await page.setContent(`<!doctype html><html lang="en"><title>T</title><style>${style}</style><body>${html}</body></html>`);
    return page.evaluate(check);
  });

const finds = async (check, body, fault, style) => {
  const faults = await run(check, body, style);
  assert.ok(faults.some((f) => fault.test(f)), `${body}: ${JSON.stringify(faults)}`);
};

test("a good page has no fault", async () => {
  const body = `<form role="search"><label for="q">Words</label><input id="q" class="tall"><button class="tall">Find</button></form>
    <svg role="img" aria-labelledby="t"><title id="t">Map</title></svg><svg aria-hidden="true"></svg>
    <table><caption>Numbers</caption><tr><th scope="col">A</th></tr><tr><td>1</td></tr></table>`;
  for (const check of [structure, contrast, targets, overflow]) assert.deepEqual(await run(check, body, ".tall { height: 24px }"), []);
});

test("names, labels, headings, landmarks", async () => {
  await finds(structure, '<input id="x">', /field without a label/);
  await finds(structure, '<input placeholder="no label">', /field without a label/);
  await finds(structure, '<a href="/x"></a>', /without a name/);
  await finds(structure, "<button><svg></svg></button>", /without a name/);
  await finds(structure, '<img src="data:,">', /without alt/);
  await finds(structure, "<svg></svg>", /drawing without a name/);
  await finds(structure, '<svg role="img"></svg>', /drawing without a name/);
  await finds(structure, "<h4>Four</h4>", /level 4 follows level 2/);
  await finds(structure, "<h1>Again</h1>", /2 headings of level 1/);
  await finds(structure, '<p id="main"></p>', /stands twice/);
  await finds(structure, '<p aria-labelledby="gone"></p>', /points to nothing/);
  await finds(structure, '<a href="#gone">x</a>', /not there/);
  await finds(structure, "<table><caption>C</caption><tr><td>1</td></tr></table>", /without heads/);
  await finds(structure, "<table><tr><th>1</th></tr></table>", /without a caption/);
  await finds(structure, "<nav><a href='/'>Other</a></nav>", /not told apart/);
  await finds(structure, "<fieldset><input aria-label='a'></fieldset>", /without a legend/);
  await finds(structure, "<main><h1>Only</h1></main>", /0 landmarks "banner"/);
});

test("contrast, with what is folded away, half transparent, or drawn", async () => {
  await finds(contrast, "<p style='color:#999'>pale</p>", /^2\.8\d for p/);
  await finds(contrast, "<p style='opacity:.4'>faint</p>", /for p/);
  await finds(contrast, "<details><summary>s</summary><p style='color:#aaa'>folded</p></details>", /folded/);
  await finds(contrast, "<svg aria-hidden=true><text y=20 style='fill:#ccc'>drawn</text></svg>", /drawn/);
  await finds(contrast, "<div style='background:#333'><p style='color:#555'>deep</p></div>", /deep/);
  assert.deepEqual(await run(contrast, "<p style='color:#767676'>just enough</p>"), []);
  assert.deepEqual(await run(contrast, "<p style='color:#949494;font-size:24px'>large</p>"), []);
});

test("targets and width", async () => {
  await finds(targets, "<button style='width:10px;height:10px;padding:0'>x</button>", /10 by 10/);
  await finds(overflow, "<div style='width:500px'>wide</div>", /px too wide/);
  assert.deepEqual(await run(overflow, "<div style='overflow:auto'><div style='width:500px'>wide</div></div>"), []);
});

test("focus", () =>
  withPage(browser, {}, async (page) => {
    await page.setContent(`<button id="a">a</button><button id="b" style="outline:none">b</button>
      <style>button:focus { outline: 3px solid #05c }</style><button id="c" style="position:absolute;left:-999px">c</button>`);
    const after = async () => (await page.keyboard.press("Tab"), page.evaluate(focus));
    assert.equal((await after()).fault, null);
    assert.equal((await after()).fault, "no visible focus");
    assert.equal((await after()).fault, "the focus is out of sight");
  }));
