/** One line of the table: what was measured, what it is held against, and whether the goal is met (null: only reported). */
export interface Figure {
  readonly name: string;
  readonly measured: string;
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
    against: `${limit.name} ${limit.value} ${unit}`,
    ratio,
    goal: '< 1.00',
    pass: ratio < 1,
  };
}

/** A count that has to be right. */
export function exactly(name: string, count: number, wanted: number): Figure {
  return {
    name,
    measured: String(count),
    against: String(wanted),
    ratio: wanted === 0 ? count : count / wanted,
    goal: 'equal',
    pass: count === wanted,
  };
}

/** Said, not left out. */
export const notRun = (name: string, why: string): Figure => ({
  name,
  measured: 'not run',
  against: why,
  ratio: NaN,
  goal: '–',
  pass: null,
});

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
