/**
 * A Slack that runs inside the test: Web API, Events API over HTTP or Socket Mode, interactivity, response_urls.
 * It judges what the app sends as strictly as Slack does and can be told to fail. Written from Slack's documentation
 * and captured payloads, independently of the app.
 *
 *   const slack = await SlackEmulator.start({ mode: 'http' });
 *   slack.addUser({ id: 'U0LIN', name: 'lin' });
 *   slack.addChannel({ id: 'C0ACME', name: 'acme', members: ['U0LIN'] });
 *   // start the app with slack.apiUrl, slack.botToken, slack.signingSecret, then:
 *   slack.setRequestUrl('http://127.0.0.1:3000/slack/events');
 *   const { ts } = await slack.post('U0LIN', 'C0ACME', 'printer on fire');
 *   await slack.react('U0LIN', 'C0ACME', ts, 'ticket');
 *   const card = await slack.waitFor(() => slack.messages('C0ACME', { thread_ts: ts, from: 'bot' })[0]);
 *   await slack.click('U0LIN', 'C0ACME', card.ts, 'claim');
 *
 * Words: a `delivery` is one thing sent to the app with its attempts; an `envelope` the Events API wrapper; a `fault`
 * something ordered to go wrong with the app's calls; `chaos` something going wrong with deliveries.
 *
 * Where to look: world.ts is the workspace; people.ts and interactions.ts what people do; api/ the Web API;
 * courier.ts, httpSender.ts, socketMode.ts the way to the app; blockKit*.ts the rules for blocks; render/ the pictures.
 */
import { Interactions } from './interactions.ts';
import type { RawResponse } from './httpSender.ts';
import { renderHome, renderModal, renderThread } from './render/page.ts';
import type { PageOptions } from './render/page.ts';
import type { DisconnectReason } from './socketMode.ts';
import type { Delivery, DeliveryChaos, EmulatorOptions, Fault, JsonObject, RequestUrls } from './types.ts';

export type * from './types.ts';
export type { ClickOptions, SlashAnswer, SubmitAnswer } from './interactions.ts';
export type { PostOptions, Posted } from './people.ts';
export type { FieldValue } from './viewState.ts';
export type { PageOptions } from './render/page.ts';
export { AppDidNotRespond } from './courier.ts';
export { blockProblems, viewProblems } from './blockKit.ts';
export { buttonsOf, visibleText } from './read.ts';

export class SlackEmulator extends Interactions {
  static async start(options: EmulatorOptions = {}): Promise<SlackEmulator> {
    const slack = new SlackEmulator(options);
    await slack.listen();
    return slack;
  }

  get botToken(): string {
    return this.world.botToken;
  }

  get appToken(): string {
    return this.world.appToken;
  }

  get signingSecret(): string {
    return this.options.signingSecret ?? 'emulator-secret';
  }

  get botUserId(): string {
    return this.world.bot.userId;
  }

  get teamId(): string {
    return this.world.team.id;
  }

  /** Where the app listens; one URL for all, or one each for events, interactivity and commands. */
  setRequestUrl(urls: string | RequestUrls): void {
    this.http.setUrls(urls);
  }

  setRetryDelays(ms: number[]): void {
    this.courier.retryDelaysMs = ms;
  }

  /** Replaces the chaos; `{}` ends it. */
  setDelivery(chaos: DeliveryChaos): void {
    this.courier.chaos = chaos;
  }

  fault(fault: Fault): void {
    this.faults.add(fault);
  }

  clearFaults(): void {
    this.faults.clear();
  }

  enforceRates(on: boolean): void {
    this.world.enforceRates = on;
  }

  /** Sends a whole envelope as it is: to replay a capture, to repeat an event_id. `duplicate` = how many more times. */
  async deliver(
    rawEventEnvelope: JsonObject,
    options: { duplicate?: number; retryNum?: number } = {},
  ): Promise<Delivery> {
    const retry = options.retryNum === undefined ? {} : { retryNum: options.retryNum };
    return await this.courier.raw(rawEventEnvelope, { copies: 1 + (options.duplicate ?? 0), ...retry });
  }

  /** Sends an earlier delivery's payload again, same event_id, as Slack does hours later after an outage. */
  async redeliver(delivery: Delivery, retryNum = 1): Promise<Delivery> {
    return await this.courier.raw(delivery.payload, { retryNum });
  }

  /** A bare POST to the app's host: what a stranger, or Slack with a broken signature, would send. */
  async postRaw(path: string, body: string, headers: Record<string, string> = {}): Promise<RawResponse> {
    const { urls } = this.http;
    if (!urls) throw new Error('slack emulator: no request URL; call setRequestUrl first');
    return await this.http.post(new URL(path, urls.events).href, body, headers);
  }

  /** The signature headers for a body; with `timestamp` (seconds) as of then. */
  sign(body: string, timestamp?: number): Record<string, string> {
    return this.http.sign(body, timestamp);
  }

  /** The handshake when a request URL is entered in the app's settings. True if the app echoed the challenge. */
  async verifyUrl(): Promise<boolean> {
    const challenge = this.world.id('challenge-');
    const payload = { token: 'verification-token', challenge, type: 'url_verification' };
    const { attempts } = await this.courier.raw(payload);
    const [first] = attempts;
    if (!first?.acked) return false;
    const { body } = first;
    return (
      body === challenge ||
      (typeof body === 'object' && body !== null && 'challenge' in body && body.challenge === challenge)
    );
  }

  /** Over 30,000 events in an hour: a body without `event`. */
  async rateLimitedEvent(): Promise<Delivery> {
    return await this.courier.raw({
      token: 'verification-token',
      type: 'app_rate_limited',
      team_id: this.world.team.id,
      minute_rate_limited: Math.floor(this.world.now() / 60_000) * 60,
      api_app_id: this.world.appId,
    });
  }

  /** The bot token dies (token_revoked), the app is told. */
  async revokeTokens(): Promise<void> {
    this.world.authError = 'token_revoked';
    await this.event({ type: 'tokens_revoked', tokens: { oauth: [], bot: [this.world.bot.userId] } });
  }

  /** The app is removed from the workspace: account_inactive, and both events. */
  async uninstall(): Promise<void> {
    this.world.authError = 'account_inactive';
    const revoked = { type: 'tokens_revoked', tokens: { oauth: [], bot: [this.world.bot.userId] } };
    await Promise.all([this.event({ type: 'app_uninstalled' }), this.event(revoked)]);
  }

  /** Installs again, with a new token if given. */
  reinstall(botToken?: string): void {
    this.world.authError = undefined;
    if (botToken !== undefined) this.world.botToken = botToken;
  }

  /** Resolves once the client has hung up (which the SDK does at once), or after a second. */
  async disconnectSocket(reason: DisconnectReason = 'refresh_requested', which?: 'oldest' | 'all'): Promise<void> {
    const before = this.sockets;
    this.socketServer?.disconnect(reason, which);
    await this.waitFor(() => this.sockets < before || before === 0, { timeoutMs: 1000 }).catch(() => undefined);
  }

  /** Cuts connections without a close frame. */
  killSocket(which: 'oldest' | 'all' = 'oldest'): void {
    this.socketServer?.kill(which);
  }

  /** A page that shows a thread (or, without thread_ts, a channel) as Slack draws it. */
  async renderHtml(channel: string, thread_ts?: string, options: PageOptions = {}): Promise<string> {
    return renderThread(this.world, channel, thread_ts, options);
  }

  async renderHome(user: string, options: PageOptions = {}): Promise<string> {
    return renderHome(this.world, user, options);
  }

  /** The modal the person has open. */
  async renderView(user: string, options: PageOptions = {}): Promise<string> {
    return renderModal(this.world, user, options);
  }

  async stop(): Promise<void> {
    this.courier.stop();
    await this.socketServer?.stop();
    this.http.stop();
    await this.api.stop();
  }
}
