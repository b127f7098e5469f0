/** Draws the pictures of the README from the program as it is: `npx tsx scripts/pictures.ts`. */
import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { startApp } from '../tests/support/app.ts';
import { openBrowser } from '../tests/support/browser.ts';
import { clockFrom } from '../tests/support/clock.ts';
import { SlackScene, MORNING } from '../tests/support/slack-scene.ts';
import { EXAMPLE } from '../tests/support/world.ts';

const FOLDER = new URL('../docs/pictures/', import.meta.url);
const file = (name: string): string => new URL(name, FOLDER).pathname;

/** A person's answer, and the question before it: nobody types within a millisecond. */
const THINKING_MS = 3 * 60_000;

async function playground(browser: Browser): Promise<void> {
  const clock = clockFrom(MORNING);
  const app = await startApp({ clock });
  const page = await browser.newPage({ viewport: { width: 1440, height: 860 }, locale: 'zh-CN' });
  const say = async (text: string): Promise<void> => {
    await page.locator('#say').fill(text);
    await page.locator('#say').press('Enter');
    await page.locator('.message').filter({ hasText: text }).last().waitFor();
  };
  await page.goto(`${app.url}/playground`);
  const lin = page.locator('.message').filter({ hasText: '生产环境数据库时断时续' }).first();
  await lin.hover();
  await lin.locator('.gesture-row [data-gesture=capture]').click();
  await page.locator('.thread.open .card').waitFor();
  clock.advance(THINKING_MS);
  await say('刚刚开始全部线上下单都失败了');
  await page.locator('[data-chat="duty-db"] .badge').waitFor();
  clock.advance(THINKING_MS);
  await page.locator('[data-chat="duty-db"]').click();
  await page.locator('#me').selectOption('wei');
  await page.locator('.message').filter({ hasText: 'ITR-1' }).locator('[data-action=claim]').click();
  await page.locator('.thread-toggle').click();
  await page.locator('.card-head').filter({ hasText: '处理中' }).waitFor();
  clock.advance(THINKING_MS);
  await say('能发一下 09:30–09:45 的 AWR 报告吗？');
  await page.locator('#me').selectOption('lin');
  await page.locator('[data-chat="proj-acme"]').click();
  await page.locator('.message').filter({ hasText: '由 itr 转来' }).waitFor();
  await say('报告已经放到共享盘了');
  await settle(page);
  await page.screenshot({ path: file('playground.png') });
  await page.close();
  await app.stop();
}

const SLACK = {
  'zh-CN': {
    name: 'slack-card.png',
    config: EXAMPLE,
    by: 'U0LIN',
    says: '生产环境数据库时断时续，下单很慢',
    adds: '版本好像是 3.2.1',
    answers: '刚刚开始全部线上下单都失败了',
    asks: '能发一下 09:30–09:45 的 AWR 报告吗？',
  },
  en: {
    name: 'slack-card-en.png',
    config: EXAMPLE.replace('locale: zh-CN', 'locale: en'),
    by: 'U0JOE',
    says: 'The production database is slow and keeps failing',
    adds: 'It is version 3.2.1',
    answers: 'All users: every order fails now',
    asks: 'Could you send the AWR report of 09:30–09:45?',
  },
} as const;

async function slackCard(browser: Browser, language: keyof typeof SLACK): Promise<void> {
  const { name, config, by, says, adds, answers, asks } = SLACK[language];
  const scene = await SlackScene.open({ config });
  const { slack } = scene;
  const root = await slack.post(by, 'C0ACME', says);
  scene.clock.advance(THINKING_MS / 3);
  await slack.post(by, 'C0ACME', adds, { thread_ts: root.ts });
  scene.clock.advance(THINKING_MS / 3);
  await slack.react('U0ZHOU', 'C0ACME', root.ts, 'ticket');
  await scene.hears('C0ACME', ['ITR-1'], root.ts);
  await scene.until(() => slack.messages('C0ACME', { thread_ts: root.ts, from: 'bot' }).length === 2);
  scene.clock.advance(THINKING_MS / 3);
  await slack.post(by, 'C0ACME', answers, { thread_ts: root.ts });
  await scene.untilStatus('queued');
  const work = await scene.hears('C0DUTY', ['ITR-1']);
  scene.clock.advance(THINKING_MS);
  await slack.react('U0WEI', 'C0DUTY', work.ts, 'eyes');
  await scene.untilStatus('in_progress');
  await scene.until(() => scene.text('C0DUTY', work.ts).includes('魏伟'));
  await slack.post('U0WEI', 'C0DUTY', asks, { thread_ts: work.ts });
  await scene.hears('C0ACME', ['AWR'], root.ts);
  await scene.quiet();

  const threads = await Promise.all([
    slack.renderHtml('C0ACME', root.ts, { locale: language }),
    slack.renderHtml('C0DUTY', work.ts, { locale: language }),
  ]);
  const page = await browser.newPage({ viewport: { width: 1360, height: 400 } });
  await page.setContent(
    '<style>body{margin:0;display:grid;grid-template-columns:1fr 1fr}iframe{border:0;width:100%}</style><iframe></iframe><iframe></iframe>',
  );
  const frames = await page.locator('iframe').elementHandles();
  let height = 0;
  for (const [place, html] of threads.entries()) {
    const frame = await frames[place]?.contentFrame();
    await frame?.setContent(html);
    height = Math.max(height, Number(await frame?.evaluate('document.body.scrollHeight')));
  }
  await page.setViewportSize({ width: 1360, height });
  await page.addStyleTag({ content: `iframe{height:${height}px}` });
  await page.screenshot({ path: file(name) });
  await page.close();
  await scene.close();
}

/** Nothing moves any more: no toast, no request. */
async function settle(page: Page): Promise<void> {
  await page.mouse.move(720, 855);
  await page.evaluate('document.activeElement.blur()');
  await page.waitForTimeout(1_500);
}

await mkdir(FOLDER, { recursive: true });
const browser = await openBrowser();
await playground(browser);
await slackCard(browser, 'zh-CN');
await slackCard(browser, 'en');
await browser.close();
