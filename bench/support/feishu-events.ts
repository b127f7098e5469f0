import { encrypt, signature } from '../../tests/emulators/feishu/index.ts';
import { REQUESTER, TALK, intakeOf, onFeishu } from './config.ts';
import { ENCRYPT_KEY, FEISHU_APP, VERIFICATION_TOKEN } from './feishu-stub.ts';

const words = 'The orders page is slow again and some of them fail with a time-out after a minute. '.repeat(8);

/**
 * Requests as the webhook sends them, each another event: 1.5 KB before they are encrypted, signed over the bytes. One in twenty starts a thread that
 * becomes a ticket; the others are talk that is kept. `run` tells the ids of one run from those of another.
 */
export const feishuEvents = (host: string, run: string): (() => string) => {
  let events = 0;
  return () => {
    const n = ++events;
    const now = Date.now();
    const body = JSON.stringify({ encrypt: encrypt(ENCRYPT_KEY, JSON.stringify(envelope(n, run, now))) });
    const timestamp = String(Math.floor(now / 1000));
    return (
      `POST /feishu/events HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\n` +
      `X-Lark-Request-Timestamp: ${timestamp}\r\nX-Lark-Request-Nonce: ${n}\r\n` +
      `X-Lark-Signature: ${signature(timestamp, String(n), ENCRYPT_KEY, body)}\r\n\r\n${body}`
    );
  };
};

const envelope = (n: number, run: string, now: number): object => ({
  schema: '2.0',
  header: {
    event_id: `${run}${n}`,
    event_type: 'im.message.receive_v1',
    create_time: String(now),
    token: VERIFICATION_TOKEN,
    app_id: FEISHU_APP,
    tenant_key: 'bench',
  },
  event: {
    sender: {
      sender_id: { union_id: 'on_lin', user_id: 'lin', open_id: onFeishu(REQUESTER.user) },
      sender_type: 'user',
      tenant_key: 'bench',
    },
    message: {
      message_id: `om_${run}${n}`,
      create_time: String(now),
      update_time: String(now),
      chat_id: onFeishu(n % 20 === 0 ? intakeOf(0) : TALK),
      chat_type: 'group',
      message_type: 'text',
      content: JSON.stringify({ text: words }),
      user_agent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 13_2_1) Lark/7.64.6 LarkLocale/en_US',
    },
  },
});
