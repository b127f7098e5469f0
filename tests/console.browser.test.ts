import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openBrowser } from './support/browser.ts';
import { openOffice } from './web/raised.ts';
import type { Office } from './web/raised.ts';

let browser: Browser;
let office: Office;
let problems: string[];
beforeAll(async () => {
  [browser, office] = await Promise.all([openBrowser(), openOffice()]);
});
afterAll(async () => {
  await browser.close();
  await office.stop();
});
beforeEach(() => {
  problems = [];
});

const visit = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(5_000);
  page.on('pageerror', (error) => problems.push(error.message));
  // What the content security policy blocks is reported here, too.
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  // The stream is open before the test changes anything.
  const live = page.waitForResponse((response) => response.url().endsWith('/api/v1/events'));
  await page.goto(`${office.app.url}${path}`);
  await live;
  return page;
};

describe('the console in a browser', () => {
  test('a change is shown without a reload; under the pointer it waits, with a count', async () => {
    const number = await office.ticketIn('queued');
    const page = await visit('/board', { locale: 'en-GB' });
    const card = page.locator(`[data-number="${number}"]`);
    await card.filter({ hasText: 'No owner' }).waitFor();
    const asked = page.waitForRequest(
      (request) => request.resourceType() === 'fetch' && request.url().endsWith('/board'),
    );
    await office.tell(number, { type: 'claim', as: 'wei' });
    await card.filter({ hasText: '魏伟' }).waitFor();
    // The page's own language, whatever the browser would have said.
    expect(await (await asked).headerValue('accept-language')).toBe('en');

    await card.hover();
    await office.tell(number, { type: 'release', as: 'wei' });
    await page.locator('.live button').filter({ hasText: /^1 / }).waitFor();
    expect(await card.textContent()).toContain('魏伟');
    await page.locator('.live button').click();
    await card.filter({ hasText: 'No owner' }).waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('a language chosen in another tab is that of the whole page with the next change', async () => {
    const number = await office.ticketIn('queued');
    const page = await visit('/board', { locale: 'en-GB' });
    const other = await page.context().newPage();
    await other.goto(`${office.app.url}/board?lang=zh-CN`);
    await page.bringToFront();
    await office.tell(number, { type: 'claim', as: 'wei' });
    await page.locator('nav a', { hasText: '值班' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('zh-CN');
    expect(await page.locator('footer').textContent()).not.toMatch(/Times in/);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('who has begun to type while a change was on its way goes on typing', async () => {
    const number = await office.ticketIn('queued');
    const page = await visit('/board');
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/board', async (route) => {
      await held;
      await route.continue();
    });
    const asked = page.waitForRequest((request) => request.url().endsWith('/board'));
    await office.tell(number, { type: 'claim', as: 'wei' });
    await asked;
    await page.keyboard.press('/');
    release();
    await page.locator('.live button').waitFor();
    expect(await page.evaluate('document.activeElement.name')).toBe('q');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('j and k move, / searches, Enter opens', async () => {
    const number = await office.ticketIn('queued');
    const page = await visit(`/board?q=${number}`);
    await page.keyboard.press('j');
    expect(await page.evaluate('document.activeElement.dataset.number')).toBe(number);
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.name')).toBe('q');
    await page.locator(`[data-number="${number}"]`).press('Enter');
    await page.waitForURL(`**/tickets/${number}`);
    await page.locator('details').first().locator('summary').click();
    await page.locator('.why').first().waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test.each(['zh-CN', 'en'])('on a phone nothing breaks out of the page (%s)', async (locale) => {
    const title = `${'Überlang'.repeat(12)} ${'很长的标题'.repeat(18)}`.slice(0, 200);
    const number = await office.raise({ title, severity: 'S1' });
    await office.tell(number, { type: 'comment', as: 'wei', text: 'x'.repeat(500) });
    for (const path of ['/board', `/tickets/${number}`]) {
      const page = await visit(path, { viewport: { width: 360, height: 740 }, locale, isMobile: true, hasTouch: true });
      const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await page.evaluate(wider), path).toBe(0);
      const small = `[...document.querySelectorAll('nav a, button, select, input, .card')].filter((one) => one.getBoundingClientRect().height < 44).length`;
      expect(await page.evaluate(small), path).toBe(0);
      await page.context().close();
    }
    expect(problems).toEqual([]);
  });

  test('on a small laptop every open column is in sight', async () => {
    await office.ticketIn('resolved');
    const page = await visit('/board', { viewport: { width: 1280, height: 800 } });
    const hidden = `(() => { const board = document.querySelector('.board'); return board.scrollWidth - board.clientWidth; })()`;
    expect(await page.evaluate(hidden)).toBe(0);
    await page.context().close();
  });

  test('without scripts it can be read, too', async () => {
    const number = await office.ticketIn('in_progress');
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${office.app.url}/board`);
    await page.locator(`[data-number="${number}"]`).click();
    expect(await page.locator('h1').textContent()).toContain('数据库');
    await context.close();
  });
});
