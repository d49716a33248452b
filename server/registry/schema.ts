import type { Institution, Licence, PractitionerRole, RegistryStatus } from '#chaincode/model/registry.ts';

export interface InstitutionView extends Institution {
  place: string;
}

export interface PractitionerView {
  id: string;
  name: string;
  role: PractitionerRole;
  licence: Licence;
  status: RegistryStatus;
  /** Whether keys are recorded. */
  enrolled: boolean;
  version: number;
}
