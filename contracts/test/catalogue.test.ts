import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Abi } from 'viem';
import { assistanceFundAbi } from '../abi/assistanceFund.ts';
import { careSettlementAbi } from '../abi/careSettlement.ts';
import { prescriptionTokenAbi } from '../abi/prescriptionToken.ts';

const catalogue = readFileSync(new URL('../../docs/transactions.md', import.meta.url), 'utf8');
const contracts: { contract: string; abi: Abi; least: number }[] = [
  { contract: 'PrescriptionToken', abi: prescriptionTokenAbi, least: 15 },
  { contract: 'CareSettlement', abi: careSettlementAbi, least: 40 },
  { contract: 'AssistanceFund', abi: assistanceFundAbi, least: 15 },
];

for (const { contract, abi, least } of contracts)
  describe(`the catalogue of transactions of ${contract}`, () => {
    const section =
      catalogue.split(/^## Ethereum, contract /m).find((text) => text.startsWith(`\`${contract}\``)) ?? '';

    it('names every function that writes, with its arguments', () => {
      for (const item of abi) {
        if (item.type !== 'function' || item.stateMutability === 'view' || item.stateMutability === 'pure') continue;
        const { name, inputs } = item;
        const call = new RegExp(`\`${name}(?:\\(([^)]*)\\))?\``).exec(section);
        assert.ok(call, `${name} is missing`);
        const named = call[1]?.split(', ');
        if (named !== undefined && named[0] !== '…') assert.equal(named.length, inputs.length, name);
      }
    });

    it('names every event and refusal of the contract', () => {
      const source = readFileSync(new URL(`../src/I${contract}.sol`, import.meta.url), 'utf8');
      const declared = [...source.matchAll(/^ {4}(?:error|event) (\w+)\(/gm)].map(([, name = '']) => name);
      assert.ok(declared.length > least);
      assert.deepEqual(
        declared.filter((name) => !section.includes(`\`${name}\``)),
        [],
      );
    });
  });
