import { afterEach, expect, it } from 'vitest';
import { PAID_SCOPES, SCOPES } from '../../src/adapters/feishu/scopes.ts';
import { FeishuEmulator } from '../emulators/feishu/index.ts';
import type { EmulatorOptions } from '../emulators/feishu/index.ts';
import { itr, type Answer } from './helpers.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly line: string;
  readonly fix?: string;
}

const open: FeishuEmulator[] = [];
afterEach(async () => {
  for (const feishu of open.splice(0)) await feishu.stop();
});

const NO_DATABASE = 'file:/nowhere/itr.db';
/** After every migration was written: the doctor looks at the clock, too. */
const NOW = '2027-01-04T04:00:00Z';
const ALL = Object.keys(SCOPES);

async function emulator(options: EmulatorOptions = {}): Promise<FeishuEmulator> {
  const feishu = await FeishuEmulator.start({ ...options, app: { scopes: ALL, ...options.app } });
  open.push(feishu);
  return feishu;
}

const doctor = (feishu: FeishuEmulator, env: Record<string, string> = {}, ...flags: string[]): Promise<Answer> =>
  itr(['doctor', ...flags], {
    now: NOW,
    env: {
      DATABASE_URL: NO_DATABASE,
      FEISHU_APP_ID: feishu.app.id,
      FEISHU_APP_SECRET: feishu.app.secret,
      FEISHU_DOMAIN: feishu.url,
      ...env,
    },
  });

async function findings(feishu: FeishuEmulator, env: Record<string, string> = {}): Promise<readonly Finding[]> {
  const { out } = await doctor(feishu, env, '--json');
  return (JSON.parse(out) as Finding[]).filter(({ what }) => what === 'feishu');
}

const wrong = async (feishu: FeishuEmulator, env: Record<string, string> = {}): Promise<readonly Finding[]> =>
  (await findings(feishu, env)).filter(({ ok }) => !ok);

/** The one thing that is wrong. */
async function fault(feishu: FeishuEmulator, env: Record<string, string> = {}): Promise<Finding> {
  const [first, ...more] = await wrong(feishu, env);
  expect(more).toEqual([]);
  if (first === undefined) throw new Error('nothing is wrong');
  return first;
}

const webhook = ({ app }: FeishuEmulator): Record<string, string> => ({
  FEISHU_MODE: 'webhook',
  FEISHU_ENCRYPT_KEY: app.encryptKey,
  FEISHU_VERIFICATION_TOKEN: app.verificationToken,
});

it('finds nothing wrong with an app that was set up as the page says, and opens no connection', async () => {
  const feishu = await emulator();
  const { code, out } = await doctor(feishu);
  expect(code).toBe(0);
  expect(out.split('\n').filter((line) => line.includes('feishu'))).toEqual([
    `ok    feishu  Feishu: ${feishu.url} can be reached, and accepts the app's keys`,
    'ok    feishu  Feishu: the bot is “ITR” (cli_0123456789abcdef)',
    'ok    feishu  Feishu: all scopes are granted',
    'ok    feishu  Feishu: a long connection can be opened',
  ]);
  expect(feishu.connections).toBe(0);
});

it('finds nothing wrong with a webhook, and says when its key proves right', async () => {
  const feishu = await emulator({ delivery: 'webhook' });
  const found = await findings(feishu, webhook(feishu));
  expect(found.filter(({ ok }) => !ok)).toEqual([]);
  expect(found.at(-1)?.line).toMatch(/an Encrypt Key is set; .*the console says when the address is saved/);
  expect(feishu.calls('ws.endpoint')).toEqual([]);
});

it('names each missing scope with what it is for, and how to add it', async () => {
  const feishu = await emulator({ app: { scopes: ALL.filter((scope) => scope !== 'im:message.group_msg') } });
  const { line, fix } = await fault(feishu);
  expect(line).toMatch(/scopes are missing: im:message\.group_msg \(to receive the answers of people/);
  expect(fix).toMatch(/import manifests\/feishu-scopes\.json there .*create a version and have it approved/);
  expect((await doctor(feishu)).code).toBe(1);
});

it('tells a scope that waits for an administrator from one that nobody asked for', async () => {
  const asked = ['im:message.urgent', 'im:chat:create'];
  const feishu = await emulator({ app: { scopes: ALL.filter((scope) => !asked.includes(scope)), asked } });
  const { line, fix } = await fault(feishu);
  expect(line).toMatch(/missing: im:message\.urgent \(.*\), im:chat:create \(/);
  expect(fix).toBe('They were asked for: an administrator has to approve the version that asks for them.');
});

it('wants the scopes of the ways of ringing that are paid for only where FEISHU_URGENT names them', async () => {
  const { line } = await fault(await emulator(), { FEISHU_URGENT: 'sms:100' });
  expect(line).toBe(`Feishu: scopes are missing: ${PAID_SCOPES.sms} (for FEISHU_URGENT)`);
  const paid = await emulator({ app: { scopes: [...ALL, ...Object.values(PAID_SCOPES)] } });
  expect(await wrong(paid, { FEISHU_URGENT: 'sms:100,phone:20' })).toEqual([]);
});

it('says that the bot is switched off in the app', async () => {
  const { line, fix } = await fault(await emulator({ app: { botAbility: false } }));
  expect(line).toMatch(/there is no bot .*11205 app do not have bot/);
  expect(fix).toContain('Add the feature “Bot”');
});

it('says that this server is not on the app’s list of addresses', async () => {
  const feishu = await emulator();
  for (const call of ['bot.info', 'app.scopes'])
    feishu.fault({ call, kind: 'error', code: 99991401, status: 403, times: 9 });
  const found = await wrong(feishu);
  expect(found).not.toEqual([]);
  for (const { line, fix } of found) {
    expect(line).toContain('99991401');
    expect(fix).toContain('IP allow-list');
  }
});

it.each([
  ['does not answer', { kind: '5xx' }],
  ['has used up the calls of the month', { kind: 'error', code: 99991403, status: 403 }],
] as const)('blames the bot for nothing when Feishu %s', async (_what, fault) => {
  const feishu = await emulator();
  feishu.fault({ call: 'bot.info', ...fault });
  const [bot] = await wrong(feishu);
  expect(bot?.line).toContain('who the bot is could not be asked');
  expect(bot?.fix).not.toContain('Add the feature');
});

it('says that no version was published, and that nothing counts before', async () => {
  const feishu = await emulator({ app: { published: false } });
  const [bot, scopes, ...more] = await wrong(feishu);
  expect(bot?.line).toBe(
    'Feishu: the bot “ITR” (cli_0123456789abcdef) is not in use in this organization (activate_status 0)',
  );
  expect(bot?.fix).toMatch(/Create a version .* have it approved/);
  expect(scopes?.line).toMatch(/the granted scopes could not be read .*212100 app not install/);
  expect(scopes?.fix).toMatch(/nothing counts before a version is published/);
  expect(more).toEqual([]);
});

it('says that the secret is wrong, without saying it, and asks no further', async () => {
  const feishu = await emulator();
  const { code, out } = await doctor(feishu, { FEISHU_APP_SECRET: 'not-the-secret' });
  expect(code).toBe(1);
  expect(out).toContain('FAIL  feishu  Feishu: the keys are refused (10014)');
  expect(out).toContain('Set FEISHU_APP_ID and FEISHU_APP_SECRET to those of Credentials & Basic Info');
  expect(out).not.toContain('not-the-secret');
  expect(feishu.calls().map(({ name }) => name)).toEqual(['token']);
});

it('says that Feishu knows no such app', async () => {
  const { line } = await fault(await emulator(), { FEISHU_APP_ID: 'cli_ffffffffffffffff' });
  expect(line).toBe('Feishu: the keys are refused (10003)');
});

it('says that Feishu cannot be reached', async () => {
  const feishu = await emulator();
  await feishu.stop();
  open.splice(0);
  const { line, fix } = await fault(feishu);
  expect(line).toMatch(/cannot be reached .*ECONNREFUSED/);
  expect(fix).toContain('outgoing HTTPS');
});

it('says that the app has too many connections', async () => {
  const feishu = await emulator();
  feishu.refuseConnections(1000040350);
  const { line, fix } = await fault(feishu);
  expect(line).toBe('Feishu: no long connection can be opened (1000040350)');
  expect(fix).toContain('an app of its own for each environment');
});

it('says that the app receives by webhook', async () => {
  const { line, fix } = await fault(await emulator({ delivery: 'webhook' }));
  expect(line).toBe('Feishu: no long connection can be opened (403)');
  expect(fix).toContain('Choose “long connection” (长连接)');
});

it('misses the Verification Token of a webhook', async () => {
  const feishu = await emulator({ delivery: 'webhook' });
  const { line, fix } = await fault(feishu, { ...webhook(feishu), FEISHU_VERIFICATION_TOKEN: '' });
  expect(line).toBe('Feishu: FEISHU_VERIFICATION_TOKEN is not set');
  expect(fix).toContain('Encryption Strategy');
});

it.each<[string, Record<string, string>, RegExp]>([
  [
    'an App ID with which the long connection never opens',
    { FEISHU_APP_ID: 'cli_abc' },
    /FEISHU_APP_ID.*no App ID.*cli_ and 16 hexadecimal digits/s,
  ],
  [
    'a webhook without its Encrypt Key',
    { FEISHU_MODE: 'webhook', FEISHU_VERIFICATION_TOKEN: 'token' },
    /FEISHU_MODE.*nothing proves.*FEISHU_ENCRYPT_KEY/s,
  ],
])('refuses %s before it asks anybody', async (_what, env, said) => {
  const feishu = await emulator();
  const { code, out, err } = await doctor(feishu, env);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(said);
  expect(feishu.calls()).toEqual([]);
});
