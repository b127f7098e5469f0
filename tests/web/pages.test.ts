import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIN, openOffice } from './raised.ts';
import type { Office } from './raised.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.stop());

const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${office.app.url}${path}`, { redirect: 'manual', headers: { accept: 'text/html', ...headers } });
const page = async (path: string, headers: Record<string, string> = {}) => (await ask(path, headers)).text();
/** What a reader sees, without markup. */
const words = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('the board', () => {
  test('without tickets it says what will be here, and how to get the first', async () => {
    const html = words(await page('/board'));
    expect(html).toContain('还没有工单');
    expect(html).toContain('🎫');
  });

  test('columns by status with their counts; a card has owner and the most urgent clock', async () => {
    const queued = await office.ticketIn('queued');
    const owned = await office.ticketIn('in_progress');
    await office.ticketIn('pending');
    await office.ticketIn('draft');
    await office.ticketIn('closed');
    const html = await page('/board');
    const text = words(html);
    expect(text).toMatch(/待认领 1 .*无人认领 认领 还剩 1 小时/);
    expect(text).toMatch(/处理中 1 .*魏伟/);
    expect(text).toMatch(/暂停/);
    expect(text).toContain('待补充：影响范围');
    expect(text).not.toContain('已关闭');
    expect(words(await page('/board?ended=1'))).toContain('已关闭 1');
    for (const number of [queued, owned]) expect(html).toContain(`href="/tickets/${number}"`);
  });

  test('filters stand in the address, and can be removed one by one', async () => {
    const html = await page('/board?assignee=wei&team=db-l1');
    expect(words(html)).toMatch(/待认领 0 .*处理中 1/);
    expect(html).toContain('href="/board?team=db-l1"');
    expect(html).toMatch(/<option value="wei" selected/);
    expect(words(await page('/board?q=nothing-like-it'))).toContain('没有符合这些条件的工单');
  });

  test('in the language of the reader: asked for, chosen before, preferred, configured', async () => {
    const chosen = await ask('/board?lang=en', { 'accept-language': 'zh' });
    expect(await chosen.text()).toContain('<html lang="en">');
    const cookie = (chosen.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    expect(await page('/board', { cookie, 'accept-language': 'zh' })).toContain('<html lang="en">');
    expect(await page('/board', { 'accept-language': 'fr, en;q=0.8, zh;q=0.5' })).toContain('<html lang="en">');
    expect(await page('/board', { 'accept-language': 'fr' })).toContain('<html lang="zh-CN">');
  });
});

describe('a ticket', () => {
  test('what people wrote is text, whatever it looks like', async () => {
    const evil = '<script>alert(1)</script>"><img src=x onerror=alert(2)>';
    const number = await office.raise({ title: evil, description: evil, severity: 'S2' });
    await office.tell(number, { type: 'claim', as: 'wei' });
    await office.tell(number, { type: 'comment', as: 'wei', text: evil });
    for (const path of [
      `/tickets/${number}`,
      '/board',
      `/board?q=${encodeURIComponent(evil)}`,
      `/${encodeURIComponent(evil)}`,
    ]) {
      const html = await page(path);
      expect(html).not.toContain('<script>alert');
      expect(html).not.toContain('<img');
    }
  });

  test('shows flow, clocks with their reasons, facts and the timeline; internal notes are labelled', async () => {
    const number = await office.raise({ title: '主从延迟', severity: 'S2', version: 'V3.2' });
    await office.tell(number, { type: 'claim', as: 'wei' });
    await office.tell(number, { type: 'note', as: 'wei', text: '怀疑交换机' });
    const html = await page(`/tickets/${number}?lang=en`);
    const text = words(html);
    expect(text).toMatch(/Acceptance ✓ register , done .* diagnose , it is here/);
    expect(text).toMatch(/Resolution 24 h|Resolution 1 d|Resolution 2\d h/);
    expect(text).toContain('Policy gold, from contract A-2026-01');
    expect(text).toContain('Not counted: ');
    expect(text).toMatch(/internal note internal 怀疑交换机/);
    expect(text).toMatch(/version V3.2/);
    expect(html).toContain('<time datetime="2026-11-19T07:00:00.000Z" title="2026-11-19 15:00:00 (Asia/Shanghai)"');
    expect(html).not.toMatch(/ style=| onclick=/);
  });

  test('a paste of 3,000 lines is folded, and whole', async () => {
    const number = await office.ticketIn('in_progress');
    await office.tell(number, {
      type: 'comment',
      as: LIN,
      text: Array.from({ length: 3_000 }, (_, line) => `ORA-${line}`).join('\n'),
    });
    const html = await page(`/tickets/${number}`);
    expect(html).toContain('全文（3000 行）');
    expect(html).toContain('ORA-2999');
  });

  test('any way its number is written; one that is not there says so', async () => {
    expect((await ask('/tickets/itr-1')).headers.get('location')).toBe('/tickets/ITR-1');
    const gone = await ask('/tickets/ITR-4711');
    expect(gone.status).toBe(404);
    expect(words(await gone.text())).toContain('没有 ITR-4711');
  });
});

describe('the other pages', () => {
  test.each([
    ['/', '两分钟'],
    ['/duty', '数据库一线'],
    ['/health', '数据库：'],
    ['/health?lang=en', 'database: answers'],
    ['/new', '后续版本'],
    ['/reports', '后续版本'],
    ['/playground', '<'],
  ])('%s', async (path, says) => {
    const answer = await ask(path);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(says);
  });

  test('what is not there: a page for people, a problem for programs', async () => {
    const people = await ask('/nowhere');
    expect([people.status, people.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8']);
    const programs = await fetch(`${office.app.url}/nowhere`);
    expect([programs.status, programs.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  });

  test('nothing foreign runs in a page or frames it', async () => {
    const { headers } = await ask('/board');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    // The playground has its own, stricter one.
    expect((await ask('/playground')).headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test.each(['tokens.css', 'console.css', 'console.js', 'icon.svg'])('/assets/%s, and not twice', async (name) => {
    const first = await ask(`/assets/${name}`);
    expect(first.status).toBe(200);
    const again = await ask(`/assets/${name}`, { 'if-none-match': first.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
  });

  test.each([
    '/assets/../package.json',
    '/assets/%2e%2e%2fpackage.json',
    '/assets/playground/playground.css',
    '/assets/constructor',
  ])('%s is nobody’s', async (path) => {
    expect((await ask(path)).status).toBe(404);
  });
});
