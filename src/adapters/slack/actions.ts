/**
 * How an action stands in a button's `action_id`. Slack wants it unique within a block, and five rating buttons share one action: so every further one
 * gets a number. A button that opens a page still makes Slack tell us that it was pressed; it has to be acknowledged and means nothing.
 */
const PAGE = 'open-page';

/** The `action_id`s of one block's buttons, in order; null stands for a button that opens a page. */
export const actionIds = (actions: readonly (string | null)[]): string[] => {
  const seen = new Map<string, number>();
  return actions.map((given) => {
    const action = given ?? PAGE;
    const count = (seen.get(action) ?? 0) + 1;
    seen.set(action, count);
    return count === 1 ? action : `${action}#${count}`;
  });
};

/** Null: the button only opened a page. */
export const actionOf = (id: string): string | null => {
  const action = id.replace(/#\d+$/, '');
  return action === PAGE ? null : action;
};

/** `callback_id` of the message shortcut and of the global one, as in the manifests. */
export const CAPTURE = 'create_ticket';
export const NEW = 'new_ticket';
