import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const aesKey = (encryptKey: string): Buffer => createHash('sha256').update(encryptKey, 'utf8').digest();

/** The `encrypt` field of a callback: base64 of the 16 bytes of the IV and AES-256-CBC of the text. */
export function encrypt(encryptKey: string, text: string, iv = randomBytes(16)): string {
  const cipher = createCipheriv('aes-256-cbc', aesKey(encryptKey), iv);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
}

export function decrypt(encryptKey: string, encrypted: string): string {
  const bytes = Buffer.from(encrypted, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', aesKey(encryptKey), bytes.subarray(0, 16));
  return Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString('utf8');
}

/** X-Lark-Signature, over the raw body. */
export function signature(timestamp: string, nonce: string, encryptKey: string, body: string): string {
  return createHash('sha256').update(`${timestamp}${nonce}${encryptKey}${body}`).digest('hex');
}
