// axe finds nothing on any screen, in both languages, light and dark, wide and narrow; nothing is wider than the page.
import assert from "node:assert/strict";

import { inCity, test } from "./harness.mjs";
import { fillIn, go, hangUp, kWords, onDuty, sendTo } from "./steps.mjs";

const kWide = { width: 1440, height: 900 };
const kNarrow = { width: 360, height: 740 };

async function look(person, where) {
  await person.hasNoAxeFaults(where);
  const beyond = await person.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(beyond <= 0, `${where} is ${beyond} px wider than the page`);
}

test("every_screen_is_accessible_zh_light_wide", () => everyScreen("zh", "light", kWide));
test("every_screen_is_accessible_zh_dark_narrow", () => everyScreen("zh", "dark", kNarrow));
test("every_screen_is_accessible_en_light_wide", () => everyScreen("en", "light", kWide));
test("every_screen_is_accessible_en_dark_narrow", () => everyScreen("en", "dark", kNarrow));

function everyScreen(tongue, theme, viewport) {
  return inCity(async ({ world, person }) => {
    const w = kWords[tongue];
    const worker = await person({ tongue, theme, viewport });
    await look(worker, "sign-in");
    await worker.signIn("sm-1", "wrong");
    await worker.sees(w.wrong);
    await look(worker, "sign-in refused");
    await onDuty(worker);
    await look(worker, "desk ready");
    await world.do("arrive", { ref: "a" });
    await worker.button(w.accept).waitFor();
    await look(worker, "new call");
    await worker.page.keyboard.press("F2");
    await worker.page.locator("#summary").waitFor();
    await look(worker, "talking");
    await hangUp(worker);
    await worker.button(w.finalise).click();
    await look(worker, "what is missing");
    await fillIn(worker);
    await sendTo(worker, "岭南");
    await look(worker, "record filled in");
    await worker.button(w.finalise).click();
    await worker.sees(w.finalised);
    await look(worker, "finalised");

    const lead = await person({ tongue, theme, viewport });
    await lead.signIn("ln-1");
    await go(lead, "referrals");
    await lead.button(w.acceptReferral).waitFor();
    await look(lead, "referrals");
    await lead.button(w.giveBack).click();
    await look(lead, "return");
    await lead.page.locator("form .button:not(.main)").click();
    await lead.button(w.acceptReferral).click();
    await lead.button(w.complete).click();
    await look(lead, "complete");

    await go(worker, "log");
    await worker.page.locator("#log-text").fill("米面");
    await worker.page.locator("tbody tr").first().waitFor();
    await look(worker, "log");
    await worker.page.locator("tbody button").first().click();
    await worker.page.locator("dialog .facts").waitFor();
    await look(worker, "record");
  });
}
