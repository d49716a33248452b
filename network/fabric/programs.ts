import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StepError } from '../step.ts';

/** Where Fabric's programs and what belongs to them lie. */
export interface FabricPrograms {
  peer: string;
  orderer: string;
  osnadmin: string;
  configtxgen: string;
  /** Folder with core.yaml and orderer.yaml. */
  config: string;
  /** Folder of the builder for chaincode as a service. */
  builder: string;
}

const names = ['peer', 'orderer', 'osnadmin', 'configtxgen'] as const;

/** Where `npm run network:get-fabric` puts Fabric. */
export const releaseDir = fileURLToPath(new URL('../../.medloom/fabric-release', import.meta.url));

const advice =
  'name the bin folder of an unpacked release of Hyperledger Fabric by FABRIC_BIN, or fetch one: npm run network:get-fabric';

/**
 * Fabric's programs: in the folder that FABRIC_BIN names, else in the first folder on PATH that has `peer` and `orderer`, else in
 * the release that was fetched. As in the official archive, `config` and `builders` lie beside that folder, or FABRIC_CFG_PATH
 * names the former. Undefined where there is none; throws a StepError that names what is missing of one that is there.
 */
export function findFabric(env: Record<string, string | undefined> = process.env): FabricPrograms | undefined {
  const onPath = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const folders = env.FABRIC_BIN ? [env.FABRIC_BIN] : [...onPath, join(releaseDir, 'bin')];
  const bin = folders.find((folder) => isProgram(join(folder, 'peer')) && isProgram(join(folder, 'orderer')));
  if (bin === undefined && env.FABRIC_BIN === undefined) return undefined;
  const folder = bin ?? env.FABRIC_BIN ?? '';
  const missing = names.filter((name) => !isProgram(join(folder, name)));
  if (missing.length > 0) throw new StepError(`${folder} has no ${missing.join(', no ')}.`, { advice });
  const config = env.FABRIC_CFG_PATH ?? join(dirname(folder), 'config');
  for (const file of ['core.yaml', 'orderer.yaml'])
    if (!existsSync(join(config, file)))
      throw new StepError(`${join(config, file)} is missing; Fabric's programs in ${folder} need it.`, {
        advice: 'name the folder of core.yaml and orderer.yaml by FABRIC_CFG_PATH, or take a whole release.',
      });
  const builder = join(dirname(folder), 'builders', 'ccaas');
  if (!isProgram(join(builder, 'bin', 'detect')))
    throw new StepError(`The builder for chaincode as a service is missing: ${builder}`, {
      advice: 'put builders/ccaas of the release there; Docker is not used.',
    });
  return {
    peer: join(folder, 'peer'),
    orderer: join(folder, 'orderer'),
    osnadmin: join(folder, 'osnadmin'),
    configtxgen: join(folder, 'configtxgen'),
    config,
    builder,
  };
}

/** The same where Fabric must be there; throws a StepError otherwise. */
export function requireFabric(env: Record<string, string | undefined> = process.env): FabricPrograms {
  const found = findFabric(env);
  if (!found) throw new StepError('Hyperledger Fabric was not found.', { advice });
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
