import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { keepCertificate } from '../people/certificates.ts';
import type { Actor } from '../people/schema.ts';
import { readDevice } from './ledger.ts';
import { allowKeeper, ownInstitutionOf } from './policy.ts';
import type { DeviceSettings, certifyDevice as shape } from './schema.ts';

/**
 * What a registered device is given back: its certificate for the key that the ledger records, the organisations' roots, and
 * where the telemetry gateway is. Asked again, it gets another certificate for the same key. Throws NOT_FOUND, FORBIDDEN, and
 * WRONG_STATE where this portal knows of no gateway.
 */
export async function certifyDevice(
  actor: Actor,
  { device, csrPem }: z.output<typeof shape>,
  portal: Portal = thePortal(),
): Promise<DeviceSettings> {
  ownInstitutionOf(actor);
  const { mspId, institutionId } = await readDevice(portal.ledger, device);
  allowKeeper(actor, { institutionId });
  const { telemetry } = portal.settings;
  if (telemetry === undefined) {
    throw new AppError('WRONG_STATE', 'no telemetry gateway', {
      message: 'This portal knows of no telemetry gateway.',
      next: 'Ask its operator for one.',
    });
  }
  const [{ certificatePem }, roots, ca] = await Promise.all([
    portal.connector.certifyDevice({ mspId, device, csrPem }),
    portal.connector.authorities(),
    readFile(telemetry.caFile, 'utf8'),
  ]);
  await keepCertificate(portal.db, { subjectId: device, pem: certificatePem });
  const { mqtt, https } = telemetry;
  return { device, mspId, certificatePem, roots, gateway: { mqtt, https, ca } };
}
