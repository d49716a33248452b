'use server';

import { action } from '#server/action.ts';
import * as files from './files.ts';
import * as looking from './looking.ts';
import * as recalls from './recalls.ts';
import * as schema from './schema.ts';
import * as undoing from './undoing.ts';
import * as verifying from './verifying.ts';

/** What the ledgers say of scanned packs and containers right now. */
export const lookUp = action(schema.lookUp, looking.lookUp);

/** What is wrong with a document of events, before anybody signs any of it. */
export const checkFile = action(schema.checkFile, files.checkFile);

/** Whether a pack is genuine and may be handed over, and why not. */
export const verifyPack = action(schema.verifyPack, verifying.verifyPack);

/** How a pack left stock, and what would go back with it. */
export const readUndoable = action(schema.somePack, undoing.readUndoable);

/** Where the packs are that a recall would stop. */
export const readReach = action(schema.reachOf, recalls.readReach);

/** What the contract decided about events that were captured. */
export const readOutcomes = action(schema.readOutcomes, verifying.readOutcomes);
