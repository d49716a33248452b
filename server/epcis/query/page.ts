import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Portal } from '#server/portal.ts';
import { fault } from '../api/parameters.ts';
import type { PartnerClient } from '../client.ts';

/** Pages of a list: the token says where the next one begins, and only for the same question of the same institution. */

const validMs = 60 * 60 * 1_000;
export const defaultPerPage = 30;

const content = z.object({
  /** Hash of the question. */
  question: z.string(),
  /** Unix time in milliseconds. */
  expires: z.number(),
  /** Where the page before ended, as the list orders its entries. */
  after: z.array(z.string()).max(8),
  /** How many entries came before. */
  before: z.int().min(0),
});
export type Place = Pick<z.infer<typeof content>, 'after' | 'before'>;

export interface Pager {
  perPage: number;
  /** Where this page begins; absent for the first. */
  start: Place | undefined;
  /** Headers of an answer after which there is more. */
  next(place: Place): Record<string, string>;
}

/** The pages of a question, which is the address without its page. Throws QueryParameterException for a token that is none. */
export function pagesOf(
  { settings }: Pick<Portal, 'settings'>,
  client: PartnerClient,
  request: Request,
  { perPage = defaultPerPage, nextPageToken }: { perPage?: number | undefined; nextPageToken?: string | undefined },
): Pager {
  const address = new URL(request.url);
  address.searchParams.delete('nextPageToken');
  address.searchParams.delete('perPage');
  address.searchParams.sort();
  const question = createHash('sha256')
    .update(JSON.stringify([client.institutionId, address.pathname, address.search]))
    .digest('base64url');
  const sign = (text: string) => createHmac('sha256', settings.secret).update(`epcis-page:${text}`).digest('base64url');
  return {
    perPage,
    start: nextPageToken === undefined ? undefined : read(nextPageToken, question, sign),
    next: (place) => {
      const expires = Date.now() + validMs;
      const text = Buffer.from(JSON.stringify({ question, expires, ...place })).toString('base64url');
      const link = new URL(request.url);
      link.searchParams.set('nextPageToken', `${text}.${sign(text)}`);
      return {
        link: `<${settings.url.replace(/\/$/, '')}${link.pathname}${link.search}>; rel="next"`,
        'GS1-Next-Page-Token-Expires': new Date(expires).toISOString(),
      };
    },
  };
}

function read(token: string, question: string, sign: (text: string) => string): Place {
  const [text = '', signature = ''] = token.split('.');
  const known = Buffer.from(sign(text));
  const given = Buffer.from(signature);
  if (known.length !== given.length || !timingSafeEqual(known, given)) throw fault('nextPageToken', 'is none of ours');
  const { expires, after, before, ...rest } = content.parse(
    JSON.parse(Buffer.from(text, 'base64url').toString('utf8')),
  );
  if (rest.question !== question) throw fault('nextPageToken', 'is of another question');
  if (expires <= Date.now()) throw fault('nextPageToken', 'has expired');
  return { after, before };
}
