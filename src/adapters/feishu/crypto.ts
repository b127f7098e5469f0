import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';

const BLOCK = 16;

/**
 * What stands under `encrypt` in a body: base64 of an IV and AES-256-CBC, the key being SHA-256 of the app's Encrypt Key.
 * Throws where it was not encrypted with this key; neither the key nor the content is named.
 */
export const decrypt = (encryptKey: string, encrypted: string): string => {
  const bytes = Buffer.from(encrypted, 'base64');
  if (bytes.length < 2 * BLOCK || bytes.length % BLOCK !== 0)
    throw new Error('Feishu: the encrypted body is cut short, or is no base64');
  const key = createHash('sha256').update(encryptKey, 'utf8').digest();
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, BLOCK));
    const plain = Buffer.concat([decipher.update(bytes.subarray(BLOCK)), decipher.final()]);
    // A wrong key gives bytes that look padded once in 256 times; text they are almost never.
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch (cause) {
    throw new Error('Feishu: the body was encrypted with another Encrypt Key than the configured one', { cause });
  }
};

/** `X-Lark-Signature`, over the bytes as they came: the SDK signs its own JSON of them, and refuses a body with other spaces. */
export const signatureOf = (timestamp: string, nonce: string, encryptKey: string, rawBody: Buffer): string =>
  createHash('sha256').update(`${timestamp}${nonce}${encryptKey}`, 'utf8').update(rawBody).digest('hex');

/** The three headers of a signed request; undefined: it lacks one. */
interface Signed {
  readonly timestamp: string | undefined;
  readonly nonce: string | undefined;
  readonly signature: string | undefined;
}

/** In constant time. Says nothing of how old the request is: the timestamp is part of what is signed, and judged elsewhere. */
export const verifies = ({ timestamp, nonce, signature }: Signed, encryptKey: string, rawBody: Buffer): boolean => {
  if (timestamp === undefined || nonce === undefined || signature === undefined) return false;
  if (!/^[0-9a-f]{64}$/i.test(signature)) return false;
  const ours = Buffer.from(signatureOf(timestamp, nonce, encryptKey, rawBody), 'hex');
  return timingSafeEqual(ours, Buffer.from(signature, 'hex'));
};
