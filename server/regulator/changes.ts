import type { Portal } from '#server/portal.ts';
import { Listening } from '../gateways/db/listen.ts';
import { type ChangeNotice, changeNotice, changesChannel } from '../indexer/record.ts';

declare global {
  var medloomChanges: Listening<ChangeNotice> | undefined;
}

/** The listener of this process, shared by every copy of this module that Next makes. */
export function changesOf(portal: Portal): Listening<ChangeNotice> {
  globalThis.medloomChanges ??= new Listening(portal.settings.databaseUrl, changesChannel, changeNotice);
  return globalThis.medloomChanges;
}
