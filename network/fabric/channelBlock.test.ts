import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { common, msp } from '@hyperledger/fabric-protos';
import type { Map as ProtoMap } from 'google-protobuf';
import { expect, it } from 'vitest';
import { configMessage } from '../devnet/channel/configMessage.ts';
import type { ChannelConfig } from '../devnet/config.ts';
import { configIn } from '../devnet/ledger/configBlock.ts';
import { createAuthority, issueTo, revocationList } from '../devnet/testing/authorities.ts';
import { createOrganisation } from '../devnet/testing/organisations.ts';
import { writeChannelBlock } from './channelBlock.ts';
import { writeMaterial } from './material.ts';
import { nodesOf } from './nodes.ts';
import { devnetOf } from './plan.ts';
import { keepPorts } from './ports.ts';
import { findFabric } from './programs.ts';
import { fabricPlan } from './testing/plan.ts';

const found = findFabric();
if (!found) console.info('skipped: no Fabric binaries (set FABRIC_BIN, or npm run network:get-fabric)');

/** What a devnet has no counterpart of. */
const left = ['ConsensusType', 'Endpoints', 'AnchorPeers'];

/** A group with its values and policies as text, so that a difference names its place. */
function described(group: common.ConfigGroup): object {
  const sorted = <Value, Told>(map: ProtoMap<string, Value>, tell: (value: Value, name: string) => Told) =>
    Object.fromEntries(
      [...map.entries()]
        .filter(([name]) => !left.includes(name))
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, value]) => [name, tell(value, name)]),
    );
  return {
    version: group.getVersion(),
    modPolicy: group.getModPolicy(),
    values: sorted(group.getValuesMap(), (value, name) => [
      value.getVersion(),
      value.getModPolicy(),
      name === 'MSP' ? mspText(value.getValue_asU8()) : Buffer.from(value.getValue_asU8()).toString('hex'),
    ]),
    policies: sorted(group.getPoliciesMap(), (policy) => [
      policy.getVersion(),
      policy.getModPolicy(),
      policy.getPolicy()?.toObject(),
    ]),
    groups: sorted(group.getGroupsMap(), described),
  };
}

function mspText(bytes: Uint8Array): object {
  const config = msp.MSPConfig.deserializeBinary(bytes);
  return [config.getType(), msp.FabricMSPConfig.deserializeBinary(config.getConfig_asU8()).toObject()];
}

it.skipIf(!found)('is what a devnet of the same plan has for its configuration', async () => {
  if (!found) return;
  const folder = await mkdtemp(join(tmpdir(), 'medloom-block-'));
  try {
    const [alpha, beta, guest] = await Promise.all([
      createOrganisation('AlphaMSP', true),
      createOrganisation('BetaMSP', true),
      createOrganisation('GuestMSP', false),
    ]);
    const channels: ChannelConfig[] = [
      { name: 'one', organisations: ['AlphaMSP', 'BetaMSP'], chaincodes: [] },
      { name: 'two', organisations: ['AlphaMSP'], clients: ['GuestMSP'], chaincodes: [] },
    ];
    const plan = await fabricPlan({ stateDir: folder, organisations: [alpha, beta, guest], channels, orderers: 1 });
    const intermediate = await createAuthority({ commonName: 'between' }, beta.ca);
    const revoked = await issueTo('BetaMSP', intermediate, { commonName: 'revoked', units: ['client'] });
    const organisations = plan.organisations.map((organisation) => ({
      ...organisation,
      ...(organisation.mspId === 'GuestMSP' && {
        rootCertPem: beta.ca.certPem,
        intermediateCertPems: [intermediate.certPem],
      }),
    }));
    const crlPems = [await revocationList(intermediate, [revoked])];
    const whole = {
      ...plan,
      batchTimeoutMs: 1500,
      organisations: organisations.map((item) => (item.mspId === 'GuestMSP' ? { ...item, crlPems } : item)),
    };
    await writeMaterial(whole);
    const nodes = nodesOf(whole, await keepPorts(whole), found);
    for (const channel of channels) {
      const file = join(folder, `${channel.name}.block`);
      await writeChannelBlock(whole, channel, nodes, found, file);
      const real = configIn(common.Block.deserializeBinary(await readFile(file)))?.getChannelGroup();
      const own = configMessage(devnetOf(whole), channel).getChannelGroup();
      if (!real || !own) throw new Error('a configuration has no groups');
      expect(described(own)).toEqual(described(real));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
