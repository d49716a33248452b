import { parsePolicy } from '../policy/language.ts';
import type { Policy } from '../policy/policy.ts';

/** An MSP as far as a channel's policies care. */
export interface ChannelMember {
  mspId: string;
  /** False where the MSP does not tell clients, peers and administrators apart. */
  nodeOus?: boolean | undefined;
}

/** What a channel's policies follow from. */
export interface ChannelMembers {
  /** Organisations whose peers are on the channel. */
  organisations: readonly string[];
  /** MSPs whose members may use it; all of `everyone` when left out. */
  clients?: readonly string[] | undefined;
  /** Policies of the application in the place of the usual ones, or besides them. */
  policies?: Readonly<Record<string, string>> | undefined;
}

/**
 * A group of a channel's configuration with its policies by name, each in Fabric's language or as `ANY`, `ALL` or
 * `MAJORITY` of a policy that its sub-groups have.
 */
export interface ConfigurationGroup {
  groups: Readonly<Record<string, ConfigurationGroup>>;
  policies: Readonly<Record<string, string>>;
}

export const ordererMspId = 'OrdererMSP';

const implicitPattern = /^(ANY|ALL|MAJORITY) ([A-Za-z0-9]+)$/;
const usual = { Readers: 'ANY Readers', Writers: 'ANY Writers', Admins: 'MAJORITY Admins' };

/** Reads `ANY Readers`; undefined for a policy in Fabric's language. */
export function readImplicit(text: string): { rule: 'ANY' | 'ALL' | 'MAJORITY'; policy: string } | undefined {
  const [, rule, policy] = implicitPattern.exec(text) ?? [];
  if (policy === undefined || (rule !== 'ANY' && rule !== 'ALL' && rule !== 'MAJORITY')) return undefined;
  return { rule, policy };
}

/** Whether a text names a policy of the channel's configuration instead of being one. */
export function isReference(text: string): boolean {
  return text.startsWith('/');
}

/** The MSPs of a channel's application, in the order of the configuration: those with peers, and those that only use it. */
export function applicationMembers<Member extends ChannelMember>(
  channel: ChannelMembers,
  everyone: readonly Member[],
): Member[] {
  const { organisations, clients } = channel;
  return everyone.filter(({ mspId }) => organisations.includes(mspId) || (clients?.includes(mspId) ?? true));
}

/** The groups of a channel with the policies that configtxgen is usually told to write. */
export function channelGroups(channel: ChannelMembers, everyone: readonly ChannelMember[]): ConfigurationGroup {
  const members = applicationMembers(channel, everyone);
  const endorsement = majorityOfPeers(channel.organisations, members.length);
  return {
    policies: usual,
    groups: {
      Application: {
        policies: { ...usual, Endorsement: endorsement, LifecycleEndorsement: endorsement, ...channel.policies },
        groups: Object.fromEntries(
          members.map((member) => [member.mspId, { policies: memberPolicies(member), groups: {} }]),
        ),
      },
      Orderer: {
        policies: { ...usual, BlockValidation: 'ANY Writers' },
        groups: {
          [ordererMspId]: {
            policies: {
              Readers: `OR('${ordererMspId}.member')`,
              Writers: `OR('${ordererMspId}.member')`,
              Admins: `OR('${ordererMspId}.admin')`,
            },
            groups: {},
          },
        },
      },
    },
  };
}

/** Fabric's usual policy, unless members without peers make a majority of all members impossible. */
function majorityOfPeers(withPeers: readonly string[], members: number): string {
  if (withPeers.length > members / 2) return 'MAJORITY Endorsement';
  return `OutOf(${Math.floor(withPeers.length / 2) + 1}, ${withPeers.map((mspId) => `'${mspId}.peer'`).join(', ')})`;
}

function memberPolicies({ mspId, nodeOus = true }: ChannelMember): Record<string, string> {
  const one = (...roles: string[]) => `OR(${roles.map((role) => `'${mspId}.${role}'`).join(', ')})`;
  return {
    Readers: nodeOus ? one('admin', 'peer', 'client') : one('member'),
    Writers: nodeOus ? one('admin', 'client') : one('member'),
    Admins: one('admin'),
    Endorsement: nodeOus ? one('peer') : one('member'),
  };
}

/** Finds a policy by its path, `/Channel/Application/Writers`. Undefined where the configuration has none. */
export function policyAt(channel: ConfigurationGroup, path: string): Policy | undefined {
  const [empty, root, ...names] = path.split('/');
  const name = names.pop();
  if (empty !== '' || root !== 'Channel' || name === undefined) return undefined;
  let group: ConfigurationGroup | undefined = channel;
  for (const part of names) group = group && Object.entries(group.groups).find(([key]) => key === part)?.[1];
  return group && policyIn(group, name);
}

function policyIn(group: ConfigurationGroup, name: string): Policy | undefined {
  const text = Object.entries(group.policies).find(([key]) => key === name)?.[1];
  if (text === undefined) return undefined;
  const implicit = readImplicit(text);
  if (!implicit) return parsePolicy(text);
  // A group without such a policy counts among all, and nobody satisfies it.
  const rules = Object.values(group.groups).map((sub) => policyIn(sub, implicit.policy) ?? nobody);
  const thresholds = { ANY: Math.min(1, rules.length), ALL: rules.length, MAJORITY: majority(rules.length) };
  return { kind: 'implicit', n: thresholds[implicit.rule], rules };
}

const nobody: Policy = { kind: 'outOf', n: 1, rules: [] };

function majority(count: number): number {
  return count === 0 ? 0 : Math.floor(count / 2) + 1;
}
