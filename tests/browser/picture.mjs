// Makes docs/search.png, the picture of the README, from the demo registry: `node picture.mjs`.

import { statSync } from "node:fs";
import { join } from "node:path";

import { launch, open, withPage } from "./browser.mjs";
import { root, start } from "./site.mjs";

/** What the picture may weigh, in bytes. */
const MOST = 200_000;

const site = await start();
const browser = await launch();
try {
  await withPage(browser, { colorScheme: "light", viewport: { width: 1280, height: 760 } }, async (page) => {
    const file = join(root, "docs/search.png");
    await open(page, `${site.address}/search?q=diabetes`);
    await page.screenshot({ path: file });
    const weight = statSync(file).size;
    if (weight >= MOST) throw new Error(`the picture weighs ${weight} bytes, ${MOST} are allowed`);
    console.log(`${file}: ${weight} bytes`);
  });
} finally {
  await browser.close();
  await site.stop();
}
