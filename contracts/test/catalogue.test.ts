import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { prescriptionTokenAbi } from '../abi/prescriptionToken.ts';

const catalogue = readFileSync(new URL('../../docs/transactions.md', import.meta.url), 'utf8');
const section = catalogue.slice(catalogue.indexOf('## Ethereum'));
const contract = readFileSync(new URL('../src/IPrescriptionToken.sol', import.meta.url), 'utf8');

describe('the catalogue of transactions', () => {
  it('names every function that writes, with its arguments', () => {
    const writing = prescriptionTokenAbi.filter(
      (item) => item.type === 'function' && item.stateMutability === 'nonpayable',
    );
    for (const { name, inputs } of writing) {
      const call = new RegExp(`\`${name}(?:\\(([^)]*)\\))?\``).exec(section);
      assert.ok(call, `${name} is missing`);
      const named = call[1]?.split(', ');
      if (named !== undefined && named[0] !== '…') assert.equal(named.length, inputs.length, name);
    }
  });

  it('names every event and refusal of the contract', () => {
    const declared = [...contract.matchAll(/^ {4}(?:error|event) (\w+)\(/gm)].map(([, name = '']) => name);
    assert.ok(declared.length > 15);
    assert.deepEqual(
      declared.filter((name) => !section.includes(`\`${name}\``)),
      [],
    );
  });
});
