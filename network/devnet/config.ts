import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { channelGroups, isReference, ordererMspId, policyAt, readImplicit } from './channel/configuration.ts';
import { IdentityError, Msp, type MspConfig, MspError } from './identity/msp.ts';
import { parsePolicy } from './policy/language.ts';
import { isAlternative, organisationsOf } from './policy/policy.ts';

/** What is wrong with a configuration or a state folder, said to the person who runs the node. */
export class DevnetError extends Error {
  override name = 'DevnetError';
}

const pem = z.string().startsWith('-----BEGIN ', 'must be a PEM block');
const mspId = z.string().regex(/^[A-Za-z0-9.-]+$/, 'must be letters, digits, dots and hyphens');
const address = z.string().regex(/^[A-Za-z0-9.-]+:\d{1,5}$/, 'must be host:port');

/** An endorsement policy in Fabric's language, or the path of a channel's policy. */
export const policyText = z.string().superRefine((text, context) => {
  if (isReference(text)) return; // whether the channel has such a policy is checked with the channel
  checkPolicy(text, context);
});

function checkPolicy(text: string, context: z.RefinementCtx): void {
  try {
    parsePolicy(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is not a policy' });
  }
}

/** Members are alternatives: Fabric takes no other policy at a collection's definition. */
const membersPolicy = z
  .string()
  .superRefine(checkPolicy)
  .refine((text) => {
    try {
      return isAlternative(parsePolicy(text));
    } catch {
      return true; // reported already
    }
  }, 'must be an OR of principals');

const collection = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9-][A-Za-z0-9_-]*$/, 'must be letters, digits, hyphens and underscores'),
    policy: membersPolicy,
    requiredPeerCount: z.number().int().min(0),
    maxPeerCount: z.number().int().min(0),
    blockToLive: z.number().int().min(0),
    memberOnlyRead: z.boolean(),
    memberOnlyWrite: z.boolean(),
    endorsementPolicy: policyText.optional(),
  })
  .refine(({ requiredPeerCount, maxPeerCount }) => requiredPeerCount <= maxPeerCount, {
    path: ['maxPeerCount'],
    message: 'must not be less than requiredPeerCount',
  });

const systemChaincodes = ['_lifecycle', 'lscc', 'qscc', 'cscc', 'escc', 'vscc'];

const chaincode = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9]+([-_][A-Za-z0-9]+)*$/)
    .refine((name) => !systemChaincodes.includes(name), 'is the name of a system chaincode'),
  version: z.string().regex(/^[A-Za-z0-9_.+-]+$/, 'must be letters, digits and . _ + -'),
  /** As in Fabric, the channel's own policy where none is given. */
  endorsementPolicy: policyText.default('/Channel/Application/Endorsement'),
  collections: z.array(collection).optional(),
  addresses: z.record(mspId, address),
});

/** An MSP: its CAs, and what says more about who belongs to it. */
const authorities = {
  rootCertPem: pem,
  otherRootCertPems: z.array(pem).optional(),
  intermediateCertPems: z.array(pem).optional(),
  /** Revocation lists of its CAs. */
  crlPems: z.array(pem).optional(),
  /** Certificates that are administrators whatever their units. */
  adminCertPems: z.array(pem).optional(),
  /** Whether units tell clients, peers and administrators apart; true when left out. */
  nodeOus: z.boolean().optional(),
  /** CAs of its TLS certificates, which the channel's configuration names. */
  tlsRootCertPem: pem.optional(),
};

const peer = z.strictObject({ address, certPem: pem, keyPem: pem, tlsCertPem: pem, tlsKeyPem: pem });

const configSchema = z
  .strictObject({
    stateDir: z.string().min(1),
    batchTimeoutMs: z.number().int().min(1).max(60_000).optional(),
    maxMessageCount: z.number().int().min(1).max(100_000).optional(),
    organisations: z.array(z.strictObject({ mspId, ...authorities, peer: peer.optional() })).min(1),
    orderer: z.strictObject({ mspId: z.literal(ordererMspId), ...authorities, certPem: pem, keyPem: pem }),
    channels: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[a-z][a-z0-9.-]{0,248}$/, 'must be lower-case letters, digits, dots and hyphens'),
          organisations: z.array(mspId).min(1),
          /** MSPs whose members may use the channel; every configured MSP when left out. */
          clients: z.array(mspId).optional(),
          /** Policies of the channel's application, beside or instead of the usual ones: `ANY Endorsement`, or Fabric's language. */
          policies: z
            .record(
              z.string().regex(/^[A-Za-z0-9]+$/),
              z.string().superRefine((text, context) => {
                if (!readImplicit(text)) checkPolicy(text, context);
              }),
            )
            .optional(),
          chaincodes: z.array(chaincode),
        }),
      )
      .min(1),
  })
  .superRefine((config, context) => {
    const issue = (message: string) => context.addIssue({ code: 'custom', message });
    const known = new Map(config.organisations.map((organisation) => [organisation.mspId, organisation]));
    if (known.size !== config.organisations.length) issue('an organisation is listed twice');
    for (const organisation of config.organisations) checkCertificates(organisation, issue);
    checkCertificates({ ...config.orderer, peer: undefined }, issue);
    if (new Set(config.channels.map((channel) => channel.name)).size !== config.channels.length)
      issue('a channel is listed twice');
    for (const channel of config.channels) {
      for (const member of channel.organisations)
        if (!known.get(member)?.peer) issue(`channel ${channel.name}: ${member} has no peer`);
      for (const client of channel.clients ?? [])
        if (!known.has(client)) issue(`channel ${channel.name}: ${client} is not configured`);
      const names = new Set(channel.chaincodes.map((definition) => definition.name));
      if (names.size !== channel.chaincodes.length) issue(`channel ${channel.name}: a chaincode is listed twice`);
      const groups = channelGroups(channel, config.organisations);
      for (const definition of channel.chaincodes) {
        const policies = [definition.endorsementPolicy];
        for (const item of definition.collections ?? []) {
          policies.push(item.policy);
          if (item.endorsementPolicy) policies.push(item.endorsementPolicy);
        }
        for (const text of policies) {
          if (isReference(text) && !policyAt(groups, text))
            issue(`channel ${channel.name}, chaincode ${definition.name}: the channel has no policy ${text}`);
          for (const member of safeOrganisationsOf(text))
            if (!known.has(member))
              issue(`channel ${channel.name}, chaincode ${definition.name}: a policy names the unknown ${member}`);
        }
        for (const member of Object.keys(definition.addresses))
          if (!channel.organisations.includes(member))
            issue(`channel ${channel.name}, chaincode ${definition.name}: ${member} is not on the channel`);
      }
    }
  });

function safeOrganisationsOf(text: string): string[] {
  try {
    return organisationsOf(parsePolicy(text));
  } catch {
    return []; // reported by the field's own check
  }
}

function checkCertificates(
  organisation: MspConfig & { peer?: { certPem: string } | undefined },
  issue: (message: string) => void,
): void {
  const { mspId: name, peer: own } = organisation;
  try {
    const msp = new Msp(organisation);
    if (own) msp.validate(msp.read(Buffer.from(own.certPem)));
  } catch (error) {
    if (error instanceof MspError) issue(`${name}: ${error.message}`);
    else if (error instanceof IdentityError) issue(`${name}: the peer's certificate: ${error.message}`);
    else throw error;
  }
}

export type DevnetConfig = z.infer<typeof configSchema>;
export type ChannelConfig = DevnetConfig['channels'][number];
export type ChaincodeConfig = ChannelConfig['chaincodes'][number];
export type CollectionConfig = NonNullable<ChaincodeConfig['collections']>[number];

/** Checks a configuration. Throws a DevnetError that lists every fault. */
export function parseConfig(value: unknown): DevnetConfig {
  const result = configSchema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((item) => `  ${item.path.join('.') || 'configuration'}: ${item.message}`);
  throw new DevnetError(`the devnet's configuration is not valid:\n${faults.join('\n')}`);
}

/** Reads and checks a configuration file (JSON). */
export function readConfig(file: string): DevnetConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new DevnetError(`cannot read the configuration ${file}: ${error instanceof Error ? error.message : error}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DevnetError(`the configuration ${file} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  return parseConfig(value);
}
