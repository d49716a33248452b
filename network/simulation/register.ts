import { createHash } from 'node:crypto';
import type { ConnectorGateway } from '#server/gateways/connector/connector.ts';
import type { Registrars } from '../registrars.ts';
import type { Channels } from './telling.ts';
import type { World } from './world.ts';

/**
 * Brings the simulated supply chain into the registry as the demonstration's own institutions come in: admitted by the authority,
 * each with a device, its own software, whose keys the connector has. What is there already is left alone. Answers on which
 * channel each product is traced.
 */
export async function registerWorld(
  { institutions, sites, products }: World,
  registrars: Pick<Registrars, 'admit' | 'registerDevice' | 'registerSite' | 'registerProduct'>,
  connector: Pick<ConnectorGateway, 'systemKeys'>,
): Promise<Channels> {
  await Promise.all(
    institutions.map(async ({ id, kind, name, mspId, system }) => {
      await registrars.admit({ id, kind, name, mspId });
      const keys = await connector.systemKeys({ mspId, institutionId: id, system });
      const serialHash = createHash('sha256').update(system).digest('hex');
      await registrars.registerDevice({ id: system, institutionId: id, mspId, model: 'Simulation', serialHash, keys });
    }),
  );
  await Promise.all(
    sites.map(({ gln, institutionId, name, latitude, longitude }) =>
      registrars.registerSite({ gln, institutionId, name, latitude, longitude }),
    ),
  );
  const registered = await Promise.all(
    products.map(({ plant: _, cold: __, ...product }) => registrars.registerProduct(product)),
  );
  return Object.fromEntries(registered.map(({ gtin, channel }) => [gtin, channel]));
}
