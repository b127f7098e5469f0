import type { RotationSpec, ShiftSpec } from '../domain/duty.ts';
import type { ConfigFile } from './schema.ts';

type RotationFile = NonNullable<ConfigFile['rotations']>[string];

/** A rotation as the domain reads it. Left out: a week each, from Monday 09:00, in the file's time zone. */
export const rotationSpec = (rotation: RotationFile, timezone: string): RotationSpec => {
  const every = rotation.every ?? '1w';
  const shifts = rotation.shifts === undefined ? undefined : shiftList(rotation.shifts);
  return {
    timezone: rotation.timezone ?? timezone,
    starts: rotation.starts,
    every,
    handover: rotation.handover ?? (every.endsWith('w') ? 'mon 09:00' : '09:00'),
    people: rotation.people ?? [],
    ...(shifts === undefined ? {} : { shifts }),
  };
};

const shiftList = (shifts: NonNullable<RotationFile['shifts']>): ShiftSpec[] =>
  Array.isArray(shifts) ? shifts : Object.entries(shifts).map(([name, shift]) => ({ name, ...shift }));
