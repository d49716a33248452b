import { newToken } from '../people/token.ts';

/** Marks what it is, for people and for programs that search what was published by mistake. */
const mark = 'mlpt_';
const shape = /^mlpt_[A-Za-z0-9_-]{43}$/;

/** A new token of a partner's system: 256 random bits. */
export function newPartnerTokenText(): string {
  return `${mark}${newToken()}`;
}

/** The token of `Authorization: Bearer …`; undefined where the header has none of ours. */
export function bearerOf(header: string | null): string | undefined {
  const [scheme, token, ...rest] = (header ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || rest.length > 0) return undefined;
  return token !== undefined && shape.test(token) ? token : undefined;
}
