import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Devnet, startDevnet } from './devnet.ts';
import { createCallers } from './testing/callers.ts';
import { RawCalls } from './testing/calls.ts';
import { createOrganisation, enrol, type TestOrganisation } from './testing/organisations.ts';
import recorded from './testing/recordedRefusals.json' with { type: 'json' };
import { allRefusals, type Callers } from './testing/refused.ts';

let folder: string;
let alpha: TestOrganisation;
let callers: Callers;
let devnet: Devnet;
let calls: RawCalls;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-refusals-'));
  const [first, beta, guest, ordering] = await Promise.all([
    createOrganisation('AlphaMSP', true),
    createOrganisation('BetaMSP', true),
    createOrganisation('GuestMSP', false),
    createOrganisation('OrdererMSP', false),
  ]);
  alpha = first;
  const made = await createCallers({ alpha, guest, ordering });
  callers = made.callers;
  const { certPem, keyPem } = await enrol(ordering, 'orderer');
  devnet = await startDevnet({
    stateDir: folder,
    organisations: [alpha, beta, guest].map(({ mspId, ca, peer }) => ({
      mspId,
      rootCertPem: ca.certPem,
      ...(peer && { peer }),
      ...(mspId === 'AlphaMSP' && { crlPems: [made.crlPem] }),
    })),
    orderer: { mspId: 'OrdererMSP', rootCertPem: ordering.ca.certPem, certPem, keyPem },
    channels: [
      {
        name: 'one',
        organisations: ['AlphaMSP', 'BetaMSP'],
        chaincodes: [
          {
            name: 'probe',
            version: '1.0',
            endorsementPolicy: "AND('AlphaMSP.peer', 'BetaMSP.peer')",
            // Nothing of this runs a chaincode.
            addresses: { AlphaMSP: '127.0.0.1:9', BetaMSP: '127.0.0.1:9' },
          },
        ],
      },
    ],
  });
  calls = new RawCalls(devnet.gateways.AlphaMSP ?? '', alpha.tlsCa);
});

afterAll(async () => {
  calls.close();
  await devnet.close();
  await rm(folder, { recursive: true, force: true });
});

describe('refusals', () => {
  it('are those that Hyperledger Fabric v3.1.5 gave to the same calls', async () => {
    expect(await allRefusals(calls, callers)).toEqual(recorded);
  }, 60_000);
});
