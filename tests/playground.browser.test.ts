import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApp, type App } from './support/app.ts';
import { openBrowser } from './support/browser.ts';
import { clockFrom } from './support/clock.ts';
import { at } from './support/world.ts';

/** A Thursday morning; Wei is on duty until Monday. */
const MORNING = at('2026-11-19T09:41+08:00');

let browser: Browser;
let folder: string;
let app: App;
let problems: string[];

const start = () => startApp({ clock: clockFrom(MORNING), folder });

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'itr-playground-'));
  app = await start();
  problems = [];
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
  expect(problems).toEqual([]);
});

const visit = async (options: BrowserContextOptions = {}, hash = ''): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(5_000);
  page.on('pageerror', (error) => problems.push(error.message));
  // What the content security policy blocks is reported here, too.
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(`${app.url}/playground${hash}`);
  await page.locator('.message').first().waitFor();
  return page;
};

const message = (page: Page, text: string) => page.locator('.message').filter({ hasText: text }).last();
/** The work card in the duty chat, the ticket's card in the project's. */
const card = (page: Page) =>
  page
    .locator('.message')
    .filter({ has: page.locator('.card') })
    .first();
const react = async (page: Page, text: string, gesture: string) => {
  await message(page, text).hover();
  await message(page, text).locator(`.gesture-row [data-gesture=${gesture}]`).click();
};
const say = async (page: Page, text: string) => {
  await page.locator('#say').fill(text);
  await page.locator('#say').press('Enter');
};
const be = (page: Page, person: string) => page.locator('#me').selectOption(person);
const open = (page: Page, chat: string) => page.locator(`[data-chat="${chat}"]`).click();
const stepDone = (page: Page, step: string) =>
  page.locator(`.steps li.done[data-step=${step}]`).waitFor({ state: 'attached' });
const status = (page: Page, text: string) => page.locator('.ticket .status').filter({ hasText: text }).waitFor();
/** "Take me there", as somebody does who reads nothing but the guide. */
const take = (page: Page) => page.locator('.steps .now button').click();
const wished = (page: Page) => page.locator('.gesture.wished').click();
const lin = '生产环境数据库时断时续';

/** To the point where the ticket waits in the duty chat, and Wei has it. */
const claimed = async (page: Page) => {
  await react(page, lin, 'capture');
  await page.locator('.thread.open .card').waitFor();
  await say(page, '刚刚开始全部线上下单都失败了');
  await page.locator('[data-chat="duty-db"] .badge').waitFor();
  await open(page, 'duty-db');
  await be(page, 'wei');
  await react(page, 'ITR-1', 'claim');
  await status(page, '处理中');
};

describe('the playground in a browser', () => {
  test('the guided loop: capture, answer, claim, carry over, remind, escalate, resolve, confirm, rate', async () => {
    const page = await visit();
    const began = Date.now();
    await take(page);
    await wished(page);
    await page.locator('.thread.open .card').waitFor();
    expect(Date.now() - began).toBeLessThan(2_000);
    await stepDone(page, 'capture');
    await page.locator('.ticket').filter({ hasText: 'ITR-1' }).waitFor();
    await status(page, '待补充');

    await take(page);
    await say(page, '刚刚开始全部线上下单都失败了');
    await stepDone(page, 'answer');
    await status(page, '待认领');
    await page.locator('.ticket .chip.s1').waitFor();
    await page.locator('.ticket .timer').filter({ hasText: '响应' }).filter({ hasText: '还剩' }).waitFor();

    await page.locator('[data-chat="duty-db"] .badge').waitFor();
    await take(page);
    await stepDone(page, 'look');
    await take(page);
    expect(await page.locator('#me').inputValue()).toBe('wei');
    await wished(page);
    await stepDone(page, 'claim');
    await card(page).locator('.card-head').filter({ hasText: '处理中 · 魏伟' }).waitFor();

    await take(page);
    await say(page, '能发一下 10:00 的 AWR 报告吗？');
    await stepDone(page, 'reply');
    await page.locator('[data-move=next]').click();
    await stepDone(page, 'clock');
    await message(page, '本线处理刚刚超时').waitFor();

    await take(page);
    await page.locator('[data-chat="escalation"][aria-current]').waitFor();
    await take(page);
    expect(await page.locator('#me').inputValue()).toBe('chen');
    await message(page, 'ITR-1').locator('[data-action=acknowledge]').click();
    await page.locator('.whisper').filter({ hasText: 'ITR-1' }).waitFor();
    await stepDone(page, 'escalate');

    await take(page);
    // Nothing was heard from Wei while the clock was pushed, so the ticket waits for an owner again.
    await card(page).locator('[data-action=claim]').click();
    await card(page).locator('[data-action="form:resolve"]').click();
    await page.locator('dialog[open] textarea').fill('连接池配置过小，已调整到200');
    await page.locator('dialog[open] select').first().selectOption('configuration');
    await page.locator('dialog[open] [type=submit]').click();
    await stepDone(page, 'resolve');
    expect(await page.locator('dialog[open]').count()).toBe(0);

    await take(page);
    expect(await page.locator('#me').inputValue()).toBe('lin');
    await message(page, '魏伟 · 由 itr 转来').filter({ hasText: 'AWR' }).waitFor();
    await wished(page);
    await stepDone(page, 'confirm');
    await status(page, '已关闭');
    await page.locator('.stream [data-action="rate:5"]').click();
    await page.locator('.timeline').filter({ hasText: '评价 ★★★★★' }).waitFor();
    for (const step of ['登记', '派单', '认领', '提醒', '超时', '已知晓', '解决', '确认', '关闭'])
      expect(await page.locator('.timeline').textContent()).toContain(step);
    expect(await page.locator('.steps li:not(.done)').count()).toBe(0);
  });

  test('the loop in English: the bot and the duty chat speak it, too', async () => {
    const page = await visit({ locale: 'en-US' });
    await take(page);
    await wished(page);
    await page.locator('.card-head').filter({ hasText: 'incident' }).waitFor();
    await say(page, 'All users: the checkout fails for everyone');
    await page.locator('[data-chat="duty-db"] .badge').waitFor();
    await take(page);
    await page.locator('.card-head').filter({ hasText: 'waiting for an owner' }).waitFor();
    await page.locator('[data-action=claim]').filter({ hasText: 'Claim' }).waitFor();
  });

  test('a stop and a start keep the chats, the tickets and the clock', async () => {
    const page = await visit();
    await claimed(page);
    await page.locator('[data-move=h1]').click();
    const shown = page.locator('#clock time');
    await shown.filter({ hasText: '10:41' }).waitFor();
    // Not a word of complaint while it is away: nobody looks.
    await page.goto('about:blank');
    await app.stop();
    app = await start();
    await page.goto(`${app.url}/playground`);
    await shown.filter({ hasText: '10:41' }).waitFor();
    await open(page, 'duty-db');
    await message(page, 'ITR-1').waitFor();
    await status(page, '处理中');
    await say(page, '还在');
    await message(page, '还在').waitFor();
  });

  test('what is missing can be filled in by form', async () => {
    const page = await visit();
    await react(page, lin, 'capture');
    await page.locator('.card [data-action="form:intake"]').click();
    await page.locator('dialog[open] [name=impact]').fill('全部线上下单');
    await page.locator('dialog[open] [type=submit]').click();
    await status(page, '待认领');
    expect(await page.locator('dialog[open]').count()).toBe(0);
  });

  test('a word in private is seen by one person, and put away', async () => {
    const page = await visit();
    await claimed(page);
    await be(page, 'li');
    await react(page, 'ITR-1', 'claim');
    await page.locator('.whisper').filter({ hasText: '魏伟' }).waitFor();
    await be(page, 'wei');
    await page.locator('.whisper').waitFor({ state: 'detached' });
    await be(page, 'li');
    await page.locator('.whisper button').last().click();
    await page.locator('.whisper').waitFor({ state: 'detached' });
  });

  test('one changes and deletes what one said, and nobody else does', async () => {
    const page = await visit();
    await say(page, '先说一句');
    await message(page, '先说一句').locator('.open-menu').click();
    await page.locator('#menu .menu-item').filter({ hasText: '修改' }).click();
    await say(page, '改过的一句');
    await message(page, '改过的一句 (已编辑)').waitFor();
    await message(page, '改过的一句').locator('.open-menu').click();
    await page.locator('#menu .menu-item').filter({ hasText: '删除' }).click();
    await page.locator('dialog[open] .danger').click();
    await message(page, '改过的一句').waitFor({ state: 'detached' });

    await be(page, 'wei');
    await message(page, lin).locator('.open-menu').click();
    expect(await page.locator('#menu .menu-item').filter({ hasText: '删除' }).count()).toBe(0);
  });

  test('what people write is text, whatever it looks like', async () => {
    const page = await visit();
    await say(page, '<img src=x onerror="document.title=1"><b>粗</b> https://example.com/a?b=1 @魏伟');
    const said = message(page, '<img src=x');
    await said.waitFor();
    expect(await said.locator('img, b').count()).toBe(0);
    expect(await said.locator('a').getAttribute('href')).toBe('https://example.com/a?b=1');
    expect(await said.locator('.mention').textContent()).toBe('@魏伟');
  });

  test('two tabs are two people, and see each other at once', async () => {
    const one = await visit();
    const two = await visit();
    await be(two, 'wei');
    await say(one, '有人吗');
    await message(two, '有人吗').waitFor();
    expect(await one.locator('#me').inputValue()).toBe('lin');
  });

  test('a draft stays with its thread, and what could not be sent stays in the box', async () => {
    const page = await visit();
    await page.locator('#say').fill('写了一半');
    await open(page, 'duty-db');
    expect(await page.locator('#say').inputValue()).toBe('');
    await open(page, 'proj-acme');
    expect(await page.locator('#say').inputValue()).toBe('写了一半');
    await page.route('**/playground/api/messages', (route) => route.fulfill({ status: 503, body: '{}' }));
    await page.locator('#say').press('Enter');
    await page.locator('.toast.shown[data-kind=error]').waitFor();
    expect(await page.locator('#say').inputValue()).toBe('写了一半');
    problems = [];
  });

  test('in English the page speaks English; another language is remembered, by the console as well', async () => {
    const page = await visit({ locale: 'en-US' });
    expect(await page.locator('#send').textContent()).toBe('Send');
    await page.locator('[data-lang="zh-CN"]').click();
    await page.reload();
    await page.locator('.message').first().waitFor();
    expect(await page.locator('#send').textContent()).toBe('发送');
    await page.locator('.out a').click();
    expect(await page.locator('h1').first().textContent()).toBe('看板');
  });

  test('a permalink opens the thread; the link on a card leads to the page of the ticket', async () => {
    const page = await visit({}, '#proj-acme/m3/m5');
    await page.locator('.thread.open #m5').waitFor();
    await react(page, lin, 'capture');
    await say(page, '全部');
    const link = page.locator('.card a.button').filter({ hasText: '查看' });
    expect(await link.getAttribute('href')).toBe(`${app.url}/tickets/ITR-1`);
  });

  test('the keyboard alone reaches a gesture, and focus survives a new message', async () => {
    const page = await visit();
    await message(page, lin).locator('.open-menu').focus();
    await page.keyboard.press('Enter');
    await page.locator('#menu [data-gesture=capture]').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.thread.open .card').waitFor();
    await page.locator('.card [data-action=register]').focus();
    await fetch(`${app.url}/playground/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ as: 'zhou', chat: 'proj-acme', text: '另一件事' }),
    });
    await message(page, '另一件事').waitFor();
    expect(await page.evaluate('document.activeElement.dataset.action')).toBe('register');
    await page.keyboard.press('Enter');
    await status(page, '待认领');
  });
});

describe('on a phone', () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

  test('three tabs, nothing wider than the screen, targets that a thumb can hit, and the next step above the chat', async () => {
    const page = await visit(phone);
    await page.locator('#guide-now button').tap();
    await page.locator('.gesture.wished').tap();
    await page.locator('.thread.open .card').waitFor();
    await say(page, '全部');
    await page.locator('[data-chat="duty-db"] .badge').waitFor();
    await page.locator('#guide-now button').tap();
    await page.locator('.card [data-action=claim]').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const small = await page.evaluate(
      `[...document.querySelectorAll('button, select, a.button')]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
        .map((one) => one.outerHTML.slice(0, 80))`,
    );
    expect(small).toEqual([]);
    await page.locator('#tabs [data-tab=ticket]').tap();
    await page.locator('.ticket .flow').waitFor();
    await page.locator('#tabs [data-tab=guide]').tap();
    await page.locator('.steps .now').waitFor();
    expect(await page.locator('.stream').isVisible()).toBe(false);
  });

  test('long words stay inside', async () => {
    const page = await visit(phone);
    await say(page, 'x'.repeat(600));
    await message(page, 'xxxx').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });
});
