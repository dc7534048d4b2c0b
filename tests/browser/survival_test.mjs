// A page that is reloaded, a server that stops or dies: what was written is there.
import assert from "node:assert/strict";

import { inCity, test } from "./harness.mjs";
import { fillIn, hangUp, kSummary, kWords, onDuty, saved, takeCall } from "./steps.mjs";

const w = kWords.zh;
const riceOn = (worker) => worker.page.getByRole("checkbox", { name: w.rice, exact: true }).first();

async function formStands(worker) {
  await worker.page.locator("#summary").waitFor();
  assert.equal(await worker.page.locator("#summary").inputValue(), kSummary);
  assert.equal(await worker.page.locator("#person-name").inputValue(), "梁婆婆");
  assert.equal(await riceOn(worker).isChecked(), true);
  assert.equal(await worker.page.locator("output").first().textContent(), "2");
  assert.equal(await worker.page.getByRole("checkbox", { name: w.urgentRice }).isChecked(), true);
}

test("a_reload_in_the_middle_of_a_talk_keeps_the_call_and_the_draft", () =>
  inCity(async ({ person }) => {
    const worker = await person();
    await onDuty(worker);
    await takeCall(worker);
    await fillIn(worker);
    await saved(worker);
    await worker.page.reload();
    await formStands(worker);
    await hangUp(worker);
    await worker.button(w.finalise).click();
    await worker.sees(w.finalised);
  }));

test("a_server_that_stops_and_comes_back_finds_every_word", () => goneAndBack("stop"));
test("a_server_that_is_killed_and_comes_back_finds_every_word", () => goneAndBack("kill"));

function goneAndBack(how) {
  return inCity(async ({ world, person }) => {
    const worker = await person();
    await onDuty(worker);
    await takeCall(worker);
    await fillIn(worker);
    await hangUp(worker);
    await saved(worker);
    await world.do(how);
    await worker.sees(how === "stop" ? "正在重启" : w.lost);
    await worker.page.locator("#summary").fill(`${kSummary}。`);
    await worker.page.locator(".mark.fault").waitFor();
    await world.do("start");
    await worker.page.getByText("已重新连接").waitFor({ timeout: 30_000 });
    await saved(worker);
    await worker.page.locator("#summary").fill(kSummary);
    await saved(worker);
    await worker.page.reload();
    await formStands(worker);
    await worker.button(w.finalise).click();
    await worker.sees(w.finalised);
  });
}

test("two_windows_of_one_worker_show_both_versions_and_a_person_decides", () =>
  inCity(async ({ person }) => {
    const worker = await person();
    await onDuty(worker);
    await takeCall(worker);
    await hangUp(worker);
    const page = await worker.context.newPage();
    await page.goto(`${worker.world.origin}/`);
    await page.locator("#summary").waitFor();
    await page.locator("#summary").fill("另一个窗口写的");
    await page.locator(".mark.saved", { hasText: ":" }).waitFor();
    await worker.page.locator("#summary").fill("这个窗口写的");
    await worker.page.getByText("这条草稿在别处也改动了").first().waitFor();
    await worker.page.locator(".conflict").getByText("另一个窗口写的").waitFor();
    await worker.button("保留我的").click();
    await saved(worker);
    assert.equal(await worker.page.locator("#summary").inputValue(), "这个窗口写的");
  }));

test("a_full_disk_is_told_while_call_and_draft_go_on", () =>
  inCity(
    async ({ world, person }) => {
      const worker = await person();
      await onDuty(worker);
      await takeCall(worker);
      await worker.page.locator("#summary").fill("断粮两天");
      await saved(worker);
      await world.do("fill_disk");
      await worker.page.locator("#summary").fill(kSummary);
      await worker.sees("系统暂存中");
      await saved(worker);
      await hangUp(worker);
      await fillIn(worker);
      await saved(worker);
      await worker.button(w.finalise).click();
      await worker.sees("存储暂不可用");
      await world.do("free_disk");
      await worker.page.getByText("系统暂存中").waitFor({ state: "detached" });
      await formStands(worker);
      await worker.button(w.finalise).click();
      await worker.sees(w.finalised);
    },
    { faults: true },
  ));

test("a_draft_left_for_a_new_call_before_it_was_saved_is_kept", () =>
  inCity(async ({ world, person }) => {
    const worker = await person();
    await onDuty(worker);
    await takeCall(worker);
    await hangUp(worker);
    await worker.page.locator("#summary").fill("第一通");
    await saved(worker);
    await worker.button(w.nextCall).click();
    await worker.sees(w.ready);
    // Nothing can be saved in time: the last words go with the draft when the next call takes its place.
    await worker.page.locator("#summary").fill("第一通，还差一句");
    await world.do("arrive", { ref: "b", caller: "020-09005678" });
    await worker.button(w.accept).click();
    await worker.page.locator(".number", { hasText: "0002" }).waitFor();
    await hangUp(worker);
    await worker.page.locator(".draft", { hasText: "0001" }).click();
    await worker.page.locator(".number", { hasText: "0001" }).waitFor();
    assert.equal(await worker.page.locator("#summary").inputValue(), "第一通，还差一句");
    await saved(worker);
  }));
