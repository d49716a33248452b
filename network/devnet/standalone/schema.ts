import { z } from 'zod';
import { policyText as policy } from '../config.ts';

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'must be letters, digits and hyphens');
const host = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'must be a domain name in lower case');
const port = z.int('must be a port number').min(0, 'must be a port number').max(65_535, 'must be a port number');
const address = z.string().regex(/^[A-Za-z0-9.-]+:\d{1,5}$/, 'must be host:port');

/** A collection as in the collections file of Fabric's command line, whose defaults it has. */
export const collectionSchema = z.strictObject({
  name: z.string().min(1),
  policy,
  requiredPeerCount: z.int().min(0).default(0),
  maxPeerCount: z.int().min(0).default(0),
  blockToLive: z.int().min(0).default(0),
  memberOnlyRead: z.boolean().default(false),
  memberOnlyWrite: z.boolean().default(false),
  /** The policy, or as in a collections file an object that holds it. */
  endorsementPolicy: z.preprocess(inside, policy.optional()),
});

function inside(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  if ('signaturePolicy' in given) return given.signaturePolicy;
  return 'channelConfigPolicy' in given ? given.channelConfigPolicy : given;
}

const organisation = z.strictObject({
  name,
  mspId: z
    .string()
    .regex(/^[A-Za-z0-9.-]+$/, 'must be letters, digits, dots and hyphens')
    .optional(),
  domain: host.optional(),
  /** False for an organisation of clients only. */
  peer: z.boolean().default(true),
  port: port.optional(),
  /** How many users beside Admin, called User1, User2 …; or their names. */
  users: z.union([z.int().min(0).max(100), z.array(name)], { error: 'must be a number or a list of names' }).default(1),
});

const chaincode = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9]+([-_][A-Za-z0-9]+)*$/, 'must be letters and digits'),
    version: z.coerce.string().min(1).default('1.0'),
    /** The channel's own policy where it is left out: a majority of its organisations. */
    policy: policy.optional(),
    collections: z.array(collectionSchema).optional(),
    /** A file of collections as Fabric's command line takes it, relative to this file. */
    collectionsFile: z.string().min(1).optional(),
    /** Whose peers run it; all of the channel when left out. */
    organisations: z.array(name).min(1).optional(),
    /** Where a server of the chaincode listens: one for all organisations, or one for each. */
    address: z.union([address, z.record(name, address)], { error: 'must be host:port' }).optional(),
    /** What starts a server of the chaincode; it runs once for each organisation, in `folder`. */
    command: z.string().min(1).optional(),
    folder: z.string().min(1).optional(),
    env: z.record(z.string(), z.coerce.string()).default({}),
  })
  .superRefine((definition, context) => {
    if ((definition.address === undefined) === (definition.command === undefined))
      context.addIssue({ code: 'custom', message: 'needs either an address or a command' });
    if (definition.collections && definition.collectionsFile !== undefined)
      context.addIssue({ code: 'custom', path: ['collectionsFile'], message: 'there are collections beside it' });
    if (definition.command === undefined && definition.folder !== undefined)
      context.addIssue({ code: 'custom', path: ['folder'], message: 'says where a command runs, and there is none' });
  });

const channel = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9.-]{0,248}$/, 'must be lower-case letters, digits, dots and hyphens'),
  /** Whose peers are on the channel; every organisation with a peer when left out. */
  organisations: z.array(name).min(1).optional(),
  /** Whose members may use it; every organisation when left out. */
  clients: z.array(name).optional(),
  chaincodes: z.array(chaincode).default([]),
});

/** What the file of a stand-alone devnet says, before its names are looked up. */
export const networkSchema = z
  .strictObject({
    /** What the organisations' and the orderer's domains end with. */
    domain: host.default('example.com'),
    /** Folder of ledgers, logs and, unless told otherwise, certificates; relative to the file. */
    state: z.string().min(1).default('.devnet'),
    /** Folder of the certificates, laid out as cryptogen does. */
    certificates: z.string().min(1).optional(),
    batchTimeoutMs: z.int().min(1).max(60_000).optional(),
    maxMessageCount: z.int().min(1).max(100_000).optional(),
    organisations: z.array(organisation).min(1),
    channels: z.array(channel).min(1),
  })
  .superRefine((file, context) => {
    const issue = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    const seen = (list: string) => {
      const names = new Set<string>();
      return (value: string, path: (string | number)[]) => {
        if (names.has(value)) issue(path, `${value} is ${list} already`);
        names.add(value);
      };
    };
    const known = new Map(file.organisations.map((item) => [item.name, item]));
    const organisationOnce = seen('an organisation');
    file.organisations.forEach((item, at) => {
      organisationOnce(item.name, ['organisations', at, 'name']);
      if (!item.peer && item.port !== undefined) issue(['organisations', at, 'port'], 'there is no peer that has it');
    });
    const channelOnce = seen('a channel');
    file.channels.forEach((item, at) => {
      channelOnce(item.name, ['channels', at, 'name']);
      item.organisations?.forEach((member, index) => {
        if (!known.get(member)?.peer)
          issue(['channels', at, 'organisations', index], `${member} is not an organisation with a peer`);
      });
      item.clients?.forEach((member, index) => {
        if (!known.has(member)) issue(['channels', at, 'clients', index], `${member} is not an organisation`);
      });
      const chaincodeOnce = seen(`a chaincode of ${item.name}`);
      item.chaincodes.forEach((definition, index) => {
        const path = ['channels', at, 'chaincodes', index];
        chaincodeOnce(definition.name, [...path, 'name']);
        const members =
          item.organisations ?? file.organisations.filter(({ peer }) => peer).map((member) => member.name);
        const named =
          typeof definition.address === 'object' ? Object.keys(definition.address) : (definition.organisations ?? []);
        for (const member of named)
          if (!members.includes(member))
            issue(
              [...path, typeof definition.address === 'object' ? 'address' : 'organisations'],
              `${member} is not on the channel`,
            );
      });
    });
  });

export type NetworkDescription = z.infer<typeof networkSchema>;
export type OrganisationDescription = NetworkDescription['organisations'][number];
export type ChannelDescription = NetworkDescription['channels'][number];
export type ChaincodeDescription = ChannelDescription['chaincodes'][number];
