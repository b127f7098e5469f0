/**
 * Holiday data of a country as the pure look-up that calendars take. China comes from `holiday-calendar` (the State
 * Council's schedules with make-up days), everything else from `date-holidays`, which is wrong for China on 14–16 days
 * a year: it knows neither make-up nor bridging days.
 */
import { createRequire } from 'node:module';
import type HolidaysOf from 'date-holidays';
import type { HolidaySource, HolidayYear } from '../domain/calendar.ts';
import { DAY, HOUR } from '../domain/instant.ts';

// Required when first needed: `date-holidays` takes a tenth of a second to load, and most installations never do.
const require = createRequire(import.meta.url);

/**
 * `CN`, another ISO country code, or a part of one such as `DE-BY` or `US-CA` (case does not matter). Throws a RangeError that
 * names the code when the data knows no such place. Years are read when asked for, and kept.
 */
export function loadHolidaySource(country: string): HolidaySource {
  const code = country.trim().toUpperCase();
  return memoize(code === 'CN' ? chineseYear : otherCountry(country, code));
}

function memoize(source: HolidaySource): HolidaySource {
  const years = new Map<number, HolidayYear>();
  return (year) => {
    let found = years.get(year);
    if (found === undefined) {
      found = source(year);
      years.set(year, found);
    }
    return found;
  };
}

interface ChineseYearFile {
  dates: { date: string; name: string; type: 'public_holiday' | 'transfer_workday' }[];
}

/**
 * A year's schedule begins in the last days of the year before (29–31 December 2018 are in 2019's), so two files tell
 * about one year. `official` is whether the year's own is there; the next one's is not yet, for most of a year.
 */
function chineseYear(year: number): HolidayYear {
  const closed = new Map<string, string>();
  const makeup = new Map<string, string>();
  const own = readChineseYear(year);
  for (const { date, name, type } of [...(own?.dates ?? []), ...(readChineseYear(year + 1)?.dates ?? [])]) {
    if (date.startsWith(`${year}-`)) (type === 'transfer_workday' ? makeup : closed).set(date, name);
  }
  return { closed, makeup, official: own !== undefined };
}

function readChineseYear(year: number): ChineseYearFile | undefined {
  try {
    return require(`holiday-calendar/data/CN/${year}.min.json`) as ChineseYearFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function otherCountry(written: string, code: string): HolidaySource {
  const Holidays = require('date-holidays') as typeof HolidaysOf;
  const [country = '', state, region] = code.split('-');
  const places = new Holidays();
  if (!(country in places.getCountries())) {
    throw new RangeError(
      `holidays: "${written}" is not a country the holiday data knows; write an ISO code such as CN, DE or US`,
    );
  }
  if (state !== undefined && !(state in partsOf(places.getStates(country)))) {
    const states = Object.keys(partsOf(places.getStates(country)));
    const known = states.length === 0 ? `only ${country} as a whole` : states.map((s) => `${country}-${s}`).join(', ');
    throw new RangeError(
      `holidays: "${written}" is not a part of ${country} the holiday data knows; it knows ${known}`,
    );
  }
  if (region !== undefined && !(region in partsOf(places.getRegions(country, state ?? '')))) {
    throw new RangeError(`holidays: "${written}" is not a region the holiday data knows; write ${country}-${state}`);
  }
  const source = new Holidays(country, state ?? '', region ?? '', { types: ['public'] });

  return (year) => {
    const closed = new Map<string, string>();
    // The year before, too: a feast of several days may begin in it.
    for (const { date, start, end, name } of [year - 1, year].flatMap((y) => source.getHolidays(y))) {
      // Half a day off (24 December from noon) does not close the day. The hour is for days that daylight saving shortens.
      const days = Math.floor((end.getTime() - start.getTime() + HOUR) / DAY);
      // `date` is on the country's own calendar; `start` is an instant, whose date would depend on our zone.
      const first = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
      for (let day = 0; day < days; day += 1) {
        const iso = new Date(first + day * DAY).toISOString().slice(0, 10);
        if (iso.startsWith(`${year}-`) && !closed.has(iso)) closed.set(iso, name);
      }
    }
    return { closed, makeup: new Map(), official: true };
  };
}

/** The package's types promise an answer; for a country without parts it gives none. */
const partsOf = (found: object | undefined): object => found ?? {};
