import type { RichText } from '../../conversations/card.ts';
import type { Language } from '../../domain/words.ts';

/** What the adapter itself says: about what Feishu cannot do, and about forms, which are cards here. */
export interface FeishuWords {
  /** So much of a text did not fit. */
  missing(characters: number): string;
  /** Names the page with the whole of it. */
  readonly whole: string;
  readonly choose: string;
  readonly submit: string;
  /** In an empty input whose text is too long to be shown in it. */
  keptText(characters: number): string;
  firstOptions(count: number): string;
  readonly formSent: string;
  readonly submitted: string;
  /** On the card that stands where the form was. */
  submittedBy(user: string): RichText;
  /** What is wrong with one input of a form. */
  wrongInput(label: string, error: string): string;
  /** Between two of those. */
  readonly between: string;
  /** A toast, where the answer went to the direct conversation. */
  readonly repliedPrivately: string;
  readonly tryAgain: string;
}

const zh: FeishuWords = {
  missing: (characters) => `…（还有 ${count(characters)} 个字）`,
  whole: '看全文',
  choose: '请选择',
  submit: '提交',
  keptText: (characters) => `已填 ${count(characters)} 个字，这里放不下；留空就按原文提交`,
  firstOptions: (shown) => `这里只列得下前 ${shown} 项，其他的请在话题里说。`,
  formSent: '表单已发出，填好提交就行。',
  submitted: '已提交。',
  submittedBy: (user) => [{ kind: 'mention', user }, ' 已提交。'],
  wrongInput: (label, error) => `${label}：${error}`,
  between: '；',
  repliedPrivately: '已私聊回复你。',
  tryAgain: '没有成功，请再试一次。',
};

const en: FeishuWords = {
  missing: (characters) => `… (${count(characters)} more characters)`,
  whole: 'See all of it',
  choose: 'Choose',
  submit: 'Submit',
  keptText: (characters) =>
    `${count(characters)} characters, too long to show here; leave empty to send them as they are`,
  firstOptions: (shown) => `Only the first ${shown} fit here; name any other in the thread.`,
  formSent: 'The form is in the chat: fill it in and submit it.',
  submitted: 'Submitted.',
  submittedBy: (user) => ['Submitted by ', { kind: 'mention', user }, '.'],
  wrongInput: (label, error) => `${label}: ${error}`,
  between: '; ',
  repliedPrivately: 'The answer is in your direct messages.',
  tryAgain: 'That did not work. Try again.',
};

const count = (characters: number): string => characters.toLocaleString('en-US');

export const words = (language: Language): FeishuWords => (language === 'zh-CN' ? zh : en);
