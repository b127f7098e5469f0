const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What kept a request from ever leaving, as Node calls it; null: it may have arrived. */
export const neverSent = (error: unknown): string | null => causes(error).find((code) => NEVER_SENT.has(code)) ?? null;

/** `fetch` wraps the cause in a cause. */
const causes = (error: unknown): string[] => {
  const codes: string[] = [];
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    if ('code' in inner && typeof inner.code === 'string') codes.push(inner.code);
    if (inner instanceof AggregateError) {
      for (const one of inner.errors) if (one instanceof Error && 'code' in one) codes.push(String(one.code));
    }
  }
  return codes;
};
