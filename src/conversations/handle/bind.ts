/** `/itr bind project acme-core`, `/itr bind team db-l1`, `/itr bind escalation`, `/itr bind admin`, `/itr unbind`: by those who may, where the file does not say it already. */
import type { Tx } from '../../desk/ports.ts';
import { near } from '../../domain/near.ts';
import type { ChatBinding } from '../../domain/policy.ts';
import { waysOf, type Place } from './answers.ts';
import { bindingOf, sayInChat, tell, wordsFor, type Turn, type Who } from './turn.ts';

const MAY: readonly string[] = ['lead', 'manager', 'admin'];

export const bind = async (tx: Tx, turn: Turn, who: Who, ear: Place, words: string): Promise<void> => {
  const { answer } = wordsFor(who);
  const refused = refusalOf(turn, who, ear);
  if (refused !== null || ear.chat === null)
    return tell(tx, turn, who, ear, { text: refused ?? answer.bindHelp(waysOf(turn)) });
  const wanted = readWanted(words);
  if (wanted === null) return tell(tx, turn, who, ear, { text: answer.bindHelp(waysOf(turn)) });
  const found = find(turn, wanted);
  if ('near' in found)
    return tell(tx, turn, who, ear, { text: answer.unknownTarget(found.what, wanted.name, found.near) });
  const binding: ChatBinding = {
    platform: turn.platform,
    id: ear.chat,
    role: wanted.role,
    project: wanted.role === 'intake' ? found.id : null,
    team: wanted.role === 'duty' ? found.id : null,
    capture: wanted.everyThread ? 'every_thread' : 'on_request',
    source: 'chat',
  };
  await tx.saveBinding({ ...binding, by: who.actor.id, at: turn.now });
  turn.afterwards.push(() => turn.deps.world.refresh());
  await sayInChat(
    tx,
    turn,
    { chat: ear.chat, thread: ear.thread },
    { text: answer.bound(found.name), language: who.language },
  );
};

export const unbind = async (tx: Tx, turn: Turn, who: Who, ear: Place): Promise<void> => {
  const { answer } = wordsFor(who);
  const refused = refusalOf(turn, who, ear);
  if (refused !== null || ear.chat === null) return tell(tx, turn, who, ear, { text: refused ?? answer.notBound });
  const was = await tx.removeBinding(turn.platform, ear.chat);
  if (!was) return tell(tx, turn, who, ear, { text: answer.notBound });
  turn.afterwards.push(() => turn.deps.world.refresh());
  await sayInChat(tx, turn, { chat: ear.chat, thread: ear.thread }, { text: answer.unbound, language: who.language });
};

const refusalOf = (turn: Turn, who: Who, ear: Place) => {
  const { answer } = wordsFor(who);
  if (!who.actor.roles.some((role) => MAY.includes(role))) return answer.mayNotBind;
  return bindingOf(turn, ear.chat)?.source === 'file' ? answer.boundInFile : null;
};

interface Wanted {
  readonly role: ChatBinding['role'];
  readonly name: string;
  readonly everyThread: boolean;
}

const readWanted = (words: string): Wanted | null => {
  const [, kind, name, more] =
    /^(project|项目|team|团队|duty|值班|escalation|升级群?|admin|管理员?群?)\s*[:：]?\s*(\S+)?\s*(.*)$/i.exec(
      words.trim(),
    ) ?? [];
  if (kind === undefined) return null;
  const everyThread = /every_thread|每条|所有消息/i.test(more ?? '');
  if (/^(escalation|升级)/i.test(kind)) return { role: 'escalation', name: '', everyThread: false };
  if (/^(admin|管理)/i.test(kind)) return { role: 'admin', name: '', everyThread: false };
  if (name === undefined) return null;
  return { role: /^(project|项目)$/i.test(kind) ? 'intake' : 'duty', name, everyThread };
};

const find = (
  turn: Turn,
  { role, name }: Wanted,
):
  | { readonly id: string; readonly name: string }
  | { readonly what: 'project' | 'team'; readonly near: readonly string[] } => {
  if (role === 'escalation' || role === 'admin') return { id: '', name: role };
  if (role === 'duty') {
    const team = turn.deps.directory.findTeam(name);
    return 'id' in team ? team : { what: 'team', near: team.near };
  }
  const projects = [...turn.policy.projects.values()];
  const project = projects.find((one) =>
    [one.id, one.name].some((known) => known.toLowerCase() === name.toLowerCase()),
  );
  return (
    project ?? {
      what: 'project',
      near: near(
        name,
        projects.map(({ id }) => id),
      ),
    }
  );
};
