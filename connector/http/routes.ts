import { z } from 'zod';
import { prescriptionId } from '#chaincode/model/records.ts';
import { type Enrolment, enrolment, type WalletsOf, walletsOf } from '../registrar/schema.ts';
import { readBody } from './body.ts';
import type { Routes } from './server.ts';

/** What the connector does for the portal. */
export interface ConnectorServices {
  enrol(enrolment: Enrolment): Promise<unknown>;
  settleWallets(person: WalletsOf): Promise<unknown>;
  attest(prescriptionId: string): Promise<unknown>;
}

const attestationRequest = z.object({ prescriptionId });

export function connectorRoutes(services: ConnectorServices): Routes {
  return {
    '/enrolments': { POST: async (request) => services.enrol(await readBody(request, enrolment)) },
    '/wallets': { POST: async (request) => services.settleWallets(await readBody(request, walletsOf)) },
    '/attestations': {
      POST: async (request) => services.attest((await readBody(request, attestationRequest)).prescriptionId),
    },
    '/health': { GET: async () => ({ status: 'ok' }) },
  };
}
