import { z } from 'zod';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { prescriptionRecord, standing } from '#chaincode/model/records.ts';
import type { Standing } from '#chaincode/model/registry.ts';
import { type Renewal, renewal } from '#chaincode/model/renewal.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';

type Ledger = Portal['ledger'];
const contract = 'care';

function parse<T>(schema: z.ZodType<T>, bytes: Uint8Array, what: string): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (cause) {
    throw new AppError('INTERNAL', `the ledger answered something else for ${what}`, { cause });
  }
}

/** A prescription as its care channel has it now. Throws NOT_FOUND, LEDGER_UNAVAILABLE. */
export async function readFromLedger(ledger: Ledger, id: string, mspId?: string): Promise<Prescription> {
  const channel = ledger.careChannelOf(id);
  const call = { channel, contract, function: 'read', args: [id], ...(mspId === undefined ? {} : { mspId }) };
  return parse(prescriptionRecord, await ledger.evaluate(call), 'read');
}

/** A request for a renewal as its care channel has it now. Throws NOT_FOUND, LEDGER_UNAVAILABLE. */
export async function readRenewal(ledger: Ledger, id: string, mspId?: string): Promise<Renewal> {
  const channel = ledger.careChannelOf(id);
  const call = { channel, contract, function: 'readRenewal', args: [id], ...(mspId === undefined ? {} : { mspId }) };
  return parse(renewal, await ledger.evaluate(call), 'readRenewal');
}

/** Prescriptions of one channel, in no order; unknown ids are left out. At most 100. */
export async function readManyFromLedger(ledger: Ledger, channel: string, ids: string[]): Promise<Prescription[]> {
  if (ids.length === 0) return [];
  const bytes = await ledger.evaluate({ channel, contract, function: 'readMany', args: [JSON.stringify(ids)] });
  return parse(z.array(prescriptionRecord), bytes, 'readMany');
}

/**
 * The prescription of a redeeming hash, asked of all care channels at once. Throws CODE_VOID when a patient has
 * replaced the code, LEDGER_UNAVAILABLE when it was not found and a channel did not answer, else WRONG_CODE.
 */
export async function findByRedeemHash(ledger: Ledger, redeemHash: string, mspId: string): Promise<Prescription> {
  const answers = await Promise.allSettled(
    ledger.careChannels().map(async (channel) => {
      const bytes = await ledger.evaluate({
        channel,
        contract,
        function: 'findByRedeemHash',
        args: [redeemHash],
        mspId,
      });
      return parse(prescriptionRecord, bytes, 'findByRedeemHash');
    }),
  );
  const faults: AppError[] = [];
  for (const answer of answers) {
    if (answer.status === 'fulfilled') return answer.value;
    const { reason } = answer;
    if (!(reason instanceof AppError)) throw reason;
    faults.push(reason);
  }
  const told = faults.find(({ code }) => code !== 'WRONG_CODE' && code !== 'NOT_FOUND');
  throw told ?? new AppError('WRONG_CODE', 'on no care channel');
}

/** A practitioner with institution, as `registry` has them now. */
export async function readStanding(ledger: Ledger, practitionerId: string): Promise<Standing> {
  const call = { channel: 'registry', contract: 'registry', function: 'readStanding', args: [practitionerId] };
  return parse(standing, await ledger.evaluate(call), 'readStanding');
}
