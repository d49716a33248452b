import type { Country, CountryNeeds, TransactionCosts } from './country.ts';
import { countryTable, number, table } from './tables.ts';

/** The assumptions about a country, and what it needs at the measured costs. */
export function countryText(country: Country, costs: TransactionCosts, needs: CountryNeeds): string {
  const { coresPerMachine, targetUtilisation } = country;
  return `**${country.name}**: ${number(country.population / 1e6, 1)} million people.

${table(
  ['event', 'chain', 'a head and year', 'transactions each', 'source'],
  country.events.map(({ name, chain, perHeadYear, transactions, source }) => [
    ...[name, chain, number(perHeadYear, 1), number(transactions), source],
  ]),
)}

The busiest day has ${number(country.peakDayFactor, 1)} times the mean one's work, and its busiest hour ${number(100 * country.peakHourShare)} % of it. Chains and machines are used to ${number(100 * targetUtilisation)} % then.
A transaction costs ${number(costs.committingPeerMs, 2)} ms at a peer that only commits it, ${number(costs.endorsingPeerMs, 2)} ms at one that simulates it too (its contracts included), ${number(costs.ordererMs, 2)} ms at each orderer, and keeps
${number(costs.blockBytes)} bytes in a block and ${number(costs.privateBytes)} bytes of private values. One chain is taken to carry ${number(costs.chainTps)} a second at most, which is what it carried with its whole consortium on one machine.

${countryTable(needs)}

In all: **${number(needs.chains)} chains**, ${number(needs.transactionsPerDay / 1e6, 1)} million transactions a day, ${number(needs.peakTps)} a second in the busiest hour, ${number(needs.peers)} memberships of peers (${country.peersPerChain} on each chain), ${number(needs.orderers)} orderers in
sets of ${country.orderersPerSet}, and ${number(needs.bytesPerYear / 1e12, 1)} TB a year of blocks and private values, counted once. A peer of one chain is busy with ${number(needs.coresPerPeer, 2)} cores in the busiest hour, so that a machine of ${coresPerMachine} cores can follow
${number(needs.chainsPerPeerMachine)} chains.`;
}
