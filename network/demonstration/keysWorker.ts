import { parentPort } from 'node:worker_threads';
import { createEnrolment } from '#crypto/enrolment.ts';
import { derivePassword } from '#crypto/password.ts';
import { createPin } from '#crypto/pin.ts';
import { openContents, parseVaultRecord, replaceContents } from '#crypto/vault.ts';
import type { KeyRequest, PinnedVault } from './keys.ts';

async function withPin(
  { record, vaultKey }: { record: string; vaultKey: Uint8Array },
  { pin, host }: { pin: string; host: string },
): Promise<PinnedVault> {
  const { credential, kept } = await createPin(pin, host);
  const before = parseVaultRecord(record);
  const contents = { ...(await openContents(before, vaultKey)), pin: kept };
  return { record: JSON.stringify(await replaceContents(before, vaultKey, contents)), contents, credential };
}

async function answer(request: KeyRequest): Promise<unknown> {
  switch (request.kind) {
    case 'make': {
      const { password, commonName, roots } = request;
      const made = await createEnrolment({ password, commonName, roots });
      return { ...made, ...(await withPin(made, request)) };
    }
    case 'pin':
      return withPin(request, request);
    case 'stretch': {
      const { password, salt, parameters } = request;
      return (await derivePassword(password, salt, parameters)).wrappingKey;
    }
  }
}

parentPort?.on('message', async (request: KeyRequest) => {
  parentPort?.postMessage(await answer(request));
});
