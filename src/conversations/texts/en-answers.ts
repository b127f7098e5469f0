import { bold, join, say } from './say.ts';
import type { AnswerTexts, Ways } from './texts.ts';
import { WORDS_EN as words } from './words-en.ts';

const command = ({ slash }: Ways, words: string): string => `${slash ? '/itr' : '@me'} ${words}`;

const meaning = (near: readonly string[]): string => (near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`);

export const answersEn: AnswerTexts = {
  done: (command, id) => {
    switch (command) {
      case 'set':
        return say`${id} has the details now.`;
      case 'register':
        return say`${id} is registered.`;
      case 'claim':
        return say`${id} is yours.`;
      case 'pend':
        return say`${id} is on hold.`;
      case 'resolve':
        return say`${id} is resolved and waits for the requester's word.`;
      case 'comment':
        return say`Posted in the thread of ${id}.`;
      case 'note':
        return say`Noted on ${id}, for your side only.`;
      case 'acknowledge':
        return say`Thanks. Nobody further is told about ${id}.`;
      default:
        return say`Done (${id}: ${words.can[command]}).`;
    }
  },
  captured: (id) => say`${id} is made; the card in the thread shows how it goes.`,
  alreadyTicket: (id, status) => say`This thread is ${id} already (${status}).`,
  unboundChat: (admin, ways) =>
    say`This chat is not bound to a project yet. The message is kept. An administrator${admin.length === 0 ? '' : ` (${admin.join(', ')})`} binds it here with ${bold(command(ways, 'bind project acme-core'))}, with the project's own id.`,
  welcomeEscalation: say`Breaches and escalations come here. Each message has a button to acknowledge or to hand over.`,
  welcomeAdmin: say`What I find wrong with myself comes here: a late reminder, a message that cannot be delivered, a platform that is gone. Once when it begins, once when it is over.`,
  welcome: (project, team, ways) =>
    project !== null
      ? say`I follow up on issues of ${project}. ${ways.capture === null ? 'Mention' : say`React with ${ways.capture} to a message, or mention`} me with "new", and it becomes a ticket.`
      : team !== null
        ? say`Tickets of ${team} arrive here. ${ways.claim === null ? 'Mention' : say`Claim one with ${ways.claim}; mention`} me with "help" to see the rest.`
        : say`An administrator binds this chat to a project with ${bold(command(ways, 'bind project acme-core'))}, or to a team with ${bold(command(ways, 'bind team db-l1'))}.`,
  unknownCommand: (said) =>
    said === ''
      ? ['What would you like to do? Perhaps one of these:']
      : say`I did not understand "${said}". Perhaps one of these:`,
  didYouMean: (said, near) => say`I don't know "${said}".${meaning(near)}`,
  whichTicket: (command) => say`Which ticket? Give its number, as in "${command} 128".`,
  noSuchTicket: (id) => say`There is no ticket ${id}.`,
  notInHere: ['This works in the thread of a ticket.'],
  missingWord: (command, example) => say`One thing is missing to ${words.can[command]}; for example: ${example}`,
  formExpired: ['The form has expired. Press the button again.'],
  openFormLabel: 'Open the form',
  needsForm: (id) => say`${id} needs a few details; the button below opens the form.`,
  internalMarked: ['Marked internal; it stays on your side.'],
  evidenceKept: ['Kept as evidence.'],
  rated: (score) => say`Thanks for the ${score}. A reply here adds a comment.`,
  mine: (count) => `My tickets · ${count}`,
  noneMine: ['You have no open tickets.'],
  queue: (team, count) => `${team} · waiting: ${count}`,
  onDuty: (team, name, until) =>
    until === null
      ? say`${bold(name)} is on duty for ${team}.`
      : say`${bold(name)} is on duty for ${team} until ${until}.`,
  nobodyOnDuty: (team, lead) =>
    lead === null
      ? say`Nobody is on duty for ${team} now.`
      : say`Nobody is on duty for ${team} now; its lead is ${lead}.`,
  noTeam: ['Which team? For example "duty Database L1".'],
  board: (url) => say`The board: ${{ kind: 'link', text: url, url }}`,
  noBoard: ['There is no address to link to yet (PUBLIC_URL is not set).'],
  bound: (what) => say`This chat is bound to ${what} now.`,
  unbound: ['This chat is not bound any more.'],
  notBound: ['This chat is not bound.'],
  boundInFile: ['The binding of this chat stands in the configuration file; change it there.'],
  bindHelp: (ways) => [
    `How: ${command(ways, 'bind project acme-core')} (a project chat), ${command(ways, 'bind team db-l1')} (a duty chat), ${command(ways, 'bind escalation')} (the escalation chat), ${command(ways, 'bind admin')} (where I tell what is wrong with me).`,
  ],
  mayNotBind: ['Binding a chat takes an administrator.'],
  unknownTarget: (what, said, near) => say`There is no ${what} called "${said}".${meaning(near)}`,
  help: ({ capture, claim, done, slash }) => [
    say`${bold('Raise')}: ${capture === null ? '' : say`react ${capture} to a message, or `}mention me in the thread with "new"${slash ? ', or /itr new' : ''}`,
    say`${bold('Work')}: ${claim === null ? '' : say`${claim} claims; `}in the thread, mention me with "claim", "pend customer", "escalate", "transfer @colleague", "resolve what was done"`,
    say`${bold('Confirm')}: ${done === null ? '' : say`${done} or `}"confirm"; if it is not solved, "reopen"`,
    say`${bold('Internal')}: what begins with // stays on your side`,
    slash
      ? say`${bold('Look')}: /itr show 128 · /itr mine · /itr duty · /itr board · /itr explain 128`
      : say`${bold('Look')}: mention me, or write to me directly: "show 128", "mine", "duty", "board", "explain 128"`,
  ],
  digestTitle: 'Duty and tickets today',
  digestDuty: (name, next) =>
    name === null
      ? ['Nobody is on duty today.']
      : next === null || next === name
        ? say`On duty: ${bold(name)}`
        : say`On duty: ${bold(name)}, then ${next}`,
  digestCounts: ({ waiting, mine, over }) =>
    join([`waiting ${waiting}`, `in progress ${mine}`, ...(over === 0 ? [] : [bold(`overdue ${over}`)])], ' · '),
  digestHole: (from, until) =>
    until === null ? say`Nobody is planned from ${from}` : say`Nobody is planned from ${from} to ${until}`,
  digestQuiet: ['No open tickets.'],
  moreOf: (count) => say`${count} more not shown`,
  homeMine: 'Tickets I work on',
  homeRaised: 'Tickets I raised',
  homeQueue: (team) => `${team} · waiting for an owner`,
  homeEmptyMine: 'You work on no ticket.',
  homeEmptyRaised: 'You have no open ticket.',
  homeEmptyQueue: 'Nothing waits for an owner.',
  failed: (errorId) => say`That did not work. Please try again. Error ${errorId}.`,
};
