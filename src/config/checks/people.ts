import { epochDayOf } from '../../domain/local-date.ts';
import type { Path } from '../issue.ts';
import { showPath } from '../issue.ts';
import { PLATFORMS } from '../schema/service.ts';
import type { CheckContext } from './context.ts';
import { WHOM } from './references.ts';

export const checkPeopleAndChats = (ctx: CheckContext): void => {
  checkPeople(ctx);
  checkChats(ctx);
  checkContracts(ctx);
};

/** Reports what is there a second time, naming the first place. */
const unique = (ctx: CheckContext, what: string): ((key: string, path: Path, shown: string) => void) => {
  const seen = new Map<string, Path>();
  return (key, path, shown) => {
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, path);
    else ctx.error({ path, found: `${shown}, already at ${showPath(earlier)}`, wanted: `each ${what} once` });
  };
};

const checkPeople = (ctx: CheckContext): void => {
  const isNew = unique(ctx, 'person of a platform');
  for (const [id, person] of Object.entries(ctx.file.people)) {
    if ((WHOM as readonly string[]).includes(id)) {
      const wanted = `an id other than ${WHOM.join(', ')}, which mean people by their part in a ticket`;
      ctx.error({ path: ['people', id], atKey: true, found: `the id "${id}"`, wanted });
    }
    for (const platform of PLATFORMS) {
      const identity = person[platform];
      if (identity !== undefined) {
        isNew(`${platform}:${identity}`, ['people', id, platform], `the ${platform} id "${identity}"`);
      }
    }
  }
};

const checkChats = (ctx: CheckContext): void => {
  const isNew = unique(ctx, 'chat');
  for (const [index, chat] of ctx.file.chats.entries()) {
    const path = ['chats', index] as const;
    isNew(`${chat.platform}:${chat.id}`, [...path, 'id'], `the ${chat.platform} chat "${chat.id}"`);
    if (chat.role === 'duty' && chat.team === undefined && !ctx.written([...path, 'team'])) {
      ctx.error({ path, found: 'a duty chat without a team', wanted: 'team: the id of the team on duty there' });
    }
  }
};

const checkContracts = (ctx: CheckContext): void => {
  const isNew = unique(ctx, 'contract');
  for (const [index, contract] of ctx.file.contracts.entries()) {
    const path = ['contracts', index] as const;
    isNew(contract.id, [...path, 'id'], `the contract "${contract.id}"`);
    if (epochDayOf(contract.until) < epochDayOf(contract.from)) {
      const found = `"${contract.until}", which is before from ("${contract.from}")`;
      ctx.error({ path: [...path, 'until'], found, wanted: 'an end on or after the start' });
    }
  }
};
