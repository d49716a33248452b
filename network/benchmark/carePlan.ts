import { contracts } from '../channels.ts';
import type { ChannelConfig } from '../devnet/config.ts';
import { createOrganisation, type TestOrganisation } from '../devnet/testing/organisations.ts';
import type { FabricPlan } from '../fabric/plan.ts';
import { fabricPlan } from '../fabric/testing/plan.ts';
import { findFreePort } from '../processes/port.ts';

/** Organisations that endorse, each with a chaincode process of its own. */
export const endorserMsps = ['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP'] as const;
/** A further hospital, whose peer joins one care chain and no other, and endorses nothing: the peer of one shard. */
export const shardMsp = 'ClinicMSP';
export type BenchMsp = (typeof endorserMsps)[number] | typeof shardMsp | 'PatientMSP';

export const batching = { batchTimeoutMs: 100, maxMessageCount: 500 } as const;

/** A consortium with a number of care chains, as either ledger can run it. */
export interface CarePlan {
  organisations: Record<BenchMsp, TestOrganisation>;
  fabric: FabricPlan;
  /** Where the chaincode processes have to listen, by organisation and contract. */
  addresses: Record<string, Record<'registry' | 'care', string>>;
}

export const careName = (index: number) => `care-${index}`;

/**
 * The project's contracts with their own policies on `registry` and so many care channels. Everybody but the clinic is on all
 * of them; the clinic is on `care-0`, which with a single chain is the one that holds everything.
 */
export async function planCare(options: { chains: number; stateDir: string; orderers: number }): Promise<CarePlan> {
  const organisations: Record<BenchMsp, TestOrganisation> = {
    HospitalMSP: await createOrganisation('HospitalMSP', true),
    PharmacyMSP: await createOrganisation('PharmacyMSP', true),
    RegulatorMSP: await createOrganisation('RegulatorMSP', true),
    ClinicMSP: await createOrganisation(shardMsp, true),
    PatientMSP: await createOrganisation('PatientMSP', false),
  };
  const addresses: CarePlan['addresses'] = {};
  for (const mspId of endorserMsps)
    addresses[mspId] = {
      registry: `127.0.0.1:${await findFreePort()}`,
      care: `127.0.0.1:${await findFreePort()}`,
    };
  const fabric = await fabricPlan({
    ...{ stateDir: options.stateDir, orderers: options.orderers, organisations: Object.values(organisations) },
    channels: [registry(addresses), ...Array.from({ length: options.chains }, (_, index) => care(index, addresses))],
  });
  return { organisations, fabric: { ...fabric, ...batching }, addresses };
}

const addressesOf = (addresses: CarePlan['addresses'], name: 'registry' | 'care') =>
  Object.fromEntries(Object.entries(addresses).map(([mspId, own]) => [mspId, own[name]]));

function registry(addresses: CarePlan['addresses']): ChannelConfig {
  return {
    ...{ name: 'registry', organisations: [...endorserMsps], clients: [...endorserMsps] },
    chaincodes: [
      {
        ...{ name: 'registry', version: '1', addresses: addressesOf(addresses, 'registry') },
        endorsementPolicy: "AND('RegulatorMSP.peer', OR('HospitalMSP.peer', 'PharmacyMSP.peer'))",
      },
    ],
  };
}

function care(index: number, addresses: CarePlan['addresses']): ChannelConfig {
  const peers = index === 0 ? [...endorserMsps, shardMsp] : [...endorserMsps];
  const hospitals = index === 0 ? "'HospitalMSP.member', 'ClinicMSP.member'" : "'HospitalMSP.member'";
  return {
    ...{ name: careName(index), organisations: peers, clients: [...peers, 'PatientMSP'] },
    chaincodes: [
      {
        ...{ name: 'care', ...contracts.care, addresses: addressesOf(addresses, 'care') },
        collections: contracts.care.collections.map((collection) => ({
          ...collection,
          policy: collection.policy.replace("'HospitalMSP.member'", hospitals),
        })),
      },
    ],
  };
}
