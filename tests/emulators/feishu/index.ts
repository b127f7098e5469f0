/**
 * A Feishu that runs inside the test: the open API, the long connection or the webhook, cards and their callbacks.
 * It judges what an app sends as strictly as Feishu does and can be told to fail. Written from Feishu's documentation
 * and the SDK's own sources, independently of the app.
 *
 *   const feishu = await FeishuEmulator.start({ clock });
 *   feishu.addPerson({ key: 'lin', name: '林' });
 *   const { id: chat } = feishu.addChat({ name: 'proj-acme', members: ['lin'] });
 *   // start the app with feishu.url, feishu.app.id, feishu.app.secret, then:
 *   const { id } = await feishu.says('lin', chat, '@bot 打印机着火了');
 *   const card = await feishu.waitFor(() => feishu.messages(chat, { from: 'bot' })[0]);
 *   await feishu.presses('lin', card.id, '认领');
 *   await feishu.reacts('lin', card.id, 'OnIt');
 *
 * Words: a `delivery` is one thing sent to an app with its attempts; a `fault` something ordered to go wrong with the
 * app's calls; a `violation` a limit the app has exceeded.
 *
 * Where to look: world.ts is the tenant; people.ts and presses.ts what people do; api/ the open API, routes.ts its
 * list; courier.ts, webhook.ts, longConnection.ts the way to the app; cardCheck.ts the rules for cards; shows.ts what
 * is on the screen.
 */
import type { HandshakeCode } from './longConnection.ts';
import { Presses } from './presses.ts';
import type { Delivery, EmulatorOptions, Fault, JsonObject } from './types.ts';
import type { RawResponse, RequestUrls } from './webhook.ts';

export type * from './types.ts';
export type { CardButton } from './cardRead.ts';
export type { FieldValue } from './formValue.ts';
export type { Said, SayOptions } from './people.ts';
export type { Pressed, WhichButton } from './presses.ts';
export { AppDidNotAnswer } from './presses.ts';
export { cardProblem } from './cardCheck.ts';
export { buttonsOf, cardText } from './cardRead.ts';
export { decrypt, encrypt, signature } from './crypto.ts';

export class FeishuEmulator extends Presses {
  static async start(options: EmulatorOptions = {}): Promise<FeishuEmulator> {
    const feishu = new FeishuEmulator(options);
    await feishu.server.listen(options.port ?? 0);
    return feishu;
  }

  /** Where an app listens (webhook): one URL for both, or one each. */
  setRequestUrl(urls: string | RequestUrls, app = this.app.id): void {
    this.webhook.urls.set(app, typeof urls === 'string' ? { events: urls, callbacks: urls } : urls);
  }

  /** The check made when a request URL is entered in the console. True if the app echoed the challenge. */
  async verifyUrl(app = this.app): Promise<boolean> {
    const challenge = this.world.id('');
    const outcome = await this.webhook.send(app, { challenge, token: app.verificationToken, type: 'url_verification' });
    if (!outcome.acked) return false;
    try {
      return (JSON.parse(outcome.body) as { challenge?: unknown }).challenge === challenge;
    } catch {
      return false;
    }
  }

  /** Sends a whole envelope as it is: to replay a capture, or to say what no person could. */
  async deliver(payload: JsonObject, app = this.app): Promise<Delivery> {
    return await this.courier.raw(app, payload);
  }

  /** Sends an earlier event again, with the same event_id, as may happen even after success. */
  async redeliver(delivery: Delivery): Promise<Delivery> {
    return await this.courier.raw(this.world.app(delivery.app), delivery.payload);
  }

  /** Body and headers as the webhook sends them; `timestamp` in seconds. For forging and repeating. */
  dress(payload: JsonObject, timestamp?: number): { body: string; headers: Record<string, string> } {
    return this.webhook.dress(this.app, payload, timestamp);
  }

  /** A bare POST to the app: what a stranger would send. */
  async postRaw(url: string, body: string, headers: Record<string, string> = {}): Promise<RawResponse> {
    return await this.webhook.post(url, body, headers);
  }

  fault(fault: Fault): void {
    this.faults.add(fault);
  }

  clearFaults(): void {
    this.faults.clear();
  }

  /** Off: excesses are written down and let pass. */
  enforceRates(on: boolean): void {
    this.rates.enforced = on;
  }

  /** Other bots of the chat have just said so much. */
  othersSpeak(chat: string, messages: number): void {
    this.rates.spend(chat, messages);
  }

  /** So many of the next acks get lost on their way: the app has handled the event and is told again. */
  loseAcks(times: number): void {
    this.courier.loseAcks = times;
  }

  /** Holds events back until `releaseEvents`. */
  holdEvents(): void {
    this.courier.hold();
  }

  async releaseEvents(order: 'in order' | 'reversed' = 'in order'): Promise<void> {
    await this.courier.release(order);
  }

  /** All tokens die. */
  revokeTokens(): void {
    this.server.tokens.revoke();
  }

  /** The platform is not there: connections are reset, nothing is delivered. */
  away(on: boolean): void {
    this.server.away = on;
    this.webhook.away = on;
    this.sockets.away = on;
    if (on) this.sockets.drop();
  }

  /** The next clients that ask for the address of a long connection are refused. */
  refuseConnections(code: HandshakeCode, times = 1): void {
    this.sockets.refuse(code, times);
  }

  dropConnections(which: 'oldest' | 'all' = 'all'): void {
    this.sockets.drop(which);
  }

  kickConnections(which: 'oldest' | 'all' = 'all'): void {
    this.sockets.kick(which);
  }

  /** Half-open: no pong, no event, no ack any more, but the connection stands. */
  freezeConnections(which: 'oldest' | 'all' = 'all'): void {
    this.sockets.freeze(which);
  }

  async stop(): Promise<void> {
    this.courier.stop();
    await this.sockets.stop();
    await this.server.stop();
  }
}
