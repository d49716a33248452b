import type { Licence } from '#chaincode/model/registry.ts';
import { formatDate, formatNumber } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { IntentMap, RegistryKind } from '#server/transactions/schema.ts';
import type { Names } from './wordsOf.ts';

const text = t.registry.words;
const members = (count: number) => text.members(count, formatNumber(count));
const named = (id: string, names: Names) => names[id] ?? id;
const terms = ({ number, validFrom, validTo }: Licence) =>
  [number, formatDate(validFrom), formatDate(validTo)] as const;

/** What each change of the registry means in one plain sentence. */
export const registrySentences: { [Kind in RegistryKind]: (intent: IntentMap[Kind], names: Names) => string } = {
  admitInstitution: ({ institution }, names) => text.admitInstitution(named(institution, names)),
  refuseInstitution: ({ institution, reason }, names) => text.refuseInstitution(named(institution, names), reason),
  setInstitutionStatus: ({ institution, status }, names) =>
    text.setInstitutionStatus[status](named(institution, names)),
  registerPractitioner: ({ practitioner: { id, role, licence } }, names) =>
    text.registerPractitioner(named(id, names), t.shell.roles[role], ...terms(licence)),
  setPractitionerStatus: ({ subject, status }, names) => text.setPractitionerStatus[status](named(subject, names)),
  renewLicence: ({ subject, licence }, names) => text.renewLicence(named(subject, names), ...terms(licence)),
  registerDevice: ({ device }) => text.registerDevice(device.model),
  setDeviceStatus: ({ device, status }, names) => text.setDeviceStatus[status](named(device, names)),
  rotateDeviceKeys: ({ device }, names) => text.rotateDeviceKeys(named(device, names)),
  transferDevice: ({ device, institution }, names) =>
    text.transferDevice(named(device, names), named(institution, names)),
  acceptDevice: ({ device }, names) => text.acceptDevice(named(device, names)),
  delegate: ({ delegation: { device, functions, until } }, names) =>
    text.delegate(named(device, names), functions.map((name) => text.functions[name]).join(', '), formatDate(until)),
  endDelegation: () => text.endDelegation,
  addCredential: ({ credential }) => text.addCredential[credential.kind],
  removeCredential: () => text.removeCredential,
  rotateKeys: () => text.rotateKeys,
  putInstitutionReading: ({ institution, reading, staff }, names) =>
    text.putInstitutionReading(named(institution, names), formatNumber(reading.generation), members(staff.length)),
  wrapForStaff: ({ institution, staff }, names) => text.wrapForStaff(named(institution, names), members(staff.length)),
  proposeReenrolment: ({ subject }, names) => text.proposeReenrolment(named(subject, names)),
  approveReenrolment: ({ subject }, names) => text.approveReenrolment(named(subject, names)),
  refuseReenrolment: ({ subject, reason }, names) => text.refuseReenrolment(named(subject, names), reason),
  registerProduct: ({ product: { name, gtin, maker } }, names) => text.registerProduct(name, gtin, named(maker, names)),
  registerSite: ({ site: { name, gln, institutionId } }, names) =>
    text.registerSite(name, gln, named(institutionId, names)),
};
