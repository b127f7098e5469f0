/** What a misspelt or unknown command may have meant. */
import { stripAddress } from './address.ts';
import type { ChatCommand } from './verbs.ts';

/** Commands that what was said comes near to, the likeliest first: for "I did not understand; did you mean". */
export const nearest = (text: string, side: 'customer' | 'service', most = 3): readonly ChatCommand[] => {
  const said = stripAddress(text.slice(0, 60)).toLowerCase();
  const scored = Object.entries(WORDS).map(
    ([command, words]) => [command as ChatCommand, Math.max(...words.map((word) => likeness(said, word)))] as const,
  );
  const near = scored
    .filter(([, score]) => score >= 0.3)
    .sort((a, b) => b[1] - a[1])
    .map(([command]) => command);
  const usual: readonly ChatCommand[] = side === 'customer' ? ['capture', 'mine', 'help'] : ['mine', 'board', 'help'];
  return [...new Set([...near, ...usual])].slice(0, most);
};

/** The words by which a misspelt command is recognized. */
const WORDS: Readonly<Partial<Record<ChatCommand, readonly string[]>>> = {
  capture: ['new', 'ticket', '建单', '新建', '提单'],
  claim: ['claim', '认领', '接单'],
  pend: ['pend', 'pause', '挂起', '等客户'],
  resume: ['resume', '恢复处理'],
  escalate: ['escalate', '升级'],
  transfer: ['transfer', '转派', '转给'],
  assign: ['assign', '指派'],
  resolve: ['resolve', 'resolved', '解决'],
  restore: ['restore', 'restored', '业务恢复'],
  confirm: ['confirm', '确认'],
  reopen: ['reopen', '重新打开'],
  close: ['close', '关闭'],
  cancel: ['cancel', 'withdraw', '取消', '撤单'],
  release: ['release', 'unclaim', '释放'],
  acknowledge: ['acknowledge', '知悉'],
  set_severity: ['severity', '级别'],
  show: ['show', 'status', '查看'],
  mine: ['mine', '我的'],
  duty: ['duty', '值班'],
  board: ['board', '看板'],
  explain: ['explain', '为什么'],
  help: ['help', '帮助'],
  bind: ['bind', '绑定'],
};

/** Dice's coefficient over letter pairs, 0–1; of one-letter differences in short words, close enough to 1. */
const likeness = (said: string, word: string): number => {
  const first = said.split(/[\s,，。:：!！]+/)[0] ?? '';
  const tried = /[\u3400-\u9fff]/.test(word) ? said.slice(0, word.length + 2) : first;
  const a = pairs(tried);
  const b = pairs(word);
  const common = a.filter((pair) => b.includes(pair)).length;
  return a.length + b.length === 0 ? 0 : (2 * common) / (a.length + b.length);
};

const pairs = (text: string): readonly string[] => {
  const padded = ` ${text} `;
  return Array.from({ length: padded.length - 1 }, (_, index) => padded.slice(index, index + 2));
};
