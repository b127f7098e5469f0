import { DeliveryError } from '../../conversations/platform.ts';

/** `om_…`, `oc_…`, `ou_…`, `omt_…`: what Feishu makes of letters, digits, `_` and `-`. */
const ID = /^[a-z]+_[A-Za-z0-9_-]{1,120}$/;

export const isId = (id: string): boolean => ID.test(id);

/**
 * The SDK puts ids into paths as they are: `om_1/../../x` would be another API. Ids come from events and from our own database, and are looked at all
 * the same.
 */
export const pathId = (id: string): string => {
  if (!isId(id)) throw new DeliveryError(`Feishu: "${id.slice(0, 40)}" is no id of Feishu's`, { permanent: true });
  return id;
};

/** Of the only form that the SDK's long connection accepts; with another it does nothing, and says nothing. */
export const isAppId = (id: string): boolean => /^cli_[0-9a-fA-F]{16}$/.test(id);
