import { runBlockExpiry } from './circles/blocks.ts';
import { runCaptures } from './epcis/capture/work.ts';
import { asAppError } from './errors.ts';
import { runIndexer } from './indexer/indexer.ts';
import { log } from './log.ts';
import { pause } from './pause.ts';
import { portal } from './portal.ts';
import { notaryKeysIn } from './prescriptions/notaryKeys.ts';
import { runRelay } from './prescriptions/relay.ts';
import { runUploadExpiry } from './records/uploads.ts';
import { runReenrolments } from './reenrolment/settle.ts';
import { runSagaWorker } from './sagas/worker.ts';
import { runCleanup } from './session/cleanup.ts';
import { refuseForbiddenMethods } from './session/methods.ts';
import { recordPeers } from './session/peer.ts';
import { runSettlement } from './settlement/run.ts';
import { runReceiptSweep } from './supplyIndexer/receipts.ts';

declare global {
  var medloomBackground: AbortController | undefined;
}

/**
 * Starts what runs beside the requests: the indexer, the saga worker, what brings tokens and their states to Ethereum, what puts new keys in force, what brings partners'
 * captures to the ledgers, what looks at receipts over several chains, what follows payments, and what tells who asks.
 * Unusable settings end the process, with each fault named. Starting twice in one process does nothing.
 */
export function startBackground(): AbortController {
  if (globalThis.medloomBackground !== undefined) return globalThis.medloomBackground;
  recordPeers();
  refuseForbiddenMethods();
  const stop = new AbortController();
  globalThis.medloomBackground = stop;
  try {
    const { settings } = portal();
    log().info({ mode: settings.mode }, 'portal starts');
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(78);
  }
  void runIndexer(portal(), stop.signal);
  void runSagaWorker(portal(), stop.signal);
  void relayWithoutNotaryKeys(stop.signal);
  void runCleanup(portal(), stop.signal);
  void runUploadExpiry(portal(), stop.signal);
  void runBlockExpiry(portal(), stop.signal);
  void runReenrolments(portal(), stop.signal);
  void runCaptures(portal(), stop.signal);
  void runReceiptSweep(portal(), stop.signal);
  void runSettlement(portal(), stop.signal);
  return stop;
}

/** Ends the process where it has a notary's key; until the chain has said that it has none, nothing is brought to it. */
async function relayWithoutNotaryKeys(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const found = await notaryKeysIn(process.env, portal().ethereum);
      if (found.length > 0) {
        process.stderr.write(`The portal must not have a notary's key: ${found.join(', ')}.\n`);
        process.exit(78);
      }
      return await runRelay(portal(), signal);
    } catch (error) {
      log().warn({ code: asAppError(error).code }, 'the chain cannot say yet whose keys these are');
      await pause(2_000, signal);
    }
  }
}
