// The program under test: `trialist demo` in a fresh folder, ended with the tests.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** How long the program may take from its start to its address, in milliseconds. */
const START_MS = 120_000;

/** The program: `TRIALIST` if that is set, else what `cargo build` made. */
function program() {
  const path = process.env.TRIALIST ?? join(root, "target/debug/trialist");
  if (!existsSync(path)) throw new Error(`there is no program at ${path}: run \`cargo build --locked\` first`);
  return path;
}

/** Starts the demo, which takes a free port of loopback; gives its address (without a slash at the end) and a way to end it. */
export async function start() {
  const folder = await mkdtemp(join(tmpdir(), "trialist-pages-"));
  const child = spawn(program(), ["demo", "--data", folder], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    // Whatever the user has set or stored must not be touched, nor a browser be opened.
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, TRIALIST_DATA: folder, BROWSER: "true" },
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((done) => child.once("exit", (code, signal) => done({ code, signal })));
      child.kill("SIGTERM");
      stop.ended = await ended;
    }
    await rm(folder, { recursive: true, force: true });
    return stop.ended;
  };
  try {
    return { address: await addressOf(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for the first loopback address that the program prints on standard output. */
function addressOf(child) {
  return new Promise((found, failed) => {
    let out = "";
    let trouble = "";
    const late = setTimeout(() => failed(new Error(`no address after ${START_MS} ms:\n${out}${trouble}`)), START_MS);
    child.stdout.setEncoding("utf8").on("data", (text) => {
      out += text;
      const address = out.match(/http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+(?=[\s/])/);
      if (address) {
        clearTimeout(late);
        found(address[0]);
      }
    });
    child.stderr.setEncoding("utf8").on("data", (text) => (trouble += text));
    child.once("error", failed);
    child.once("exit", (code) => {
      clearTimeout(late);
      failed(new Error(`the program ended with ${code} before it listened:\n${out}${trouble}`));
    });
  });
}
