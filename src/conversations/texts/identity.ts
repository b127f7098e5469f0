import type { Language } from '../../domain/words.ts';
import type { RichText } from '../card.ts';
import { bold, say } from './say.ts';

/** Sentences about who somebody is. `teams`: as people know them, perhaps none. */
export interface IdentityTexts {
  ask(name: string, teams: readonly string[]): RichText;
  readonly yes: string;
  readonly no: string;
  linked(name: string, teams: readonly string[]): RichText;
  readonly refused: RichText;
  /** Pressed again, by somebody else, or after an administrator took it back. */
  readonly settled: RichText;
  /** The configuration, or what others confirmed, says otherwise by now. */
  changed(name: string): RichText;
}

const zh: IdentityTexts = {
  ask: (name, teams) =>
    say`你是 ${bold(name)}${teams.length === 0 ? '' : `（${teams.join('、')}）`}吗？确认后，你在这里做的事都以这个身份记录。`,
  yes: '是我',
  no: '不是',
  linked: (name, teams) =>
    say`好，你在这里就是 ${bold(name)}${teams.length === 0 ? '' : `（${teams.join('、')}）`}。点错了请找管理员改。`,
  refused: ['好，记下了，不再问。'],
  settled: ['这个问题没有在等你回答：可能已经答过了，或者不是问你的。要改请找管理员。'],
  changed: (name) => say`没有记上：${name} 在这里已经有账号，或者他的邮箱、手机号改过了。请找管理员核对。`,
};

const en: IdentityTexts = {
  ask: (name, teams) =>
    say`Are you ${bold(name)}${teams.length === 0 ? '' : ` (${teams.join(', ')})`}? Once you confirm, what you do here is done in that name.`,
  yes: 'That’s me',
  no: 'No',
  linked: (name, teams) =>
    say`Noted: here you are ${bold(name)}${teams.length === 0 ? '' : ` (${teams.join(', ')})`}. Pressed by mistake? An administrator can undo it.`,
  refused: ['Noted. You will not be asked again.'],
  settled: [
    'No question of this kind is waiting for you: it was answered already, or put to somebody else. An administrator can change it.',
  ],
  changed: (name) =>
    say`Not done: ${name} has an account here by now, or another address. Please have an administrator look.`,
};

const ALL: Readonly<Record<Language, IdentityTexts>> = { 'zh-CN': zh, en };

export const identityTexts = (language: Language): IdentityTexts => ALL[language];
