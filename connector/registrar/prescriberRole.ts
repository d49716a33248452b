import { institutionRecord } from '#chaincode/model/records.ts';
import { employers, type Institution } from '#chaincode/model/registry.ts';
import type { LedgerConnection } from '../ledger/connection.ts';
import { chainLicenceOf } from './chainLicence.ts';
import type { RegistryDuty } from './followRegistry.ts';
import type { Prescribers } from './prescribers.ts';
import { institutionsOf, practitionersOf } from './registryLists.ts';
import { readStanding, walletsOf } from './settleWallets.ts';

/** Keeps the prescriber role of an organisation's doctors in line with the registry. */
export function prescriberRole(mspId: string, ledger: LedgerConnection, prescribers: Prescribers): RegistryDuty {
  const settlePractitioner = async (id: string) => {
    const known = await readStanding(ledger, id);
    if (known.practitioner.mspId !== mspId || known.practitioner.role !== 'doctor') return;
    const { granted, revoked } = walletsOf(known, new Date());
    await prescribers.settle(granted, revoked, chainLicenceOf(known.practitioner));
  };
  const settleInstitution = async (institution: Institution) => {
    if (institution.mspId !== mspId || !employers.doctor.includes(institution.kind)) return;
    for await (const { id } of practitionersOf(ledger, institution.id)) await settlePractitioner(id);
  };
  return {
    name: 'prescriber role',
    settleAll: async () => {
      for await (const institution of institutionsOf(ledger)) await settleInstitution(institution);
    },
    settleChange: async ({ kind, id }) => {
      if (kind === 'practitioner') return settlePractitioner(id);
      // Channels, products, devices come and go without anybody's wallet.
      if (kind !== 'institution') return;
      const call = { channel: 'registry', contract: 'registry', function: 'readInstitution', args: [id] };
      await settleInstitution(institutionRecord.parse(JSON.parse(await ledger.evaluate(call))));
    },
  };
}
