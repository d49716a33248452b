import { readFileSync } from 'node:fs';

const artifactFile = new URL(
  '../artifacts/contracts/src/PrescriptionToken.sol/PrescriptionToken.json',
  import.meta.url,
);

interface Artifact {
  abi: unknown[];
  bytecode: string;
}

function readArtifact(): Artifact {
  const value: unknown = JSON.parse(readFileSync(artifactFile, 'utf8'));
  if (typeof value !== 'object' || value === null || !('abi' in value) || !('bytecode' in value)) {
    throw new Error('The compiled PrescriptionToken has no ABI or no bytecode.');
  }
  const { abi, bytecode } = value;
  if (!Array.isArray(abi) || typeof bytecode !== 'string' || !/^0x[0-9a-f]+$/.test(bytecode)) {
    throw new Error('The compiled PrescriptionToken has a malformed ABI or unlinked bytecode.');
  }
  return { abi, bytecode };
}

const notice = '/** Generated from contracts/src by `node contracts/generate/main.ts`. Do not edit. */\n';

/** The generated files of `contracts/abi` by name, as the compiled contract would have them now. */
export function renderAbi(): Record<string, string> {
  const { abi, bytecode } = readArtifact();
  return {
    'prescriptionToken.ts': `${notice}export const prescriptionTokenAbi = ${JSON.stringify(abi, null, 2)} as const;\n`,
    'prescriptionToken.bytecode.ts': `${notice}export const prescriptionTokenBytecode =\n  '${bytecode}' as const;\n`,
  };
}
