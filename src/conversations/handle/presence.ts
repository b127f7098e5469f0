/** The bot in its chats, its people, and its platforms: what comes and goes. */
import { roomsLane } from '../../desk/address.ts';
import { threadOfRoom } from '../../desk/rooms.ts';
import { texts } from '../texts/index.ts';
import { waysOf } from './answers.ts';
import { fetchIdentity } from './people.ts';
import { bindingOf, NotYet, sayInChat, type Act, type EventOf, type Turn } from './turn.ts';

export const onHomeOpened = (turn: Turn, event: EventOf<'home_opened'>): Promise<Act | null> => {
  const { platform, now } = turn;
  return Promise.resolve((tx) =>
    tx.enqueue([
      {
        key: `home:${turn.id}`,
        lane: `${platform}:@${event.user}`,
        ticket: null,
        delivery: { kind: 'home', platform, user: event.user },
        dueAt: now,
      },
    ]),
  );
};

type ChatChange = EventOf<'bot_joined'> | EventOf<'chat_moved'> | EventOf<'chat_closed'>;

/** A binding outlives the bot's absence: who kicks it by mistake and lets it in again need not bind again. */
export const onChatChange = (turn: Turn, event: ChatChange): Promise<Act | null> => {
  const about = { platform: turn.platform, chat: event.chat };
  const { log } = turn.deps;
  switch (event.type) {
    case 'bot_joined':
      return Promise.resolve(async (tx) => {
        // One that it is just making may be this one.
        if (await tx.isSending(roomsLane(turn.platform))) throw new NotYet('a war room is being made');
        await tx.setKeyValue(goneKey(turn, event.chat), null);
        if ((await threadOfRoom(tx, turn.platform, event.chat)) !== null) return;
        await sayInChat(tx, turn, { chat: event.chat, thread: null }, hello(turn, event.chat));
      });
    case 'bot_left':
    case 'chat_closed':
      log.warn({ ...about, by: event.type === 'bot_left' ? event.by : null }, 'the bot is no more in this chat');
      return Promise.resolve((tx) => tx.setKeyValue(goneKey(turn, event.chat), String(turn.at)));
    case 'chat_reopened':
      log.info(about, 'the chat was opened again');
      return Promise.resolve((tx) => tx.setKeyValue(goneKey(turn, event.chat), null));
    case 'chat_moved':
      return Promise.resolve(moved(turn, event));
  }
};

/** Kept for the health page: the bot was removed from this chat, and when (UTC ms). */
const goneKey = (turn: Turn, chat: string): string => `gone:${turn.platform}:${chat}`;

const hello = (turn: Turn, chat: string) => {
  const { policy } = turn;
  const binding = bindingOf(turn, chat);
  const project = binding?.project == null ? null : (policy.projects.get(binding.project) ?? null);
  const team = binding?.team == null ? null : (policy.teams.get(binding.team)?.name ?? binding.team);
  const customer = project?.customer == null ? null : policy.customers.get(project.customer);
  const language = customer?.locale ?? policy.locale;
  const { answer } = texts(language);
  if (binding?.role === 'admin') return { text: answer.welcomeAdmin, language };
  if (binding?.role === 'escalation') return { text: answer.welcomeEscalation, language };
  return { text: answer.welcome(project?.name ?? binding?.project ?? null, team, waysOf(turn)), language };
};

/** A chat got a new id (Slack: made private or shared). What was bound in chat moves along; the file is not ours to change. */
const moved = (turn: Turn, event: EventOf<'chat_moved'>): Act | null => {
  const binding = bindingOf(turn, event.chat);
  if (binding === null) return null;
  if (binding.source === 'file') {
    turn.deps.log.warn(
      { platform: turn.platform, from: event.chat, to: event.to },
      'a chat of the configuration has a new id: change it in the file',
    );
    return null;
  }
  return async (tx) => {
    await tx.removeBinding(turn.platform, event.chat);
    await tx.saveBinding({ ...binding, id: event.to, by: 'itr', at: turn.now });
    turn.afterwards.push(() => turn.deps.world.refresh());
  };
};

/** Kept for the health page, until it is connected again. */
export const onTrouble = (turn: Turn, event: EventOf<'platform_trouble'>): Promise<Act | null> => {
  const { trouble, detail } = event;
  turn.deps.log.warn({ platform: turn.platform, trouble, detail }, 'the platform reports trouble');
  return Promise.resolve((tx) =>
    tx.setKeyValue(`trouble:${turn.platform}`, JSON.stringify({ trouble, detail, at: turn.at })),
  );
};

/** A name, a language, a time zone changed: asked for again, whatever its age. */
export const onPersonChanged = async (turn: Turn, event: EventOf<'person_changed'>): Promise<Act | null> => {
  await fetchIdentity(turn, event.user);
  return null;
};
