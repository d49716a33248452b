import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { type Claim, serviceDayOf } from '#chaincode/model/claim.ts';
import { requiredEvidence } from '#chaincode/model/policy.ts';
import { randomBytes, utf8 } from '../bytes.ts';
import { commitmentOf } from '../commitment/commitment.ts';
import { disclose, openSalted } from '../commitment/disclosure.ts';
import type { CommitmentField } from '../commitment/fields.ts';
import {
  type DispenseReceipt,
  type DispenseRecord,
  dispenseReceiptDomain,
  dispenseReceiptMessage,
  dispenseReceiptTypes,
} from '../dispenseReceipt.ts';
import { newIdentifier, newPrescriptionId, newPseudonym } from '../identifier.ts';
import type { NotaryToken, NotaryTrust } from '../notarised.ts';
import type { ClaimContent } from './content.ts';
import { evidenceOf, newReferenceSalt, referenceOf } from './content.ts';
import { serviceOfDispense } from './service.ts';

/** A dispensed prescription with a token and notaries, and a claim for it, for tests of whoever checks claims. */

const accounts = ['11', '22', '33'].map((byte) => privateKeyToAccount(`0x${byte.repeat(32)}`));
const token = { chainId: 31337, contract: `0x${'44'.repeat(20)}` } as const;
export const testTrust: NotaryTrust = { token, notaries: accounts.map(({ address }) => address), threshold: 2 };
export const testInsured = {
  ...{ name: 'Ada Lovelace', birthDate: '1990-12-10' },
  identifier: { system: 'urn:medloom:patient-identifier', value: '4711' },
};

/** The notaries' receipt of a dispense. */
export async function signDispense(
  record: DispenseRecord,
  by: readonly PrivateKeyAccount[] = accounts.slice(0, 2),
  deployment: NotaryToken = token,
): Promise<DispenseReceipt> {
  const stated = { record, channel: 'care-1', blockHash: `0x${'55'.repeat(32)}` as const };
  const sign = (notary: PrivateKeyAccount) =>
    notary.signTypedData({
      ...{ domain: dispenseReceiptDomain(deployment), types: dispenseReceiptTypes, primaryType: 'DispenseReceipt' },
      message: dispenseReceiptMessage(stated),
    });
  return { version: 1, ...stated, token: deployment, signatures: await Promise.all(by.map(sign)) };
}

/** A prescription of 30 units in one fill for `testInsured`, of which a pharmacy has dispensed 20. */
export function testPrescription(pharmacy = 'inst-river-pharmacy', patient = testInsured) {
  const id = newPrescriptionId(newPseudonym(1));
  const dataKey = randomBytes(32);
  const document = utf8(
    JSON.stringify({
      ...{ resourceType: 'MedicationRequest', id, authoredOn: '2026-11-01T00:00:00.000Z' },
      contained: [
        {
          ...{ resourceType: 'Patient', id: 'patient', identifier: [patient.identifier] },
          ...{ name: [{ text: patient.name }], birthDate: patient.birthDate },
        },
      ],
      medicationCodeableConcept: { text: 'amoxicillin' },
      reasonCode: [{ text: 'otitis media' }],
      dispenseRequest: { quantity: { value: 30, unit: 'tablet' }, numberOfRepeatsAllowed: 0 },
    }),
  );
  const record: DispenseRecord = {
    ...{ id, version: 3, quantity: 30 },
    dispense: { id: newIdentifier('disp'), quantity: 20, at: '2026-11-20T10:00:00.000Z', institutionId: pharmacy },
  };
  return { id, dataKey, document, record, token: { commitment: commitmentOf(dataKey, document) as string } };
}
export type TestPrescription = ReturnType<typeof testPrescription>;

/** What a claim for it carries, and what the ledger has of the claim. */
export async function testClaim(
  { id, dataKey, document, record }: TestPrescription,
  fields: readonly CommitmentField[] = requiredEvidence,
) {
  const disclosure = disclose(dataKey, id, document, fields);
  const salt = openSalted(disclosure).shown.find(({ field }) => field === 'quantity')?.salt ?? randomBytes(16);
  const claimId = newIdentifier('clm');
  const content: ClaimContent = {
    ...{ version: 1, claim: { resourceType: 'Claim', id: claimId }, referenceSalt: newReferenceSalt() },
    evidence: evidenceOf(disclosure, await signDispense(record)),
  };
  const claim = {
    ...{ id: claimId, use: 'claim', category: 'medicine', by: newIdentifier('prac') },
    ...{ provider: record.dispense.institutionId, servedAt: serviceDayOf(record.dispense.at) },
    service: serviceOfDispense(salt, record.dispense.id),
    reference: referenceOf(claimId, content.referenceSalt),
  } satisfies Partial<Claim>;
  return { claim, content };
}
