import { Client, EventDispatcher, LoggerLevel, WSClient } from '@larksuiteoapi/node-sdk';
import { FeishuEmulator } from '../emulators/feishu/index.ts';
import type { EmulatorOptions, JsonObject } from '../emulators/feishu/index.ts';
import { HandClock } from './clock.ts';

/** The strict answers these tests provoke would otherwise fill the screen. */
const silent = () => {};
export const logger = { error: silent, warn: silent, info: silent, debug: silent, trace: silent };

const closers: (() => unknown)[] = [];

/** After each test. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

export const afterwards = (close: () => unknown): unknown => closers.push(close);

export const CHAT = 'oc_acme';
export const start = Date.UTC(2026, 10, 19, 1, 41);

export async function tenant(options: EmulatorOptions = {}): Promise<{ feishu: FeishuEmulator; clock: HandClock }> {
  const clock = new HandClock(start);
  const feishu = await FeishuEmulator.start({ clock, ...options });
  afterwards(() => feishu.stop());
  feishu.addPerson({ key: 'lin', name: '林小雨', email: 'lin@acme.example' });
  feishu.addPerson({ key: 'wei', name: '魏工' });
  feishu.addPerson({ key: 'zhou', name: '周' });
  feishu.addChat({ id: CHAT, name: 'proj-acme', members: ['lin', 'wei'] });
  return { feishu, clock };
}

export const client = ({ app, url }: FeishuEmulator): Client =>
  new Client({
    appId: app.id,
    appSecret: app.secret,
    domain: url,
    logger,
    loggerLevel: LoggerLevel.error,
    disableTokenCache: false,
    cache: memory(),
  });

/** The SDK's own cache is shared by the whole process and would hand one test's token to the next. */
export function memory() {
  const kept = new Map<string, unknown>();
  return {
    get: async (key: unknown) => kept.get(String(key)),
    set: async (key: unknown, value: unknown) => Boolean(kept.set(String(key), value)),
  };
}

export const text = (words: string): string => JSON.stringify({ text: words });

export const toChat = (content: string, more: { uuid?: string; msg_type?: string; receive_id?: string } = {}) => ({
  params: { receive_id_type: 'chat_id' as const },
  data: { receive_id: CHAT, msg_type: 'text', content, ...more },
});

export const card = (title: string, elements: JsonObject[] = [], config: JsonObject = { update_multi: true }): string =>
  JSON.stringify({
    schema: '2.0',
    config,
    header: { title: { tag: 'plain_text', content: title }, template: 'red' },
    body: { elements },
  });

export const button = (words: string, value: JsonObject): JsonObject => ({
  tag: 'button',
  text: { tag: 'plain_text', content: words },
  behaviors: [{ type: 'callback', value }],
});

/** Code and HTTP status of what a call was refused with. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ status: number; code: number; msg: string; headers: Record<string, string> }> {
  try {
    await call;
  } catch (error) {
    const { response } = error as {
      response: { status: number; data: { code: number; msg: string }; headers: Record<string, string> };
    };
    return { status: response.status, code: response.data.code, msg: response.data.msg, headers: response.headers };
  }
  throw new Error('it was not refused');
}

export type Heard = { event: Record<string, unknown>[]; answer: (event: Record<string, unknown>) => unknown };

export function dispatcher(heard: Heard, encryptKey = ''): EventDispatcher {
  const handle = async (event: Record<string, unknown>): Promise<unknown> => {
    heard.event.push(event);
    return heard.answer(event);
  };
  return new EventDispatcher({ encryptKey, logger, loggerLevel: LoggerLevel.error }).register({
    'im.message.receive_v1': handle,
    'im.message.reaction.created_v1': handle,
    'im.message.reaction.deleted_v1': handle,
    'im.chat.disbanded_v1': handle,
    'card.action.trigger': handle,
  });
}

export async function connected(feishu: FeishuEmulator, pingTimeout = 1): Promise<Heard> {
  const heard: Heard = { event: [], answer: () => ({}) };
  const before = feishu.connections;
  const socket = new WSClient({
    appId: feishu.app.id,
    appSecret: feishu.app.secret,
    domain: feishu.url,
    logger,
    wsConfig: { pingTimeout },
  });
  afterwards(() => socket.close({ force: true }));
  await socket.start({ eventDispatcher: dispatcher(heard) });
  await feishu.waitFor(() => feishu.connections > before);
  return heard;
}
