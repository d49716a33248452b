import type { Actor } from '../people/schema.ts';
import type { NoticeView } from './schema.ts';
import * as service from './service.ts';

/** What one was told, newest first. */
export function listNotices(actor: Actor, { unreadOnly = false } = {}): Promise<NoticeView[]> {
  return service.listNotices(actor, { unreadOnly });
}

/** How many notices one has not read. */
export function countUnread(actor: Actor): Promise<number> {
  return service.countUnread(actor);
}
