import type { Reenrolment } from '#chaincode/model/patient.ts';
import type { Product, Site } from '#chaincode/model/product.ts';
import type { Device, Institution, Practitioner, RegistryStatus, Standing } from '#chaincode/model/registry.ts';
import { AppError } from '#server/errors.ts';
import type { ContractCall } from '../gateways/ledger/ledger.ts';

/** The registry in memory: what it answers, and the least of what its functions change that services can notice. */
export class FakeRegistry {
  readonly standings = new Map<string, Standing>();
  readonly institutions = new Map<string, Institution>();
  readonly devices = new Map<string, Device>();
  readonly reenrolments = new Map<string, Reenrolment>();
  readonly products = new Map<string, Product>();
  readonly sites = new Map<string, Site>();

  /** Somebody of an institution, active, with keys unless told. */
  register(practitioner: Pick<Practitioner, 'id' | 'institutionId' | 'role'> & Partial<Practitioner>): Standing {
    const institution = this.#institution(practitioner.institutionId);
    const standing: Standing = {
      practitioner: {
        mspId: institution.mspId,
        licence: { number: 'L-1', specialty: '', validFrom: '2026-01-01T00:00:00Z', validTo: '2099-01-01T00:00:00Z' },
        status: 'active',
        version: 1,
        ...practitioner,
      },
      institution,
    };
    this.standings.set(practitioner.id, standing);
    return standing;
  }

  /** Undefined for a function that is none of the registry's. */
  evaluate({ function: name, args }: ContractCall): unknown {
    const [id = ''] = args;
    const all = <T>(items: Iterable<T>) => ({ items: [...items], bookmark: '' });
    const staff = () => [...this.standings.values()].map(({ practitioner }) => practitioner);
    switch (name) {
      case 'readStanding':
        return found(this.standings.get(id), id);
      case 'readPractitioner':
        return found(this.standings.get(id), id).practitioner;
      case 'readInstitution':
        return found(this.institutions.get(id), id);
      case 'readDevice':
        return found(this.devices.get(id), id);
      case 'readProduct':
        return found(this.products.get(id), id);
      case 'readSite':
        return found(this.sites.get(id), id);
      case 'listProducts':
        return all(this.products.values());
      case 'listSites':
        return all(this.sites.values());
      case 'readReenrolment':
        return found(this.reenrolments.get(id), id);
      case 'listReenrolments':
        return all(this.reenrolments.values());
      case 'listInstitutions':
        return all(this.institutions.values());
      case 'listPractitioners':
        return all(staff().filter(({ institutionId }) => institutionId === id));
      case 'listDevices':
        return all([...this.devices.values()].filter(({ institutionId }) => institutionId === id));
      default:
        return undefined;
    }
  }

  /** False for a function that it does not know. */
  apply({ function: name, args }: ContractCall): boolean {
    const [first = '', second = ''] = args;
    const status = second as RegistryStatus;
    switch (name) {
      case 'admitInstitution':
        this.#changeInstitution(first, { status: 'active' });
        return true;
      case 'refuseInstitution':
        this.#changeInstitution(first, { status: 'refused', reason: second });
        return true;
      case 'setInstitutionStatus':
        this.#changeInstitution(first, { status });
        return true;
      case 'registerPractitioner':
        this.register(JSON.parse(first));
        return true;
      case 'setPractitionerStatus':
        this.#changePractitioner(first, { status });
        return true;
      case 'renewLicence':
        this.#changePractitioner(first, { licence: JSON.parse(second) });
        return true;
      case 'wrapForStaff':
        return true;
      default:
        return false;
    }
  }

  #institution(id: string): Institution {
    const known = this.institutions.get(id);
    if (known !== undefined) return known;
    const [kind, mspId] = id.endsWith('pharmacy')
      ? (['pharmacy', 'PharmacyMSP'] as const)
      : id.endsWith('authority')
        ? (['authority', 'RegulatorMSP'] as const)
        : (['hospital', 'HospitalMSP'] as const);
    const made: Institution = { id, kind, name: id, mspId, status: 'active', version: 1 };
    this.institutions.set(id, made);
    return made;
  }

  #changeInstitution(id: string, change: Partial<Institution>): void {
    const institution = found(this.institutions.get(id), id);
    Object.assign(institution, change, { version: institution.version + 1 });
  }

  #changePractitioner(id: string, change: Partial<Practitioner>): void {
    const { practitioner } = found(this.standings.get(id), id);
    Object.assign(practitioner, change, { version: practitioner.version + 1 });
  }
}

function found<T>(entry: T | undefined, id: string): T {
  if (entry === undefined) throw new AppError('NOT_FOUND', id);
  return entry;
}
