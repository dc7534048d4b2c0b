// What people do, in the words of their screens.
export const kWords = {
  zh: {
    takeDuty: "上岗签到", getReady: "开始接听", ready: "可接听。来电时会响铃，并在任何页面显示。", offer: "新来电", accept: "接听", decline: "拒接",
    hangUp: "挂断", nextCall: "整理完毕，继续接听", finalise: "提交记录", self: "本人求助", rice: "米面", anxiety: "焦虑", none: "无",
    moreRice: "米面: 增加", urgentRice: "米面: 紧急", sendTo: "派给", referrals: "服务工单", log: "接线记录", desk: "接线工作台",
    acceptReferral: "接单", complete: "办结", giveBack: "退单", solved: "已解决", confirmComplete: "确认办结", confirmReturn: "确认退单",
    outOfArea: "非本辖区", completed: "已办结：", saved: "已保存", finalised: "已提交", wrong: "账号或密码不对", lost: "连接中断", signOut: "退出登录",
    taken: "已先接单", signIn: "登录", returned: "已退单：", missing: "还缺：", none_found: "没有找到",
    refresh: "刷新", asOf: "更新于",
  },
  en: {
    takeDuty: "Take duty", getReady: "Get ready", ready: "Ready. A new call rings and shows on every screen.", offer: "New call", accept: "Accept",
    decline: "Decline", hangUp: "Hang up", nextCall: "Done, next call", finalise: "Finalise", self: "For oneself", rice: "Rice and flour",
    anxiety: "Anxiety", none: "None", moreRice: "Rice and flour: More", urgentRice: "Rice and flour: Urgent", sendTo: "To", referrals: "Referrals",
    log: "Call log", desk: "Worker desk", acceptReferral: "Accept", complete: "Complete", giveBack: "Return", solved: "Solved",
    confirmComplete: "Complete it", confirmReturn: "Return it", outOfArea: "out of area", completed: " completed", saved: "Saved",
    finalised: " finalised", wrong: "Wrong account or password", lost: "Connection lost", signOut: "Sign out", taken: "was first to accept",
    signIn: "Sign in", returned: " returned", missing: "Still missing:", none_found: "Nothing found",
    refresh: "Refresh", asOf: "As of",
  },
};

export const kSummary = "独居老人，家中米面将尽，夜里焦虑难眠";

/** A worker on duty who waits for calls. */
export async function onDuty(person, account = "sm-1") {
  const w = kWords[person.tongue];
  await person.signIn(account);
  await person.button(w.takeDuty).click();
  await person.button(w.getReady).click();
  await person.sees(w.ready);
}

export async function takeCall(person, ref = "a") {
  await person.world.do("arrive", { ref });
  await person.button(kWords[person.tongue].accept).waitFor();
  await person.page.keyboard.press("F2");
  await person.page.locator("#summary").waitFor();
}

/** Two needs, one in a quantity, and what else a whole record asks. */
export async function fillIn(person) {
  const w = kWords[person.tongue];
  const { page } = person;
  await page.getByRole("radio", { name: w.self, exact: true }).check();
  await page.getByRole("checkbox", { name: w.rice, exact: true }).first().check();
  await page.getByRole("checkbox", { name: w.anxiety, exact: true }).first().check();
  await person.button(w.moreRice).click();
  await person.button(w.moreRice).click();
  await page.getByRole("checkbox", { name: w.urgentRice }).check();
  await page.locator("#summary").fill(kSummary);
  await page.locator("#person-name").fill("梁婆婆");
  await page.locator("#address").fill("沙面大街五十三号");
  await page.getByRole("radio", { name: w.none, exact: true }).check();
}

export async function sendTo(person, name) {
  const box = person.page.getByRole("combobox", { name: kWords[person.tongue].sendTo, exact: true });
  await box.fill(name);
  await person.page.locator("[role=option]").first().waitFor();
  await box.press("ArrowDown");
  await box.press("Enter");
}

export async function hangUp(person) {
  await person.button(kWords[person.tongue].hangUp).click();
  await person.button(kWords[person.tongue].nextCall).waitFor();
}

/** A whole call, written up, its goods sent to the neighbouring station. */
export async function callWrittenUp(person, ref = "a") {
  await takeCall(person, ref);
  await fillIn(person);
  await hangUp(person);
  await sendTo(person, "岭南");
  await person.button(kWords[person.tongue].finalise).click();
  await person.sees(kWords[person.tongue].finalised);
}

export async function go(person, screen) {
  await person.page.getByRole("link", { name: kWords[person.tongue][screen], exact: true }).click();
}

/** Waits until the form says that what stands in it is on the server's disk. */
export async function saved(person) {
  await person.page.locator(".mark.saved").waitFor();
}
