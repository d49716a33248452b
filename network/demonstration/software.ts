import { createHash } from 'node:crypto';
import { type DelegatingRole, delegableFunctions } from '#chaincode/model/delegation.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { itemUri } from '#epcis/write.ts';
import { findProduct, findProductByGtin } from '#formulary/products.ts';
import type { Portal } from '#server/portal.ts';
import { allDelegations } from '#server/registry/ledger.ts';
import { replaceFile } from '../processes/replaceFile.ts';
import type { Registrars } from '../registrars.ts';

import type { Signer } from './accounts.ts';
import { institutions, patients } from './people.ts';
import { lots, serialsOf } from './supply/lots.ts';
import { transact } from './transact.ts';

/** Systems of institutions, which ask the connector by FHIR, in the demonstration. */

export const softwareSites = ['hospital', 'pharmacy', 'second-pharmacy'] as const;
export type SoftwareSite = (typeof softwareSites)[number];

/** Which institution has it, who lets it sign, and how it is called. */
const houses = {
  hospital: {
    ...{ institution: 'inst-lakeside-hospital', email: 'amara.weiss@lakeside.example', role: 'doctor' },
    model: 'Hospital information system',
  },
  pharmacy: {
    ...{ institution: 'inst-harbour-pharmacy', email: 'rosa.mendez@harbour.example', role: 'pharmacist' },
    model: 'Pharmacy system',
  },
  'second-pharmacy': {
    ...{ institution: 'inst-old-town-pharmacy', email: 'elias.brandt@oldtown.example', role: 'pharmacist' },
    model: 'Pharmacy system',
  },
} as const satisfies Record<SoftwareSite, { institution: string; email: string; role: DelegatingRole; model: string }>;

/** The connector's devices, and where is written what the example client works with. */
export interface Software {
  devices: Record<SoftwareSite, string>;
  exampleFile: string;
}

const monthsMs = 180 * 24 * 60 * 60 * 1000;

/** Registers the systems, has a doctor and two pharmacists let them sign, and writes down an example to try. */
export async function letSoftwareSign(
  portal: Portal,
  registrars: Pick<Registrars, 'registerDevice'>,
  signerOf: (email: string) => Promise<Signer>,
  pseudonymOf: (email: string) => string,
  { devices, exampleFile }: Software,
): Promise<void> {
  const people = await Promise.all(
    softwareSites.map(async (site) => {
      const { institution, email, role, model } = houses[site];
      const house = institutions.find(({ id }) => id === institution);
      if (!house) throw new Error(`${institution} is none of the demonstration's.`);
      const id = devices[site];
      const place = { mspId: house.mspId, institutionId: house.id };
      const keys = await portal.connector.systemKeys({ ...place, system: id });
      const serialHash = createHash('sha256').update(id).digest('hex');
      await registrars.registerDevice({ ...place, id, model, purpose: 'system', serialHash, keys });
      const signer = await signerOf(email);
      const { subjectId, name } = signer.actor;
      const given = await allDelegations(portal.ledger, subjectId);
      if (!given.some(({ device }) => device === id)) {
        const until = new Date(Date.now() + monthsMs).toISOString();
        const delegation = { id: newIdentifier('dlg'), device: id, functions: [...delegableFunctions[role]], until };
        await transact(portal, signer, { kind: 'delegate', subject: subjectId, delegation });
      }
      return { id: subjectId, name, institution };
    }),
  );
  const [doctor, pharmacist, other] = people;
  await replaceFile(exampleFile, JSON.stringify({ doctor, pharmacist, other, ...exampleOf(pseudonymOf) }));
}

/** A patient, and packs of one medicine that the pharmacy has. */
function exampleOf(pseudonymOf: (email: string) => string) {
  const [, , third] = patients;
  const lot = lots.find(({ reached, recalled }) => reached === 'harbour' && recalled === undefined);
  const product = lot && findProductByGtin(lot.gtin);
  if (!third || !lot || !product || !findProduct(product.code)) throw new Error('The demonstration has no example.');
  const { name, birthDate, identifier, email } = third;
  const day = new Date(new Date().toISOString().slice(0, 10)).getTime() + lot.days * 24 * 60 * 60 * 1000;
  return {
    patient: { pseudonym: pseudonymOf(email), name, birthDate, identifier },
    medicine: { code: product.code, unit: product.unit, packSize: product.packs[0]?.size },
    // The last ones of the case: the first are for people who try the counter.
    packs: serialsOf(lot)
      .slice(-6)
      .map((serial) => ({
        ...{ link: itemUri({ gtin: lot.gtin, serial }), batch: lot.batch },
        expiry: new Date(day).toISOString().slice(0, 10),
      })),
  };
}
