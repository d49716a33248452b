import type { z } from 'zod';
import { allFaults, type CheckedDocument, checkDocument } from '#epcis/document.ts';
import type { EpcisEvent } from '#epcis/event.ts';
import { AppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';
import { allowCapture } from '../trace/policy.ts';
import { ownHouse } from './policy.ts';
import { type checkFile as asked, type FileFaults, mostFileEvents } from './schema.ts';

/** So many faults are told. */
const mostTold = 100;

/**
 * Looks at a document of events as the interface for partners' systems does, and at who may record what it says, before anybody
 * signs any of it. Nothing of a document with faults is recorded.
 */
export async function checkFile(actor: Actor, { text }: z.output<typeof asked>): Promise<FileFaults> {
  ownHouse(actor);
  const faults = faultsOf(actor, text);
  return { count: faults.length, faults: faults.slice(0, mostTold) };
}

type Faults = FileFaults['faults'];

function faultsOf(actor: Actor, text: string): Faults {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return [
      { pointer: '', message: `The file is not JSON: ${error instanceof Error ? error.message : 'unreadable'}.` },
    ];
  }
  const checked = checkDocument(json);
  const faults: Faults = allFaults(checked);
  if (faults.length > 0) return faults;
  const { kind, events } = checked;
  if (events.length === 0) return [{ pointer: '/epcisBody', message: 'There is no event.' }];
  if (events.length > mostFileEvents) {
    return [{ pointer: listOf[kind], message: `A file has at most ${mostFileEvents} events.` }];
  }
  return events.flatMap(({ event }, index) => {
    if (event === undefined || may(actor, event)) return [];
    const start = kind === 'event' ? '' : `${listOf[kind]}/${index}`;
    return [{ pointer: `${start}/bizStep`, message: 'This step is not for your role to record.' }];
  });
}

const listOf: Record<CheckedDocument['kind'], string> = {
  document: '/epcisBody/eventList',
  query: '/epcisBody/queryResults/resultsBody/eventList',
  event: '',
};

function may(actor: Actor, event: EpcisEvent): boolean {
  try {
    allowCapture(actor, [event]);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'FORBIDDEN') return false;
    throw error;
  }
}
