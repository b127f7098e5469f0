import type { JsonObject, Person } from '../types.ts';
import type { Call, Run } from './context.ts';
import { ApiError, refused } from './errors.ts';

/** Without the scope of a field the field is missing, and nothing says so. */
function personJson({ world, app }: Call, person: Person): JsonObject {
  const may = (scope: string): boolean => app.scopes.has(scope);
  return {
    union_id: person.unionId,
    open_id: world.openId(app.id, person.key),
    ...(may('contact:user.employee_id:readonly') ? { user_id: person.userId } : {}),
    ...(may('contact:user.base:readonly') ? { name: person.name, en_name: person.enName, nickname: '' } : {}),
    ...(may('contact:user.email:readonly') ? { email: person.email } : {}),
    ...(may('contact:user.phone:readonly') ? { mobile: person.mobile } : {}),
    mobile_visible: false,
    status: status(person),
  };
}

const status = ({ resigned }: Person): JsonObject => ({
  is_frozen: false,
  is_resigned: resigned,
  is_activated: true,
  is_exited: false,
  is_unjoin: false,
});

const known = (call: Call, type: ReturnType<Call['idType']>, id: string): Person => {
  const person = call.person(type, id);
  if (person) return person;
  throw type === 'open_id'
    ? new ApiError(99992351, `these open ids not existed: [${id}]`)
    : new ApiError(99992360, `these ids not existed: [${id}]`);
};

/** Those outside the contact range are missing from `items`; nothing says so. */
const batch: Run = (call) => {
  const type = call.idType();
  const ids = call.query.getAll('user_ids');
  if (ids.length === 0 || ids.length > 50) throw new ApiError(40001, 'invalid parameter: user_ids');
  const seen = ids.map((id) => known(call, type, id)).filter(({ inContactRange }) => inContactRange);
  return { data: { items: seen.map((person) => personJson(call, person)) } };
};

const get: Run = (call) => {
  const person = known(call, call.idType(), call.path[0] ?? '');
  if (!person.inContactRange) throw new ApiError(41050, 'no user authority error');
  return { data: { user: personJson(call, person) } };
};

/** One line per address asked for; without `user_id` when nobody in range has it. */
const batchGetId: Run = (call) => {
  const type = call.idType();
  const people = [...call.world.people.values()].filter(
    ({ inContactRange, resigned }) => inContactRange && (!resigned || call.body.include_resigned === true),
  );
  const asked = (['email', 'mobile'] as const).flatMap((kind) =>
    call.texts(`${kind}s`, 50, 40001).map((value) => {
      const person = people.find((one) => value !== '' && one[kind] === value);
      const found = person ? { user_id: call.world.idOf(call.app.id, person, type), status: status(person) } : {};
      return { ...found, [kind]: value };
    }),
  );
  if (asked.length === 0) throw refused(40001, 'emails or mobiles is required');
  return { data: { user_list: asked } };
};

export const contactApis = { batch, get, batchGetId };
