import { type StoredCategory, storedCategory } from '#chaincode/model/healthRecord.ts';
import { canonicalJson } from '#chaincode/model/state.ts';
import { type Anchored, anchored } from '#chaincode/model/telemetry.ts';
import { ConnectorError } from '../errors.ts';
import type { EndorsingConnection, LedgerConnection } from '../ledger/connection.ts';
import { retryLedger } from '../ledger/retry.ts';
import type { AlertRequest, AnchorRequest } from './schema.ts';

export type AnchorAnswer = Anchored;

/**
 * Anchors batches on their channel and returns once they are committed. What was endorsed and is then valid had exactly these
 * outcomes; where none is new, nothing is submitted. Repeating it is safe, so it is repeated while another transaction was first.
 */
export async function anchor(
  ledger: EndorsingConnection,
  { channel, batches }: Pick<AnchorRequest, 'channel' | 'batches'>,
): Promise<AnchorAnswer> {
  return retryLedger(async () => {
    const args = [canonicalJson({ batches })];
    const call = await ledger.endorse({ channel, contract: 'care', function: 'telemetry:anchor', args });
    const parsed = anchored.safeParse(parseJson(call.result));
    if (!parsed.success)
      throw new ConnectorError('INTERNAL', 'the contract answered something else', { cause: parsed.error });
    const { outcomes } = parsed.data;
    if (outcomes.some(({ outcome }) => outcome === 'accepted')) await call.submit();
    return { outcomes };
  });
}

/** The alerts that were escalated now. */
export interface Escalation {
  escalated: string[];
}

/** Raises alerts in one transaction, and escalates each of those that are due, unless somebody has acknowledged it meanwhile. */
export async function alertAbout(
  ledger: EndorsingConnection,
  { channel, raise, escalate }: Pick<AlertRequest, 'channel' | 'raise' | 'escalate'>,
): Promise<Escalation> {
  const submit = (name: string, argument: string) =>
    retryLedger(async () => {
      const call = await ledger.endorse({ channel, contract: 'care', function: name, args: [argument] });
      await call.submit();
    });
  if (raise.length > 0) await submit('alerts:raise', canonicalJson({ alerts: raise }));
  // Each is a key of its own, so that they share a block.
  const done = await Promise.all(
    escalate.map(async (id) => {
      try {
        await submit('alerts:escalate', id);
        return [id];
      } catch (error) {
        if (error instanceof ConnectorError && answered.has(error.code)) return [];
        throw error;
      }
    }),
  );
  return { escalated: done.flat() };
}

/** Under which public key a patient's circle archives its keys. Throws RECORD_NOT_OPENED. */
export async function readArchiveKey(
  ledger: Pick<LedgerConnection, 'evaluate'>,
  patient: string,
): Promise<StoredCategory> {
  const channel = `care-${patient.split('-')[1]}`;
  const call = { channel, contract: 'care', function: 'telemetry:readArchiveKey', args: [patient] };
  const parsed = storedCategory.safeParse(parseJson(await ledger.evaluate(call)));
  if (parsed.success) return parsed.data;
  throw new ConnectorError('INTERNAL', 'the contract answered something else', { cause: parsed.error });
}

/** Somebody was first, or its time is not over by the ledger's clock. */
const answered: ReadonlySet<string> = new Set(['WRONG_STATE', 'NOT_DUE']);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
