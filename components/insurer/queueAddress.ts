import { z } from 'zod';
import { type QueueAsked, queueAsked } from '#server/claims/schema.ts';

/** Which claims are listed, as it stands in the address; what it says otherwise counts as not said. */
const queueAddress = z.object({
  show: queueAsked.shape.show.catch('waiting'),
  page: z.coerce.number().pipe(queueAsked.shape.page).catch(1),
});

export const queueAddressOf = (params: Record<string, string | string[] | undefined>): QueueAsked =>
  queueAddress.parse(params);

export function queueHref({ show, page }: QueueAsked): string {
  const said = new URLSearchParams({
    ...(show !== 'waiting' && { show }),
    ...(page > 1 && { page: String(page) }),
  }).toString();
  return said === '' ? '/insurer' : `/insurer?${said}`;
}
