import { createHash, randomBytes } from 'node:crypto';
import { defaultScopes, defaultSubscriptions } from './defaults.ts';
import type {
  ApiCall,
  Buzz,
  Chat,
  Delivery,
  EmulatorOptions,
  FeishuApp,
  Message,
  NewApp,
  NewChat,
  NewPerson,
  Person,
  Toast,
  Who,
} from './types.ts';

export type IdType = 'open_id' | 'union_id' | 'user_id';
/** What the token `c-…` of a card callback may still be used for. */
export type CardToken = { app: string; message: string; at: number; uses: number; answered: boolean };

const hex = (text: string, length: number): string => createHash('sha256').update(text).digest('hex').slice(0, length);

/** The tenant: who and what is in it. Knows nothing of HTTP; every change calls `changed()`, which wakes waiters. */
export class World {
  readonly tenantKey: string;
  readonly now: () => number;
  readonly apps = new Map<string, FeishuApp>();
  readonly people = new Map<string, Person>();
  readonly chats = new Map<string, Chat>();
  readonly toasts: Toast[] = [];
  readonly buzzes: Buzz[] = [];
  /** Buzzes by SMS and phone the tenant has paid for. */
  readonly quota = { app: Infinity, sms: 100, phone: 100 };
  readonly calls: ApiCall[] = [];
  readonly deliveries: Delivery[] = [];
  readonly cardTokens = new Map<string, CardToken>();
  /** Limits exceeded, whether they are enforced or not: one line each. */
  readonly violations: string[] = [];
  /** Things Feishu would let pass but a careful app avoids. */
  readonly warnings: string[] = [];

  /** Differs from run to run: an app database that outlives the emulator must not see a message id twice. */
  private readonly run = randomBytes(8).toString('hex');
  private readonly lists = new Map<string, Message[]>();
  private readonly index = new Map<string, Message>();
  private readonly waiters = new Set<() => void>();
  private notifying = false;
  private count = 0;
  private dice: number;

  constructor(options: EmulatorOptions) {
    this.tenantKey = options.tenantKey ?? '736588c9260f175e';
    this.now = options.clock?.now ?? Date.now;
    this.dice = options.seed ?? 20261121;
  }

  addApp(app: NewApp): FeishuApp {
    const full: FeishuApp = {
      name: 'ITR',
      secret: 'emulator-secret',
      encryptKey: 'emulator-encrypt-key',
      verificationToken: 'emulator-verification-token',
      tenantKey: this.tenantKey,
      openId: `ou_${hex(`bot ${app.id}`, 32)}`,
      published: true,
      botAbility: true,
      delivery: 'socket',
      ...app,
      scopes: new Set(app.scopes ?? defaultScopes),
      asked: new Set(app.asked),
      subscriptions: new Set(app.subscriptions ?? defaultSubscriptions),
    };
    this.apps.set(full.id, full);
    return full;
  }

  addPerson({ openId, ...person }: NewPerson): Person {
    const { key } = person;
    const [first] = this.apps.keys();
    const full: Person = {
      enName: key,
      unionId: `on_${hex(`union ${key}`, 32)}`,
      userId: hex(`user ${key}`, 8),
      email: '',
      mobile: '',
      tenantKey: this.tenantKey,
      inContactRange: true,
      available: true,
      stoppedBot: false,
      resigned: false,
      openIds: openId === undefined || first === undefined ? {} : { [first]: openId },
      ...person,
    };
    this.people.set(key, full);
    this.changed();
    return full;
  }

  addChat({ id, members = [], bots, ...chat }: NewChat): Chat {
    for (const key of members) this.person(key);
    const full: Chat = {
      id: id ?? this.id('oc_'),
      kind: 'group',
      members: new Set(members),
      bots: new Set(bots ?? this.apps.keys()),
      owner: members[0] ?? '',
      external: false,
      disbanded: false,
      topic: false,
      threads: true,
      urgent: true,
      muted: false,
      ...chat,
    };
    this.chats.set(full.id, full);
    this.changed();
    return full;
  }

  /** The conversation of a person with a bot; made on first use. */
  p2p(app: string, key: string): Chat {
    const id = `oc_${hex(`p2p ${app} ${key}`, 32)}`;
    const known = this.chats.get(id);
    if (known) return known;
    const made = this.addChat({ id, name: this.person(key).name, members: [key], bots: [app] });
    made.kind = 'p2p';
    return made;
  }

  /** These throw: for what a test asks for. The API looks in the maps and answers with a code. */
  app(id: string): FeishuApp {
    return known(this.apps.get(id), `app ${id}`);
  }

  person(key: string): Person {
    return known(this.people.get(key), `person ${key}; call addPerson first`);
  }

  chat(id: string): Chat {
    return known(this.chats.get(id), `chat ${id}; call addChat first`);
  }

  message(id: string): Message {
    return known(this.index.get(id), `message ${id}`);
  }

  find(id: string): Message | undefined {
    return this.index.get(id);
  }

  list(chat: string): Message[] {
    const list = this.lists.get(chat) ?? [];
    this.lists.set(chat, list);
    return list;
  }

  add(message: Message): Message {
    this.list(message.chat).push(message);
    this.index.set(message.id, message);
    this.changed();
    return message;
  }

  inThread(thread: string): Message[] {
    return [...this.index.values()].filter((message) => message.thread === thread);
  }

  /** A person's id as this app knows it. */
  openId(app: string, key: string): string {
    return this.person(key).openIds[app] ?? `ou_${hex(`${app} ${key}`, 32)}`;
  }

  idOf(app: string, person: Person, type: IdType): string {
    if (type === 'open_id') return this.openId(app, person.key);
    return type === 'union_id' ? person.unionId : person.userId;
  }

  personBy(app: string, type: IdType, id: string): Person | undefined {
    return [...this.people.values()].find((person) => this.idOf(app, person, type) === id);
  }

  /** The people and bots an app can see, by what it calls them; undefined: nobody it knows. */
  whoBy(app: string, openId: string): Who | undefined {
    const person = this.personBy(app, 'open_id', openId);
    if (person) return { kind: 'person', key: person.key };
    const bot = [...this.apps.values()].find((other) => other.openId === openId);
    return bot && { kind: 'app', id: bot.id };
  }

  nameOf(who: Who): string {
    return who.kind === 'person' ? this.person(who.key).name : this.app(who.id).name;
  }

  id(prefix: string, length = 32): string {
    this.count += 1;
    return `${prefix}${hex(`${this.run} ${this.count}`, length)}`;
  }

  /** mulberry32: chance that a failed test can replay. */
  random(): number {
    this.dice = (this.dice + 0x6d2b79f5) | 0;
    let t = Math.imul(this.dice ^ (this.dice >>> 15), 1 | this.dice);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** Wakes every waitFor. Coalesced, so that a burst of changes evaluates each predicate once. */
  changed(): void {
    if (this.notifying) return;
    this.notifying = true;
    setImmediate(() => {
      this.notifying = false;
      for (const wake of [...this.waiters]) wake();
    });
  }

  onChange(wake: () => void): () => void {
    this.waiters.add(wake);
    return () => this.waiters.delete(wake);
  }
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`feishu emulator: there is no ${what}`);
  return value;
}
