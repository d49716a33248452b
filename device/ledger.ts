import { fromBase64Url, toBase64Url } from '#crypto/bytes.ts';
import { checkProposal } from '#crypto/fabric/proposal.ts';
import { checkStatusRequest } from '#crypto/fabric/status.ts';
import { checkTransaction } from '#crypto/fabric/transaction.ts';
import { signMessage } from '#crypto/signingKey.ts';
import { type CircleIntent, circleKinds } from '#server/circles/kinds.ts';
import { deviceEndorsed, devicePrepared, deviceReceipt } from '#server/telemetry/gateway/protocol.ts';
import { type TelemetryIntent, telemetryKinds } from '#server/telemetry/kinds.ts';
import type { LedgerCall } from '#server/transactions/kind.ts';
import type { GatewayApi } from './api.ts';
import type { DeviceKeys, DeviceSettings } from './enrolment.ts';

/** What a device has a ledger record. */
export type DeviceIntent =
  | Extract<CircleIntent, { kind: 'circles:commit' }>
  | Extract<TelemetryIntent, { kind: 'telemetry:archive' | 'telemetry:resealPlan' }>;

function callOf(intent: DeviceIntent): LedgerCall {
  switch (intent.kind) {
    case 'circles:commit':
      return circleKinds[intent.kind].call(intent);
    case 'telemetry:archive':
      return telemetryKinds[intent.kind].call(intent);
    case 'telemetry:resealPlan':
      return telemetryKinds[intent.kind].call(intent);
  }
}

/**
 * Has an intent recorded in the device's own name: prepared by the gateway, checked here byte by byte, signed, endorsed, checked and
 * signed again. Throws `GatewayRefused` with the ledger's code, and `PROPOSAL_MISMATCH`, `TRANSACTION_MISMATCH` or
 * `STATUS_MISMATCH` where it was to sign something else.
 */
export async function record(
  api: Pick<GatewayApi, 'post'>,
  { signing }: Pick<DeviceKeys, 'signing'>,
  { mspId, certificatePem }: Pick<DeviceSettings, 'mspId' | 'certificatePem'>,
  intent: DeviceIntent,
): Promise<void> {
  const sign = async (message: Uint8Array) => toBase64Url(await signMessage(signing.privateKey, message));
  const { proposal, status } = await api.post('/v1/transactions', intent, devicePrepared);
  const checked = checkProposal(fromBase64Url(proposal), callOf(intent), { mspId, certificatePem });
  const statusSignature = await sign(checkStatusRequest(fromBase64Url(status), checked).message);
  const signed = { proposal, proposalSignature: await sign(checked.message) };
  const { transaction } = await api.post('/v1/transactions/endorsement', signed, deviceEndorsed);
  const transactionSignature = await sign(checkTransaction(fromBase64Url(transaction), checked).message);
  const submission = { transaction, transactionSignature, status, statusSignature };
  await api.post('/v1/transactions/submission', submission, deviceReceipt);
}
