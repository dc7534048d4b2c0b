// From the ring to the end of what it set in motion, in the browser.
import assert from "node:assert/strict";

import { inCity, test } from "./harness.mjs";
import { callWrittenUp, fillIn, go, hangUp, kSummary, kWords, onDuty, sendTo, takeCall } from "./steps.mjs";

test("a_call_is_taken_served_and_found_again_zh", () => takenServedAndFound("zh"));
test("a_call_is_taken_served_and_found_again_en", () => takenServedAndFound("en"));

function takenServedAndFound(tongue) {
  const w = kWords[tongue];
  return inCity(async ({ person }) => {
    const worker = await person({ tongue });
    await onDuty(worker);
    await callWrittenUp(worker);

    const lead = await person({ tongue, viewport: { width: 390, height: 844 } });
    await lead.signIn("ln-1");
    await go(lead, "referrals");
    await lead.page.locator("article").getByText(w.rice).waitFor();
    await lead.button(w.acceptReferral).click();
    await lead.page.getByText("沙面大街五十三号").waitFor();
    await lead.button(w.refresh).click(); // a list masks; what was opened stays open
    await lead.page.getByText(w.asOf).waitFor();
    await lead.page.getByText("沙面大街五十三号").waitFor();
    await lead.button(w.complete).click();
    await lead.page.getByRole("radio", { name: w.solved, exact: true }).check();
    await lead.page.locator("article textarea").fill("大米已送到");
    await lead.button(w.confirmComplete).click();
    await lead.sees(w.completed);

    const supervisor = await person({ tongue });
    await supervisor.signIn("supervisor-01");
    await go(supervisor, "log");
    const rows = supervisor.page.locator("tbody tr");
    for (const typed of ["米面", "焦虑", "1234", "020-0900 1234"]) {
      await supervisor.page.locator("#log-text").fill("无此内容");
      await supervisor.sees(w.none_found);
      await supervisor.page.locator("#log-text").fill(typed);
      await rows.first().waitFor();
      assert.equal(await rows.count(), 1, typed);
      assert.equal(await rows.first().getByText("梁婆婆").count(), 0, "the log shows no name");
    }
    await rows.first().getByRole("button").click();
    await supervisor.page.getByRole("dialog").getByText(kSummary).waitFor();
    await supervisor.page.getByRole("dialog").getByText("梁婆婆").waitFor();
    await supervisor.page.keyboard.press("Escape");
    await supervisor.page.getByRole("dialog").waitFor({ state: "hidden" });
  });
}

test("a_whole_call_goes_by_keyboard_alone", () =>
  inCity(async ({ world, person }) => {
    const w = kWords.zh;
    const worker = await person();
    const { page } = worker;
    // Tab until the wanted element has the focus: what cannot be reached fails.
    const tabTo = async (locator) => {
      await locator.first().waitFor();
      for (let step = 0; step < 150; ++step) {
        if (await locator.first().evaluate((element) => element === document.activeElement)) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`${locator} cannot be reached by Tab`);
    };
    await page.keyboard.type("sm-1");
    await page.keyboard.press("Tab");
    await page.keyboard.type(world.password);
    await page.keyboard.press("Enter");
    await tabTo(worker.button(w.takeDuty));
    await page.keyboard.press("Enter");
    await tabTo(worker.button(w.getReady));
    await page.keyboard.press("Enter");
    await worker.sees(w.ready);
    await world.do("arrive", { ref: "a" });
    await worker.button(w.accept).waitFor();
    await page.keyboard.press("F2");
    await tabTo(page.getByRole("radio", { name: w.self, exact: true }));
    await page.keyboard.press("Space");
    await tabTo(page.getByRole("checkbox", { name: w.rice, exact: true }));
    await page.keyboard.press("Space");
    await tabTo(page.locator("#summary"));
    await page.keyboard.type("家中米面将尽");
    await tabTo(page.locator("#address"));
    await page.keyboard.type("沙面大街五十三号");
    await page.keyboard.press("Enter"); // ends a pinyin word at most; the form is not sent
    await tabTo(worker.button(w.hangUp));
    await page.keyboard.press("Enter");
    await worker.button(w.nextCall).waitFor();
    await tabTo(worker.button(w.finalise));
    await page.keyboard.press("Enter");
    await worker.sees(w.finalised);
  }));

test("an_offer_that_is_declined_or_left_goes_away_and_says_why", () =>
  inCity(async ({ world, person }) => {
    const w = kWords.zh;
    const worker = await person();
    await onDuty(worker);
    await world.do("arrive", { ref: "a" });
    await worker.button(w.accept).waitFor();
    assert.match(await worker.page.title(), /新来电/);
    await world.do("leave", { ref: "a" });
    await worker.sees("来电人已挂断");
    await worker.button(w.accept).waitFor({ state: "hidden" });
    await worker.sees(w.ready);
    await world.do("arrive", { ref: "b", caller: "020-09005678" });
    await worker.button(w.accept).waitFor();
    await worker.page.keyboard.press("F4");
    await worker.sees("已拒接");
    await worker.button(w.accept).waitFor({ state: "hidden" });
  }));

test("an_incomplete_record_says_what_is_missing_where_it_is_missing", () =>
  inCity(async ({ person }) => {
    const w = kWords.zh;
    const worker = await person();
    await onDuty(worker);
    await takeCall(worker);
    await hangUp(worker);
    await worker.button(w.finalise).click();
    await worker.page.locator("#field-type").getByText("请选择来电类型").waitFor();
    await worker.page.getByRole("radio", { name: w.self, exact: true }).check();
    await worker.page.getByRole("checkbox", { name: w.rice, exact: true }).first().check();
    await worker.page.getByRole("checkbox", { name: w.anxiety, exact: true }).first().check();
    await worker.page.locator("#field-summary").getByText("请写一句内容摘要").waitFor();
    await worker.page.locator("#field-risk").getByText("请填写风险等级").waitFor();
    await worker.page.locator("#field-address").getByText("要送物资").waitFor();
    await fillIn(worker);
    await sendTo(worker, "岭南");
    await worker.button(w.finalise).click();
    await worker.sees(w.finalised);
  }));

test("of_two_who_accept_one_order_one_wins_and_the_other_hears_who", () =>
  inCity(async ({ person }) => {
    const w = kWords.zh;
    const worker = await person();
    await onDuty(worker);
    await callWrittenUp(worker);
    const lead = await person();
    const colleague = await person();
    await lead.signIn("ln-1");
    await colleague.signIn("ln-2");
    for (const one of [lead, colleague]) {
      await go(one, "referrals");
      await one.button(w.acceptReferral).waitFor();
    }
    await lead.button(w.acceptReferral).click();
    await lead.button(w.complete).waitFor();
    await colleague.button(w.acceptReferral).click();
    await colleague.sees(`黄明 ${w.taken}`);
    await colleague.page.locator("article").getByText("已接单", { exact: true }).waitFor();
  }));

test("an_order_is_returned_with_its_reason", () =>
  inCity(async ({ person }) => {
    const w = kWords.zh;
    const worker = await person();
    await onDuty(worker);
    await callWrittenUp(worker);
    const lead = await person();
    await lead.signIn("ln-1");
    await go(lead, "referrals");
    await lead.button(w.giveBack).click();
    await lead.button(w.confirmReturn).click();
    await lead.sees("请选择退单原因");
    await lead.page.getByRole("radio", { name: w.outOfArea, exact: true }).check();
    await lead.button(w.confirmReturn).click();
    await lead.sees(w.returned);
    await lead.page.locator("article").getByText("已退单", { exact: true }).first().waitFor();
  }));

test("what_is_written_is_shown_as_text_and_never_runs", () =>
  inCity(async ({ person }) => {
    const w = kWords.zh;
    const payload = `<img src=x onerror="document.title='ran'"><script>document.title='ran'</script>{1+1} 米面`;
    const worker = await person();
    await onDuty(worker);
    await takeCall(worker);
    await fillIn(worker);
    await worker.page.locator("#summary").fill(payload);
    await worker.page.locator("#person-name").fill("<b>梁</b>");
    await worker.page.locator("#address").fill("<svg onload=alert(1)>");
    await hangUp(worker);
    await sendTo(worker, "岭南");
    await worker.button(w.finalise).click();
    await worker.sees(w.finalised);
    await go(worker, "log");
    await worker.page.locator("tbody button").first().click();
    const sheet = worker.page.getByRole("dialog");
    await sheet.getByText(payload).waitFor();
    await sheet.getByText("<b>梁</b>").waitFor();
    assert.equal(await worker.page.locator("main img, dialog img, dialog b").count(), 0);
    assert.match(await worker.page.title(), /接线记录/);
    const lead = await person();
    await lead.signIn("ln-1");
    await go(lead, "referrals");
    await lead.button(w.acceptReferral).click();
    await lead.page.getByText("<svg onload=alert(1)>").waitFor();
    assert.match(await lead.page.title(), /服务工单/);
  }));

test("a_wrong_password_is_told_in_words_and_signing_out_forgets_the_session", () =>
  inCity(async ({ person }) => {
    const w = kWords.zh;
    const worker = await person();
    await worker.signIn("sm-1", "not the password");
    await worker.sees(w.wrong);
    await worker.signIn("sm-1");
    await worker.button(w.takeDuty).waitFor();
    await worker.button(w.signOut).click();
    await worker.page.locator("#account").waitFor();
    await worker.page.reload();
    await worker.page.locator("#account").waitFor();
    const kept = await worker.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    assert.deepEqual(Object.keys(JSON.parse(kept)).filter((key) => key !== "kapok.language"), []);
  }));
