/** One line of the table: what was measured, what it is held against, and whether the goal is met (null: only reported). */
export interface Figure {
  readonly name: string;
  readonly measured: string;
  /** The same as a number: a second, ms, MB, or a count. */
  readonly value: number;
  readonly against: string;
  readonly ratio: number;
  readonly goal: string;
  readonly pass: boolean | null;
}

/** As much as possible, compared with something measured in the same run. */
export function atLeast(
  name: string,
  perSecond: number,
  anchor: { readonly name: string; readonly perSecond: number },
  goal: number | null,
): Figure {
  const ratio = perSecond / anchor.perSecond;
  return {
    name,
    measured: rate(perSecond),
    value: perSecond,
    against: `${anchor.name} ${rate(anchor.perSecond)}`,
    ratio,
    goal: goal === null ? '–' : `≥ ${goal.toFixed(2)}`,
    pass: goal === null ? null : ratio >= goal,
  };
}

/** As little as possible, compared with a fixed limit. Rather not a number than a pass where nothing was measured. */
export function below(
  name: string,
  value: number,
  limit: { readonly name: string; readonly value: number },
  unit: 'ms' | 'MB',
): Figure {
  const ratio = value / limit.value;
  return {
    name,
    measured: `${short(value)} ${unit}`,
    value,
    against: `${limit.name} ${limit.value} ${unit}`,
    ratio,
    goal: '< 1.00',
    pass: ratio < 1,
  };
}

/** A time that is told, and no goal. */
export const toldMs = (name: string, value: number): Figure => ({
  ...below(name, value, { name: '–', value: NaN }, 'ms'),
  against: '–',
  goal: '–',
  pass: null,
});

/** A count that has to be right. */
export function exactly(name: string, count: number, wanted: number): Figure {
  return {
    name,
    measured: String(count),
    value: count,
    against: String(wanted),
    ratio: wanted === 0 ? count : count / wanted,
    goal: 'equal',
    pass: count === wanted,
  };
}

/** A count that is told, and no goal. */
export const told = (name: string, count: number): Figure => ({
  ...exactly(name, count, 0),
  against: '–',
  goal: '–',
  pass: null,
});

/** Said, not left out. */
export const notRun = (name: string, why: string): Figure => ({
  name,
  measured: 'not run',
  value: NaN,
  against: why,
  ratio: NaN,
  goal: '–',
  pass: null,
});

/** The same figures of several rounds: of each the round with the median, and how far the others are; a goal is met where the median meets it, a count in all. */
export function overRounds(rounds: readonly (readonly Figure[])[]): readonly Figure[] {
  const [first = []] = rounds;
  if (rounds.length === 1) return first;
  return first.map(({ name }) => {
    const all = rounds.flatMap((figures) => figures.filter((figure) => figure.name === name));
    const sorted = all.sort((a, b) => a.ratio - b.ratio);
    const [low, high] = [sorted[0]!, sorted.at(-1)!];
    const wrong = sorted.find(({ goal, pass }) => goal === 'equal' && pass === false);
    // Of an even number the worse of the two in the middle.
    const half = low.goal.startsWith('<') ? Math.floor(sorted.length / 2) : Math.ceil(sorted.length / 2) - 1;
    const middle = wrong ?? sorted[half]!;
    if (low.value === high.value || Number.isNaN(low.value)) return middle;
    return { ...middle, measured: `${middle.measured} (${bare(low)} – ${bare(high)})` };
  });
}

const bare = ({ measured }: Figure): string => measured.replace(/ ?(?:\/s|ms|MB)$/, '');

const HEAD = ['figure', 'measured', 'against', 'ratio', 'goal', ''];

export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, measured, against, ratio, goal, pass }) => [
    name,
    measured,
    against,
    Number.isNaN(ratio) ? '' : ratio.toFixed(2),
    goal,
    pass === null ? '' : pass ? 'pass' : 'MISS',
  ]);
  const lines = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const rate = (perSecond: number): string => `${Math.round(perSecond).toLocaleString('en')}/s`;
const short = (value: number): string => (value < 10 ? value.toFixed(1) : Math.round(value).toString());
