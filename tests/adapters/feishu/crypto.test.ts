import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decrypt, signatureOf, verifies } from '../../../src/adapters/feishu/crypto.ts';
import vectors from './crypto-vectors.json' with { type: 'json' };

const { signed } = vectors;
const body = Buffer.from(signed.body, 'utf8');

const encrypted = (plain: Buffer, key: string): string => {
  const iv = Buffer.alloc(16, 7);
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
  return Buffer.concat([iv, cipher.update(plain), cipher.final()]).toString('base64');
};

describe('encrypted bodies', () => {
  it.each(vectors.aes.map((vector) => [vector.name, vector] as const))('%s is read', (_, vector) => {
    expect(decrypt(vector.key, vector.encrypted)).toBe(vector.plain);
  });

  it('one that was encrypted with another key says so, and names neither key nor content', () => {
    const attempt = () => decrypt('not the key', vectors.aes[0]!.encrypted);
    expect(attempt).toThrow('another Encrypt Key');
    expect(attempt).not.toThrow(/not the key|hello/);
  });

  it('what only happens to be padded like ours is no text', () => {
    expect(() => decrypt('k', encrypted(Buffer.from([0xff, 0xfe, 0x80]), 'k'))).toThrow('another Encrypt Key');
  });

  it.each(['', 'aGVsbG8=', 'not base64 at all', vectors.aes[0]!.encrypted.slice(0, -8)])(
    'one that is cut short is refused: "%s"',
    (cut) => {
      expect(() => decrypt('test key', cut)).toThrow('cut short');
    },
  );
});

describe('signatures', () => {
  it('is SHA-256 over timestamp, nonce, key and the body', () => {
    expect(signatureOf(signed.timestamp, signed.nonce, signed.key, body)).toBe(signed.signature);
    expect(verifies(signed, signed.key, body)).toBe(true);
  });

  it('2.3: it is over the bytes as they came, not over JSON of what they mean', () => {
    const pretty = Buffer.from(JSON.stringify(JSON.parse(signed.body), null, 2), 'utf8');
    const signature = signatureOf(signed.timestamp, signed.nonce, signed.key, pretty);
    expect(signature).not.toBe(signed.signature);
    expect(verifies({ ...signed, signature }, signed.key, pretty)).toBe(true);
    expect(verifies(signed, signed.key, pretty)).toBe(false);
    const noText = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
    const other = Buffer.from([0x7b, 0xfe, 0x00, 0x7d]);
    const ofBytes = signatureOf('1', '2', 'k', noText);
    expect(verifies({ timestamp: '1', nonce: '2', signature: ofBytes }, 'k', other)).toBe(false);
  });

  it('letters of either case are the same number', () => {
    expect(verifies({ ...signed, signature: signed.signature.toUpperCase() }, signed.key, body)).toBe(true);
  });

  it.each<[string, Partial<Record<'timestamp' | 'nonce' | 'signature', string | undefined>>]>([
    ['no signature', { signature: undefined }],
    ['no timestamp', { timestamp: undefined }],
    ['no nonce', { nonce: undefined }],
    ['an empty signature', { signature: '' }],
    ['a shorter signature', { signature: signed.signature.slice(0, 62) }],
    ['a signature that is no number', { signature: 'z'.repeat(64) }],
    ['one digit more', { signature: `${signed.signature}0` }],
    ['another timestamp', { timestamp: '1700000001' }],
    ['another nonce', { nonce: 'other' }],
    ['another signature', { signature: '0'.repeat(64) }],
  ])('%s: refused', (_, change) => {
    expect(verifies({ ...signed, ...change }, signed.key, body)).toBe(false);
  });

  it('another body or another key is refused', () => {
    expect(verifies(signed, signed.key, Buffer.concat([body, Buffer.from(' ')]))).toBe(false);
    expect(verifies(signed, 'another key', body)).toBe(false);
  });
});
