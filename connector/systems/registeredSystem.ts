import { deviceRecord } from '#chaincode/model/records.ts';
import { type Authority, issueCertificate } from '../authority/issueCertificate.ts';
import { ConnectorError } from '../errors.ts';
import type { LedgerConnection } from '../ledger/connection.ts';
import type { SystemKey } from './systemKey.ts';

export interface SystemAuthority {
  authority: Authority;
  /** 32 bytes, secret; the systems' keys come from it. */
  seed: Uint8Array;
  /** The registrar's connection, for questions to `registry`. */
  ledger: LedgerConnection;
}

/**
 * A system as the organisation's own peer has it: an active device of this organisation with the key that is held here. Answers
 * what certifies that key (PEM). Throws NOT_FOUND, NOT_AUTHORISED, SUSPENDED.
 */
export async function registeredSystem(
  mspId: string,
  { authority, ledger }: Pick<SystemAuthority, 'authority' | 'ledger'>,
  system: string,
  key: SystemKey,
): Promise<() => Promise<string>> {
  const call = { channel: 'registry', contract: 'registry', function: 'readDevice', args: [system] };
  const device = deviceRecord.parse(JSON.parse(await ledger.evaluate(call)));
  if (device.mspId !== mspId || device.keys.signingKeyHash !== key.public.hash) {
    throw new ConnectorError('NOT_AUTHORISED', `${system} does not sign here`);
  }
  if (device.status !== 'active') throw new ConnectorError('SUSPENDED', `${system} is ${device.status}`);
  const { institutionId } = device;
  const holder = { subjectId: system, role: 'device', institutionId, readingKey: key.readingKey };
  return () => issueCertificate(authority, holder, key.public);
}
