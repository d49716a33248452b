'use server';

import { action } from '#server/action.ts';
import * as schema from './schema.ts';
import * as service from './service.ts';

/** What one was told, newest first. */
export const listNotices = action(schema.listNotices, service.listNotices);

/** Notes that one has read notices. */
export const markRead = action(schema.markRead, service.markRead);
