import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrganisation } from './devnet/testing/organisations.ts';
import { reachLedger } from './existingLedger.ts';
import { findFreePorts } from './ports.ts';

let dir = '';
let port = 0;
let server: Server;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'medloom-existing-'));
  const { tlsCa, peer } = await createOrganisation('HospitalMSP', true);
  const stranger = await createOrganisation('StrangerMSP', true);
  writeFileSync(join(dir, 'tlsca.crt'), tlsCa.certPem);
  writeFileSync(join(dir, 'stranger.crt'), stranger.tlsCa.certPem);
  [port = 0] = await findFreePorts(1);
  server = createServer({ cert: peer?.tlsCertPem, key: peer?.tlsKeyPem, ALPNProtocols: ['h2'] });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  rmSync(dir, { recursive: true, force: true });
});

/** The two profiles of a network whose gateway is so. */
function profiles(gateway: { port: number; ca: string }): [ledger: string, connector: string] {
  const files = { ledger: join(dir, 'ledger.json'), connector: join(dir, 'connector.json') };
  const identity = { certFile: join(dir, 'service.crt'), keyFile: join(dir, 'service.key') };
  const { port, ca } = gateway;
  writeFileSync(
    files.ledger,
    JSON.stringify({
      ledger: 'fabric',
      channels: [{ name: 'registry', kind: 'registry', contracts: ['registry'], organisations: ['HospitalMSP'] }],
      withoutPeers: [],
      organisations: {
        HospitalMSP: {
          gateway: { address: `127.0.0.1:${port}`, tlsCaFile: join(dir, ca), serverName: 'localhost' },
          service: identity,
        },
      },
    }),
  );
  writeFileSync(
    files.connector,
    JSON.stringify({
      ledgerProfile: files.ledger,
      organisations: { HospitalMSP: { registrar: identity } },
      ethereum: { registrarKeyFile: join(dir, 'key') },
    }),
  );
  return [files.ledger, files.connector];
}

describe('reachLedger', () => {
  it('reads both profiles of a network whose gateways answer', async () => {
    const [ledger, connector] = profiles({ port, ca: 'tlsca.crt' });
    const reached = await reachLedger(ledger, connector);
    expect(reached.files).toEqual({ ledger, connector });
    expect(Object.keys(reached.profile.organisations)).toEqual(['HospitalMSP']);
  });

  it('names the organisation whose gateway does not answer, or is another one', async () => {
    const [free = 0] = await findFreePorts(1);
    await expect(reachLedger(...profiles({ port: free, ca: 'tlsca.crt' }))).rejects.toMatchObject({
      message: expect.stringMatching(`The gateway of HospitalMSP at 127.0.0.1:${free} does not answer: .*ECONNREFUSED`),
      advice: expect.stringContaining('ledger.json'),
    });
    await expect(reachLedger(...profiles({ port, ca: 'stranger.crt' }))).rejects.toThrow(/HospitalMSP.*certificate/);
  });

  it('asks for the profile of the connector, and names a profile that is damaged', async () => {
    const [ledger, connector] = profiles({ port, ca: 'tlsca.crt' });
    await expect(reachLedger(ledger, undefined)).rejects.toMatchObject({
      advice: expect.stringContaining('CONNECTOR_PROFILE'),
    });
    writeFileSync(ledger, '{}');
    await expect(reachLedger(ledger, connector)).rejects.toThrow(
      new RegExp(`The ledger profile ${ledger} cannot be used:[^]*→ at channels`),
    );
  });
});
