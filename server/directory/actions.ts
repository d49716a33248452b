'use server';

import { z } from 'zod';
import { action } from '#server/action.ts';
import * as entries from './entries.ts';
import * as merging from './merging.ts';
import * as schema from './schema.ts';
import * as service from './service.ts';

/** The institution's patients who resemble somebody, and why. */
export const findSimilar = action(schema.findSimilar, service.findSimilar);

/** Takes a new patient into the institution's directory, with an invitation. */
export const registerPatient = action(schema.registerPatient, service.registerPatient);

/** The institution's patients by name or identifier, also those without keys. */
export const findEntries = action(schema.findEntries, entries.findEntries);

/** A new invitation for a patient who has no keys yet. */
export const invitePatient = action(schema.someEntry, entries.invitePatient);

/** Takes a minor or ward into the directory. */
export const registerWard = action(schema.registerWard, entries.registerWard);

/** Puts a ward on the ledger, without keys. */
export const putOnLedger = action(schema.someEntry, entries.putOnLedger);

/** Notes that the institution treats a patient who was found by exact identifier. */
export const takeOn = action(schema.takeOn, service.takeOn);

/** Pairs of the institution's patients that may be one person. */
export const listDuplicates = action(z.undefined(), service.listDuplicates);

/** Makes one entry a part of another. */
export const mergePatients = action(schema.mergePatients, merging.mergePatients);

/** Parts two entries again. */
export const undoMerge = action(schema.undoMerge, merging.undoMerge);

/** The institution's merges. */
export const listMerges = action(z.undefined(), merging.listMerges);
