import { z } from 'zod';
import { serialId } from '#chaincode/model/identifiers.ts';
import { institutionProposal, prescriptionId } from '#chaincode/model/records.ts';
import { type HelpRequest, helpRequest } from '../assistance/schema.ts';
import { type BroughtStatement, broughtStatement, type WrapRequest, wrapRequest } from '../claims/schema.ts';
import { type ShareRequest, shareRequest } from '../escrow/schema.ts';
import {
  type Certification,
  certification,
  type DeviceCertification,
  deviceCertification,
  type Enrolment,
  enrolment,
  type WalletsOf,
  type Ward,
  walletsOf,
  ward,
} from '../registrar/schema.ts';
import {
  type AlertRequest,
  type AnchorRequest,
  type ArchiveKeyRequest,
  alertRequest,
  anchorLimit,
  anchorRequest,
  archiveKeyRequest,
  type CaptureRequest,
  captureLimit,
  captureRequest,
  type NewSystem,
  newSystem,
} from '../systems/schema.ts';
import { readBody } from './body.ts';
import type { Routes } from './server.ts';

/** What the connector does for the portal. */
export interface ConnectorServices {
  enrol(enrolment: Enrolment): Promise<unknown>;
  certify(wanted: Certification): Promise<unknown>;
  certifyDevice(wanted: DeviceCertification): Promise<unknown>;
  /** Roots of the organisations that are served here. */
  authorities(): Promise<unknown>;
  proposeInstitution(proposal: z.infer<typeof institutionProposal>): Promise<unknown>;
  registerPatient(patient: Ward): Promise<unknown>;
  releaseShares(request: ShareRequest): Promise<unknown>;
  settleWallets(person: WalletsOf): Promise<unknown>;
  attest(prescriptionId: string): Promise<unknown>;
  /** Of a prescription that is over. */
  receipt(prescriptionId: string): Promise<unknown>;
  /** Of one dispense of a prescription, which need not be over. */
  dispenseReceipt(prescriptionId: string, dispenseId: string): Promise<unknown>;
  /** Public keys of a partner's system that signs here. */
  systemKeys(system: NewSystem): Promise<unknown>;
  capture(request: CaptureRequest): Promise<unknown>;
  anchor(request: AnchorRequest): Promise<unknown>;
  alert(request: AlertRequest): Promise<unknown>;
  archiveKey(request: ArchiveKeyRequest): Promise<unknown>;
  /** Of a member of an insurance. */
  bringStatement(statement: BroughtStatement): Promise<unknown>;
  memberWrap(request: WrapRequest): Promise<unknown>;
  /** By the officer of the assistance fund. */
  help(request: HelpRequest): Promise<unknown>;
}

const aboutPrescription = z.object({ prescriptionId });
const aboutDispense = aboutPrescription.extend({ dispenseId: serialId('disp') });

export function connectorRoutes(services: ConnectorServices): Routes {
  return {
    '/enrolments': { POST: async (request) => services.enrol(await readBody(request, enrolment)) },
    '/certificates': { POST: async (request) => services.certify(await readBody(request, certification)) },
    '/devices/certificates': {
      POST: async (request) => services.certifyDevice(await readBody(request, deviceCertification)),
    },
    '/authorities': { GET: async () => services.authorities() },
    '/institutions': {
      POST: async (request) => services.proposeInstitution(await readBody(request, institutionProposal)),
    },
    '/patients': { POST: async (request) => services.registerPatient(await readBody(request, ward)) },
    '/escrow/shares': { POST: async (request) => services.releaseShares(await readBody(request, shareRequest)) },
    '/wallets': { POST: async (request) => services.settleWallets(await readBody(request, walletsOf)) },
    '/attestations': {
      POST: async (request) => services.attest((await readBody(request, aboutPrescription)).prescriptionId),
    },
    '/receipts': {
      POST: async (request) => services.receipt((await readBody(request, aboutPrescription)).prescriptionId),
    },
    '/dispense-receipts': {
      POST: async (request) => {
        const { prescriptionId, dispenseId } = await readBody(request, aboutDispense);
        return services.dispenseReceipt(prescriptionId, dispenseId);
      },
    },
    '/systems': { POST: async (request) => services.systemKeys(await readBody(request, newSystem)) },
    '/captures': { POST: async (request) => services.capture(await readBody(request, captureRequest, captureLimit)) },
    '/anchors': { POST: async (request) => services.anchor(await readBody(request, anchorRequest, anchorLimit)) },
    '/alerts': { POST: async (request) => services.alert(await readBody(request, alertRequest)) },
    '/archive-keys': { POST: async (request) => services.archiveKey(await readBody(request, archiveKeyRequest)) },
    '/claims/statements': {
      POST: async (request) => services.bringStatement(await readBody(request, broughtStatement)),
    },
    '/claims/wraps': { POST: async (request) => services.memberWrap(await readBody(request, wrapRequest)) },
    '/assistance': { POST: async (request) => services.help(await readBody(request, helpRequest)) },
    '/health': { GET: async () => ({ status: 'ok' }) },
  };
}
