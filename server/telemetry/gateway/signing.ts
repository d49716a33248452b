import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type CircleIntent, circleIntents, circleKinds } from '../../circles/kinds.ts';
import { invalidTransaction } from '../../gateways/ledger/faults.ts';
import type { LedgerGateway } from '../../gateways/ledger/ledger.ts';
import {
  commitStatusRequest,
  decodeProposal,
  decodeTransaction,
  isSameCertificate,
} from '../../gateways/ledger/offline.ts';
import { isSignedBy } from '../../gateways/ledger/signer.ts';
import type { LedgerCall } from '../../transactions/kind.ts';
import { secretHolders } from '../../transactions/secretHolders.ts';
import { type TelemetryIntent, telemetryIntents, telemetryKinds } from '../kinds.ts';
import type { Presented } from './identity.ts';
import type { deviceEndorsed, devicePrepared, deviceProposal, deviceReceipt, deviceSubmission } from './protocol.ts';

/** What a device may have recorded in its own name: nothing else is prepared or passed on here. */

const [, , commitIntent] = circleIntents;
const [archiveIntent, , resealIntent] = telemetryIntents;
export const deviceIntent = z.discriminatedUnion('kind', [commitIntent, archiveIntent, resealIntent]);
type DeviceIntent =
  | Extract<CircleIntent, { kind: 'circles:commit' }>
  | Extract<TelemetryIntent, { kind: 'telemetry:archive' | 'telemetry:resealPlan' }>;

const functions: ReadonlySet<string> = new Set(['circles:commit', 'telemetry:archive', 'telemetry:resealPlan']);

function callOf(intent: DeviceIntent): { call: LedgerCall; isSecret: boolean } {
  switch (intent.kind) {
    case 'circles:commit':
      return { call: circleKinds[intent.kind].call(intent), isSecret: false };
    case 'telemetry:archive':
      return { call: telemetryKinds[intent.kind].call(intent), isSecret: true };
    case 'telemetry:resealPlan':
      return { call: telemetryKinds[intent.kind].call(intent), isSecret: false };
  }
}

interface Stores {
  ledger: LedgerGateway;
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const bytesOf = (encoded: string) => Buffer.from(encoded, 'base64url');

/** The proposal that an intent means, for the device to check and sign. */
export function prepare(
  { ledger }: Stores,
  device: Presented,
  intent: z.output<typeof deviceIntent>,
): z.input<typeof devicePrepared> {
  const { call, isSecret } = callOf(intent);
  const holders = isSecret ? secretHolders(ledger, call.channel, device.mspId) : undefined;
  const { transactionId, proposal, status } = ledger.prepare(device, call, holders);
  return { transactionId, proposal: text(proposal), status: text(status) };
}

/** Has a signed proposal endorsed. Throws PROPOSAL_MISMATCH, SIGNATURE_INVALID and the contract's refusals. */
export async function endorse(
  { ledger }: Stores,
  device: Presented,
  { proposal, proposalSignature }: z.output<typeof deviceProposal>,
): Promise<z.input<typeof deviceEndorsed>> {
  const bytes = bytesOf(proposal);
  const decoded = decodeProposal(bytes);
  const isOwn = decoded.mspId === device.mspId && isSameCertificate(decoded.certificatePem, device.certificatePem);
  if (!isOwn || decoded.contract !== 'care' || !functions.has(decoded.function))
    throw new AppError('PROPOSAL_MISMATCH', `${decoded.contract}.${decoded.function}`);
  const signature = bytesOf(proposalSignature);
  if (!isSignedBy(device.certificatePem, decoded.signedBytes, signature))
    throw new AppError('SIGNATURE_INVALID', 'proposal');
  return { transaction: text(await ledger.endorse(device, decoded.channel, bytes, signature)) };
}

/** Submits a signed transaction and waits until it is committed. Throws SIGNATURE_INVALID, LEDGER_CONFLICT, LEDGER_UNDECIDED. */
export async function submit(
  { ledger }: Stores,
  device: Presented,
  { transaction, transactionSignature, status, statusSignature }: z.output<typeof deviceSubmission>,
): Promise<z.input<typeof deviceReceipt>> {
  const [bytes, signature] = [bytesOf(transaction), bytesOf(transactionSignature)];
  const { transactionId, channel, signedBytes } = decodeTransaction(bytes);
  if (!isSignedBy(device.certificatePem, signedBytes, signature))
    throw new AppError('SIGNATURE_INVALID', 'transaction');
  const request = Buffer.from(commitStatusRequest(device, channel, transactionId));
  if (!request.equals(bytesOf(status))) throw new AppError('PROPOSAL_MISMATCH', 'commit status');
  await ledger.submit(device, channel, bytes, signature);
  const outcome = await ledger.commitStatus(device, channel, request, bytesOf(statusSignature));
  if (!outcome.valid) throw invalidTransaction(outcome.code);
  return { transactionId, channel, blockNumber: `${outcome.blockNumber}` };
}
