import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startFake } from './adapters/playground/fakeBot.ts';
import { openBrowser } from './support/browser.ts';

let browser: Browser;
let app: Awaited<ReturnType<typeof startFake>>;
let problems: string[];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});
beforeEach(async () => {
  app = await startFake();
  problems = [];
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await app.stop();
  expect(problems).toEqual([]);
});

const visit = async (options: BrowserContextOptions = {}, hash = ''): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(5_000);
  page.on('pageerror', (error) => problems.push(error.message));
  // What the content security policy blocks is reported here, too.
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('404')) problems.push(message.text());
  });
  await page.goto(`${app.url}/playground${hash}`);
  await page.locator('.message').first().waitFor();
  return page;
};

const message = (page: Page, text: string) => page.locator('.message').filter({ hasText: text }).last();
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
const stepDone = (page: Page, step: string) => page.locator(`.steps li.done[data-step=${step}]`).waitFor();
const lin = '生产环境数据库时断时续';

describe('the playground in a browser', () => {
  test('the guided loop: capture, answer, claim, carry over, remind, resolve, confirm', async () => {
    const page = await visit();
    await react(page, lin, 'capture');
    await page.locator('.thread.open .card').waitFor();
    await stepDone(page, 'capture');

    await say(page, '刚刚开始全部线上下单都失败了');
    await stepDone(page, 'answer');
    await page.locator('.ticket .status').filter({ hasText: '待认领' }).waitFor();

    await page.locator('[data-chat="duty-db"] .badge').waitFor();
    await open(page, 'duty-db');
    await stepDone(page, 'look');
    await be(page, 'wei');
    await react(page, 'ITR-1', 'claim');
    await stepDone(page, 'claim');
    await page.locator('.card-head').filter({ hasText: '处理中' }).waitFor();

    await say(page, '能发一下 10:00 的 AWR 报告吗?');
    await stepDone(page, 'reply');
    await page.locator('[data-move=next]').click();
    await stepDone(page, 'clock');
    await message(page, '恢复还剩 1 小时').waitFor();
    await say(page, '@itr 解决 连接池配置过小,已调整到200');
    await stepDone(page, 'resolve');

    await page.locator('.steps .now button').click();
    expect(await page.locator('#me').inputValue()).toBe('lin');
    await message(page, '魏伟 · 由 itr 转来').filter({ hasText: 'AWR' }).waitFor();
    await react(page, 'ITR-1', 'done');
    await stepDone(page, 'confirm');
    await page.locator('.ticket .status').filter({ hasText: '已关闭' }).waitFor();
  });

  test('a form is a dialog: filled, sent, and gone', async () => {
    const page = await visit();
    await react(page, lin, 'capture');
    await page.locator('[data-action=form]').click();
    await page.locator('dialog[open] textarea').fill('全部线上下单');
    await page.locator('dialog[open] [type=submit]').click();
    await page.locator('.ticket .status').filter({ hasText: '待认领' }).waitFor();
    expect(await page.locator('dialog[open]').count()).toBe(0);
  });

  test('a word in private is seen by one person, and put away', async () => {
    const page = await visit();
    await react(page, lin, 'capture');
    await say(page, '全部');
    await open(page, 'duty-db');
    await be(page, 'chen');
    await react(page, 'ITR-1', 'claim');
    await page.locator('.whisper').filter({ hasText: '只有你能看到' }).waitFor();
    await be(page, 'wei');
    await page.locator('.whisper').waitFor({ state: 'detached' });
    await be(page, 'chen');
    await page.locator('.whisper button').click();
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

    await message(page, '我这边').or(message(page, lin)).first().locator('.open-menu').click();
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

  test('in English the page speaks English, and remembers it', async () => {
    const page = await visit({ locale: 'en-US' });
    expect(await page.locator('#send').textContent()).toBe('Send');
    await page.locator('[data-lang="zh-CN"]').click();
    await page.reload();
    await page.locator('.message').first().waitFor();
    expect(await page.locator('#send').textContent()).toBe('发送');
  });

  test('a permalink opens the thread', async () => {
    const page = await visit({}, '#proj-acme/m3/m5');
    await page.locator('.thread.open #m5').waitFor();
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
  });
});

describe('on a phone', () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

  test('three tabs, nothing wider than the screen, and targets that a thumb can hit', async () => {
    const page = await visit(phone);
    await message(page, lin).locator('.open-menu').tap();
    await page.locator('#menu [data-gesture=capture]').tap();
    await page.locator('.thread.open .card').waitFor();
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
