import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

const FIVE_MINUTES_S = 300;

/**
 * Slack's signature over the raw body: https://docs.slack.dev/authentication/verifying-requests-from-slack. A timestamp too far ahead is refused as
 * well (Bolt lets it pass): a request captured with one could be replayed until its time has come.
 */
export const createVerify = (
  signingSecret: string,
  clock: () => number,
): ((raw: Buffer, timestamp: string | undefined, signature: string | undefined) => boolean) => {
  const key = createSecretKey(Buffer.from(signingSecret, 'utf8'));
  return (raw, timestamp, signature) => {
    if (timestamp === undefined || signature === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
    if (Math.abs(clock() / 1000 - Number(timestamp)) > FIVE_MINUTES_S) return false;
    if (!/^v0=[0-9a-f]{64}$/i.test(signature)) return false;
    const ours = createHmac('sha256', key).update(`v0:${timestamp}:`).update(raw).digest();
    return timingSafeEqual(ours, Buffer.from(signature.slice(3), 'hex'));
  };
};
