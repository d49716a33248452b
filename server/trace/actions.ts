'use server';

import { action } from '#server/action.ts';
import { listAlerts as listing } from './reading/alerts.ts';
import { packStory as story } from './reading/story.ts';
import * as views from './reading/views.ts';
import * as schema from './schema.ts';

/** One page of alerts. */
export const listAlerts = action(schema.alertFilter, listing);

/** All that was captured about a pack. */
export const packStory = action(schema.somePack, story);

/** Keeps a page with its filters under a name. */
export const saveView = action(schema.saveView, views.saveView);

export const deleteView = action(schema.savedView, views.deleteView);
