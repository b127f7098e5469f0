import type { Language } from '../domain/words.ts';

/** What `/readyz` says in English, and `/health` in the reader's language. */
interface ReadinessWords {
  answers(ms: number): string;
  noAnswer(error: string): string;
  noWrites(error: string): string;
  queue(
    name: 'inbox' | 'timers' | 'outbox',
    facts: { waiting: number; oldestS: number; dead: number; isStuck: boolean },
  ): string;
  unrouted(count: number): string;
  readonly inForce: string;
  wrongFile(problem: string): string;
}

const en: ReadinessWords = {
  answers: (ms) => `database: answers in ${ms} ms`,
  noAnswer: (error) => `database: ${error}`,
  noWrites: (error) => `database: takes no writes (${error})`,
  queue: (name, { waiting, oldestS, dead, isStuck }) =>
    [
      `${name}: ${waiting} waiting`,
      ...(oldestS > 0 ? [`${name === 'timers' ? 'overdue by' : 'oldest'} ${oldestS} s`] : []),
      ...(dead > 0 ? [`${dead} given up`] : []),
    ].join(', ') + (isStuck ? ': stuck' : ''),
  unrouted: (count) => `routing: ${count} ticket${count === 1 ? '' : 's'} fitted no rule and went to the default team`,
  inForce: 'configuration: in force',
  wrongFile: (problem) => `configuration: the file is wrong and ignored, the last good one is in force (${problem})`,
};

const QUEUES = { inbox: '收件', timers: '计时器', outbox: '发件' } as const;

const zh: ReadinessWords = {
  answers: (ms) => `数据库：${ms} 毫秒内应答`,
  noAnswer: (error) => `数据库：${error}`,
  noWrites: (error) => `数据库：写不进去（${error}）`,
  queue: (name, { waiting, oldestS, dead, isStuck }) =>
    [
      `${QUEUES[name]}：${waiting} 条等待`,
      ...(oldestS > 0 ? [`${name === 'timers' ? '已超时' : '最早的等了'} ${oldestS} 秒`] : []),
      ...(dead > 0 ? [`${dead} 条已放弃`] : []),
    ].join('，') + (isStuck ? '：卡住了' : ''),
  unrouted: (count) => `派单：${count} 个工单没有匹配到规则，进了默认团队`,
  inForce: '配置：生效中',
  wrongFile: (problem) => `配置：文件有误，未采用，仍按上一份正确的配置运行（${problem}）`,
};

export const readinessWords = (language: Language): ReadinessWords => (language === 'en' ? en : zh);
