import { delegationRecord } from '#chaincode/model/delegation.ts';
import { deviceRecord, institutionRecord, practitionerRecord } from '#chaincode/model/records.ts';
import type { InstitutionStatus } from '#chaincode/model/registry.ts';
import { type MirroredStanding, mirroredStanding } from '#chaincode/model/standing.ts';
import { ConnectorError } from '../errors.ts';
import type { LedgerConnection } from '../ledger/connection.ts';
import { retryLedger } from '../ledger/retry.ts';
import type { ConnectorLog } from '../log.ts';
import type { RegistryChange, RegistryDuty } from '../registrar/followRegistry.ts';
import { delegationsOf, devicesOf, institutionsOf, practitionersOf } from '../registrar/registryLists.ts';

/** A practitioner, institution, device or delegation with the status that the registry has. */
interface Subject {
  id: string;
  status: InstitutionStatus;
  /** Of a device that another institution has taken over: who answers for it now, and who did. */
  institutionId?: string;
  formerInstitution?: string;
}

/** Functions of the registry after which somebody may have another status; the others leave the mirrors as they are. */
const statusChanges = [
  ...['setPractitionerStatus', 'setInstitutionStatus', 'setDeviceStatus'],
  ...['transferDevice', 'acceptDevice', 'endDelegation'],
];

/** A channel that mirrors standings, with its contract. */
export interface MirroringChannel {
  channel: string;
  contract: 'care' | 'supply' | 'claims';
}

/**
 * Mirrors suspensions to every care and supply channel and to `claims`, where each write reads the mirror, so that what a suspended person had endorsed
 * before fails at commit. Only a status that differs is written: a mirror that is written fails what is on its way, too.
 */
export function mirrorStandings(
  ledger: LedgerConnection,
  channels: () => readonly MirroringChannel[],
  log: Pick<ConnectorLog, 'info'>,
): RegistryDuty {
  const settle = async (subject: Subject): Promise<number> => {
    const written = await Promise.all(channels().map((place) => mirror(ledger, place, subject)));
    return written.filter(Boolean).length;
  };
  const settleChange = async ({ kind, id, change, at }: RegistryChange) => {
    if (!statusChanges.includes(change)) return;
    const subject = await readSubject(ledger, kind, id);
    const written = await settle(subject);
    log.info(
      { subject: id, status: subject.status, channels: written, delayMs: Date.now() - Date.parse(at) },
      'a standing is mirrored',
    );
  };
  return {
    name: 'mirrors of standings',
    settleAll: async () => {
      for await (const institution of institutionsOf(ledger)) {
        await settle(institution);
        for await (const practitioner of practitionersOf(ledger, institution.id)) await settle(practitioner);
        for await (const device of devicesOf(ledger, institution.id)) {
          await settle(device);
          for await (const delegation of delegationsOf(ledger, device.id)) await settle(delegation);
        }
      }
    },
    settleChange,
  };
}

async function readSubject(ledger: LedgerConnection, kind: string, id: string): Promise<Subject> {
  const call = { channel: 'registry', contract: 'registry', args: [id] };
  const ask = async (name: string) => JSON.parse(await ledger.evaluate({ ...call, function: name }));
  if (kind === 'institution') return institutionRecord.parse(await ask('readInstitution'));
  if (kind === 'delegation') return delegationRecord.parse(await ask('readDelegation'));
  if (kind === 'device') return deviceRecord.parse(await ask('readDevice'));
  return practitionerRecord.parse(await ask('readPractitioner'));
}

/** Whether a mirror was written. Where a peer's registry is behind, it would stay as it was, and is asked for again. */
async function mirror(ledger: LedgerConnection, place: MirroringChannel, subject: Subject): Promise<boolean> {
  const { id, status, institutionId, formerInstitution } = subject;
  const call = { ...place, args: [id] };
  const isSettled = async () => {
    const mirrored = await readMirror(() => ledger.evaluate({ ...call, function: 'standings:read' }));
    // Nobody acts for what was never admitted, and who was never suspended needs no mirror.
    if (mirrored === undefined) return status !== 'suspended' && status !== 'revoked' && !formerInstitution;
    return mirrored.status === status && (!formerInstitution || mirrored.institution === institutionId);
  };
  if (await isSettled()) return false;
  await retryLedger(async () => {
    await ledger.submit({ ...call, function: 'standings:mirror' });
    if (!(await isSettled()))
      throw new ConnectorError('LEDGER_CONFLICT', `${place.channel} mirrors an earlier standing`);
  });
  return true;
}

async function readMirror(read: () => Promise<string>): Promise<MirroredStanding | undefined> {
  try {
    return mirroredStanding.parse(JSON.parse(await read()));
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
