// A city and a browser for one test. Every wait has a limit; whatever was started is stopped when the test ends.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const fromConsole = createRequire(path.join(here, "../../clients/console/package.json"));
const { chromium } = fromConsole("playwright-core");
const axeSource = fs.readFileSync(fromConsole.resolve("axe-core/axe.min.js"), "utf8");

export const kWait = 15_000;
const kStartWait = 60_000;
const kTestWait = 170_000;
const kBrowser = process.env.KAPOK_CHROMIUM ?? "/usr/bin/chromium";

function limited(promise, wait, what) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`${what}: not within ${wait} ms`)), wait)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

class World {
  constructor(child) {
    this.child = child;
    this.lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  static async start(words) {
    const script = path.join(here, "world.py");
    const world = new World(spawn("/usr/bin/python3", [script, ...words], { stdio: ["pipe", "pipe", "inherit"] }));
    Object.assign(world, await limited(world.answer(), kStartWait, "the city does not start"));
    return world;
  }

  async do(name, more = {}) {
    this.child.stdin.write(`${JSON.stringify({ do: name, ...more })}\n`);
    const answer = await limited(this.answer(), kStartWait, name);
    assert.equal(answer.failed, undefined, answer.failed);
    return answer.ok;
  }

  async answer() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error("the city ended");
    return JSON.parse(value);
  }

  async stop() {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.stdin.end();
    await limited(ended, kWait, "the city does not end").catch(() => this.child.kill("SIGKILL"));
  }
}

/** A person before a browser window of his own. */
export class Person {
  constructor(world, context, page, faults, tongue) {
    Object.assign(this, { world, context, page, faults, tongue });
  }

  async signIn(account, password = this.world.password) {
    await this.page.locator("#account").fill(account);
    await this.page.locator("#password").fill(password);
    await this.page.locator("form button:not([type=button])").click();
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  sees(text) {
    return this.page.getByText(text).first().waitFor({ state: "visible", timeout: kWait });
  }

  async hasNoAxeFaults(where) {
    await this.page.evaluate(axeSource);
    const found = await this.page.evaluate(() =>
      globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
    );
    const words = found.violations.map((each) => `${each.id}: ${each.help}\n${each.nodes.map((node) => `    ${node.target} ${node.failureSummary}`).join("\n")}`);
    assert.equal(words.length, 0, `axe on ${where}:\n${words.join("\n")}`);
  }

  /** The page made no request but to its own server, broke no policy and threw nothing. */
  hasNoFaults() {
    assert.deepEqual(this.faults, []);
  }
}

const tests = [];
/** Runs when the program was given this name, or none. A name that no test has is a failure. */
export function test(name, body) {
  tests.push({ name, body });
  if (tests.length === 1) setImmediate(runTests);
}

async function runTests() {
  const wanted = tests.filter(({ name }) => process.argv[2] === undefined || process.argv[2] === name);
  let failed = wanted.length === 0 ? 1 : 0;
  for (const { name, body } of wanted) {
    const started = performance.now();
    try {
      await limited(body(), kTestWait, name);
      console.log(`ok ${name} (${Math.round((performance.now() - started) / 1000)} s)`);
    } catch (why) {
      failed++;
      console.log(`FAILED ${name}\n${why.stack ?? why}`);
    }
  }
  if (wanted.length === 0) console.log(`there is no test ${process.argv[2]}`);
  process.exit(failed === 0 ? 0 : 1);
}

/** Runs `body` with a city and a way to bring people before it. */
export async function inCity(body, { faults = false } = {}) {
  const world = await World.start(faults ? ["faults"] : []);
  let browser;
  const people = [];
  try {
    const args = ["--disable-dev-shm-usage", ...(process.getuid() === 0 ? ["--no-sandbox"] : [])];
    browser = await limited(chromium.launch({ executablePath: kBrowser, args }), kStartWait, "the browser does not start");
    const person = async ({ tongue = "zh", theme = "light", viewport = { width: 1440, height: 900 }, reducedMotion = "reduce" } = {}) => {
      const context = await browser.newContext({ viewport, reducedMotion, colorScheme: theme, ignoreHTTPSErrors: true });
      context.setDefaultTimeout(kWait);
      await context.addInitScript((wanted) => localStorage.getItem("kapok.language") ?? localStorage.setItem("kapok.language", wanted), tongue);
      const page = await context.newPage();
      const faults = watch(page, world.origin);
      await page.goto(`${world.origin}/`);
      await page.locator("#account").waitFor();
      const one = new Person(world, context, page, faults, tongue);
      people.push(one);
      return one;
    };
    await body({ world, person });
    for (const one of people) one.hasNoFaults();
  } finally {
    await limited(browser?.close() ?? Promise.resolve(), kWait, "the browser does not end").catch(() => browser?.process?.()?.kill("SIGKILL"));
    await world.stop();
  }
}

/** Collects what a page must never do. Connections that break while a server is away are no fault. */
function watch(page, origin) {
  const faults = [];
  const expected = /WebSocket connection|Failed to load resource|ERR_CONNECTION|ERR_NETWORK|401|403|503/;
  page.on("pageerror", (error) => faults.push(`threw: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !expected.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith(origin.replace("http", "ws"))) faults.push(`asked ${url}`);
  });
  return faults;
}
