import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { replaceFile } from '../processes/replaceFile.ts';
import { StepError, systemFailure } from '../step.ts';
import { runProgram } from './command.ts';
import { releaseDir } from './programs.ts';

/** The version that all of this was tried with. */
export const fabricVersion = '3.1.5';

const platforms: Record<string, string | undefined> = { linux: 'linux', darwin: 'darwin' };
const architectures: Record<string, string | undefined> = { x64: 'amd64', arm64: 'arm64' };

const release = z.object({
  assets: z.array(
    z.object({
      name: z.string(),
      browser_download_url: z.url(),
      /** What GitHub computed when the asset was uploaded; absent for assets of before it did so. */
      digest: z
        .string()
        .regex(/^sha256:[0-9a-f]{64}$/)
        .nullish(),
    }),
  ),
});
const kept = z.object({ version: z.string(), sha256: z.string() });

export interface GetOptions {
  /** Where the release is described, as GitHub's API describes it. */
  releaseUrl?: string;
  /** Folder in which bin/, config/ and builders/ are put. */
  into?: string;
  /** The checksum of the archive from elsewhere, 64 hex digits; GitHub's own when left out. */
  sha256?: string | undefined;
  platform?: string;
  architecture?: string;
  signal?: AbortSignal;
  /** Told what is being done. */
  note?: (text: string) => void;
}

/**
 * Fetches the official release archive for this machine, compares its SHA-256 before anything of it is unpacked, and puts it into
 * place as a whole. Answers false where the same was there already. Throws a StepError; nothing is left then.
 */
export async function getFabric(options: GetOptions = {}): Promise<boolean> {
  const {
    releaseUrl = `https://api.github.com/repos/hyperledger/fabric/releases/tags/v${fabricVersion}`,
    into = releaseDir,
    signal,
    note = () => undefined,
  } = options;
  const name = archiveName(options.platform ?? process.platform, options.architecture ?? process.arch);
  const known = readKept(join(into, 'release.json'));
  if (known?.version === fabricVersion && (options.sha256 === undefined || options.sha256 === known.sha256))
    return false;
  const asset = await describeAsset(releaseUrl, name, signal);
  const sha256 = options.sha256 ?? asset.digest?.slice('sha256:'.length);
  if (sha256 === undefined)
    throw new StepError(`GitHub publishes no checksum of ${name}.`, {
      advice: 'give the one that you trust: --sha256 HEX. Nothing was fetched.',
    });
  const partial = `${into}.${process.pid}.partial`;
  try {
    await mkdir(join(partial, 'unpacked'), { recursive: true });
    const archive = join(partial, name);
    const found = await download(asset.browser_download_url, archive, { signal, note });
    if (found !== sha256)
      throw new StepError(`${name} has the SHA-256 ${found}, and ${sha256} was expected. It was thrown away.`, {
        advice: 'fetch it again; where it is the same again, somebody has changed it on the way or at its source.',
      });
    note('unpacking');
    const unpacked = join(partial, 'unpacked');
    await runProgram('tar', ['-xzf', archive, '-C', unpacked], { what: `Unpacking ${name}`, signal });
    for (const part of ['bin/peer', 'bin/orderer', 'config/core.yaml', 'builders/ccaas/bin/detect'])
      if (!existsSync(join(unpacked, part)))
        throw new StepError(`${name} has no ${part}.`, { advice: 'unpack a release by hand and set FABRIC_BIN.' });
    await replaceFile(join(unpacked, 'release.json'), JSON.stringify({ version: fabricVersion, sha256 }));
    await rm(into, { recursive: true, force: true });
    await rename(unpacked, into);
    return true;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

function archiveName(platform: string, architecture: string): string {
  const [system, processor] = [platforms[platform], architectures[architecture]];
  if (!system || !processor)
    throw new StepError(`There is no release of Hyperledger Fabric for ${platform} on ${architecture}.`, {
      advice: 'run it in containers, npm start -- --ledger compose, or build it from source and set FABRIC_BIN.',
    });
  return `hyperledger-fabric-${system}-${processor}-${fabricVersion}.tar.gz`;
}

async function describeAsset(url: string, name: string, signal: AbortSignal | undefined) {
  const response = await get(url, signal, { accept: 'application/vnd.github+json' });
  const described = release.safeParse(await response.json().catch(() => undefined));
  const asset = described.data?.assets.find((one) => one.name === name);
  if (asset) return asset;
  throw new StepError(`${url} describes no ${name}.`, {
    advice: 'fetch the archive by hand, unpack it, and name its bin folder by FABRIC_BIN.',
  });
}

/** Writes what is fetched into the file; answers its SHA-256 in hex. */
async function download(
  url: string,
  file: string,
  options: { signal: AbortSignal | undefined; note: (text: string) => void },
): Promise<string> {
  const response = await get(url, options.signal);
  if (!response.body) throw new StepError(`${url} is empty.`, { advice: 'try again later.' });
  const { body } = response;
  const hash = createHash('sha256');
  let bytes = 0;
  const observed = async function* () {
    for await (const chunk of body) {
      hash.update(chunk);
      bytes += chunk.length;
      options.note(`${Math.floor(bytes / 1e6)} MB`);
      yield chunk;
    }
  };
  await pipeline(observed, createWriteStream(file)).catch((error: unknown) => {
    throw unreached(url, error);
  });
  return hash.digest('hex');
}

async function get(
  url: string,
  signal: AbortSignal | undefined,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await fetch(url, { headers, ...(signal && { signal }) }).catch((error: unknown) => {
    throw unreached(url, error);
  });
  if (response.ok) return response;
  throw unreached(url, new Error(`it answers with status ${response.status}`));
}

function unreached(url: string, error: unknown): StepError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const words = cause instanceof Error ? cause.message : String(cause);
  return new StepError(`${new URL(url).host} could not be read: ${words}.`, {
    advice:
      systemFailure(error)?.advice ??
      'check the network and try again (NODE_USE_ENV_PROXY=1 where a proxy is set), or fetch the archive by hand and set FABRIC_BIN.',
    cause: error,
  });
}

function readKept(file: string): z.infer<typeof kept> | undefined {
  return existsSync(file) ? kept.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data : undefined;
}
