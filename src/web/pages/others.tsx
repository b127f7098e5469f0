import { dutyOf, personRef } from '../../domain/escalation.ts';
import type { KnownPerson } from '../../domain/identity.ts';
import type { World } from '../../domain/world.ts';
import type { Readiness } from '../readiness.ts';
import { Empty, Frame, Time } from './frame.tsx';
import { People } from './people.tsx';
import type { PageView } from './view.ts';

type Only = { readonly view: PageView };

export const DutyPage = ({ view, world }: Only & { readonly world: World }) => {
  const { texts, policy, now } = view;
  const teams = [...policy.teams.values()];
  return (
    <Frame view={view} title={texts.duty.title} here="/duty">
      {teams.length === 0 ? (
        <Empty title={texts.duty.title}>
          <p>{texts.duty.empty}</p>
        </Empty>
      ) : (
        <>
          <h1>{texts.duty.title}</h1>
          <ul class="duty">
            {teams.map((team) => {
              const { person, until, source } = dutyOf(team.id, world, now);
              const hole = person === null || source === 'fallback';
              return (
                <li class={hole ? 'panel hole' : 'panel'}>
                  <h2>
                    {team.name} <span class="quiet">{team.tier}</span>
                  </h2>
                  <p class="who">{person === null ? `⚠ ${texts.duty.hole}` : personRef(person, policy).name}</p>
                  <p class="quiet">
                    {texts.duty.source[source]} ·{' '}
                    {until === null ? (
                      texts.duty.always
                    ) : (
                      <>
                        {texts.duty.until} <Time ms={until} view={view} />
                      </>
                    )}
                    {team.lead === null ? null : ` · ${texts.duty.lead} ${personRef(team.lead, policy).name}`}
                  </p>
                </li>
              );
            })}
          </ul>
        </>
      )}
    </Frame>
  );
};

export const HealthPage = ({
  view,
  state,
  people,
}: Only & { readonly state: Readiness; readonly people: readonly KnownPerson[] | null }) => {
  const { texts } = view;
  return (
    <Frame view={view} title={texts.health.title} here="/health">
      <h1>{texts.health.title}</h1>
      <p class={state.ready ? 'verdict good' : 'verdict bad'}>
        {state.ready ? `✓ ${texts.health.ready}` : `✗ ${texts.health.notReady}`}
      </p>
      <ul class="panel checks">
        {state.checks.map((check) => {
          const word = !check.ok ? 'fault' : check.warning === true ? 'warning' : 'ok';
          return (
            <li class={word}>
              <span class="chip">{texts.health[word]}</span> <span>{check.line}</span>
            </li>
          );
        })}
      </ul>
      <p>
        <a href="/metrics">{texts.health.metrics}</a>
      </p>
      {people === null ? null : <People view={view} people={people} />}
    </Frame>
  );
};

/** Said plainly: the page is announced in the contract, and is not there yet. */
export const LaterPage = ({ view, which }: Only & { readonly which: 'new' | 'reports' }) => {
  const { title, text, instead } = view.texts.later[which];
  return (
    <Frame view={view} title={title} here={`/${which}`}>
      <Empty title={title}>
        <p>{text}</p>
        <p>{instead}</p>
        <p>
          <a class="button" href="/board">
            {view.texts.error.toBoard}
          </a>
        </p>
      </Empty>
    </Frame>
  );
};

export const StartPage = ({ view }: Only) => {
  const { texts } = view;
  const cards = [
    ['/playground', texts.start.playground, texts.start.playgroundText],
    ['/board', texts.nav.board, texts.start.boardText],
    ['/api/openapi.json', texts.start.docs, texts.start.docsText],
  ] as const;
  return (
    <Frame view={view} title={texts.start.title}>
      <section class="start">
        <h1>{texts.start.title}</h1>
        <p>{texts.start.lead}</p>
        <ul>
          {cards.map(([path, name, text], place) => (
            <li>
              <a class={place === 0 ? 'panel first' : 'panel'} href={path}>
                <strong>{name}</strong>
                <span>{text}</span>
              </a>
            </li>
          ))}
        </ul>
      </section>
    </Frame>
  );
};

export const LoginPage = ({
  view,
  next,
  problem,
}: Only & { readonly next: string; readonly problem: 'wrong' | 'tooMany' | null }) => {
  const { texts } = view;
  return (
    <Frame view={view} title={texts.login.title}>
      <form class="panel login" method="post" action="/login">
        <h1>{texts.login.title}</h1>
        <p>{texts.login.text}</p>
        {problem === null ? null : (
          <p class="bad" role="alert">
            {texts.login[problem]}
          </p>
        )}
        <label>
          {texts.login.token}
          <input type="password" name="token" autocomplete="current-password" required autofocus />
        </label>
        <input type="hidden" name="next" value={next} />
        <button class="button primary" type="submit">
          {texts.login.submit}
        </button>
      </form>
    </Frame>
  );
};

export const ErrorPage = (props: Only & { readonly title: string; readonly text: string; readonly id?: string }) => (
  <Frame view={props.view} title={props.title}>
    <Empty title={props.title}>
      <p>{props.text}</p>
      {props.id === undefined ? null : (
        <p>
          <code>{props.view.texts.error.id(props.id)}</code>
        </p>
      )}
      <p>
        <a class="button" href="/board">
          {props.view.texts.error.toBoard}
        </a>
      </p>
    </Empty>
  </Frame>
);
