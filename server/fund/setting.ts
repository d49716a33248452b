import { getAddress } from 'ethers';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import type { Portal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { holderOf, walletsOfPerson } from '../people/wallets.ts';
import type { RuleSetting } from './schema.ts';
import type { FundTerms } from './terms.ts';

/**
 * The rules as they are, and whose wallets set them, as the contract has it: asked for everybody it was ever told of, and for the actor's
 * own. Null where the chain does not say it.
 */
export async function ruleSetting(
  actor: Actor,
  { unit, rules }: Pick<FundTerms, 'unit' | 'rules'>,
  portal: Portal,
): Promise<RuleSetting | null> {
  try {
    const { perGrant, perBeneficiary, perPeriod, ...times } = rules;
    const limits = { perGrant: `${perGrant}`, perBeneficiary: `${perBeneficiary}`, perPeriod: `${perPeriod}` };
    return {
      ...{ fund: hexOf(portal.fund.address), unit: `${unit}`, rules: { ...limits, ...times } },
      setters: await settersFor(actor, portal),
    };
  } catch (error) {
    const { code, detail } = asAppError(error);
    if (code !== 'ETHEREUM_UNAVAILABLE') throw error;
    log().info({ code, detail }, 'who sets the assistance fund’s rules cannot be read');
    return null;
  }
}

async function settersFor(actor: Actor, portal: Portal): Promise<RuleSetting['setters']> {
  const [appointed, wallets] = await Promise.all([portal.fund.appointedAdmins(), walletsOfPerson(portal, actor)]);
  const own = wallets.map(({ address }) => address.toLowerCase());
  const asked = [...new Set([...own, ...appointed])];
  const setters = await Promise.all(
    asked.map(async (address) => {
      if (!(await portal.fund.isAdmin(address))) return [];
      const holder = actor.institutionId === null ? undefined : await holderOf(portal, actor.institutionId, address);
      return [{ address: hexOf(address), name: holder?.name ?? null, isOwn: own.includes(address) }];
    }),
  );
  return setters.flat();
}

/** With checksum. */
export const hexOf = (address: string): `0x${string}` => `0x${getAddress(address).slice(2)}`;
