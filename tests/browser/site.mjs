// The program under test: `trialist demo` in a fresh folder, ended with the tests.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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
    const address = await addressOf(child);
    const data = join(folder, "demo");
    await addVersion(data);
    await run(["searches", "save", "diabetes-open", "diabetes", "--status", "recruiting"], data);
    return { address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An older version of a study of the demo, so that it has a history; the one that speaks stays the same. */
async function addVersion(folder) {
  const records = (await readFile(join(root, "demo/studies.ndjson"), "utf8")).split("\n").filter(Boolean).map(JSON.parse);
  const study = records.find((r) => r.protocolSection.identificationModule.nctId === "NCT90000004");
  const { statusModule, designModule, eligibilityModule } = study.protocolSection;
  statusModule.lastUpdatePostDateStruct = { date: "2015-03-02", type: "ACTUAL" };
  statusModule.overallStatus = "NOT_YET_RECRUITING";
  designModule.enrollmentInfo.count += 40;
  eligibilityModule.eligibilityCriteria += "\n* Any investigational drug within 30 days";
  const file = join(folder, "older.json");
  await writeFile(file, JSON.stringify(study));
  await run(["import", "-q", file], folder);
}

/** Runs the program on the demo's folder to its end. */
function run(args, folder) {
  return new Promise((done, failed) => {
    const child = spawn(program(), [...args, "--data", folder], { cwd: root, stdio: "ignore" });
    child.once("error", failed);
    child.once("exit", (code) => (code === 0 ? done() : failed(new Error(`${args.join(" ")} ended with ${code}`))));
  });
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
