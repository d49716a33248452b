'use server';

import { z } from 'zod';
import { action } from '#server/action.ts';
import * as service from './service.ts';

/** The authority to which reports are encrypted, with what proves its key. */
export const authorityReader = action(z.undefined(), (actor) => service.authorityReader(actor));
