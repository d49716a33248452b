import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { createOrganisation } from '../devnet/testing/organisations.ts';
import { composeFile } from './compose.ts';
import { nodesOf } from './nodes.ts';
import { keepPorts } from './ports.ts';
import { fabricPlan } from './testing/plan.ts';

/** What the Compose specification says of the elements that are used here, and of nothing else. */
const service = z.strictObject({
  image: z.string().regex(/^[a-z0-9/.-]+:[\w.-]+$/),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  init: z.boolean().optional(),
  working_dir: z.string().startsWith('/').optional(),
  user: z
    .string()
    .regex(/^\d+:\d+$/)
    .optional(),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
  network_mode: z.templateLiteral(['service:', z.string()]).optional(),
  depends_on: z.array(z.string()).optional(),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d{2,5}:\d{2,5}$/)).optional(),
  environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()).optional(),
  volumes: z
    .array(
      z.strictObject({
        type: z.literal('bind'),
        source: z.string().startsWith('/'),
        target: z.string().startsWith('/'),
        read_only: z.boolean().optional(),
      }),
    )
    .optional(),
});
const specification = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
  services: z.record(z.string().regex(/^[a-zA-Z0-9._-]+$/), service),
});

describe('composeFile', () => {
  let stateDir = '';
  let file: z.infer<typeof specification>;

  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'medloom-compose-'));
    const organisations = [await createOrganisation('AlphaMSP', true), await createOrganisation('GuestMSP', false)];
    const plan = await fabricPlan({ stateDir, organisations, channels: [] });
    const at = { peer: '/b/peer', orderer: '/b/orderer', osnadmin: '/b/osnadmin', configtxgen: '/b/configtxgen' };
    const nodes = nodesOf(plan, await keepPorts(plan), { ...at, config: '/elsewhere', builder: '/elsewhere' });
    const chaincodes = [{ name: 'chaincode AlphaMSP', env: { CORE_PEER_LOCALMSPID: 'AlphaMSP' } }];
    file = specification.parse(parse(stringify(composeFile(plan, nodes, chaincodes))));
  });
  afterAll(() => rm(stateDir, { recursive: true, force: true }));

  it('has a service for every node and chaincode process, and one whose network they share', () => {
    expect(Object.keys(file.services)).toEqual([
      ...['network', 'orderer-1', 'orderer-2', 'orderer-3', 'peer-alphamsp', 'chaincode-alphamsp'],
    ]);
    for (const [name, { network_mode, depends_on, ports }] of Object.entries(file.services)) {
      if (name === 'network') continue;
      // The specification forbids ports beside the network of another service.
      expect([network_mode, depends_on, ports]).toEqual(['service:network', ['network'], undefined]);
    }
  });

  it('publishes every port once, on the loopback only, and has nodes listen where published ports come in', () => {
    const published = file.services.network?.ports ?? [];
    expect(published).toHaveLength(3 * 3 + 2);
    expect(new Set(published).size).toBe(published.length);
    const { environment = {} } = file.services['peer-alphamsp'] ?? {};
    const port = environment.CORE_PEER_ADDRESS?.split(':')[1];
    expect(environment.CORE_PEER_ADDRESS).toBe(`127.0.0.1:${port}`);
    expect(environment.CORE_PEER_LISTENADDRESS).toBe(`0.0.0.0:${port}`);
    expect(published).toContain(`127.0.0.1:${port}:${port}`);
    expect(file.services['orderer-2']?.environment?.ORDERER_GENERAL_LISTENADDRESS).toBe('0.0.0.0');
  });

  it('names nothing of this machine but the state and the source of the chaincode', () => {
    expect(JSON.stringify(file)).not.toContain('/elsewhere');
    const writable = Object.values(file.services)
      .flatMap(({ volumes = [] }) => volumes)
      .filter(({ read_only }) => !read_only);
    expect(new Set(writable.map(({ source }) => source))).toEqual(new Set([stateDir]));
  });
});
