'use server';

import { z } from 'zod';
import { action } from '#server/action.ts';
import * as schema from './schema.ts';
import * as service from './service.ts';

/** How many notices one has not read. */
export const countUnread = action(z.undefined(), (actor) => service.countUnread(actor));

/** What one was told, newest first. */
export const listNotices = action(schema.listNotices, service.listNotices);

/** Notes that one has read notices. */
export const markRead = action(schema.markRead, service.markRead);
