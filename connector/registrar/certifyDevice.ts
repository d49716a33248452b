import { deviceRecord } from '#chaincode/model/records.ts';
import { readRequestedKey } from '../authority/certificateRequest.ts';
import { issueCertificate } from '../authority/issueCertificate.ts';
import { ConnectorError } from '../errors.ts';
import type { EnrolmentOffice } from './enrol.ts';
import type { DeviceCertification } from './schema.ts';

/**
 * Certifies the key that `registry` records for a device, on the word of the organisation's own peer; as often as it is asked for,
 * since by itself the certificate authorises nothing. Throws NOT_FOUND, NOT_AUTHORISED for a device of another organisation or
 * another key, SUSPENDED.
 */
export async function certifyDevice(
  offices: ReadonlyMap<string, EnrolmentOffice>,
  { mspId, device: id, csrPem }: DeviceCertification,
): Promise<{ certificatePem: string }> {
  const office = offices.get(mspId);
  if (!office) throw new ConnectorError('NOT_SERVED', `${mspId} does not certify here`);
  const requested = await readRequestedKey(csrPem);
  const call = { channel: 'registry', contract: 'registry', function: 'readDevice', args: [id] };
  const device = deviceRecord.parse(JSON.parse(await office.ledger.evaluate(call)));
  if (device.mspId !== mspId) throw new ConnectorError('NOT_AUTHORISED', `${id} is not of ${mspId}`);
  if (device.status !== 'active') throw new ConnectorError('SUSPENDED', `${id} is ${device.status}`);
  if (device.keys.signingKeyHash !== requested.hash) {
    throw new ConnectorError('NOT_AUTHORISED', 'the ledger records another key for this device');
  }
  const { institutionId, keys } = device;
  const holder = { subjectId: id, role: 'device', institutionId, readingKey: keys.readingKey };
  return { certificatePem: await issueCertificate(office.authority, holder, requested) };
}
