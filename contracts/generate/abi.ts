import { readFileSync } from 'node:fs';

/** The contracts that are deployed, with the name of each one's files and constants. */
const contracts = {
  prescriptionToken: 'PrescriptionToken',
  careSettlement: 'CareSettlement',
  assistanceFund: 'AssistanceFund',
  testCoin: 'TestCoin',
};

interface Artifact {
  abi: unknown[];
  bytecode: string;
}

function readArtifact(contract: string): Artifact {
  const file = new URL(`../artifacts/contracts/src/${contract}.sol/${contract}.json`, import.meta.url);
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof value !== 'object' || value === null || !('abi' in value) || !('bytecode' in value)) {
    throw new Error(`The compiled ${contract} has no ABI or no bytecode.`);
  }
  const { abi, bytecode } = value;
  if (!Array.isArray(abi) || typeof bytecode !== 'string' || !/^0x[0-9a-f]+$/.test(bytecode)) {
    throw new Error(`The compiled ${contract} has a malformed ABI or unlinked bytecode.`);
  }
  return { abi, bytecode };
}

const notice = '/** Generated from contracts/src by `node contracts/generate/main.ts`. Do not edit. */\n';

/** The generated files of `contracts/abi` by name, as the compiled contracts would have them now. */
export function renderAbi(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(contracts).flatMap(([name, contract]) => {
      const { abi, bytecode } = readArtifact(contract);
      return [
        [`${name}.ts`, `${notice}export const ${name}Abi = ${JSON.stringify(abi, null, 2)} as const;\n`],
        [`${name}.bytecode.ts`, `${notice}export const ${name}Bytecode =\n  '${bytecode}' as const;\n`],
      ];
    }),
  );
}
