/**
 * Messaging Layer Security (RFC 9420) by ts-mls, which has not been audited. X-Wing (X25519 and ML-KEM-768) has no registered
 * suite yet: this one has a code point of the library's own (83, which IANA may give to another), so that only circles use it.
 */
export const suiteName = 'MLS_256_XWING_AES256GCM_SHA512_Ed25519';

async function load() {
  const mls = await import('ts-mls');
  const cipherSuite = await mls.getCiphersuiteImpl(mls.getCiphersuiteFromName(suiteName));
  return { mls, cipherSuite };
}

export type Mls = Awaited<ReturnType<typeof load>>;

let loading: Promise<Mls> | undefined;

/** Loaded with the first circle and not before: a page that shows none does without. */
export function loadMls(): Promise<Mls> {
  loading ??= load().catch((error: unknown) => {
    // A part of the page that did not arrive is asked for again.
    loading = undefined;
    throw error;
  });
  return loading;
}
