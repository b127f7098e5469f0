import type { KnownPerson, Standing } from '../../domain/identity.ts';
import { Time } from './frame.tsx';
import type { PageView } from './view.ts';

/** Who is known on which connected platform; first of all, who is not. Addresses are not shown. */
export const People = ({ view, people }: { readonly view: PageView; readonly people: readonly KnownPerson[] }) => {
  const t = view.texts.people;
  const platforms = Object.keys(people[0]?.on ?? {});
  const unmatched = people.filter((person) => !isKnown(person));
  return (
    <section class="panel people">
      <h2>{t.title}</h2>
      {people.length === 0 || platforms.length === 0 ? (
        <p>{t.empty}</p>
      ) : (
        <details open={unmatched.length > 0}>
          <summary>{unmatched.length === 0 ? `✓ ${t.allMatched}` : `⚠ ${t.unmatched(unmatched.length)}`}</summary>
          <p class="quiet">{t.how}</p>
          <div class="scroll">
            <table>
              <thead>
                <tr>
                  {[t.person, t.team, ...platforms].map((name) => (
                    <th scope="col">{name}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {[...unmatched, ...people.filter(isKnown)].map(({ name, teams, on }) => (
                  <tr>
                    <th scope="row">{name}</th>
                    <td>{teams.join(', ')}</td>
                    {platforms.map((platform) => (
                      <td>
                        <Stands view={view} standing={on[platform] ?? { state: 'unmatched' }} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </section>
  );
};

const isKnown = ({ on }: KnownPerson): boolean =>
  Object.values(on).every(({ state }) => state === 'configured' || state === 'confirmed');

const Stands = ({ view, standing }: { readonly view: PageView; readonly standing: Standing }) => {
  const said = view.texts.people.state[standing.state];
  if (standing.state === 'unmatched') return <strong>{`⚠ ${said}`}</strong>;
  return (
    <>
      {said} {'at' in standing ? <Time ms={standing.at} view={view} /> : null} <code>{standing.user}</code>
    </>
  );
};
