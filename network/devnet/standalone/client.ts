import { DevnetError } from '../config.ts';
import { findControl } from './control.ts';
import { readNetworkFile } from './networkFile.ts';
import type { Options } from './options.ts';

/** Gives a command to the devnet that runs on the file's state folder, and writes its answer. Throws a DevnetError. */
export async function command(options: Options, write: (text: string) => void): Promise<void> {
  const { stateDir } = readNetworkFile(options.config);
  const control = await findControl(stateDir);
  if (!control) throw new DevnetError(`no devnet runs on ${stateDir}`);
  const url = new URL(`http://${control.address}/${options.command}`);
  if (options.chaincode !== undefined) url.searchParams.set('chaincode', options.chaincode);
  if (options.command === 'log') {
    for (const flag of ['follow', 'json'] as const) if (options[flag]) url.searchParams.set(flag, '');
    if (options.channel !== undefined) url.searchParams.set('channel', options.channel);
    url.searchParams.set('from', String(options.from));
  }
  const response = await fetch(url, {
    method: options.command === 'status' || options.command === 'log' ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${control.token}` },
  });
  if (options.command === 'log' && response.ok) {
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) write(decoder.decode(bytes, { stream: true }));
    return;
  }
  const answer: unknown = await response.json();
  if (!response.ok) throw new DevnetError(errorOf(answer));
  write(`${JSON.stringify(answer, null, 2)}\n`);
}

function errorOf(answer: unknown): string {
  return typeof answer === 'object' && answer !== null && 'error' in answer ? String(answer.error) : String(answer);
}
